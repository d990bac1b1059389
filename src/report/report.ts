import type { ReportOptions } from '../function-contract.ts';
import type { Change } from './change.ts';
import type { CheckResult } from './checks.ts';
import type { Decimal, Source, Window } from './facts.ts';
import type { Changes } from './four-numbers.ts';
import type { HourLine } from './hours.ts';
import type { GroupLine, Mover, ProductLine } from './lines.ts';

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
 * The report, as one plain model that every renderer is a function of. Amounts are decimal strings with at least the
 * currency's decimals (two without a currency); means and averages are rounded half away from zero to just these.
 * Instants are ISO 8601 in UTC. Fields are only ever added.
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
  /**
   * The parts of the sales: the orders with a positive amount, and those with a negative one, which are refunds or
   * corrections.
   */
  positiveSales: Decimal;
  negativeSales: Decimal;
  /** Over the orders with a positive amount; null when there are none. */
  averageOrder: Decimal | null;
  /** Null where the shop's query gives no quantity; so it is in the lines. */
  units: Decimal | null;
  /**
   * Against the same time one week earlier; the mean of the last four such windows; the report before, where it is as
   * long.
   */
  weekEarlier: Changes;
  lastFour: Changes;
  previous: Changes;
  /**
   * Whether the sales are far from those of the last eight such windows, and the middle of these; null with fewer than
   * four.
   */
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
  /**
   * Products that sold most more, then most less, than a week earlier; and those that sold in each of the last four,
   * but not now.
   */
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
  /**
   * What is told of earlier windows by this report, and which of them have other sales than their readers were told.
   */
  told: Omit<Told, 'at'>[];
  late: Late[];
  unsent: Window[];
  /** Parts that this shop's report cannot have, and why. */
  omitted: Omitted[];
  /** Whether amounts stand in the subject and the SMS. */
  amountsInSubject: boolean;
}

/** A part of the report that is left out, which is not the same as empty. `why` is a sentence for its reader. */
export interface Omitted {
  block: 'groups' | 'products' | 'movers' | 'missing' | 'units';
  why: string;
}
