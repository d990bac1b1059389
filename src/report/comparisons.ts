import { instantOfWall, wallOf } from '../schedule/wall.ts';
import { wallTimeOf } from '../schedule/zone.ts';
import type { Window } from './facts.ts';
import { endBefore, isEnd, type Timetable } from './timetable.ts';
import { windowOf } from './window.ts';

/** The windows that a window is compared with. Each is there whether or not the shop sold then. */
export interface Around {
  /** The same time on the wall 1, 2, ... 8 weeks earlier, the latest first. */
  weeks: Window[];
  /** What the report before was of; undefined when the schedule had not begun. */
  previous: Window | undefined;
  /** The last 14 windows of the schedule, this one the last; fewer when it is younger. */
  trend: Window[];
  /**
   * From the begin of the month, or week (Monday), of the window's end until that end; and as far into the one before.
   */
  month: { now: Window; before: Window };
  week: { now: Window; before: Window };
}

const dayMs = 86_400_000;
const weeksBack = [1, 2, 3, 4, 5, 6, 7, 8];
const trendLength = 14;

/**
 * Windows around one, by the timetable and on its clocks. A window that is not the schedule's has others of its length
 * before it. One that is partial has as much of the schedule's window before it, and no trend.
 */
export function around(window: Window, timetable: Timetable, isPartial = false): Around {
  const { zone } = timetable;
  const trend = isPartial ? [window] : windowsUpTo(window, timetable);
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
    previous: isPartial ? sameElapsed(window, timetable) : trend.at(-2),
    trend,
    month: {
      now: windowOf(monthBegin, Date.parse(window.to)),
      before: windowOf(monthBefore, intoMonthBefore),
    },
    week: {
      now: windowOf(weekBegin, Date.parse(window.to)),
      before: shifted(windowOf(weekBegin, Date.parse(window.to)), -7, zone),
    },
  };
}

/** As much of the schedule's window before as has passed of this one. */
function sameElapsed({ from, to }: Window, timetable: Timetable): Window | undefined {
  const begin = endBefore(timetable, Date.parse(from));
  return begin === undefined
    ? undefined
    : windowOf(begin, Math.min(begin + Date.parse(to) - Date.parse(from), Date.parse(from)));
}

/** The schedule's windows, the given one the last. */
function windowsUpTo(window: Window, timetable: Timetable): Window[] {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const isScheduled = isEnd(timetable, to) && endBefore(timetable, to) === from;
  const windows = [window];
  for (let end = from; windows.length < trendLength; ) {
    const begin = isScheduled ? endBefore(timetable, end) : end - (to - from);
    if (begin === undefined) break;
    windows.unshift(windowOf(begin, end));
    end = begin;
  }
  return windows;
}

/** The same times on the wall, so many days later. */
const shifted = ({ from, to }: Window, days: number, zone: string): Window => {
  const shift = (instant: number) => instantOfWall(wallOf(instant, zone) + days * dayMs, zone);
  return windowOf(shift(Date.parse(from)), shift(Date.parse(to)));
};

/** Midnight of a date, whose month and day may run over. */
function wallInstant(year: number, month: number, day: number, zone: string): number {
  return instantOfWall(Date.UTC(year, month - 1, day), zone);
}
