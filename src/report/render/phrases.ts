import { clockParts } from '../../schedule/clock-time.ts';
import { digitsOf, rounded } from '../amounts.ts';
import type { Change } from '../change.ts';
import { bySizeDescending, sum, sumOrNull } from '../decimal.ts';
import type { Changes } from '../key-figures.ts';
import type { GroupLine, Line } from '../lines.ts';
import type { Report } from '../report.ts';
import { nameWords } from './names.ts';
import { numbersOf } from './numbers.ts';
import { suchTimes, whenWords } from './window-label.ts';
import { changeWords, signed } from './words.ts';

// What the report says, once for every form of it: a form only decides where it stands.

export const noHours = 'By hour: not told, since the orders have no time of day.';
export const titles = {
  numbers: 'Numbers',
  since: 'Changed since they were reported',
  groups: 'By group (items)',
  products: 'By product (items)',
  movers: 'Biggest movers vs a week earlier',
  trend: 'Trend',
  toDate: 'To date',
  hours: 'By hour (orders)',
  checks: 'Checks of the data',
} as const;

/** So many names are told of what is missing. */
const shownNames = 5;

/** What the numbers are held against, in words. */
export const earlierOf = (report: Report) =>
  ({
    weekEarlier: 'a week earlier',
    lastFour: `the mean of the last four ${suchTimes(report)}`,
    previous: 'the report before',
  }) as const;

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

export type Comparison = 'weekEarlier' | 'lastFour' | 'previous';

/** With what some of the four numbers can be compared, and a sentence for each with which none can. */
export function comparisonsOf(report: Report): { against: Comparison[]; untold: string[] } {
  const all: Comparison[] = ['weekEarlier', 'lastFour', 'previous'];
  const against = all.filter(than => Object.values(report[than]).some(({ kind }) => kind === 'value'));
  const untold = all
    .filter(than => !against.includes(than))
    .map(than => `Against ${earlierOf(report)[than]}: ${changeWords(report[than].sales, report, 'money')}`);
  return { against, untold };
}

/**
 * What the sales hold and what they lack: refunds, orders without an amount, items that add up to something else. None
 * where all is plain.
 */
export function partsOf(report: Report): string[] {
  const { money, number } = numbersOf(report);
  const { ordersWithoutAmount, positiveSales, negativeSales, itemSales, difference, currency } = report;
  const than = difference.startsWith('-') ? 'less' : 'more';
  return [
    ...(Number(negativeSales) === 0
      ? []
      : [`Of the sales: ${money(positiveSales)} sold, ${money(negativeSales)} refunds or corrections`]),
    ...(ordersWithoutAmount > 0
      ? [`Orders without an amount: ${number(ordersWithoutAmount)}; they are in Orders, and not in Sales`]
      : []),
    // Amounts kept as FLOAT may differ by less than the currency can tell.
    ...(Number(rounded(difference, digitsOf(currency))) === 0
      ? []
      : [
          `Items add up to ${money(itemSales)}, which is ${money(difference.replace('-', ''))} ${than} than the order totals`,
        ]),
  ];
}

/** A line whose name can be shown. */
export type LineTold = Omit<Line, 'name'> & Partial<Pick<GroupLine, 'share' | 'weekEarlier'>> & { name: string };

/** The largest lines, and the others as one: parts always add up to the whole. */
export function largest(report: Report, kind: 'group' | 'product', shown: number): LineTold[] {
  const lines: readonly (Line & Partial<GroupLine>)[] = kind === 'group' ? report.groups : report.products;
  const rest = lines.slice(shown);
  const others = { sales: sum(rest.map(({ sales }) => sales)), units: sumOrNull(rest.map(({ units }) => units)) };
  return [
    ...lines
      .slice(0, shown)
      .map(line => ({ ...line, name: line.name === null ? `Unassigned ${kind}` : nameWords(line.name) })),
    ...(rest.length > 0 ? [{ ...others, name: `${numbersOf(report).number(rest.length)} more` }] : []),
  ];
}

/** Of a shop that keeps no quantities. */
const unitsUnknown = 'n/a (the shop keeps no quantities)';

/** What is left out of this shop's report: `Not in this report: by group. The shop's query gives no product group.` */
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

/** Products whose sales moved most, each with how much more or less it sold: `+€12.40`. */
export const moversTold = (report: Report): { name: string; by: string; words: string }[] =>
  report.movers.map(({ name, by }) => ({ name: nameWords(name), by, words: signed(numbersOf(report).money(by), by) }));

/** Which products sold in each of the last four windows and not now; undefined without any. */
export function missingWords({ missing }: Report): string | undefined {
  if (missing.length === 0) return undefined;
  const rest = missing.length - shownNames;
  const names = [...missing.slice(0, shownNames).map(nameWords), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return `Sold in each of the last four, none now: ${names.join(', ')}`;
}

/** Whether the sales are usual for their time of the week, in words. */
export function usualWords(report: Report): string {
  const { unusual, usualSales } = report;
  if (unusual === null || usualSales === null)
    return `Usual or not: not told, since there are fewer than four earlier ${suchTimes(report)}`;
  const around = `earlier ${suchTimes(report)} were around ${numbersOf(report).money(usualSales)}`;
  return unusual ? `Unusual: ${around}, and did not differ this much` : `Usual: ${around}`;
}

/** The lowest, the highest and the last of the last windows; undefined where this one is the first. */
export function trendWords(report: Report): string | undefined {
  const { trend, sales } = report;
  if (trend.length < 2) return undefined;
  const { money } = numbersOf(report);
  const labels = trendLabels(report);
  const sorted = trend
    .map((one, index) => ({ ...one, label: labels[index]! }))
    .sort((a, b) => bySizeDescending(a.sales, b.sales));
  const told = ({ sales, label }: (typeof sorted)[number]) => `${money(sales)} (${label})`;
  return `Last ${trend.length}: lowest ${told(sorted.at(-1)!)}, highest ${told(sorted[0]!)}, this one ${money(sales)}`;
}

/** The days in which the last windows end, short: `24 Nov`, or `16:00` where two of them are on one day. */
export function trendLabels({ trend, window, locale }: Report): string[] {
  // What ends at midnight is of the day before.
  const ends = trend.map(({ to }) => clockParts(Date.parse(to) - 1, window.timezone, locale));
  const days = ends.map(({ day, month }) => `${day} ${month}`);
  if (new Set(days).size === days.length) return days;
  return trend.map(({ to }) => clockParts(Date.parse(to), window.timezone, locale).time);
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
    ({ what, value, against, change }) =>
      `${what}: ${value}, against ${against}: ${changeWords(change, report, 'money')}`,
  );

/** `07:00`. */
export const hourWords = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** What a page or a mail is headed with: `Sales report`, and the stack where it is not the only one. */
export const headingOf = ({ stack }: Report): string => `Sales report${stack === 'salesreport' ? '' : ` (${stack})`}`;

/** The window as people speak of it. */
export const whenOf = (report: Report): string => whenWords(report.window, report);
