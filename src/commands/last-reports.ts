import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { Entry } from '../report/deliver/entry.ts';
import type { Found, LedgerView } from '../report/deliver/ledger.ts';
import { clockTime } from '../schedule/clock-time.ts';
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

/**
 * What became of the last reports, and whether one should have been there that is not; none where the stack has no
 * archive.
 */
export async function lastReportsOf({ archive }: Pipeline, settings: Settings, clock: Clock): Promise<LastReports> {
  const ledger = await ledgerOf(archive, settings);
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

/** The ledger in an archive, for who only looks. */
export async function ledgerOf(archive: Pipeline['archive'], settings: Settings): Promise<LedgerView> {
  const [{ LedgerView }, { endAfter }, timetable] = await Promise.all([
    import('../report/deliver/ledger.ts'),
    import('../report/timetable.ts'),
    timetableFor(settings),
  ]);
  return new LedgerView(archive, from => endAfter(timetable, from));
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
    return `The last report is blocked, and went to nobody: ${why} Correct the data and run ${salesreport`run`}, or send it with --send-anyway --reason "…".`;
  if (state === 'unreadable')
    return `${why} Ask a reader, or send it with ${salesreport`run --send-anyway --reason "…"`}: it then says that it may be a repeat.`;
  if (state === 'failed')
    return `The last report failed: ${why} It is tried again every 15 minutes; ${salesreport`run`} tries it at once.`;
  const { lastEnd } = await import('../report/timetable.ts');
  const due = lastEnd(await timetableFor(settings), clock.now() - grace);
  if (due === undefined || due <= Date.parse(to)) return undefined;
  return `A report was due at ${clockTime(due, settings.timezone)} and nothing began it: ${salesreport`provision`} repairs the schedule, ${salesreport`run`} sends it.`;
}
