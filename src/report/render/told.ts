import { clockParts, clockTime } from '../../schedule/clock-time.ts';
import type { Change } from '../change.ts';
import { bySizeDescending, sum, sumOrNull } from '../decimal.ts';
import type { Changes } from '../four-numbers.ts';
import type { GroupLine, Line } from '../lines.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
import { changeWords, clipped, signed } from './words.ts';

// What the report says, once for every form of it: a form only decides where it stands.

export const sampleWords = 'SAMPLE DATA: a made-up café, not your shop.';
export const noHours = 'By hour: not told, since the orders have no time of day.';
export const titles = {
  numbers: 'Numbers',
  groups: 'By group (items)',
  products: 'By product (items)',
  movers: 'Most more and less than a week earlier',
  trend: 'Trend',
  toDate: 'To date',
  hours: 'By hour (orders)',
} as const;

/** So many names are told of what is missing. */
const shownNames = 5;

/** What a reader should know before the numbers are trusted. */
export function notesOf(report: Report): string[] {
  const { money, number } = numbersOf(report);
  const { ordersWithoutAmount, difference } = report;
  const isBelow = difference.startsWith('-');
  return [
    ...(ordersWithoutAmount > 0
      ? [`Note: orders without an amount: ${number(ordersWithoutAmount)}; they are in Orders, and not in Sales.`]
      : []),
    ...(Number(difference) === 0
      ? []
      : [
          `Note: the items add up to ${money(report.itemSales)}, which is ${money(difference.replace('-', ''))} ${isBelow ? 'less' : 'more'} than the order totals.`,
        ]),
  ];
}

