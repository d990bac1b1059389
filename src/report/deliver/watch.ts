import type { WatchAnswer } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { next } from '../../schedule/schedule.ts';
import { lastEnd } from '../timetable.ts';
import { archiveUnsent, deliver, isAlive } from './deliver.ts';
import { areLinked, windowsUpTo } from './due.ts';
import { type Entry, isSent } from './entry.ts';
import type { Found } from './ledger.ts';
import { finish } from './send.ts';
import { withholdUnreadable } from './withhold.ts';
import type { Target, Work } from './work.ts';

const minute = 60_000;
/** What is due is left to its own event for so long. */
const grace = 5 * minute;
/** A report that is older helps nobody in the morning: it is archived, and the next one says so. */
const stale = 20 * 60 * minute;
/** So many windows are looked at each time, or all that begin within so long; and so many where one of them is open. */
const near = 8;
const lately = 2 * 60 * minute;
const far = 60;
/** What one window may need, ms: with less time left the rest waits for the next watch. */
const roomForOne = 15_000;

/**
 * Looks for what is due, held or died, and brings it to its end: the newest to its readers, older ones into the
 * archive.
 */
export async function watch(work: Work): Promise<WatchAnswer> {
  await linkWhatIsDue(work);
  const now = work.clock.now();
  const [last, late] = await Promise.all([work.ledger.before(now, near), work.ledger.overlapping(now - lately, now)]);
  const seen = late.length > last.length ? late : last;
  const isAnyOpen = seen.some(found => isOpen(work, found));
  const all = isAnyOpen ? await work.ledger.before(now, Math.max(far, seen.length)) : seen;
  const open = all.filter(found => isOpen(work, found));
  const newest = all.at(-1);
  const windows: WatchAnswer['windows'] = [];
  // The newest first: its readers wait for it.
  for (const found of newest && open.includes(newest) ? [newest, ...open.slice(0, -1)] : open) {
    // The first is tried whatever time there is: a function that has little has no more of it at the next watch.
    if (windows.length > 0 && work.until - work.clock.now() < roomForOne) break;
    windows.push(await settle(work, found, found === newest));
  }
  return { windows };
}

/** Writes what was due and never begun into the ledger. */
async function linkWhatIsDue(work: Work): Promise<void> {
  const { ledger, timetable, clock } = work;
  const now = clock.now();
  const end = lastEnd(timetable, now - grace);
  if (end === undefined) return;
  const [last] = await ledger.before(now, 1);
  if (last ? Date.parse(last.entry.to) >= end : end <= (await ledger.begin(now))) return;
  try {
    // Where another run links at the same time, its links are as good.
    await areLinked(work, (await windowsUpTo(work, end)).missing);
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'no-window')) throw error;
  }
}

/** Whether there is anything to do about a window. */
function isOpen(work: Work, { entry, isDamaged }: Found): boolean {
  const { state } = entry;
  if (isDamaged) return true;
  if (state === 'claimed') return !isAlive(work, entry);
  return state === 'missed' || state === 'failed' || state === 'held' || state === 'published';
}

async function settle(work: Work, found: Found, isNewest: boolean): Promise<WatchAnswer['windows'][number]> {
  const { entry } = found;
  const window = { from: entry.from, to: entry.to };
  const target: Target = { window, found, schedule: entry.schedule };
  try {
    if (entry.state === 'unreadable') {
      const { outcome, why } = await withholdUnreadable(work, found);
      return { ...window, outcome, why };
    }
    if (isSent(entry)) {
      await finish(work, found);
      return { ...window, outcome: 'sent' };
    }
    const isDue = work.clock.now() - dueTime(work, entry) <= stale;
    // One that is held, or that a run died with, may have reached nobody, whatever came after it.
    const isOnItsWay = entry.state === 'claimed' || entry.heldSince !== undefined;
    const wantsReaders = entry.state === 'held' || (isDue && (isNewest || isOnItsWay));
    const { outcome, why } = await (wantsReaders ? deliver(work, target) : archiveUnsent(work, target));
    return { ...window, outcome, ...(why ? { why } : {}) };
  } catch (error) {
    return { ...window, outcome: 'failed', why: (error as Error).message };
  }
}

/** When the schedule fired for a window, ms since 1970 UTC: one of whole days ends some time before. */
function dueTime({ timetable: { schedule, zone, window } }: Work, { to }: Entry): number {
  const end = Date.parse(to);
  return (window === 'day' ? next(schedule, zone, end - 1) : undefined) ?? end;
}
