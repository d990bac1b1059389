import { Option } from 'commander';
import type { RunAnswer } from '../function-contract.ts';
import { type ExitReason, Problem } from '../problem.ts';
import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { openSimulated } from './cloud.ts';
import { nextRunsOf } from './next-runs.ts';

export interface DemoOptions {
  pace: number;
}

export const demoCommand = (act: Dispatch) =>
  new UsageCommand('demo')
    .summary('take a ten-second end-to-end tour, without an account')
    .description(
      'Takes a ten-second end-to-end tour on a simulated AWS with a sample shop. Builds nothing and needs no account.',
    )
    .addOption(new Option('--pace <ms>', 'milliseconds per simulated second').argParser(paceOf).default(15))
    .action(act(demo)) as UsageCommand;

function paceOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Problem('usage', `The flag --pace is "${text}" but must be a number of milliseconds.`, { exit: 'usage' });
}

const reader = 'ann@example.com';

const demo: Run<DemoOptions> = async (session, options) => {
  const { terminal, interrupt, streams } = session;
  const [{ schema }, views] = await Promise.all([import('../settings/schema.ts'), import('../terminal/views.ts')]);
  const settings = schema.parse({ currency: 'EUR' });
  const { pipeline, clock, simulator } = await openSimulated({
    settings,
    given: { currency: 'EUR' },
    env: streams.env,
    signal: interrupt.signal,
    onCall: call => terminal.call(call),
    simulate: { pace: options.pace },
    password: async () => '',
  });
  const { stack, account, region } = pipeline;
  let number = 0;
  const chapter = (title: string, command: string, about: string) => {
    number++;
    terminal.tell(canvas => views.chapterView({ number, title, command, about }, canvas));
  };
  const working = async <T>(
    title: string,
    work: (progress: ReturnType<typeof terminal.progress>) => Promise<T>,
  ): Promise<T> => {
    const progress = terminal.progress(title, clock);
    return work(progress).finally(() => progress.end());
  };

  terminal.tell(canvas =>
    views.paragraph(
      'A café wants its sales report by mail, six evenings a week. This is the whole way, on a simulated AWS: nothing is built, nothing costs money. Times are those that AWS would take.',
      canvas,
    ),
  );

  chapter(
    'Look first',
    'salesreport provision --dry-run',
    'Shows every change, the AWS operations for it, what it costs and how long it takes, before anything is done. In short:',
  );
  const plan = await working('Looking at what is there', () => pipeline.plan());
  terminal.tell(
    canvas =>
      `${views.planSummary(plan.changes, canvas)}\n\n  ${views.planTotal(plan)}\n\n${views.planSums(plan, { stack, account, region }, canvas)}`,
  );

  chapter(
    'Build it',
    'salesreport provision',
    'Builds in parallel wherever dependencies allow. In the end the function itself is asked whether it reaches the shop and the topic.',
  );
  const { done, hops } = await working('Building', async progress => ({
    done: await pipeline.provision(progress),
    hops: await pipeline.probe(progress),
  }));
  const nextRuns = await nextRunsOf(settings, clock);
  terminal.tell(
    canvas =>
      `  ${views.outcomeTotal(done.outcomes)} in ${views.duration(done.seconds)}, with ${done.calls} AWS calls.\n\n${views.hopsView(hops, canvas)}\n\n${views.nextRunsView(nextRuns, canvas)}`,
  );

  chapter(
    'Add a reader',
    `salesreport subscribe email ${reader}`,
    'AWS asks everybody for consent first. Ann gets a mail and clicks on its link; the demo does it for her.',
  );
  await pipeline.subscribe('email', [reader]);
  simulator.world.sns.confirm(reader);
  const { subscribers } = await pipeline.status();
  terminal.tell(canvas => views.readersTable(subscribers, canvas));

  chapter(
    'Send the report',
    'salesreport run',
    'Starts the deployed function now instead of at 16:00. It reads the sales since the last run and publishes this mail:',
  );
  const answer = (await working('The function is reading the sales', () => pipeline.invoke({ run: {} }))) as RunAnswer;
  const mail = simulator.world.sns.mailbox
    .filter(({ to, subject }) => to === reader && subject === answer.subject)
    .at(-1);
  if (mail) terminal.tell(canvas => views.mailView(mail, canvas));

  chapter(
    'Take it down',
    'salesreport teardown --delete-archive',
    'Removes everything, the archive of reports too, then asks AWS for each thing once more. The answers are the certificate:',
  );
  const certificate = await working('Removing', progress => pipeline.teardown(progress, { deleteArchive: true }));
  terminal.tell(canvas => views.certificateView(certificate, { stack, account, region }, canvas));

  const isWhole =
    done.outcomes.every(({ outcome }) => outcome === 'created') &&
    hops.every(hop => hop.ok || hop.skipped) &&
    mail !== undefined;
  const exit: ExitReason = certificate.left.length > 0 ? 'left' : isWhole ? 'done' : 'failed';
  terminal.result({
    text: canvas =>
      `\n${views.paragraph(`That was all of it. ${salesreport`provision --dry-run`} shows the plan for an account of yours.`, canvas)}`,
    document: {
      version: 1,
      ok: exit === 'done',
      stack,
      account,
      region,
      ...done,
      hops,
      subscribers,
      mail,
      certificate,
    },
  });
  return exit;
};
