import type { WatchAnswer } from '../../function-contract.ts';
import type { Window } from '../facts.ts';
import { endBefore, lastEnd } from '../timetable.ts';
import { windowOf } from '../window.ts';
import { archiveUnsent } from './deliver.ts';
import { scheduleOf } from './due.ts';
import type { Work } from './work.ts';

const day = 86_400_000;
/** What one window may need, ms: with less time left the caller asks again. */
const roomForOne = 15_000;

/**
 * Computes the reports of the schedule's windows that end in a span, ms since 1970 UTC, and archives them; nothing is sent. What has a report is left
 * alone, and no window runs into one that has. `done` is the end of the last window that is done: shorter than the span, where time ran out.
 */
export async function backfill(work: Work, span: { from: number; to: number }): Promise<WatchAnswer> {
  const { ledger, timetable, clock } = work;
  const schedule = scheduleOf(work);
  // A window that ends in the span may begin long before it.
  const there = await ledger.between(span.from - 400 * day, span.to);
  const windows: WatchAnswer['windows'] = [];
  for (const window of windowsIn(timetable, { from: span.from, to: Math.min(span.to, clock.now()) })) {
    if (work.until - clock.now() < roomForOne) return { windows, done: window.from };
    const same = there.find(({ entry }) => entry.from === window.from && entry.to === window.to);
    const isOpen = same?.entry.state === 'missed' || same?.entry.state === 'failed';
    const free = isOpen
      ? window
      : partOutside(
          window,
          there.map(({ entry }) => entry),
        );
    if (!free) continue;
    const { outcome } = await archiveUnsent(work, { window: free, found: isOpen ? same : undefined, schedule });
    windows.push({ ...free, outcome });
  }
  return { windows, done: new Date(span.to).toISOString() };
}

/** The schedule's windows that end in a span, the oldest first. */
function windowsIn(timetable: Work['timetable'], { from, to }: { from: number; to: number }): Window[] {
  const windows: Window[] = [];
  for (let end = lastEnd(timetable, to); end !== undefined && end > from; ) {
    const begin = endBefore(timetable, end);
    if (begin === undefined) break;
    windows.unshift(windowOf(begin, end));
    end = begin;
  }
  return windows;
}

/** What of a window has no report: all of it, what lies before or behind another's, or nothing. */
function partOutside({ from, to }: Window, others: readonly Window[]): Window | undefined {
  let [begin, end] = [from, to];
  for (const other of others) {
    if (other.from <= begin && other.to > begin) begin = other.to;
    if (other.to >= end && other.from < end) end = other.from;
  }
  return begin < end ? { from: begin, to: end } : undefined;
}
