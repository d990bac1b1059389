import { clockTime } from '../../schedule/clock-time.ts';
import type { Report } from '../report.ts';
import { ascii } from './ascii.ts';
import { numbersOf } from './numbers.ts';

/** SNS takes ASCII without control characters, fewer than 100 (Subject of Publish in its API reference). */
const longest = 99;

/** The mail's subject, the date first: `Mon 23 Nov 2026 16:00: sales EUR 1,234.50, 42 orders`. Printable ASCII of at most 99 characters. */
export function subjectOf(report: Report): string {
  const { stack, source, partial, currency, window, orders } = report;
  const locale = new Intl.Locale(report.locale, { numberingSystem: 'latn' }).toString();
  const { amount, number } = numbersOf({ locale, currency });
  const words = [
    source === 'sample' ? 'SAMPLE DATA, ' : '',
    partial ? 'PARTIAL, ' : '',
    `${clockTime(Date.parse(window.to), window.timezone)}: `,
    `sales ${currency ? `${currency} ` : ''}${amount(report.sales)}, ${number(orders)} ${orders === 1 ? 'order' : 'orders'}`,
    stack === 'salesreport' ? '' : ` (${stack})`,
  ];
  return ascii(words.join('')).slice(0, longest);
}
