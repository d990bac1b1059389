import { commandFor } from '../../suggest.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
import { whenWords } from './window-label.ts';

/** So many windows that changed are told, the latest first. */
const shownLines = 5;

/**
 * What has changed of windows that were told before:
 * `Late: Fri 20 Nov is now 1,012.50 with 42 orders (told: 980.00 with 40)`.
 */
export function lateLines(report: Report, shown = shownLines): string[] {
  const { money, number } = numbersOf(report);
  const late = report.late.toSorted((a, b) => (a.to < b.to ? 1 : -1));
  const rest = late.length - shown;
  return [
    ...late
      .slice(0, shown)
      .map(
        ({ sales, orders, salesBefore, ordersBefore, ...window }) =>
          `Late: ${whenWords(window, report)} is now ${money(sales)} with ${number(orders)} ${orders === 1 ? 'order' : 'orders'} (told: ${money(salesBefore)} with ${number(ordersBefore)})`,
      ),
    ...(rest > 0 ? [`Late: ${rest}${shown > 0 ? ' more' : ''} of the times reported before have other sales now`] : []),
  ];
}

/** `2 older reports were archived and not sent: salesreport history`. Undefined where there is none. */
export function unsentWords({ unsent, stack }: Report): string | undefined {
  if (unsent.length === 0) return undefined;
  const reports = unsent.length === 1 ? '1 older report was' : `${unsent.length} older reports were`;
  return `${reports} archived and not sent: ${commandFor(stack)`history`}`;
}
