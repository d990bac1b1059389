import type { WatchAnswer } from '../../function-contract.ts';
import type { Window } from '../facts.ts';
import { endBefore, lastEnd } from '../timetable.ts';
import { windowOf } from '../window.ts';
import { archiveUnsent } from './deliver.ts';
import { scheduleOf } from './due.ts';
import type { Work } from './work.ts';

/** What one window may need, ms: with less time left the caller asks again. */
const roomForOne = 15_000;

/**
 * Computes the reports of the schedule's windows that end in a span, ms since 1970 UTC, and archives them; nothing is
 * sent. What has a report is left alone, and so is the newest where it was begun: it is the watch's. No window runs
 * into one that has a report. `done` is the end of the last window that is done: shorter than the span, where time ran
 * out.
 */
export async function backfill(work: Work, span: { from: number; to: number }): Promise<WatchAnswer> {
  const { ledger, timetable, clock } = work;
  const schedule = scheduleOf(work);
  const now = clock.now();
  const due = windowsIn(timetable, { from: span.from, to: Math.min(span.to, now) });
  const there = due[0] ? await ledger.overlapping(Date.parse(due[0].from), span.to) : [];
  const others = there.map(({ entry }) => entry);
  const newest = lastEnd(timetable, now);
  const windows: WatchAnswer['windows'] = [];
  for (const window of due) {
    if (work.until - clock.now() < roomForOne) return { windows, done: window.from };
    const same = there.find(({ entry }) => entry.from === window.from && entry.to === window.to);
    const isOpen = same?.entry.state === 'missed' || same?.entry.state === 'failed';
    // Its readers still wait for it.
    if (isOpen && Date.parse(window.to) === newest) continue;
    for (const free of isOpen ? [window] : partsOutside(window, others)) {
      const { outcome } = await archiveUnsent(work, { window: free, found: isOpen ? same : undefined, schedule });
      windows.push({ ...free, outcome });
    }
  }
  return { windows, done: new Date(span.to).toISOString() };
}

/** The schedule's windows that end in a span, the oldest first. */
function windowsIn(timetable: Work['timetable'], { from, to }: { from: number; to: number }): Window[] {
  const windows: Window[] = [];
  for (let end = lastEnd(timetable, to); end !== undefined && end > from; ) {
    const begin = endBefore(timetable, end);
    if (begin === undefined) break;
    windows.push(windowOf(begin, end));
    end = begin;
  }
  return windows.reverse();
}

/** The parts of a window that have no report: all of it, what lies before, between or behind others, or nothing. */
const partsOutside = (window: Window, others: readonly Window[]): Window[] =>
  others.reduce(
    (parts, other) =>
      parts
        .flatMap(({ from, to }) => [
          { from, to: to < other.from ? to : other.from },
          { from: from > other.to ? from : other.to, to },
        ])
        .filter(({ from, to }) => from < to),
    [{ from: window.from, to: window.to }],
  );
