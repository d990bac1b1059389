import { describe, expect, it } from 'vitest';
import { instantOf, isZone, offsetAt, wallTimeOf } from '../../src/schedule/zone.ts';

describe('isZone', () => {
  it.each([
    'UTC',
    'Europe/Berlin',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'Asia/Kolkata',
    'Etc/GMT+1',
    'EST5EDT',
    'NZ-CHAT',
    'CET',
    'Japan',
  ])('takes %s', name => expect(isZone(name)).toBe(true));
  it.each([
    '',
    'utc',
    'europe/berlin',
    'EUROPE/BERLIN',
    'Europe/Berlim',
    '+02:00',
    'GMT+1',
    'IST',
    'PST',
    'SystemV/EST5EDT',
    'Europe/',
    ' UTC',
    'Local',
  ])('refuses "%s"', name => expect(isZone(name)).toBe(false));
});

describe('wall time', () => {
  const at = (text: string): number => Date.parse(text);

  it('shows midnight as hour 0 of the new day', () => {
    expect(wallTimeOf(at('2026-11-23T23:00:00Z'), 'Europe/Berlin')).toEqual({
      year: 2026,
      month: 11,
      day: 24,
      hour: 0,
      minute: 0,
    });
    expect(wallTimeOf(at('2026-11-23T18:30:59.999Z'), 'Asia/Kolkata')).toEqual({
      year: 2026,
      month: 11,
      day: 24,
      hour: 0,
      minute: 0,
    });
  });

  it('knows offsets of half hours, and of seconds as old as 1971', () => {
    expect(offsetAt(at('2026-11-23T12:00:00.500Z'), 'Asia/Kolkata')).toBe(5.5 * 3_600_000);
    expect(offsetAt(at('2026-07-01T00:00Z'), 'America/New_York')).toBe(-4 * 3_600_000);
    expect(offsetAt(at('1971-06-01T00:00Z'), 'Africa/Monrovia')).toBe(-(44 * 60 + 30) * 1000);
  });

  it.each([
    ['Europe/Berlin', 2026],
    ['America/New_York', 2026],
    ['Australia/Lord_Howe', 2026],
    // Out and back around Ramadan.
    ['Africa/Casablanca', 2026],
    // Skipped a whole day.
    ['Pacific/Apia', 2011],
  ])('follows each change of %s in %i to the minute', (zone, year) => {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const told = (instant: number): number => {
      const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')!.value;
      const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name)!;
      return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    };
    const offsets = new Set<number>();
    let [before, checked] = [told(Date.UTC(year, 0, 1)), 0];
    for (let instant = Date.UTC(year, 0, 1); instant < Date.UTC(year + 1, 0, 1); instant += 15 * 60_000) {
      const offset = told(instant);
      if (offset !== before) expect(offsetAt(instant - 60_000, zone)).toBe(before);
      if (offsetAt(instant, zone) === offset) checked++;
      offsets.add(offset);
      before = offset;
    }
    expect(checked).toBe(365 * 96);
    expect(offsets.size).toBeGreaterThan(1);
  });

  it('finds the instant of a wall time, the first of two, and none of a skipped one', () => {
    const wall = { year: 2026, month: 10, day: 25, hour: 2, minute: 30 };
    expect(instantOf(wall, 'Europe/Berlin')).toBe(at('2026-10-25T00:30Z'));
    expect(instantOf({ ...wall, month: 3, day: 29 }, 'Europe/Berlin')).toBeUndefined();
    expect(instantOf({ ...wall, month: 7, day: 1 }, 'Europe/Berlin')).toBe(at('2026-07-01T00:30Z'));
    expect(instantOf({ ...wall, month: 12, day: 1 }, 'America/New_York')).toBe(at('2026-12-01T07:30Z'));
  });
});
