import type { Change } from '../change.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';

/** One sentence for whoever reads no further: the sales, and how they compare. */
export function verdictOf(report: Report): string {
  const label = report.partial ? 'PARTIAL, so far: ' : '';
  if (report.orders === 0) return `${label}No sales were recorded in this time.`;
  const { money } = numbersOf(report);
  const comparisons = [
    comparison(report, report.weekEarlier.sales, 'a week earlier'),
    comparison(report, report.lastFour.sales, 'the mean of the last four'),
  ].filter(words => words !== undefined);
  const words = comparisons.length > 0 ? `, ${comparisons.join(' and ')}` : '; there is nothing to compare with yet';
  return `${label}Sales ${money(report.sales)}${words}${report.unusual ? ': unusual for this time of the week' : ''}.`;
}

/** `8.2% below a week earlier`, `as a week earlier`; undefined where there is nothing to say. */
function comparison(report: Report, change: Change, what: string): string | undefined {
  if (change.kind !== 'value') return undefined;
  if (Number(change.percent) === 0) return `as ${what}`;
  const { percent } = numbersOf(report);
  return `${percent(change.percent.replace('-', ''))} ${change.percent.startsWith('-') ? 'below' : 'above'} ${what}`;
}
