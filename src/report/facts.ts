import type { BeyondSeed, Hop, Seed } from '../function-contract.ts';

/**
 * Money and quantities come from the database as decimal strings (`"1234.50"`, `"-3.5"`) and are never JavaScript
 * numbers.
 */
export type Decimal = string;

/** Half-open `[from, to)`, whole UTC instants in ISO form, `2026-11-23T16:00:00.000Z`. */
export interface Window {
  from: string;
  to: string;
}

/** A window to read, and how much of it: all, or only its orders, or only them and what was sold of each product. */
export interface Wanted extends Window {
  only?: 'orders' | 'products';
}

/**
 * What was sold of one product in the window. `product` null: the item names no known product. `group` null: the
 * product has no known group.
 */
export interface ProductFacts {
  productId: string | null;
  product: string | null;
  group: string | null;
  /** Sum of order_item.amount. */
  sales: Decimal;
  /** Sum of order_item.quantity; null where the shop keeps none. */
  units: Decimal | null;
  /** Number of order items. */
  items: number;
}

/**
 * What was ordered within a quarter of an hour, `at` its begin as an ISO instant: fine enough for the hours of every
 * time zone.
 */
export interface QuarterFacts {
  at: string;
  sales: Decimal;
  orders: number;
}

export interface Totals {
  /** Sum of order.amount; "0" when there are no orders or all are null. */
  sales: Decimal;
  /** Number of orders in the window, also those without an amount. */
  orders: number;
  /** Sum and number of the orders with a positive amount: what an average order is computed from. */
  positiveSales: Decimal;
  positiveOrders: number;
  /** Orders whose amount is null: missing, not zero. */
  ordersWithoutAmount: number;
  /**
   * Sum of order_item.quantity (null where the shop keeps none) and order_item.amount, number of items, over items of
   * the window's orders; 0 where only its orders were read.
   */
  units: Decimal | null;
  itemSales: Decimal;
  items: number;
}

/** What a source aggregates for one window. */
export interface Facts {
  window: Window;
  totals: Totals;
  /**
   * Ordered by sales descending, then name, then id, with null names last, so that the same facts give the same bytes.
   * Empty where only the orders were read.
   */
  products: ProductFacts[];
  /** Those with orders, in the order of time. Empty where less than all was read. */
  quarters: QuarterFacts[];
}

/** A column that a shop's own query need not give. */
export type Lacking = 'product' | 'product_group' | 'quantity';
/** Checks whose rows a source looks for; `order.alike` are those of `order.unique` that only look like another. */
export const rowChecks = [
  'order.amount.null',
  'order.unique',
  'order.alike',
  'order.amount.negative',
  'order.amount.zero',
  'order.future',
  'order.date.null',
  'item.orphan.order',
  'order.without.items',
  'order.total.matches',
  'item.amount.matches',
  'item.quantity',
] as const;
export type RowCheck = (typeof rowChecks)[number];

/** Rows that a check looks for. */
export interface Found {
  /** Orders, or items where the check is of items. */
  count: number;
  /**
   * Sum of their amounts; of totals and prices that do not match, how far the items are above them (negative: below).
   * "0" where that says nothing.
   */
  value: Decimal;
  /** Order numbers of up to five, the lowest first. */
  ids: string[];
}

/** What came of looking for something. `absent`: the shop has no such column, so there is nothing to look for. */
export type Looked<T> = ({ found: T } | { absent: true } | { error: string }) & {
  /** How long it took, s. */
  seconds: number;
};

/** What the checks need beyond the facts; of the last window that was asked for. A look that fails loses no other. */
export interface Findings {
  rows: Record<RowCheck, Looked<Found>>;
  /** Hours with orders from six weeks before the window until its end, as ISO instants of their begin. */
  hours: Looked<string[]>;
  /** Columns of amounts that are FLOAT or DOUBLE. */
  inexact: Looked<string[]>;
  /** How long the facts were read, s. */
  seconds: number;
}

/** Everything that a report is computed from, seen at one instant. */
export interface Reading {
  /** Of each window that was asked for, in that order. */
  facts: Facts[];
  /**
   * When the shop's first order was, and its last before the end of the last window, as ISO instants; null without
   * orders.
   */
  first: string | null;
  last: string | null;
  /**
   * Columns that the shop's own query does not give: what would be made of them is not known, which is not zero. Absent
   * where none is.
   */
  lacking?: readonly Lacking[];
  findings: Findings;
}

/** Where facts come from: the shop's database, or the sample shop. */
export interface Source {
  /** Shown in the report's heading: "SAMPLE DATA" must never pass for a shop's own. */
  readonly kind: 'database' | 'sample';
  /**
   * `windows` holds one at least, the report's own the last; `now` is ms since 1970 UTC. Throws Problem `schema` where
   * a table or a column is missing, `timeout` where a statement did not finish, `database` for all else.
   */
  read(windows: readonly Wanted[], now: number): Promise<Reading>;
  /** The hops from here to the shop's tables, in order: name, tcp, login, a select on each table. */
  probe(): Promise<Hop[]>;
  /** What the default shop's tables hold beyond the seed. Throws as `read` does. */
  beyondSeed(seed: Seed): Promise<BeyondSeed>;
  close(): Promise<void>;
}
