import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOfStored, storedClock, wallNotBefore } from '../../src/report/sources/stored-clock.ts';
import { offsetAt } from '../../src/schedule/zone.ts';
import { runs } from '../helpers/sampled.ts';

/** `SEED=… npm run unit` runs the same times again. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const minute = 60_000;
const hour = 60 * minute;

describe('Berlin', () => {
  const { bound, instant } = storedClock('Europe/Berlin', 'datetime');
  test.each([
    ['in winter', '2026-01-15T12:00:00.250Z', '2026-01-15 13:00:00.250'],
    ['in summer', '2026-07-15T12:00:00.000Z', '2026-07-15 14:00:00.000'],
    ['before the change in spring', '2026-03-29T00:59:00.000Z', '2026-03-29 01:59:00.000'],
    ['at the change, with what clocks skip', '2026-03-29T01:00:00.000Z', '2026-03-29 02:00:00.000'],
    ['after it', '2026-03-29T01:00:00.001Z', '2026-03-29 03:00:00.001'],
    ['in the first of the repeated hours', '2026-10-25T00:30:00.000Z', '2026-10-25 02:30:00.000'],
    ['at the change in autumn', '2026-10-25T01:00:00.000Z', '2026-10-25 03:00:00.000'],
    ['in the second of the repeated hours', '2026-10-25T01:30:00.000Z', '2026-10-25 03:00:00.000'],
    ['after it', '2026-10-25T02:00:00.000Z', '2026-10-25 03:00:00.000'],
  ])('a bound %s', (_when, at, stored) => {
    expect(bound(at)).toBe(stored);
  });

  test.each([
    ['2026-07-15 14:00:00', '2026-07-15T12:00:00.000Z'],
    ['2026-07-15 14:00:00.250000', '2026-07-15T12:00:00.250Z'],
    ['2026-03-29 02:30:00', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z'],
    ['2026-07-15', '2026-07-14T22:00:00.000Z'],
  ])('a stored %s', (stored, at) => {
    expect(instant(stored)).toBe(at);
  });

  test('dates are bounded by whole days', () => {
    const dates = storedClock('Europe/Berlin', 'date');
    expect(dates.bound('2026-07-14T22:00:00.000Z')).toBe('2026-07-15');
    expect(dates.bound('2026-07-14T22:00:00.001Z')).toBe('2026-07-16');
  });

  test('a TIMESTAMP is in UTC', () => {
    const timestamps = storedClock('Europe/Berlin', 'timestamp');
    expect(timestamps.bound('2026-07-14T22:00:00.000Z')).toBe('2026-07-14 22:00:00.000');
    expect(timestamps.instant('2026-07-14 22:00:00')).toBe('2026-07-14T22:00:00.000Z');
  });
});

describe(`any zone, SEED=${seed}`, () => {
  /** All that Node knows, and those with the oddest changes more often: half an hour, a whole day, twice in a month. */
  const odd = ['Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca', 'America/St_Johns', 'Antarctica/Troll'];
  const zone = fc.oneof(fc.constantFrom(...odd), fc.constantFrom(...Intl.supportedValuesOf('timeZone')));
  /** A change of the zone's clocks in these years where there is one, else any time. */
  const place = fc.tuple(zone, fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2030, 0) })).map(([zone, start]) => {
    let at = start - (start % hour);
    for (let step = 0; step < 40 && offsetAt(at, zone) === offsetAt(at + 240 * hour, zone); step++) at += 240 * hour;
    for (let step = 0; step < 240 && offsetAt(at, zone) === offsetAt(at + hour, zone); step++) at += hour;
    return { zone, at };
  });
  const nearby = fc.integer({ min: -2 * 24 * 60, max: 2 * 24 * 60 }).map(minutes => minutes * minute);
  const options = { seed, ...runs(400) };

  test('a stored time is in a window by its bounds just when it is by its instant', () => {
    fc.assert(
      fc.property(place, nearby, nearby, ({ zone, at }, bound, stored) => {
        const wall = at + stored + offsetAt(at, zone);
        expect(wall >= wallNotBefore(at + bound, zone)).toBe(instantOfStored(wall, zone) >= at + bound);
      }),
      options,
    );
  });

  test('a later stored time never means an earlier instant', () => {
    fc.assert(
      fc.property(place, nearby, fc.integer({ min: 0, max: 26 * 60 }), ({ zone, at }, stored, later) => {
        const wall = at + stored;
        expect(instantOfStored(wall + later * minute, zone)).toBeGreaterThanOrEqual(instantOfStored(wall, zone));
      }),
      options,
    );
  });

  test('what clocks show once means just that instant', () => {
    fc.assert(
      fc.property(place, nearby, ({ zone, at }, distance) => {
        const instant = at + distance;
        const meant = instantOfStored(instant + offsetAt(instant, zone), zone);
        // Else it is the first of two, and clocks show the same at both.
        expect(meant).toBeLessThanOrEqual(instant);
        expect(meant + offsetAt(meant, zone)).toBe(instant + offsetAt(instant, zone));
      }),
      options,
    );
  });
});
