import { clockTime } from '../../schedule/clock-time.ts';
import { sum } from '../decimal.ts';
import type { Line, ProductLine, Report } from '../report.ts';
import { numbersOf } from './numbers.ts';

/** So many products are named; the rest stands in one line. */
const named = 20;

/** The report as mail: one fact a line, since mail is shown in a proportional font. Ends with a newline. */
export function textOf(report: Report): string {
  return [heading(report), notes(report), byGroup(report), byProduct(report)]
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n');
}

function heading(report: Report): string[] {
  const { money, number } = numbersOf(report);
  return [
    ...(report.source === 'sample' ? ['SAMPLE DATA: a made-up café, not your shop.'] : []),
    windowWords(report),
    `Sales (order totals): ${money(report.sales)}`,
    `Orders: ${number(report.orders)}`,
    `Average order: ${report.averageOrder === null ? 'n/a (no order with a positive amount)' : money(report.averageOrder)}`,
    `Units: ${number(report.units)}`,
  ];
}

/** `Sat 21 Nov 2026 16:00 to Mon 23 Nov 2026 16:00 UTC (48 h)`. */
function windowWords({ window: { from, to, timezone }, locale }: Report): string {
  const length = lengthWords(Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  return `${clockTime(Date.parse(from), timezone, locale)} to ${clockTime(Date.parse(to), timezone, locale)} ${timezone} (${length})`;
}

/** `1 min`, `23 h`, `48 h`, `30 days 23 h`. */
function lengthWords(minutes: number): string {
  const days = minutes < 72 * 60 ? 0 : Math.floor(minutes / (24 * 60));
  const hours = Math.floor(minutes / 60) - 24 * days;
  const parts = [
    [days, 'days'],
    [hours, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ') || '0 min';
}

/** What a reader should know before the numbers are trusted. */
function notes(report: Report): string[] {
  const { money, number } = numbersOf(report);
  const { orders, ordersWithoutAmount, difference } = report;
  const isBelow = difference.startsWith('-');
  return [
    ...(orders === 0 ? ['No sales were recorded in this time.'] : []),
    ...(ordersWithoutAmount > 0
      ? [`Orders without an amount: ${number(ordersWithoutAmount)}; they are in Orders, and not in Sales.`]
      : []),
    ...(Number(difference) === 0
      ? []
      : [
          `The items add up to ${money(report.itemSales)}, which is ${money(difference.replace('-', ''))} ${isBelow ? 'less' : 'more'} than the order totals.`,
        ]),
  ];
}

function byGroup(report: Report): string[] {
  if (report.groups.length === 0) return [];
  const { percent } = numbersOf(report);
  return [
    'By group (items)',
    ...report.groups.map(group =>
      fact(report, group.name ?? 'Unassigned group', group, group.share === null ? [] : [percent(group.share)]),
    ),
  ];
}

function byProduct(report: Report): string[] {
  if (report.products.length === 0) return [];
  const shown = report.products.slice(0, named);
  const rest = report.products.slice(named);
  return [
    'By product (items)',
    ...shown.map(product => fact(report, nameOf(product), product)),
    ...(rest.length === 0
      ? []
      : [
          fact(report, `${numbersOf(report).number(rest.length)} more`, {
            sales: sum(rest.map(({ sales }) => sales)),
            units: sum(rest.map(({ units }) => units)),
          }),
        ]),
  ];
}

/** An item may name a product that does not exist, or none at all. */
const nameOf = ({ name }: ProductLine): string => name ?? 'Unassigned product';

/** `Pastries: €412.50, 34.1%, 97 units`. */
function fact(report: Report, name: string, { sales, units }: Omit<Line, 'name'>, extra: string[] = []): string {
  const { money, number } = numbersOf(report);
  return `${name}: ${[money(sales), ...extra, `${number(units)} ${units === '1' ? 'unit' : 'units'}`].join(', ')}`;
}
