import type { Change } from '../change.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';

/** `+€1.00` of a positive value; others have their sign already. */
export const signed = (text: string, value: string): string =>
  value.startsWith('-') || Number(value) === 0 ? text : `+${text}`;

/**
 * `+€12.40 (+3.2%)`, `unchanged (0.0%)`, `n/a (was 0)`, `no data`, `n/a (why)`: a change, no change, and three ways of
 * there being none to tell.
 */
export function changeWords(change: Change, report: Report, unit: 'money' | 'number'): string {
  const numbers = numbersOf(report);
  switch (change.kind) {
    case 'value':
      if (Number(change.by) === 0) return `unchanged (${numbers.percent('0.0')})`;
      return `${signed(numbers[unit](change.by), change.by)} (${signed(numbers.percent(change.percent), change.percent)})`;
    case 'was zero':
      return 'n/a (was 0)';
    case 'no data':
      return 'no data';
    case 'not comparable':
      return `n/a (${change.why})`;
  }
}
