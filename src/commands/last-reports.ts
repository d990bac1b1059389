import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { Entry } from '../report/deliver/entry.ts';
import type { Found } from '../report/deliver/ledger.ts';
import type { Settings } from '../settings/settings.ts';
import { salesreport } from '../suggest.ts';
import type { LastReports } from '../terminal/views.ts';
import { timetableFor } from './wanted-window.ts';

/** So many are shown. */
const shown = 3;

/** They are looked for among so many windows as the schedule has them now: S3 lists a thousand at once. */
const recent = 900;

/** What is due is given so long to be begun, ms: its event may be late, and a watch comes every 15 minutes. */
const grace = 30 * 60_000;

/** What became of the last reports, and whether one should have been there that is not; none where the stack has no archive. */
export async function lastReportsOf({ archive }: Pipeline, settings: Settings, clock: Clock): Promise<LastReports> {
  const { LedgerView } = await import('../report/deliver/ledger.ts');
  const ledger = new LedgerView(archive);
  const now = clock.now();
  const look = async (): Promise<Found[]> => {
    const last = await ledger.within(await recently(settings, now), now, shown);
    // Where nothing has run for so long, only the last of them says anything.
    return last.length > 0 ? last : ledger.within(0, now, 1);
  };
  const found = await look().catch(error => {
    if (error instanceof Problem && error.code === 'no-archive') return [];
    throw error;
  });
  const entries = found.map(({ entry }) => entry).reverse();
  return { entries, trouble: entries[0] && (await troubleOf(entries[0], settings, clock)) };
}

/** When the first of the recent windows began, ms since 1970; 0 where the schedule has hardly fired yet. */
async function recently(settings: Settings, now: number): Promise<number> {
  const { endBefore, lastEnd } = await import('../report/timetable.ts');
  const timetable = await timetableFor(settings);
  const last = lastEnd(timetable, now);
  let first = last;
  for (let nth = 0; nth < shown && first !== undefined; nth++) first = endBefore(timetable, first);
  return last === undefined || first === undefined ? 0 : Math.max(0, last - ((last - first) / shown) * recent);
}

async function troubleOf({ state, to, why }: Entry, settings: Settings, clock: Clock): Promise<string | undefined> {
  if (state === 'blocked')
    return `The last report is blocked, and went to nobody: ${why} Correct the data and run ${salesreport`run`}, or send it with --force --reason "…".`;
  if (state === 'failed')
    return `The last report failed: ${why} It is tried again every 15 minutes; ${salesreport`run`} tries it at once.`;
  const { lastEnd } = await import('../report/timetable.ts');
  const due = lastEnd(await timetableFor(settings), clock.now() - grace);
  if (due === undefined || due <= Date.parse(to)) return undefined;
  return `A report was due at ${new Date(due).toISOString()} and nothing began it: ${salesreport`provision`} repairs the schedule, ${salesreport`run`} sends it.`;
}
