import { Problem } from '../problem.ts';
import { previous, type Schedule } from '../schedule/schedule.ts';
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
