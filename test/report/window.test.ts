import { describe, expect, test } from 'vitest';
import { lastWindow, windowDueIn, windowOfRun, windowSoFar } from '../../src/report/window.ts';
import { parseSchedule } from '../../src/schedule/schedule.ts';

const evenings = parseSchedule('cron(0 16 ? * MON-SAT *)');
const at = Date.parse;

describe('of a scheduled run', () => {
  test.each([
    ['Tuesday', 'UTC', '2026-11-24T16:00:00Z', '2026-11-23T16:00:00.000Z'],
    ['Monday: Sunday belongs to it', 'UTC', '2026-11-23T16:00:00Z', '2026-11-21T16:00:00.000Z'],
    ['spring: 23 hours', 'Europe/Berlin', '2026-03-30T14:00:00Z', '2026-03-28T15:00:00.000Z'],
  ])('%s', (_day, zone, scheduled, from) => {
    expect(windowOfRun(evenings, zone, at(scheduled))).toEqual({ from, to: new Date(scheduled).toISOString() });
  });

  test('seconds of delay are not part of it', () => {
    expect(windowOfRun(evenings, 'UTC', at('2026-11-24T16:00:41.500Z')).to).toBe('2026-11-24T16:00:00.000Z');
  });

  test('of a rate it is aligned, whenever AWS began to count', () => {
    expect(windowOfRun(parseSchedule('rate(6 hours)'), 'UTC', at('2026-11-24T14:37:12Z'))).toEqual({
      from: '2026-11-24T06:00:00.000Z',
      to: '2026-11-24T12:00:00.000Z',
    });
  });
});

describe('the last one that has ended', () => {
  test.each([
    ['2026-11-24T15:59:59.999Z', '2026-11-23T16:00:00.000Z'],
    ['2026-11-24T16:00:00.000Z', '2026-11-24T16:00:00.000Z'],
    ['2026-11-22T10:00:00.000Z', '2026-11-21T16:00:00.000Z'],
  ])('at %s ends at %s', (now, to) => {
    expect(lastWindow(evenings, 'UTC', at(now)).to).toBe(to);
  });

  test('is refused while the schedule has not fired twice', () => {
    const young = parseSchedule('cron(0 16 24 11 ? 2026)');
    expect(() => lastWindow(young, 'UTC', at('2026-11-25T00:00:00Z'))).toThrow('name one with --from and --to');
  });
});

test('what has been sold so far is since the last time, to the full minute', () => {
  expect(windowSoFar(evenings, 'UTC', at('2026-11-24T17:30:29Z'))).toEqual({
    from: '2026-11-24T16:00:00.000Z',
    to: '2026-11-24T17:30:00.000Z',
  });
  expect(() => windowSoFar(parseSchedule('cron(0 16 24 11 ? 2027)'), 'UTC', at('2026-11-25T00:00:00Z'))).toThrow(
    'has not fired yet',
  );
});

describe('the report that was due on a day', () => {
  const day = (date: string) => ({ from: at(`${date}T00:00Z`), to: at(`${date}T00:00Z`) + 86_400_000 });

  test('is the one that ended on it', () => {
    expect(windowDueIn(evenings, 'UTC', day('2026-11-23'), 'Monday')).toEqual({
      from: '2026-11-21T16:00:00.000Z',
      to: '2026-11-23T16:00:00.000Z',
    });
  });

  test('at its very begin belongs to it', () => {
    const midnights = parseSchedule('cron(0 0 * * ? *)');
    expect(windowDueIn(midnights, 'UTC', day('2026-11-23'), 'Monday').to).toBe('2026-11-23T00:00:00.000Z');
  });

  test.each([
    ['cron(0 16 ? * MON-SAT *)', 'No report was due on Sunday'],
    ['rate(6 hours)', 'More than one report was due on Sunday'],
  ])('by %s is refused: %s', (schedule, why) => {
    expect(() => windowDueIn(parseSchedule(schedule), 'UTC', day('2026-11-22'), 'Sunday')).toThrow(why);
  });
});
