import type { WatchAnswer } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { openStack } from './session.ts';
import { boundsOf } from './wanted-window.ts';

export interface BackfillOptions {
  from: string;
  to: string;
}

export const backfillCommand = (act: Dispatch) =>
  (
    new UsageCommand('backfill')
      .summary('compute and archive past reports without sending them')
      .description(
        'Computes the reports that the schedule would have made in a past span, in the deployed function, and archives them. ' +
          'Sends nothing, and leaves windows that already have a report alone.',
      )
      .requiredOption('--from <time>', 'start of the span, such as 2026-11-01 or 2026-11-01T16:00Z')
      .requiredOption('--to <time>', 'end of the span, exclusive')
      .action(act(backfill)) as UsageCommand
  ).examples(['salesreport backfill --from 2026-01-01 --to 2026-11-01', 'archive ten months']);

const backfill: Run<BackfillOptions> = async (session, { from, to }) => {
  const { terminal, interrupt } = session;
  boundsOf(from, to, 'UTC');
  const { pipeline, clock, settings } = await openStack(session);
  const span = boundsOf(from, to, settings.timezone);
  const { stack, account, region } = pipeline;
  const working = terminal.progress('The function is archiving reports', clock);
  const windows = await interrupt
    .whileChanging('Run the same command again: it continues with what is missing.', async () => {
      const done: WatchAnswer['windows'] = [];
      // The function does as much as its time allows, and says how far it came.
      for (let begin = span.from; begin < span.to; ) {
        const answer = (await pipeline.invoke({ backfill: { from: begin, to: span.to } })) as WatchAnswer;
        done.push(...answer.windows);
        if (answer.done === undefined || answer.done <= begin)
          throw new Problem(
            'no-progress',
            `The function came no further than ${begin}: give it more time with function.timeout.`,
          );
        begin = answer.done;
      }
      return done;
    })
    .finally(() => working.end());
  terminal.result({
    text: () =>
      windows.length === 0
        ? 'Nothing was missing.'
        : `${windows.length} ${windows.length === 1 ? 'report' : 'reports'} archived and sent to nobody: ${salesreport`history`} lists them.`,
    document: { version: 1, ok: true, stack, account, region, windows },
  });
  return 'done';
};
