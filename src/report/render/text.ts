import { clockTime } from '../../schedule/clock-time.ts';
import { bySizeDescending, sum } from '../decimal.ts';
import type { Line } from '../lines.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
import { verdictOf } from './verdict.ts';
import { changeWords, clipped } from './words.ts';

/** So many groups, products and names are told; the rest stands in one line. */
const shownGroups = 10;
const shownProducts = 10;
const shownNames = 5;

/**
 * The report as mail: one fact a line, since mail is shown in a proportional font. The first lines stand alone on a phone: what to know before the numbers
 * are trusted, the verdict, the window, the four numbers with what they were. At most 8 KB for any shop. Ends with a newline.
 */
export function textOf(report: Report): string {
  return [head, byGroup, byProduct, moves, course, byHour, foot]
    .map(part => part(report))
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n');
}

function head(report: Report): string[] {
  const { money, number } = numbersOf(report);
  const { weekEarlier, lastFour, previous, averageOrder } = report;
  const facts = [
    ['Sales (order totals)', money(report.sales), changeWords(weekEarlier.sales, report, 'money')],
    ['Orders', number(report.orders), changeWords(weekEarlier.orders, report, 'number')],
    [
      'Average order',
      averageOrder === null ? 'n/a (no order with a positive amount)' : money(averageOrder),
      changeWords(weekEarlier.averageOrder, report, 'money'),
    ],
    ['Units', number(report.units), changeWords(weekEarlier.units, report, 'number')],
  ];
  return [
    ...(report.source === 'sample' ? ['SAMPLE DATA: a made-up café, not your shop.'] : []),
    ...notes(report),
    verdictOf(report),
    windowWords(report),
    ...facts.map(([what, value, change]) => `${what}: ${value}, against a week earlier: ${change}`),
    `Sales against the mean of the last four such times: ${changeWords(lastFour.sales, report, 'money')}`,
    `Sales against the report before: ${changeWords(previous.sales, report, 'money')}`,
  ];
}

/** `Sat 21 Nov 2026 16:00 to Mon 23 Nov 2026 16:00 UTC (48 h)`. */
function windowWords({ window: { from, to, timezone }, locale }: Report): string {
  const length = lengthWords(Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  const [begin, end] = [from, to].map(instant => clockTime(Date.parse(instant), timezone, locale));
  return `${begin} to ${end} ${timezone} (${length})`;
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

function byGroup(report: Report): string[] {
  const { percent } = numbersOf(report);
  return section(report, 'By group (items)', report.groups, shownGroups, group => [
    group.name ?? 'Unassigned group',
    ...(group.share === null ? [] : [percent(group.share)]),
  ]);
}

const byProduct = (report: Report): string[] =>
  section(report, 'By product (items)', report.products, shownProducts, ({ name }) => [name ?? 'Unassigned product']);

/** A heading, the largest lines, and the sum of the others: parts always add up to the whole. */
function section<L extends Line>(
  report: Report,
  title: string,
  lines: readonly L[],
  shown: number,
  partsOf: (line: L) => [name: string, ...extra: string[]],
): string[] {
  if (lines.length === 0) return [];
  const rest = lines.slice(shown);
  const told = lines.slice(0, shown).map(line => {
    const [name, ...extra] = partsOf(line);
    return fact(report, name, line, extra);
  });
  const others = { sales: sum(rest.map(({ sales }) => sales)), units: sum(rest.map(({ units }) => units)) };
  return [title, ...told, ...(rest.length > 0 ? [fact(report, `${numbersOf(report).number(rest.length)} more`, others)] : [])];
}

/** `Pastries: €412.50, 34.1%, 97 units`. */
function fact(report: Report, name: string, { sales, units }: Omit<Line, 'name'>, extra: string[] = []): string {
  const { money, number } = numbersOf(report);
  return `${clipped(name)}: ${[money(sales), ...extra, `${number(units)} ${units === '1' ? 'unit' : 'units'}`].join(', ')}`;
}

function moves(report: Report): string[] {
  const { movers, missing } = report;
  const change = (by: string) => changeWords({ kind: 'value', by, percent: '0' }, report, 'money').replace(/ \(.*$/, '');
  return [
    ...(movers.length > 0
      ? ['Most more and less than a week earlier', ...movers.map(({ name, by }) => `${clipped(name)}: ${change(by)}`)]
      : []),
    ...(missing.length > 0 ? [`Sold in each of the last four, and not now: ${listed(missing)}`] : []),
  ];
}

const listed = (names: readonly string[]): string => {
  const rest = names.length - shownNames;
  return [...names.slice(0, shownNames).map(clipped), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
};

/** How the sales went up to now: the last windows, the month and the week. */
function course(report: Report): string[] {
  const { trend, monthToDate, weekToDate, window, locale } = report;
  const { money } = numbersOf(report);
  const sorted = [...trend].sort((a, b) => bySizeDescending(a.sales, b.sales));
  const [high, low] = [sorted.at(0), sorted.at(-1)];
  const day = (instant: string) => clockTime(Date.parse(instant), window.timezone, locale);
  return [
    ...(trend.length > 1
      ? [
          `Last ${trend.length} reports: lowest ${money(low!.sales)} (${day(low!.to)}), highest ${money(high!.sales)} (${day(high!.to)})`,
        ]
      : []),
    `Week to date: ${money(weekToDate.sales)}, against as much of the week before: ${changeWords(weekToDate.change, report, 'money')}`,
    `Month to date: ${money(monthToDate.sales)}, against as much of the month before: ${changeWords(monthToDate.change, report, 'money')}`,
  ];
}

function byHour(report: Report): string[] {
  const { hours } = report;
  if (hours === null) return ['By hour: not told, since the orders have no time of day.'];
  if (hours.length === 0) return [];
  const { money, number } = numbersOf(report);
  const two = (hour: number) => String(hour).padStart(2, '0');
  return [
    'By hour (orders)',
    ...hours.map(
      ({ hour, sales, orders }) => `${two(hour)}:00: ${money(sales)}, ${number(orders)} ${orders === 1 ? 'order' : 'orders'}`,
    ),
  ];
}

function foot(report: Report): string[] {
  const { lastOrder, runId, orders, items, window, locale } = report;
  const { number } = numbersOf(report);
  const asOf = lastOrder === null ? 'no order yet' : `last order ${clockTime(Date.parse(lastOrder), window.timezone, locale)}`;
  return [`As of: ${asOf}`, `Run ${runId}: computed from ${number(orders)} orders and ${number(items)} items`];
}
