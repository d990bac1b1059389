import type { Timetable } from '../../src/report/timetable.ts';
import { parseSchedule } from '../../src/schedule/schedule.ts';

export const sinceLastRun = (schedule: string, zone = 'UTC'): Timetable => ({
  schedule: parseSchedule(schedule),
  zone,
  window: 'since-last-run',
  dayStart: '00:00',
});

export const wholeDays = (schedule: string, zone = 'UTC', dayStart = '00:00'): Timetable => ({
  ...sinceLastRun(schedule, zone),
  window: 'day',
  dayStart,
});
