import { expect, test } from 'vitest';
import { parseInstant } from '../../src/commands/instant.ts';

test.each([
  ['2026-11-23', 'UTC', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23', 'Europe/Berlin', '2026-11-22T23:00:00.000Z'],
  ['2026-07-01T16:00', 'Europe/Berlin', '2026-07-01T14:00:00.000Z'],
  ['2026-11-23T16:00Z', 'Europe/Berlin', '2026-11-23T16:00:00.000Z'],
  ['2026-11-23T16:00:00.000Z', 'UTC', '2026-11-23T16:00:00.000Z'],
  ['2026-11-23T16:00+02:00', 'UTC', '2026-11-23T14:00:00.000Z'],
])('%s in %s', (text, zone, instant) => {
  expect(new Date(parseInstant('--from', text, zone)).toISOString()).toBe(instant);
});

test.each(['yesterday', '2026-11-31', '2026-13-01', '2026-11-23T24:00', '2026-11-23 16:00', '23.11.2026'])(
  '%s is no time',
  text => {
    expect(() => parseInstant('--from', text, 'UTC')).toThrow(
      `The flag --from is "${text}", which is not a time; write it as 2026-11-23, 2026-11-23T16:00 or 2026-11-23T16:00Z.`,
    );
  },
);

test('a time that the clocks skip', () => {
  expect(() => parseInstant('--to', '2026-03-29T02:30', 'Europe/Berlin')).toThrow(
    'which the summer time of Europe/Berlin skips',
  );
});
