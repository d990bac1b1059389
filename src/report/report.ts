import { createHash } from 'node:crypto';
import Big from 'big.js';
import type { ReportOptions } from '../function-contract.ts';
import { digitsOf, padded, rounded } from './amounts.ts';
import type { Around } from './around.ts';
import { type Change, changeOf, isUnusual, medianOf } from './change.ts';
import { type CheckResult, checksOf } from './checks.ts';
import { isClosedThroughout } from './closed-days.ts';
import { decimal } from './decimal.ts';
import type { Decimal, Facts, Lacking, Reading, Source, Wanted, Window } from './facts.ts';
import { type Changes, changesOf, meanNumbers, noChanges, numbersOf } from './four-numbers.ts';
import { type HourLine, hoursOf } from './hours.ts';
import { isKnown as isKnownTo } from './known.ts';
import { type GroupLine, groupLines, type Mover, missingFrom, moversOf, type ProductLine, productLines } from './lines.ts';

/** What the report needs to know of the settings. */
export interface ReportSettings {
  stack: string;
  /** As AWS writes it: `cron(…)` or `rate(…)`. */
  schedule: string;
  /** IANA name. */
  timezone: string;
  /** BCP 47. */
  locale: string;
  /** ISO 4217; amounts carry no symbol without one. */
  currency?: string | undefined;
  report: ReportOptions;
}

/** What a report is made for, beside its window. */
export interface Occasion {
  /** When it is computed, ms since 1970 UTC. */
  now: number;
  /** The window goes on. */
  partial?: boolean;
  /** How often it was sent before, and why it is sent again. */
  revision?: number;
  reason?: string;
  /** Sent although a check blocks it. */
  forced?: boolean;
  /** A run before this one may have sent it and died before it could say so. */
  repeat?: boolean;
  /** Sent although its data are late, since it was held long enough. */
  incomplete?: boolean;
  /** What was last told of earlier windows. */
  told?: readonly Told[];
  /** Windows whose reports were archived and sent to nobody since the report before. */
  unsent?: readonly Window[];
}

/** What a reader was last told of a window: its sales and orders as they were read at `at`, an ISO instant. */
export interface Told extends Window {
  sales: Decimal;
  orders: number;
  at: string;
}

/** A window that was reported before and has other sales now. */
export interface Late extends Window {
  /** Now, and when it was last told. */
  sales: Decimal;
  orders: number;
  salesBefore: Decimal;
  ordersBefore: number;
}

/** The sales of a part of the calendar up to the window's end, and against as much of the one before. */
export interface ToDate {
  from: string;
  sales: Decimal;
  change: Change;
}

/**
 * The report, as one plain model that every renderer is a function of. Amounts are decimal strings with at least the currency's decimals (two without a
 * currency); means and averages are rounded half away from zero to just these. Instants are ISO 8601 in UTC. Fields are only ever added.
 */
export interface Report {
  version: 1;
  /** The same for the same stack, window and revision: twelve hexadecimal digits. */
  runId: string;
  stack: string;
  source: Source['kind'];
  window: { from: string; to: string; timezone: string };
  /** The window goes on: these are its sales so far, and all comparisons are with as much of the others. */
  partial: boolean;
  /** The shop is closed on each of the window's days, as the settings say. */
  closed: boolean;
  locale: string;
  currency: string | null;
  /** Sum of the orders' amounts. */
  sales: Decimal;
  orders: number;
  /** The parts of the sales: the orders with a positive amount, and those with a negative one, which are refunds or corrections. */
  positiveSales: Decimal;
  negativeSales: Decimal;
  /** Over the orders with a positive amount; null when there are none. */
  averageOrder: Decimal | null;
  /** Null where the shop's query gives no quantity; so it is in the lines. */
  units: Decimal | null;
  /** Against the same time one week earlier; the mean of the last four such windows; the report before, where it is as long. */
  weekEarlier: Changes;
  lastFour: Changes;
  previous: Changes;
  /** Whether the sales are far from those of the last eight such windows, and the middle of these; null with fewer than four. */
  unusual: boolean | null;
  usualSales: Decimal | null;
  ordersWithoutAmount: number;
  items: number;
  /** Sum of the items' amounts, and how far it is above (or, negative, below) the sales. */
  itemSales: Decimal;
  difference: Decimal;
  /** The largest first; what belongs to no group comes last. */
  groups: GroupLine[];
  products: ProductLine[];
  /** Products that sold most more, then most less, than a week earlier; and those that sold in each of the last four, but not now. */
  movers: Mover[];
  missing: string[];
  /** Null where the shop's orders have no time of day. */
  hours: HourLine[] | null;
  /** The last 14 windows, this one the last. */
  trend: { to: string; sales: Decimal; orders: number }[];
  monthToDate: ToDate;
  weekToDate: ToDate;
  /** When the last order before the window's end was; null without any. */
  lastOrder: string | null;
  /** When the sales were read, an ISO instant. */
  readAt: string;
  /** 0 for the first; a later one has the reason for which it was sent again. */
  revision: number;
  reason: string | null;
  forced: boolean;
  repeat: boolean;
  incomplete: boolean;
  checks: CheckResult[];
  /** What is told of earlier windows by this report, and which of them have other sales than their readers were told. */
  told: Omit<Told, 'at'>[];
  late: Late[];
  unsent: Window[];
  /** Parts that this shop's report cannot have, and why. */
  omitted: Omitted[];
  /** Whether amounts stand in the subject and the SMS. */
  amountsInSubject: boolean;
}

