import { next, previous, type Schedule } from '../schedule/schedule.ts';
import { instantOf, offsetAt, wallTimeOf } from '../schedule/zone.ts';
import type { Window } from './facts.ts';

/** The windows that a window is compared with. Each is there whether or not the shop sold then. */
export interface Around {
  /** The same time on the wall 1, 2, ... 8 weeks earlier, the latest first. */
  weeks: Window[];
  /** What the report before was of; undefined when the schedule had not begun. */
  previous: Window | undefined;
  /** The last 14 windows of the schedule, this one the last; fewer when it is younger. */
  trend: Window[];
  /** From the begin of the month, or week (Monday), of the window's end until that end; and as far into the one before. */
  month: { now: Window; before: Window };
  week: { now: Window; before: Window };
}

const dayMs = 86_400_000;
const weeksBack = [1, 2, 3, 4, 5, 6, 7, 8];
const trendLength = 14;

/**
 * Windows around one, by the schedule and on the clocks of the zone (IANA). A window that is not the schedule's has others of its length before it. One
 * that is partial has as much of the schedule's window before it, and no trend.
 */
export function around(window: Window, schedule: Schedule, zone: string, isPartial = false): Around {
  const trend = isPartial ? [window] : windowsUpTo(window, schedule, zone);
  const end = Date.parse(window.to) - 1;
  const wall = wallTimeOf(end, zone);
  const monthBegin = wallInstant(wall.year, wall.month, 1, zone);
  const monthBefore = wallInstant(wall.year, wall.month - 1, 1, zone);
  const daysIntoWeek = (new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay() + 6) % 7;
  const weekBegin = wallInstant(wall.year, wall.month, wall.day - daysIntoWeek, zone);
  const elapsed = wallOf(Date.parse(window.to), zone) - wallOf(monthBegin, zone);
  const intoMonthBefore = Math.min(instantOfWall(wallOf(monthBefore, zone) + elapsed, zone), monthBegin);
  return {
    weeks: weeksBack.map(count => shifted(window, -7 * count, zone)),
    previous: isPartial ? sameElapsed(window, schedule, zone) : trend.at(-2),
    trend,
    month: {
      now: windowFrom(monthBegin, Date.parse(window.to)),
      before: windowFrom(monthBefore, intoMonthBefore),
    },
    week: {
      now: windowFrom(weekBegin, Date.parse(window.to)),
      before: shifted(windowFrom(weekBegin, Date.parse(window.to)), -7, zone),
    },
  };
}

/** As much of the schedule's window before as has passed of this one. */
function sameElapsed({ from, to }: Window, schedule: Schedule, zone: string): Window | undefined {
  const begin = previous(schedule, zone, Date.parse(from));
  return begin === undefined
    ? undefined
    : windowFrom(begin, Math.min(begin + Date.parse(to) - Date.parse(from), Date.parse(from)));
}

const windowFrom = (from: number, to: number): Window => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

/** The schedule's windows, the given one the last. */
function windowsUpTo(window: Window, schedule: Schedule, zone: string): Window[] {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const isScheduled = previous(schedule, zone, to) === from && next(schedule, zone, from) === to;
  const windows = [window];
  for (let end = from; windows.length < trendLength; ) {
    const begin = isScheduled ? previous(schedule, zone, end) : end - (to - from);
    if (begin === undefined) break;
    windows.unshift(windowFrom(begin, end));
    end = begin;
  }
  return windows;
}

/** The same times on the wall, so many days later. */
const shifted = ({ from, to }: Window, days: number, zone: string): Window => {
  const shift = (instant: number) => instantOfWall(wallOf(instant, zone) + days * dayMs, zone);
  return windowFrom(shift(Date.parse(from)), shift(Date.parse(to)));
};

/** What a wall clock shows, in ms as if it were UTC; and back, an hour later where the clock skips that time. */
const wallOf = (instant: number, zone: string): number => instant + offsetAt(instant, zone);

function instantOfWall(wall: number, zone: string): number {
  const date = new Date(wall);
  const minutes = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
  const instant = instantOf(minutes, zone) ?? wall - offsetAt(wall - dayMs, zone) - (wall % 60_000);
  return instant + (wall % 60_000);
}

/** Midnight of a date, whose month and day may run over. */
function wallInstant(year: number, month: number, day: number, zone: string): number {
  return instantOfWall(Date.UTC(year, month - 1, day), zone);
}
