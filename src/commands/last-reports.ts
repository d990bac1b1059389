import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { Entry } from '../report/deliver/entry.ts';
import type { Settings } from '../settings/settings.ts';
import type { LastReports } from '../terminal/views.ts';
import { timetableFor } from './wanted-window.ts';

/** So many are shown. */
const shown = 3;

/** What is due is given so long to be begun, ms: its event may be late, and a watch comes every 15 minutes. */
const grace = 30 * 60_000;

/** What became of the last reports, and whether one should have been there that is not; none where the stack has no archive. */
export async function lastReportsOf({ archive }: Pipeline, settings: Settings, clock: Clock): Promise<LastReports> {
  const { LedgerView } = await import('../report/deliver/ledger.ts');
  const found = await new LedgerView(archive).before(clock.now(), shown).catch(error => {
    if (error instanceof Problem && error.code === 'no-archive') return [];
    throw error;
  });
  const entries = found.map(({ entry }) => entry).reverse();
  return { entries, trouble: entries[0] && (await troubleOf(entries[0], settings, clock)) };
}

async function troubleOf({ state, to, why }: Entry, settings: Settings, clock: Clock): Promise<string | undefined> {
  if (state === 'blocked')
    return `The last report is blocked, and went to nobody: ${why} Correct the data and run salesreport run, or send it with --force --reason "…".`;
  if (state === 'failed')
    return `The last report failed: ${why} It is tried again every 15 minutes; salesreport run tries it at once.`;
  const { lastEnd } = await import('../report/timetable.ts');
  const due = lastEnd(await timetableFor(settings), clock.now() - grace);
  if (due === undefined || due <= Date.parse(to)) return undefined;
  return `A report was due at ${new Date(due).toISOString()} and nothing began it: salesreport provision repairs the schedule, salesreport run sends it.`;
}
