import type { ReportOptions } from '../function-contract.ts';
import { next, parseSchedule, previous, type Schedule } from '../schedule/schedule.ts';
import { instantOfWall } from '../schedule/wall.ts';
import { wallTimeOf } from '../schedule/zone.ts';
import type { ReportSettings } from './report.ts';

/** When reports are due, and up to when each is. */
export interface Timetable extends Pick<ReportOptions, 'window' | 'dayStart'> {
  schedule: Schedule;
  /** IANA name. */
  zone: string;
}

export const timetableOf = ({ schedule, timezone, report }: Omit<ReportSettings, 'stack' | 'locale'>): Timetable => ({
  schedule: parseSchedule(schedule),
  zone: timezone,
  window: report.window,
  dayStart: report.dayStart,
});

const minute = 60_000;
const day = 24 * 60 * minute;
export const floorTo = (instant: number, unit: number): number => Math.floor(instant / unit) * unit;

/**
 * Up to when the report is that is started at `scheduled`, ms since 1970 UTC: that time floored to the minute; of a
 * rate, which starts at any second of its interval, floored to a multiple of the interval since 1970 UTC; of whole
 * days, when the last day ended.
 */
export function endOfRun({ schedule, zone, window, dayStart }: Timetable, scheduled: number): number {
  if (window === 'since-last-run') return floorTo(scheduled, schedule.kind === 'rate' ? schedule.everyMs : minute);
  const [hour = 0, minutes = 0] = dayStart.split(':').map(Number);
  const today = wallTimeOf(scheduled, zone);
  const begin = (daysAgo: number) =>
    instantOfWall(
      Date.UTC(today.year, today.month - 1, today.day) - daysAgo * day + (hour * 60 + minutes) * minute,
      zone,
    );
  return begin(0) <= scheduled ? begin(0) : begin(1);
}

/** The last end that was due at `now`; undefined where the schedule had not fired yet. */
export const lastEnd = (timetable: Timetable, now: number): number | undefined => {
  const fired = previous(timetable.schedule, timetable.zone, now + 1);
  return fired === undefined ? undefined : endOfRun(timetable, fired);
};

/** Whether a report is due that ends then. */
export function isEnd(timetable: Timetable, end: number): boolean {
  const fires = next(timetable.schedule, timetable.zone, end - 1);
  return fires !== undefined && endOfRun(timetable, fires) === end;
}

/** Where a window ends that begins then, ms since 1970 UTC: a minute later where the schedule fires no more. */
export function endAfter(timetable: Timetable, begin: number): number {
  const { schedule, zone } = timetable;
  for (let fires = next(schedule, zone, begin); fires !== undefined; fires = next(schedule, zone, fires)) {
    const end = endOfRun(timetable, fires);
    if (end > begin) return end;
  }
  return begin + minute;
}

/** The end that was due before this one. */
export const endBefore = (timetable: Timetable, end: number): number | undefined => lastEnd(timetable, end - 1);
