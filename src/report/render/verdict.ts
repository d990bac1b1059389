import Big from 'big.js';
import type { Change } from '../change.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
import { earlierOf, whenOf } from './phrases.ts';

/** One sentence for whoever reads no further: when, the sales, and how they compare. */
export function verdictOf(report: Report): string {
  const { orders, closed, partial } = report;
  const when = `${whenOf(report)}${partial ? ', so far' : ''}`;
  if (orders === 0)
    return closed ? `${when}: the shop was closed, and nothing was sold.` : `${when}: no sales were recorded.`;
  const { money } = numbersOf(report);
  const earlier = earlierOf(report);
  const comparisons = [
    comparison(report, report.weekEarlier.sales, earlier.weekEarlier),
    comparison(report, report.lastFour.sales, earlier.lastFour),
  ].filter(words => words !== undefined);
  const words = comparisons.length > 0 ? `, ${comparisons.join(' and ')}` : '; there is nothing to compare with yet';
  return `${when}${closed ? ', on which the shop was closed' : ''}: sales ${money(report.sales)}${words}${unusual(report)}.`;
}

/** `8.2% below a week earlier`, `as a week earlier`; undefined where there is nothing to say. */
function comparison(report: Report, change: Change, what: string): string | undefined {
  if (change.kind !== 'value') return undefined;
  if (Number(change.percent) === 0) return `as ${what}`;
  const { percent } = numbersOf(report);
  return `${percent(change.percent.replace('-', ''))} ${change.percent.startsWith('-') ? 'below' : 'above'} ${what}`;
}

function unusual({ unusual, usualSales, sales }: Report): string {
  if (!unusual) return '';
  return `: unusually ${new Big(sales).lt(usualSales ?? sales) ? 'low' : 'high'}`;
}
