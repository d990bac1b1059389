import Big from 'big.js';
import { decimal } from './decimal.ts';
import type { Decimal } from './facts.ts';

/**
 * How a number compares with an earlier one. `percent` is of the earlier one, to one decimal. Where there is nothing to
 * divide by it was zero; where the shop's data does not reach back there is no data: the two are never the same.
 */
export type Change =
  | { kind: 'value'; by: Decimal; percent: Decimal }
  | { kind: 'was zero' }
  | { kind: 'no data' }
  | { kind: 'not comparable'; why: string };

/** `now` or `before` null: the number itself makes no sense then, such as an average of no orders. */
export function changeOf(now: Decimal | null, before: Decimal | null): Change {
  if (now === null || before === null) return { kind: 'not comparable', why: 'there was none to compare' };
  const by = new Big(now).minus(before);
  if (new Big(before).eq(0)) return { kind: 'was zero' };
  return {
    kind: 'value',
    by: decimal(by),
    percent: by
      .times(100)
      .div(new Big(before).abs())
      .round(1)
      .toFixed(1)
      .replace(/^-(0\.0)$/, '$1'),
  };
}

/** The mean, to more digits than any currency has. */
export const meanOf = (values: readonly Decimal[]): Decimal =>
  decimal(values.reduce((sum, value) => sum.plus(value), new Big(0)).div(values.length));

/** The middle value, or the mean of the two in the middle. */
export function medianOf(values: readonly Decimal[]): Decimal {
  const sorted = values.map(value => new Big(value)).sort((a, b) => a.cmp(b));
  const middle = Math.floor(sorted.length / 2);
  return decimal(sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]!.plus(sorted[middle]!).div(2));
}

/**
 * Whether a number is far from its history: further from the median than three robust standard deviations (1.4826 times
 * the median absolute deviation), and by more than a fifth of it. Undefined with fewer than four numbers to judge by.
 */
export function isUnusual(now: Decimal, history: readonly Decimal[]): boolean | undefined {
  if (history.length < 4) return undefined;
  const median = new Big(medianOf(history));
  const deviation = new Big(medianOf(history.map(value => new Big(value).minus(median).abs().toFixed())));
  const distance = new Big(now).minus(median).abs();
  return distance.gt(deviation.times(3).times('1.4826')) && distance.gt(median.abs().times('0.2'));
}
