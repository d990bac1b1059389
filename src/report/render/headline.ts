import { doubtsOf } from '../checks.ts';
import type { Report } from '../report.ts';
import { markersOf } from './markers.ts';
import { numbersOf } from './numbers.ts';
import { dateWords } from './window-label.ts';

/**
 * The report in one line, its parts in the order of their weight: the date, what to know first, and the sales, in
 * digits that every phone has and with the currency's code.
 * `Tue 24 Nov 2026 16:00, CHECK DATA: sales EUR 7.30, 4 orders`.
 */
export function briefOf(report: Report): { words: string; percent: (value: string) => string } {
  const { currency, orders, closed, amountsInSubject } = report;
  const locale = new Intl.Locale(report.locale, { numberingSystem: 'latn' }).toString();
  const { amount, number, percent } = numbersOf({ locale, currency });
  const labels = markersOf(report).map(({ label }) => label);
  const isDoubtful = doubtsOf(report.checks).length > 0;
  const head = [dateWords(report), ...labels, ...(isDoubtful ? ['CHECK DATA'] : [])].join(', ');
  if (orders === 0) return { words: `${head}: ${closed ? 'closed, nothing sold' : 'no sales recorded'}`, percent };
  const sales = amountsInSubject ? `sales ${currency ? `${currency} ` : ''}${amount(report.sales)}, ` : '';
  return { words: `${head}: ${sales}${number(orders)} ${orders === 1 ? 'order' : 'orders'}`, percent };
}
