import { Problem } from '../problem.ts';
import { PartlySubscribed } from '../provision/readers/subscribers.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { openStack } from './session.ts';

export const subscribeCommand = (act: Dispatch) =>
  new UsageCommand('subscribe')
    .helpCommand(false)
    .summary('add readers or operators')
    .description('Adds readers, who get the report, and operators, who get notices when something goes wrong.')
    .addCommand(
      (
        new UsageCommand('email')
          .summary('add readers by e-mail')
          .description(
            'Adds readers by e-mail. AWS first asks each one to confirm; nobody is asked twice. Upper and lower case make no ' +
              'difference. With --operator they get notices and no reports: for both, run it once with the flag and once without.',
          )
          .argument('<address...>', 'e-mail addresses')
          .option('--operator', 'add operators, who get notices of blocked and failed reports, and no reports')
          .action(act(subscribeEmail)) as UsageCommand
      ).examples(
        ['salesreport subscribe email ann@example.com', 'add one reader'],
        ['salesreport subscribe email ann@example.com bob@example.com', 'add two readers'],
        ['salesreport subscribe email ops@example.com --operator', 'add an operator'],
      ),
    )
    .addCommand(
      (
        new UsageCommand('confirm')
          .summary('confirm a reader so that no link in a mail can unsubscribe them')
          .description(
            "Confirms a reader in the account's name, by the link in AWS's mail or the token in it. No link in a mail can unsubscribe " +
              'them then, whoever follows it.',
          )
          .argument('<link>', "the link behind 'Confirm subscription', copied without a click")
          .action(act(subscribeConfirm)) as UsageCommand
      ).examples(["salesreport subscribe confirm 'https://sns.…&Token=…'", 'quote the link']),
    );

const subscribeEmail: Run<{ operator?: boolean }> = async (session, { operator }, addresses) => {
  for (const address of addresses) verifyAddress(address);
  const { pipeline } = await openStack(session);
  const subscribers = await session.interrupt.whileChanging(
    'Run the same command again: who has been added is not asked twice.',
    () => pipeline.subscribe('email', [...addresses], { operator }).catch(partOf),
  );
  const { subscribedView } = await import('../terminal/views.ts');
  if (subscribers instanceof PartlySubscribed) {
    session.terminal.partlyDone(subscribers, {
      text: canvas => subscribedView(subscribers.subscribers, canvas),
      document: { stack: pipeline.stack, subscribers: subscribers.subscribers, left: subscribers.left },
    });
    return subscribers.exit;
  }
  session.terminal.result({
    text: canvas => subscribedView(subscribers, canvas),
    document: { version: 1, ok: true, stack: pipeline.stack, subscribers },
  });
  return 'done';
};

/** What was done of a request that SNS stopped doing. */
function partOf(error: unknown): PartlySubscribed {
  if (error instanceof PartlySubscribed) return error;
  throw error;
}

const subscribeConfirm: Run<object> = async (session, _options, [link = '']) => {
  const { confirmationIn } = await import('../provision/readers/confirm-reader.ts');
  const confirmation = confirmationIn(link);
  const { pipeline } = await openStack(session);
  const { stack, region } = pipeline;
  const reader = await session.interrupt.whileChanging(
    'Run the same command again: a second time changes nothing.',
    () => pipeline.confirm(confirmation),
  );
  const { confirmedView } = await import('../terminal/views.ts');
  session.terminal.result({
    text: canvas => confirmedView(reader, region, canvas),
    document: { version: 1, ok: true, stack, subscribers: [reader] },
  });
  return 'done';
};

/** One `@`, a dotted host, no spaces: what SNS takes. Throws Problem `address` with the address in it. */
function verifyAddress(address: string): void {
  const isAddress =
    /^[^\s@,;<>()"]+@[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u.test(
      address,
    );
  if (isAddress && address.length <= 254) return;
  throw new Problem(
    'address',
    `"${address}" is not an e-mail address; write it as ann@example.com. Nobody was added.`,
    {
      exit: 'usage',
    },
  );
}
