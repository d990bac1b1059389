import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { declined, openStack, verifyCanAsk } from './session.ts';

export const unlockCommand = (act: Dispatch) =>
  (
    new UsageCommand('unlock')
      .summary("remove an interrupted run's lock")
      .description(
        "Removes the stack's lock. You seldom need this: the next run takes over from a run that died on this computer at once, " +
          'and on another computer after 90 seconds. A run that is still at work notices within 20 seconds, and stops.',
      )
      .action(act(unlock)) as UsageCommand
  ).examples(['salesreport unlock', 'ask first'], ['salesreport unlock --stack trial --yes', 'from a script']);

const unlock: Run<object> = async session => {
  const { terminal, flags, interrupt } = session;
  verifyCanAsk(session, 'unlock');
  const { pipeline, clock } = await openStack(session);
  const { stack, account, region } = pipeline;
  const lock = await pipeline.lock();
  const document = { version: 1, ok: true, stack, account, region };
  if (!lock) {
    terminal.result({
      text: () => `Stack ${stack} has no lock in account ${account}, region ${region}.`,
      document: { ...document, holder: null, unfinishedPassword: false },
    });
    return 'done';
  }
  const { who, host, pid, verb, since, name, words, rotation } = lock;
  if (!flags.yes && !(await terminal.confirm(`${words}. Remove its lock?`))) throw declined();
  const progress = terminal.progress('Removing the lock', clock);
  await interrupt
    .whileChanging(`Run ${salesreport`unlock`} again.`, () => pipeline.unlock(progress))
    .finally(() => progress.end());
  const next = rotation
    ? `A change of the database's password is unfinished: ${salesreport`provision`} or ${salesreport`password set`} finishes it.`
    : `${salesreport`provision`} or ${salesreport`teardown`} continues where that run stopped.`;
  terminal.result({
    text: () => `The lock of stack ${stack} is removed. ${next}`,
    document: {
      ...document,
      holder: { who, host, pid, verb, since, lock: name },
      unfinishedPassword: rotation !== undefined,
    },
  });
  return 'done';
};
