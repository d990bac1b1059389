import { createHash } from 'node:crypto';
import Big from 'big.js';
import { digitsOf, padded, rounded } from './amounts.ts';
import { type Change, changeOf, isUnusual, medianOf } from './change.ts';
import { checksOf } from './checks.ts';
import { isClosedThroughout } from './closed-days.ts';
import type { Around } from './comparisons.ts';
import { decimal } from './decimal.ts';
import type { Decimal, Facts, Lacking, Reading, Source, Wanted, Window } from './facts.ts';
import { isKnown as isKnownTo } from './history-start.ts';
import { hoursOf } from './hours.ts';
import { type Changes, changesOf, meanNumbers, noChanges, numbersOf } from './key-figures.ts';
import { groupLines, missingFrom, moversOf, productLines } from './lines.ts';
import type { Late, Omitted, Report, Reported, ReportSettings, RunContext, ToDate } from './report.ts';

const moversShown = 3;
/** How many weeks back the numbers are compared with; those before only tell what is usual. */
const weeksCompared = 4;
const noData: Change = { kind: 'no data' };

/** What cannot be told without a column. */
const omittedWithout: Record<Lacking, Omitted['block'][]> = {
  product: ['products', 'movers', 'missing'],
  product_group: ['groups'],
  quantity: ['units'],
};

/**
 * The windows that a report reads, its own the last. Only what it tells of each is read: a month's items may be
 * millions.
 */
export function windowsToRead(
  window: Window,
  { weeks, previous, trend, month, week }: Around,
  told: readonly Reported[] = [],
): Wanted[] {
  const reading = (only: Wanted['only'], windows: readonly Window[]): Wanted[] =>
    windows.map(({ from, to }) => ({ from, to, only }));
  const all = [
    ...reading('orders', [...told, ...weeks, ...trend, month.now, month.before, week.now, week.before]),
    ...reading('products', [...weeks.slice(0, weeksCompared), ...(previous ? [previous] : [])]),
    ...reading(undefined, [window]),
  ];
  // Of those that coincide the one with most is read, which is the last.
  return all.filter(
    (one, index) => all.findLastIndex(other => other.from === one.from && other.to === one.to) === index,
  );
}

