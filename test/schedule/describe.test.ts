import { expect, it } from 'vitest';
import { describe } from '../../src/schedule/describe.ts';
import { parseSchedule } from '../../src/schedule/schedule.ts';

it.each([
  ['cron(0 16 ? * MON-SAT *)', 'At 16:00, Monday through Saturday, UTC'],
  ['cron(0 16 ? * 2-7 *)', 'At 16:00, Monday through Saturday, UTC'],
  ['cron(0 16 ? * 1,7 *)', 'At 16:00, only on Sunday and Saturday, UTC'],
  ['cron(0 16 ? * FRI-MON *)', 'At 16:00, Friday through Monday, UTC'],
  ['cron(0 16 ? * fri *)', 'At 16:00, only on Friday, UTC'],
  ['cron(0 16 ? * L *)', 'At 16:00, only on Saturday, UTC'],
  ['cron(0 16 ? * 6L *)', 'At 16:00, on the last Friday of the month, UTC'],
  ['cron(0 16 ? * FRIL *)', 'At 16:00, on the last Friday of the month, UTC'],
  ['cron(0 16 ? * 1#3 *)', 'At 16:00, on the third Sunday of the month, UTC'],
  ['cron(0 16 ? * SAT#5 *)', 'At 16:00, on the fifth Saturday of the month, UTC'],
  ['cron(0 16 L * ? *)', 'At 16:00, on the last day of the month, UTC'],
  ['cron(0 16 LW * ? *)', 'At 16:00, on the last weekday of the month, UTC'],
  ['cron(0 16 15W * ? *)', 'At 16:00, on the weekday nearest day 15 of the month, UTC'],
  ['cron(0 16 1,15 * ? *)', 'At 16:00, on day 1 and 15 of the month, UTC'],
  ['cron(0/15 * * * ? *)', 'Every 15 minutes, UTC'],
  ['cron(0/15 8-17 ? * MON-FRI *)', 'Every 15 minutes, between 08:00 and 17:59, Monday through Friday, UTC'],
  ['cron(0 22-2 * * ? *)', 'Every hour, between 22:00 and 02:00, UTC'],
  // Steps that do not divide the hour, the day or the year are written out: "every 45 minutes" would be wrong.
  ['cron(0/45 9 * * ? *)', 'At 0 and 45 minutes past the hour, at 09:00, UTC'],
  ['cron(0 0/10 * * ? *)', 'At 00:00, 10:00 and 20:00, UTC'],
  ['cron(0 9 1 1/5 ? *)', 'At 09:00, on day 1 of the month, only in January, June, and November, UTC'],
  ['cron(59-0 9 * * ? *)', 'At 0 and 59 minutes past the hour, at 09:00, UTC'],
  ['cron(0 9 1 1/3 ? *)', 'At 09:00, on day 1 of the month, every 3 months, UTC'],
  ['cron(0 0 29 2 ? 2096)', 'At 00:00, on day 29 of the month, only in February, only in 2096, UTC'],
  [
    'cron(0 0 1 1 ? 2030/10)',
    'At 00:00, on day 1 of the month, only in January, every 10 years, 2030 through 2199, UTC',
  ],
  [
    'cron(0/30,7 9 1/20,5 * ? *)',
    'At 0, 7, and 30 minutes past the hour, at 09:00, on day 1, 5, and 21 of the month, UTC',
  ],
  // What cannot be said is shown.
  ['cron(0 9 1 1 ? 2030/10,2035)', 'cron(0 9 1 1 ? 2030/10,2035), UTC'],
  ['rate(1 hour)', 'Every hour'],
  ['rate(5 minutes)', 'Every 5 minutes'],
])('%s is "%s"', (text, words) => {
  expect(describe(parseSchedule(text), 'UTC')).toBe(words);
});

it('names the zone', () => {
  expect(describe(parseSchedule('cron(30 7 * * ? *)'), 'Europe/Berlin')).toBe('At 07:30, Europe/Berlin');
});
