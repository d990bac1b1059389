import { describe, expect, test } from 'vitest';
import { endOfRun } from '../../src/report/timetable.ts';
import { endDueIn, lastWindow, windowSoFar, windowsSince, windowTo } from '../../src/report/window.ts';
import { sinceLastRun, wholeDays } from './timetables.ts';

const schedule = 'cron(0 16 ? * MON-SAT *)';
const evenings = sinceLastRun(schedule);
const at = Date.parse;

describe('of a scheduled run', () => {
  test.each([
    ['Tuesday', 'UTC', '2026-11-24T16:00:00Z', '2026-11-23T16:00:00.000Z'],
    ['Monday: Sunday belongs to it', 'UTC', '2026-11-23T16:00:00Z', '2026-11-21T16:00:00.000Z'],
    ['spring: 23 hours', 'Europe/Berlin', '2026-03-30T14:00:00Z', '2026-03-28T15:00:00.000Z'],
  ])('%s', (_day, zone, scheduled, from) => {
    const timetable = sinceLastRun(schedule, zone);
    const to = new Date(scheduled).toISOString();
    expect(windowTo(timetable, endOfRun(timetable, at(scheduled)))).toEqual({ from, to });
  });

  test('seconds of delay are not part of it', () => {
    expect(endOfRun(evenings, at('2026-11-24T16:00:41.500Z'))).toBe(at('2026-11-24T16:00:00.000Z'));
  });

  test('of a rate it is aligned, whenever AWS began to count', () => {
    const rate = sinceLastRun('rate(6 hours)');
    expect(windowTo(rate, endOfRun(rate, at('2026-11-24T14:37:12Z')))).toEqual({
      from: '2026-11-24T06:00:00.000Z',
      to: '2026-11-24T12:00:00.000Z',
    });
  });

  test.each([
    ['the day before', '00:00', '2026-11-24T16:00:00Z', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    [
      'a shop that closes late',
      '04:30',
      '2026-11-24T05:00:00Z',
      '2026-11-23T04:30:00.000Z',
      '2026-11-24T04:30:00.000Z',
    ],
    [
      'before the day has begun',
      '04:30',
      '2026-11-24T04:00:00Z',
      '2026-11-22T04:30:00.000Z',
      '2026-11-23T04:30:00.000Z',
    ],
    [
      'Monday: Saturday and Sunday',
      '00:00',
      '2026-11-23T16:00:00Z',
      '2026-11-21T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z',
    ],
  ])('of whole days: %s', (_what, dayStart, scheduled, from, to) => {
    const days = wholeDays(scheduled.includes('T04') ? 'cron(0 4 ? * MON-SAT *)' : schedule, 'UTC', dayStart);
    expect(windowTo(days, endOfRun(days, at(scheduled)))).toEqual({ from, to });
  });
});

describe('since what was reported last', () => {
  const to = (end: string, isSameSchedule = true) => ({ to: new Date(end).toISOString(), isSameSchedule });

  test('an evening each is the rule', () => {
    expect(windowsSince(evenings, to('2026-11-23T16:00Z'), at('2026-11-24T16:00Z'))).toEqual([
      { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' },
    ]);
  });

  test('what was missed has windows of its own', () => {
    expect(windowsSince(evenings, to('2026-11-20T16:00Z'), at('2026-11-24T16:00Z')).map(one => one.to)).toEqual([
      '2026-11-21T16:00:00.000Z',
      '2026-11-23T16:00:00.000Z',
      '2026-11-24T16:00:00.000Z',
    ]);
  });

  test('a changed schedule goes on where the last one ended', () => {
    expect(windowsSince(evenings, to('2026-11-20T09:00Z', false), at('2026-11-24T16:00Z'))).toEqual([
      { from: '2026-11-20T09:00:00.000Z', to: '2026-11-24T16:00:00.000Z' },
    ]);
  });

  test('what is reported is not reported again', () => {
    expect(windowsSince(evenings, to('2026-11-24T16:00Z'), at('2026-11-24T16:00Z'))).toEqual([]);
  });

  test('of many years the oldest are one', () => {
    const windows = windowsSince(sinceLastRun('rate(1 minute)'), to('2016-11-20T09:00Z'), at('2026-11-24T16:00Z'));
    expect(windows).toHaveLength(51);
    expect(windows[0]).toEqual({ from: '2016-11-20T09:00:00.000Z', to: '2026-11-24T15:10:00.000Z' });
  });
});

describe('the last one that has ended', () => {
  test.each([
    ['2026-11-24T15:59:59.999Z', '2026-11-23T16:00:00.000Z'],
    ['2026-11-24T16:00:00.000Z', '2026-11-24T16:00:00.000Z'],
    ['2026-11-22T10:00:00.000Z', '2026-11-21T16:00:00.000Z'],
  ])('at %s ends at %s', (now, to) => {
    expect(lastWindow(evenings, at(now)).to).toBe(to);
  });

  test('is refused while the schedule has not fired twice', () => {
    const young = sinceLastRun('cron(0 16 24 11 ? 2026)');
    expect(() => lastWindow(young, at('2026-11-25T00:00:00Z'))).toThrow('name one with --from and --to');
  });
});

test('what has been sold so far is since the last time, to the full minute', () => {
  expect(windowSoFar(evenings, at('2026-11-24T17:30:29Z'))).toEqual({
    from: '2026-11-24T16:00:00.000Z',
    to: '2026-11-24T17:30:00.000Z',
  });
  expect(() => windowSoFar(sinceLastRun('cron(0 16 24 11 ? 2027)'), at('2026-11-25T00:00:00Z'))).toThrow(
    'has not fired yet',
  );
});

describe('the report that was due on a day', () => {
  const day = (date: string) => ({ from: at(`${date}T00:00Z`), to: at(`${date}T00:00Z`) + 86_400_000 });

  test('is the one that ended on it', () => {
    expect(endDueIn(evenings, day('2026-11-23'), 'Monday')).toBe(at('2026-11-23T16:00:00.000Z'));
  });

  test('at its very begin belongs to it', () => {
    const midnights = sinceLastRun('cron(0 0 * * ? *)');
    expect(endDueIn(midnights, day('2026-11-23'), 'Monday')).toBe(at('2026-11-23T00:00:00.000Z'));
  });

  test.each([
    ['cron(0 16 ? * MON-SAT *)', 'No report was due on Sunday'],
    ['rate(6 hours)', 'More than one report was due on Sunday'],
  ])('by %s is refused: %s', (schedule, why) => {
    expect(() => endDueIn(sinceLastRun(schedule), day('2026-11-22'), 'Sunday')).toThrow(why);
  });
});