/** `reading` is of `windowsToRead`. */
export function reportOf(
  reading: Reading,
  window: Window,
  around: Around,
  source: Source['kind'],
  settings: ReportSettings,
  occasion: RunContext,
): Report {
  const { now: readAt, partial = false, revision = 0, reason = null, told = [], unsent = [] } = occasion;
  const { forced = false, repeat = false, incomplete = false } = occasion;
  const { stack, timezone, locale, currency = null } = settings;
  const digits = digitsOf(currency);
  const amount = (value: Decimal): Decimal => padded(value, digits);
  const factsOf = (wanted: Window): Facts =>
    reading.facts.find(({ window: { from, to } }) => from === wanted.from && to === wanted.to)!;
  const isKnown = (one: Window): boolean => isKnownTo(reading, one);
  const now = factsOf(window);
  const numbers = numbersOf(now.totals);
  const against = (windows: readonly Window[]): Changes =>
    windows.every(isKnown)
      ? changesOf(numbers, meanNumbers(windows.map(one => numbersOf(factsOf(one).totals))))
      : noChanges(noData);
  const toDate = (part: { now: Window; before: Window }): ToDate => {
    const { sales } = factsOf(part.now).totals;
    const change = isKnown(part.before) ? changeOf(sales, factsOf(part.before).totals.sales) : noData;
    return { from: part.now.from, sales: amount(sales), change };
  };
  const { weeks, previous, trend } = around;
  const lastFour = weeks.slice(0, weeksCompared);
  const history = weeks.filter(isKnown).map(one => factsOf(one).totals.sales);
  const { totals, products } = now;
  const omitted = (reading.lacking ?? []).flatMap(column =>
    omittedWithout[column].map(block => ({ block, why: `The shop's query gives no ${column.replace('_', ' ')}.` })),
  );
  const has = (wanted: Omitted['block']) => omitted.every(({ block }) => block !== wanted);
  const late = told.flatMap(one => lateOf(one, factsOf(one), amount) ?? []);
  const weekBefore = isKnown(weeks[0]!) ? factsOf(weeks[0]!).products : undefined;
  return {
    version: 1,
    runId: createHash('sha256').update([stack, window.from, window.to, revision].join('\n')).digest('hex').slice(0, 12),
    stack,
    source,
    window: { ...window, timezone },
    partial,
    closed: isClosedThroughout(window, settings.report.closed, timezone),
    locale,
    currency,
    sales: amount(totals.sales),
    orders: totals.orders,
    positiveSales: amount(totals.positiveSales),
    negativeSales: amount(decimal(new Big(totals.sales).minus(totals.positiveSales))),
    averageOrder: numbers.averageOrder === null ? null : rounded(numbers.averageOrder, digits),
    units: totals.units,
    weekEarlier: against(weeks.slice(0, 1)),
    lastFour: against(lastFour),
    previous: previousChanges(window, previous, against),
    unusual: isUnusual(totals.sales, history) ?? null,
    usualSales: history.length < 4 ? null : rounded(medianOf(history), digits),
    ordersWithoutAmount: totals.ordersWithoutAmount,
    items: totals.items,
    itemSales: amount(totals.itemSales),
    difference: amount(decimal(new Big(totals.itemSales).minus(totals.sales))),
    groups: (has('groups') ? groupLines(products, weekBefore) : []).map(line => ({
      ...line,
      sales: amount(line.sales),
    })),
    products: (has('products') ? productLines(products) : []).map(line => ({ ...line, sales: amount(line.sales) })),
    movers:
      has('movers') && weekBefore
        ? moversOf(products, weekBefore, moversShown).map(mover => ({ ...mover, by: amount(mover.by) }))
        : [],
    missing:
      has('missing') && lastFour.every(isKnown)
        ? missingFrom(
            products,
            lastFour.map(one => factsOf(one).products),
          )
        : [],
    hours:
      hoursOf(now.quarters, timezone, settings.report.storedTimes)?.map(line => ({
        ...line,
        sales: amount(line.sales),
      })) ?? null,
    trend: trend
      .filter(one => one === window || isKnown(one))
      .map(one => {
        const { sales, orders } = factsOf(one).totals;
        return { to: one.to, sales: amount(sales), orders };
      }),
    monthToDate: toDate(around.month),
    weekToDate: toDate(around.week),
    lastOrder: reading.last,
    readAt: new Date(readAt).toISOString(),
    revision,
    reason,
    forced,
    repeat,
    incomplete,
    checks: checksOf({ reading, facts: now, weeks: weeks.map(factsOf), late, settings, now: readAt }),
    told: told.map(({ from, to }) => {
      const { sales, orders } = factsOf({ from, to }).totals;
      return { from, to, sales: amount(sales), orders };
    }),
    late,
    unsent: [...unsent],
    omitted,
    amountsInSubject: settings.report.amountsInSubject,
  };
}

/** What has changed since a window was told; undefined where nothing has. */
function lateOf(
  { from, to, sales, orders }: Reported,
  { totals }: Facts,
  amount: (value: Decimal) => Decimal,
): Late | undefined {
  if (new Big(totals.sales).eq(sales) && totals.orders === orders) return undefined;
  return { from, to, sales: amount(totals.sales), orders: totals.orders, salesBefore: sales, ordersBefore: orders };
}

function previousChanges(
  window: Window,
  previous: Window | undefined,
  against: (windows: Window[]) => Changes,
): Changes {
  if (!previous) return noChanges({ kind: 'not comparable', why: 'there was none' });
  const hours = ({ from, to }: Window) => (Date.parse(to) - Date.parse(from)) / 3_600_000;
  if (hours(previous) !== hours(window))
    return noChanges({
      kind: 'not comparable',
      why: `it was of ${rounded(String(hours(previous)), 0)} h, this one is of ${rounded(String(hours(window)), 0)} h`,
    });
  return against([previous]);
}
