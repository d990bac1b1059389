import Big from 'big.js';
import type { Decimal } from './facts.ts';

/** One way to write each number: no exponent, no trailing zeros, no minus before zero. */
export const decimal = (value: string | Big): Decimal => {
  const number = new Big(value);
  return number.eq(0) ? '0' : number.toFixed();
};

export const sum = (values: readonly Decimal[]): Decimal =>
  decimal(values.reduce((total, value) => total.plus(value), new Big(0)));

/** Null where one of them is: the whole is not known then. */
export const sumOrNull = (values: readonly (Decimal | null)[]): Decimal | null =>
  values.every(value => value !== null) ? sum(values) : null;

/** Orders by size, the largest first. */
export const bySizeDescending = (a: Decimal, b: Decimal): number => new Big(b).cmp(a);

/** By code units, so that neither a collation nor a locale has a say; null comes last. */
export const byText = (a: string | null, b: string | null): number => {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null || a < b ? -1 : 1;
};
