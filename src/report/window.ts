import { Problem } from '../problem.ts';
import { next, previous, type Schedule } from '../schedule/schedule.ts';
import type { Window } from './facts.ts';

const minute = 60_000;
const floor = (instant: number, unit: number) => Math.floor(instant / unit) * unit;

/**
 * The window of a scheduled run: from the time before at which the schedule fired to `scheduled` (ms since 1970 UTC), floored to the minute. A rate starts
 * at any second of its interval; its windows are aligned to multiples of the interval since 1970 UTC. Throws Problem `no-window`.
 */
export function windowOfRun(schedule: Schedule, zone: string, scheduled: number): Window {
  return windowTo(schedule, zone, schedule.kind === 'rate' ? floor(scheduled, schedule.everyMs) : floor(scheduled, minute));
}

/** The last window of the schedule that has ended at `now`, ms since 1970 UTC. Throws Problem `no-window`. */
export function lastWindow(schedule: Schedule, zone: string, now: number): Window {
  return windowTo(schedule, zone, previous(schedule, zone, now + 1));
}

/** What has been sold since the schedule last fired, to the full minute before `now`, ms since 1970 UTC. Throws Problem `no-window`. */
export function windowSoFar(schedule: Schedule, zone: string, now: number): Window {
  const to = floor(now, minute);
  const from = previous(schedule, zone, to);
  if (from !== undefined) return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  throw new Problem(
    'no-window',
    `The schedule ${schedule.text} has not fired yet, so no window has begun: name one with --from and --to.`,
    {
      exit: 'usage',
    },
  );
}

/**
 * The window of the report that was due within a span, in ms since 1970 UTC: `day` says which in words. Throws Problem `no-window` where none was due or
 * more than one.
 */
export function windowDueIn(schedule: Schedule, zone: string, span: { from: number; to: number }, day: string): Window {
  const times = [next(schedule, zone, span.from - 1)];
  if (times[0] !== undefined) times.push(next(schedule, zone, times[0]));
  const due = times.filter(time => time !== undefined && time < span.to);
  if (due.length === 1) return windowTo(schedule, zone, due[0]);
  const why = due.length === 0 ? `No report was due on ${day}` : `More than one report was due on ${day}`;
  throw new Problem('no-window', `${why} by ${schedule.text}: name a window with --from and --to.`, { exit: 'usage' });
}

function windowTo(schedule: Schedule, zone: string, to: number | undefined): Window {
  const from = to === undefined ? undefined : previous(schedule, zone, to);
  if (to === undefined || from === undefined)
    throw new Problem(
      'no-window',
      `The schedule ${schedule.text} has not fired twice yet, so no window has ended: name one with --from and --to.`,
      { exit: 'usage' },
    );
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
