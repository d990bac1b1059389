import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { around } from '../../src/report/comparisons.ts';
import { sinceLastRun } from './timetables.ts';

const evenings = 'cron(0 16 ? * MON-SAT *)';
const window = (from: string, to: string) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

describe('the windows around one', () => {
  const tuesday = window('2026-11-23T16:00Z', '2026-11-24T16:00Z');
  const { weeks, previous, trend, month, week } = around(tuesday, sinceLastRun(evenings, 'UTC'));

  test('of the weeks before are at the same time', () => {
    expect(weeks).toHaveLength(8);
    expect(weeks[0]).toEqual(window('2026-11-16T16:00Z', '2026-11-17T16:00Z'));
    expect(weeks[7]).toEqual(window('2026-09-28T16:00Z', '2026-09-29T16:00Z'));
  });

  test('of the reports before follow each other without gap or overlap', () => {
    expect(previous).toEqual(window('2026-11-21T16:00Z', '2026-11-23T16:00Z'));
    expect(trend).toHaveLength(14);
    expect(trend.at(-1)).toBe(tuesday);
    for (const [index, one] of trend.slice(1).entries()) expect(one.from).toBe(trend[index]!.to);
  });

  test('to date are as long as those before', () => {
    expect(month).toEqual({
      now: window('2026-11-01T00:00Z', tuesday.to),
      before: window('2026-10-01T00:00Z', '2026-10-24T16:00Z'),
    });
    expect(week).toEqual({
      now: window('2026-11-23T00:00Z', tuesday.to),
      before: window('2026-11-16T00:00Z', '2026-11-17T16:00Z'),
    });
  });
});

test('a window that ends at midnight belongs to the day before', () => {
  const november = around(window('2026-11-29T23:00Z', '2026-11-30T23:00Z'), sinceLastRun(evenings, 'Europe/Berlin'));
  expect(november.month.now).toEqual(window('2026-10-31T23:00Z', '2026-11-30T23:00Z'));
});

test('a month is not held against more than the month before has', () => {
  const { month } = around(window('2026-03-30T16:00Z', '2026-03-31T16:00Z'), sinceLastRun(evenings, 'UTC'));
  expect(month.before).toEqual(window('2026-02-01T00:00Z', '2026-03-01T00:00Z'));
});

test('weeks go by the clock on the wall over a change of it', () => {
  const { weeks } = around(window('2026-10-26T15:00Z', '2026-10-27T15:00Z'), sinceLastRun(evenings, 'Europe/Berlin'));
  expect(weeks[0]).toEqual(window('2026-10-19T14:00Z', '2026-10-20T14:00Z'));
});

test('a window that is not of the schedule has others of its length before it', () => {
  const { previous, trend } = around(window('2026-11-10T00:00Z', '2026-11-12T00:00Z'), sinceLastRun(evenings, 'UTC'));
  expect(previous).toEqual(window('2026-11-08T00:00Z', '2026-11-10T00:00Z'));
  expect(trend[0]).toEqual(window('2026-10-15T00:00Z', '2026-10-17T00:00Z'));
});

test('a window so far is held against as much of the others', () => {
  const { previous, weeks, trend } = around(
    window('2026-11-23T16:00Z', '2026-11-24T09:30Z'),
    sinceLastRun(evenings, 'UTC'),
    true,
  );
  expect(previous).toEqual(window('2026-11-21T16:00Z', '2026-11-22T09:30Z'));
  expect(weeks[0]).toEqual(window('2026-11-16T16:00Z', '2026-11-17T09:30Z'));
  expect(trend).toHaveLength(1);
});

test('a young schedule has fewer', () => {
  const young = 'cron(0 16 22-24 11 ? 2026)';
  const { previous, trend } = around(window('2026-11-22T16:00Z', '2026-11-23T16:00Z'), sinceLastRun(young, 'UTC'));
  expect({ previous, count: trend.length }).toEqual({ previous: undefined, count: 1 });
});

test('in any zone at any time they are windows, and end no later than the one', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Sao_Paulo',
    'Pacific/Apia',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 500_000 }),
      fc.integer({ min: 1, max: 2_000 }),
      (zone, begin, hours) => {
        const from = Date.UTC(2000, 0, 1, begin);
        const one = { from: new Date(from).toISOString(), to: new Date(from + hours * 3_600_000).toISOString() };
        const { weeks, trend, month, week } = around(one, sinceLastRun(evenings, zone));
        for (const other of [...weeks, ...trend, month.now, month.before, week.now, week.before]) {
          expect(other.from < other.to).toBe(true);
          expect(other.to <= one.to).toBe(true);
        }
      },
    ),
  );
});