const moversShown = 3;
/** How many weeks back the numbers are compared with; those before only tell what is usual. */
const weeksCompared = 4;
const noData: Change = { kind: 'no data' };

/** A part of the report that is left out, which is not the same as empty. `why` is a sentence for its reader. */
export interface Omitted {
  block: 'groups' | 'products' | 'movers' | 'missing' | 'units';
  why: string;
}

/** What cannot be told without a column. */
const omittedWithout: Record<Lacking, Omitted['block'][]> = {
  product: ['products', 'movers', 'missing'],
  product_group: ['groups'],
  quantity: ['units'],
};

/** The windows that a report reads, its own the last. Only what it tells of each is read: a month's items may be millions. */
export function windowsToRead(
  window: Window,
  { weeks, previous, trend, month, week }: Around,
  told: readonly Told[] = [],
): Wanted[] {
  const reading = (only: Wanted['only'], windows: readonly Window[]): Wanted[] =>
    windows.map(({ from, to }) => ({ from, to, only }));
  const all = [
    ...reading('orders', [...told, ...weeks, ...trend, month.now, month.before, week.now, week.before]),
    ...reading('products', [...weeks.slice(0, weeksCompared), ...(previous ? [previous] : [])]),
    ...reading(undefined, [window]),
  ];
  // Of those that coincide the one with most is read, which is the last.
  return all.filter((one, index) => all.findLastIndex(other => other.from === one.from && other.to === one.to) === index);
}

/** `reading` is of `windowsToRead`. */
export function reportOf(
  reading: Reading,
  window: Window,
  around: Around,
  source: Source['kind'],
  settings: ReportSettings,
  occasion: Occasion,
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
    groups: (has('groups') ? groupLines(products, weekBefore) : []).map(line => ({ ...line, sales: amount(line.sales) })),
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
      hoursOf(now.quarters, timezone, settings.report.storedTimes)?.map(line => ({ ...line, sales: amount(line.sales) })) ?? null,
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
function lateOf({ from, to, sales, orders }: Told, { totals }: Facts, amount: (value: Decimal) => Decimal): Late | undefined {
  if (new Big(totals.sales).eq(sales) && totals.orders === orders) return undefined;
  return { from, to, sales: amount(totals.sales), orders: totals.orders, salesBefore: sales, ordersBefore: orders };
}

function previousChanges(window: Window, previous: Window | undefined, against: (windows: Window[]) => Changes): Changes {
  if (!previous) return noChanges({ kind: 'not comparable', why: 'there was none' });
  const hours = ({ from, to }: Window) => (Date.parse(to) - Date.parse(from)) / 3_600_000;
  if (hours(previous) !== hours(window))
    return noChanges({
      kind: 'not comparable',
      why: `it was of ${rounded(String(hours(previous)), 0)} h, this one is of ${rounded(String(hours(window)), 0)} h`,
    });
  return against([previous]);
}
