import Big from 'big.js';
import type { Decimal } from './facts.ts';

/** Decimals of a currency: 2 for EUR, 0 for JPY, and 2 for none. */
export const digitsOf = (currency: string | null): number =>
  currency === null
    ? 2
    : (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2);

/** With at least so many decimals; none is lost. */
export function padded(value: Decimal, digits: number): Decimal {
  const [, fraction = ''] = value.split('.');
  return fraction.length >= digits ? value : new Big(value).toFixed(digits);
}

/** With just so many decimals, half away from zero. */
export const rounded = (value: Decimal, digits: number): Decimal => {
  const number = new Big(value).round(digits);
  return number.eq(0) ? new Big(0).toFixed(digits) : number.toFixed(digits);
};