/** `Sat 21 Nov 2026 16:00 to Mon 23 Nov 2026 16:00 UTC (48 h)`. */
export function windowWords(report: Report): string {
  const { from, to, timezone } = report.window;
  const length = lengthWords(Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  return `${timeWords(report, from)} to ${timeWords(report, to)} ${timezone} (${length})`;
}

/** An ISO instant on the clocks of the report's zone: `Mon 23 Nov 2026 16:00`. */
export const timeWords = ({ window, locale }: Report, instant: string): string =>
  clockTime(Date.parse(instant), window.timezone, locale);

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

/** What the numbers are held against, in words. */
export const earlier = {
  weekEarlier: 'a week earlier',
  lastFour: 'the mean of the last four such times',
  previous: 'the report before',
} as const;

/** One of the four numbers, and how to tell its changes. */
export interface FactTold {
  key: keyof Changes;
  what: string;
  value: string;
  unit: 'money' | 'number';
}

export function factsOf(report: Report): FactTold[] {
  const { money, number } = numbersOf(report);
  const { averageOrder } = report;
  return [
    { key: 'sales', what: 'Sales (order totals)', value: money(report.sales), unit: 'money' },
    { key: 'orders', what: 'Orders', value: number(report.orders), unit: 'number' },
    {
      key: 'averageOrder',
      what: 'Average order',
      value: averageOrder === null ? 'n/a (no order with a positive amount)' : money(averageOrder),
      unit: 'money',
    },
    { key: 'units', what: 'Units', value: report.units === null ? unitsUnknown : number(report.units), unit: 'number' },
  ];
}

/** A line whose name can be shown. */
export type LineTold = Omit<Line, 'name'> & Partial<Pick<GroupLine, 'share'>> & { name: string };

/** The largest lines, and the others as one: parts always add up to the whole. */
export function largest(report: Report, kind: 'group' | 'product', shown: number): LineTold[] {
  const lines: readonly (Line & Partial<Pick<GroupLine, 'share'>>)[] = kind === 'group' ? report.groups : report.products;
  const rest = lines.slice(shown);
  const others = { sales: sum(rest.map(({ sales }) => sales)), units: sumOrNull(rest.map(({ units }) => units)) };
  return [
    ...lines.slice(0, shown).map(line => ({ ...line, name: clipped(line.name ?? `Unassigned ${kind}`) })),
    ...(rest.length > 0 ? [{ ...others, name: `${numbersOf(report).number(rest.length)} more` }] : []),
  ];
}

/** Of a shop that keeps no quantities. */
export const unitsUnknown = 'n/a (the shop keeps no quantities)';

/** What is left out of this shop's report: `Not in this report: by group, since the shop's query gives no product group.` */
export function omittedWords({ omitted }: Report): string[] {
  const names: Record<Report['omitted'][number]['block'], string> = {
    groups: 'by group',
    products: 'by product',
    movers: 'what sold more and less',
    missing: 'what did not sell',
    units: 'units',
  };
  return [...new Set(omitted.map(({ why }) => why))].map(why => {
    const blocks = omitted.filter(one => one.why === why).map(({ block }) => names[block]);
    return `Not in this report: ${blocks.join(', ')}. ${why}`;
  });
}

/** `97 units`, `1 order`. */
export const counted = (report: Report, count: string | number, what: 'unit' | 'order'): string =>
  `${numbersOf(report).number(count)} ${what}${String(count) === '1' ? '' : 's'}`;

/** `+€12.40`: how much more or less a product sold. */
export const moverWords = (report: Report, by: string): string => signed(numbersOf(report).money(by), by);

/** Which products sold in each of the last four windows and not now; undefined without any. */
export function missingWords({ missing }: Report): string | undefined {
  if (missing.length === 0) return undefined;
  const rest = missing.length - shownNames;
  const names = [...missing.slice(0, shownNames).map(clipped), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return `Sold in each of the last four, and not now: ${names.join(', ')}`;
}

/** The lowest and the highest of the last windows; undefined where this one is the first. */
export function trendWords(report: Report): string | undefined {
  const { trend } = report;
  if (trend.length < 2) return undefined;
  const { money } = numbersOf(report);
  const sorted = [...trend].sort((a, b) => bySizeDescending(a.sales, b.sales));
  const told = ({ sales, to }: Report['trend'][number]) => `${money(sales)} (${timeWords(report, to)})`;
  return `Last ${trend.length} reports: lowest ${told(sorted.at(-1)!)}, highest ${told(sorted[0]!)}`;
}

/** The ends of the last windows, short: `24 Nov`, or `16:00` where two of them are on one day. */
export function trendLabels({ trend, window, locale }: Report): string[] {
  const ends = trend.map(({ to }) => clockParts(Date.parse(to), window.timezone, locale));
  const days = ends.map(({ day, month }) => `${day} ${month}`);
  return new Set(days).size === days.length ? days : ends.map(({ time }) => time);
}

/** The week and the month up to now. */
export function toDatesOf(report: Report): { what: string; value: string; against: string; change: Change }[] {
  const { weekToDate, monthToDate } = report;
  return [
    { unit: 'week', name: 'Week', part: weekToDate },
    { unit: 'month', name: 'Month', part: monthToDate },
  ].map(({ unit, name, part }) => ({
    what: `${name} to date`,
    value: numbersOf(report).money(part.sales),
    against: `as much of the ${unit} before`,
    change: part.change,
  }));
}

/** The same as sentences: `Week to date: €677.20, against as much of the week before: -€9.10 (-1.3%)`. */
export const toDateWords = (report: Report): string[] =>
  toDatesOf(report).map(
    ({ what, value, against, change }) => `${what}: ${value}, against ${against}: ${changeWords(change, report, 'money')}`,
  );

/** `07:00`. */
export const hourWords = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** Up to when the shop's data reach, and what the report was made of. */
export function footOf(report: Report): string[] {
  const { lastOrder, runId, orders, items } = report;
  const { number } = numbersOf(report);
  const asOf = lastOrder === null ? 'no order yet' : `last order ${timeWords(report, lastOrder)}`;
  return [
    ...omittedWords(report),
    `As of: ${asOf}`,
    `Run ${runId}: computed from ${number(orders)} orders and ${number(items)} items`,
  ];
}
