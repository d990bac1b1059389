import { describe, expect, it } from 'vitest';
import { next, parseSchedule, previous, upcoming } from '../../src/schedule/schedule.ts';

const at = (text: string): number => Date.parse(text);
const iso = (instant: number | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16);
const fires = (text: string, zone: string, from: string, count: number) =>
  upcoming(parseSchedule(text), zone, at(from), count).map(iso).join(' ');

describe('a change of clocks', () => {
  it.each([
    // Clocks go from 02:00 to 03:00: 02:30 is left out, the rest of the day goes on.
    ['spring, daily', 'cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-03-28T01:30 2026-03-30T00:30'],
    [
      'spring, every half hour',
      'cron(0/30 * * * ? *)',
      'Europe/Berlin',
      '2026-03-29T00:00Z',
      '2026-03-29T00:30 2026-03-29T01:00 2026-03-29T01:30',
    ],
    ['spring, weekly', 'cron(30 2 ? * SUN *)', 'Europe/Berlin', '2026-03-22T12:00Z', '2026-04-05T00:30'],
    [
      'spring, another time',
      'cron(0 16 * * ? *)',
      'Europe/Berlin',
      '2026-03-28T00:00Z',
      '2026-03-28T15:00 2026-03-29T14:00',
    ],
    // Clocks go from 03:00 back to 02:00: what comes twice fires the first time.
    ['autumn, daily', 'cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T00:30 2026-10-26T01:30'],
    ['autumn, in the repeated hour', 'cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-25T01:15Z', '2026-10-26T01:30'],
    [
      'autumn, every half hour',
      'cron(0/30 * * * ? *)',
      'Europe/Berlin',
      '2026-10-25T00:00Z',
      '2026-10-25T00:30 2026-10-25T02:00 2026-10-25T02:30',
    ],
    ['spring', 'cron(30 2 * * ? *)', 'America/New_York', '2026-03-07T12:00Z', '2026-03-09T06:30'],
    ['autumn', 'cron(30 1 * * ? *)', 'America/New_York', '2026-10-31T12:00Z', '2026-11-01T05:30 2026-11-02T06:30'],
    // Half an hour: 02:00 to 02:30 in spring, 02:00 back to 01:30 in autumn.
    [
      'spring',
      'cron(0/15 2 * * ? *)',
      'Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      '2026-10-03T15:30 2026-10-03T15:45 2026-10-04T15:00',
    ],
    [
      'autumn',
      'cron(0/15 1 * * ? *)',
      'Australia/Lord_Howe',
      '2026-04-04T13:59Z',
      '2026-04-04T14:00 2026-04-04T14:15 2026-04-04T14:30 2026-04-04T14:45 2026-04-05T14:30',
    ],
    ['none', 'cron(0 16 * * ? *)', 'Asia/Kolkata', '2026-03-28T12:00Z', '2026-03-29T10:30 2026-03-30T10:30'],
    // The clock jumps at midnight: 00:00 to 01:00.
    [
      'spring at midnight',
      'cron(0 0 * * ? *)',
      'Africa/Cairo',
      '2026-04-22T23:00Z',
      '2026-04-24T21:00 2026-04-25T21:00',
    ],
    // 30 December 2011 did not happen in Samoa.
    ['a day left out', 'cron(0 12 30 12 ? *)', 'Pacific/Apia', '2011-01-01T00:00Z', '2012-12-29T22:00'],
    ['two hours', 'cron(30 1 * * ? *)', 'Antarctica/Troll', '2026-03-28T12:00Z', '2026-03-29T23:30'],
  ])('%s: %s in %s', (_, text, zone, from, times) => {
    expect(fires(text, zone, from, times.split(' ').length)).toBe(times);
  });

  it('looks back over the repeated hour to its last first time', () => {
    const schedule = parseSchedule('cron(0/10 * * * ? *)');
    expect(iso(previous(schedule, 'Europe/Berlin', at('2026-10-25T01:05Z')))).toBe('2026-10-25T00:50');
    expect(iso(previous(schedule, 'Europe/Berlin', at('2026-10-25T02:00Z')))).toBe('2026-10-25T00:50');
    expect(iso(previous(schedule, 'Europe/Berlin', at('2026-10-25T02:01Z')))).toBe('2026-10-25T02:00');
  });

  it('does not move a rate', () => {
    expect(fires('rate(1 day)', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toBe('2026-10-25T00:00 2026-10-26T00:00');
  });
});

describe('bounds', () => {
  const schedule = parseSchedule('cron(0 16 ? * MON-SAT *)');
  const fire = at('2026-11-23T16:00Z');

  it('is strict on both sides, to the millisecond', () => {
    expect(next(schedule, 'UTC', fire - 1)).toBe(fire);
    expect(next(schedule, 'UTC', fire)).toBe(at('2026-11-24T16:00Z'));
    expect(previous(schedule, 'UTC', fire + 1)).toBe(fire);
    expect(previous(schedule, 'UTC', fire)).toBe(at('2026-11-21T16:00Z'));
    const rate = parseSchedule('rate(15 minutes)');
    expect(next(rate, 'UTC', fire - 1)).toBe(fire);
    expect(next(rate, 'UTC', fire)).toBe(at('2026-11-23T16:15Z'));
    expect(previous(rate, 'UTC', fire + 1)).toBe(fire);
    expect(previous(rate, 'UTC', fire)).toBe(at('2026-11-23T15:45Z'));
  });

  it.each([
    ['cron(0 0 30 2 ? *)', undefined, undefined],
    ['cron(0 0 31 4,6,9,11 ? *)', undefined, undefined],
    ['cron(0 0 29 2 ? 2027-2027)', undefined, undefined],
    ['cron(0 0 29 2 ? 2096)', '2096-02-29T00:00', undefined],
    ['cron(0 0 29 2 ? 1972)', undefined, '1972-02-29T00:00'],
    ['cron(59 23 31 12 ? 2199)', '2199-12-31T23:59', undefined],
    ['cron(0 0 ? 2 1#5 *)', '2032-02-29T00:00', '2004-02-29T00:00'],
    ['rate(999999999 days)', undefined, '1970-01-01T00:00'],
  ])('%s: next %s, previous %s, soon', (text, following, before) => {
    const now = at('2026-11-23T12:00Z');
    const began = performance.now();
    expect(iso(next(parseSchedule(text), 'Europe/Berlin', now))).toBe(following && iso(inBerlin(text, following)));
    expect(iso(previous(parseSchedule(text), 'Europe/Berlin', now))).toBe(before && iso(inBerlin(text, before)));
    expect(performance.now() - began).toBeLessThan(500);
  });

  /** The winter time that all of these fall into; rates know no zone. */
  const inBerlin = (text: string, wall: string) => at(`${wall}Z`) - (text.startsWith('cron') ? 3_600_000 : 0);

  it('ends with the last year of the expression', () => {
    expect(fires('cron(0 0 1 7-12 ? 2026)', 'UTC', '2026-10-15T00:00Z', 10)).toBe('2026-11-01T00:00 2026-12-01T00:00');
    expect(upcoming(schedule, 'UTC', fire, 0)).toEqual([]);
  });
});
