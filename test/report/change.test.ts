import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeOf, isUnusual, medianOf } from '../../src/report/change.ts';
import { changeWords } from '../../src/report/render/words.ts';
import { reported } from './reported.ts';
import { lastHour, oddShop } from './rows.ts';

const report = reported(oddShop, lastHour, { currency: 'EUR' });
const words = (now: string | null, before: string | null) => changeWords(changeOf(now, before), report, 'money');

describe('a change in words', () => {
  test.each([
    ['110', '100', '+€10.00 (+10.0%)'],
    ['90', '100', '-€10.00 (-10.0%)'],
    ['100', '100', 'unchanged (0.0%)'],
    ['0', '0', 'n/a (was 0)'],
    ['5', '0', 'n/a (was 0)'],
    ['5', '-10', '+€15.00 (+150.0%)'],
    ['100.01', '100000', '-€99,899.99 (-99.9%)'],
    ['100000.01', '100000', '+€0.01 (0.0%)'],
    ['99999.99', '100000', '-€0.01 (0.0%)'],
    [null, '1', 'n/a (there was none to compare)'],
  ])('%s after %s: %s', (now, before, expected) => {
    expect(words(now, before)).toBe(expected);
  });

  test('no data is another thing than nothing sold', () => {
    expect(changeWords({ kind: 'no data' }, report, 'money')).toBe('no data');
  });

  test('is never infinite or no number, and its sign is that of the difference', () => {
    const amount = fc.integer({ min: -100_000, max: 100_000 }).map(cents => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(amount, amount, (now, before) => {
        const text = words(now, before);
        expect(text).not.toMatch(/NaN|Infinity/);
        if (Number(before) === 0) expect(text).toBe('n/a (was 0)');
        else if (Number(now) === Number(before)) expect(text).toBe('unchanged (0.0%)');
        else expect(text.startsWith('+')).toBe(Number(now) > Number(before));
      }),
    );
  });
});

test('the median is in the middle', () => {
  expect([medianOf(['3', '1', '2']), medianOf(['4', '1', '2', '3'])]).toEqual(['2', '2.5']);
});

test.each([
  ['100', ['98', '101', '103', '99', '100'], false],
  ['140', ['98', '101', '103', '99', '100'], true],
  ['118', ['98', '101', '103', '99', '100'], false],
  ['100', ['100', '100', '100', '100'], false],
  ['130', ['100', '100', '100', '100'], true],
  ['130', ['100', '100', '100'], undefined],
])('%s after %j is unusual: %s', (now, history, expected) => {
  expect(isUnusual(now, history)).toBe(expected);
});
