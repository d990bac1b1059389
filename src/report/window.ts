import { Problem } from '../problem.ts';
import { next } from '../schedule/schedule.ts';
import type { Window } from './facts.ts';
import { endBefore, endOfRun, floorTo, lastEnd, type Timetable } from './timetable.ts';

const refusal = (sentence: string) => new Problem('no-window', sentence, { exit: 'usage' });

export const windowOf = (from: number, to: number): Window => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** The last window that has ended at `now`, ms since 1970 UTC. Throws Problem `no-window`. */
export const lastWindow = (timetable: Timetable, now: number): Window => windowTo(timetable, lastEnd(timetable, now));

/**
 * What has been sold since the last report was due, or since the day began, to the full minute before `now`, ms since
 * 1970 UTC. Throws Problem `no-window`.
 */
export function windowSoFar(timetable: Timetable, now: number): Window {
  const from = timetable.window === 'day' ? endOfRun(timetable, now) : lastEnd(timetable, now);
  const to = floorTo(now, 60_000);
  if (from !== undefined && from < to) return windowOf(from, to);
  throw refusal(
    from === undefined
      ? `The schedule ${timetable.schedule.text} has not fired yet, so no window has begun: name one with --from and --to.`
      : 'A window has begun this minute: ask again in the next.',
  );
}

/**
 * When the report was due within a span of ms since 1970 UTC: `day` says which in words. Throws Problem `no-window`
 * where none was due or more than one.
 */
export function endDueIn(timetable: Timetable, span: { from: number; to: number }, day: string): number {
  const { schedule, zone } = timetable;
  const times = [next(schedule, zone, span.from - 1)];
  if (times[0] !== undefined) times.push(next(schedule, zone, times[0]));
  const due = times.filter(time => time !== undefined && time < span.to);
  if (due.length === 1) return endOfRun(timetable, due[0]!);
  const why = due.length === 0 ? `No report was due on ${day}` : `More than one report was due on ${day}`;
  throw refusal(`${why} by ${schedule.text}: name a window with --from and --to.`);
}

/**
 * The window of the report that is due at an end, by the schedule alone. Throws Problem `no-window` where the schedule
 * had not fired before.
 */
export function windowTo(timetable: Timetable, end: number | undefined): Window {
  const from = end === undefined ? undefined : endBefore(timetable, end);
  if (end !== undefined && from !== undefined) return windowOf(from, end);
  throw refusal(
    `The schedule ${timetable.schedule.text} has not fired twice yet, so no window has ended: name one with --from and --to.`,
  );
}

/** Of more reports than this that were missed, the oldest are one. */
const mostMissed = 50;

/**
 * The windows between what has been reported and an end that is due, that end's own the last; none where it has been
 * reported. Together they cover all time from the end of the last report on. `isSameSchedule`: then each that was due
 * on the way has its own; after a change of the schedule nobody knows what was due, and one window takes it all. Throws
 * Problem `no-window` for the very first.
 */
export function windowsSince(
  timetable: Timetable,
  reported: { to: string; isSameSchedule: boolean } | undefined,
  end: number,
): Window[] {
  if (!reported) return [windowTo(timetable, end)];
  const begin = Date.parse(reported.to);
  if (end <= begin) return [];
  const ends = [end];
  if (reported.isSameSchedule)
    for (let due = endBefore(timetable, end); due !== undefined && due > begin; due = endBefore(timetable, due)) {
      if (ends.length > mostMissed) break;
      ends.unshift(due);
    }
  return ends.map((to, index) => windowOf(index === 0 ? begin : ends[index - 1]!, to));
}
