import Big from 'big.js';
import { bySizeDescending, byText, decimal, sum } from './decimal.ts';
import type { Decimal, Facts, ProductFacts, Source } from './facts.ts';

/** What the report needs to know of the settings. */
export interface ReportSettings {
  stack: string;
  /** IANA name. */
  timezone: string;
  /** BCP 47. */
  locale: string;
  /** ISO 4217; amounts carry no symbol without one. */
  currency?: string | undefined;
}

/** A product's or group's part of the sales. `name` null: not assigned to any. */
export interface Line {
  name: string | null;
  sales: Decimal;
  units: Decimal;
}

export interface GroupLine extends Line {
  /** Percent of all items' sales, to one decimal; null where that makes no sense because they are not positive. */
  share: Decimal | null;
}

export interface ProductLine extends Line {
  /** Product ids, more than one where items name products that do not exist; null: an item names none. */
  ids: (string | null)[];
  group: string | null;
}

/**
 * The report, as one plain model that every renderer is a function of. Amounts are decimal strings with at least the currency's decimals (two without a
 * currency), averages are rounded half away from zero to just these. Instants are ISO 8601 in UTC. Fields are only ever added.
 */
export interface Report {
  version: 1;
  stack: string;
  source: Source['kind'];
  window: { from: string; to: string; timezone: string };
  locale: string;
  currency: string | null;
  /** Sum of the orders' amounts. */
  sales: Decimal;
  orders: number;
  /** Over the orders with a positive amount; null when there are none. */
  averageOrder: Decimal | null;
  units: Decimal;
  ordersWithoutAmount: number;
  /** Sum of the items' amounts, and how far it is above (or, negative, below) the sales. */
  itemSales: Decimal;
  difference: Decimal;
  /** The largest first; what belongs to no group comes last. */
  groups: GroupLine[];
  products: ProductLine[];
}

export function reportOf(facts: Facts, source: Source['kind'], settings: ReportSettings): Report {
  const { window, totals, products } = facts;
  const { stack, timezone, locale, currency = null } = settings;
  const digits = digitsOf(currency);
  const amount = (value: Decimal): Decimal => padded(value, digits);
  const average =
    totals.positiveOrders === 0 ? null : new Big(totals.positiveSales).div(totals.positiveOrders).round(digits).toFixed(digits);
  return {
    version: 1,
    stack,
    source,
    window: { ...window, timezone },
    locale,
    currency,
    sales: amount(totals.sales),
    orders: totals.orders,
    averageOrder: average,
    units: totals.units,
    ordersWithoutAmount: totals.ordersWithoutAmount,
    itemSales: amount(totals.itemSales),
    difference: amount(decimal(new Big(totals.itemSales).minus(totals.sales))),
    groups: grouped(products, product => product.group).map(({ name, members }) => ({
      ...lineOf(name, members, amount),
      share: shareOf(sum(members.map(({ sales }) => sales)), totals.itemSales),
    })),
    products: grouped(products, ({ product, productId }) => (product === null ? null : productId)).map(({ members }) => ({
      ...lineOf(members[0]!.product, members, amount),
      ids: members.map(({ productId }) => productId),
      group: members[0]!.group,
    })),
  };
}

/** Decimals of a currency: 2 for EUR, 0 for JPY, and 2 for none. */
export const digitsOf = (currency: string | null): number =>
  currency === null
    ? 2
    : (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2);

/** With at least so many decimals; none is lost. */
function padded(value: Decimal, digits: number): Decimal {
  const [, fraction = ''] = value.split('.');
  return fraction.length >= digits ? value : new Big(value).toFixed(digits);
}

/** Products by a key, the largest first, then by name; what has no key comes last. */
function grouped(products: readonly ProductFacts[], keyOf: (product: ProductFacts) => string | null) {
  const found = new Map<string | null, ProductFacts[]>();
  for (const product of products) found.set(keyOf(product), [...(found.get(keyOf(product)) ?? []), product]);
  return [...found]
    .map(([name, members]) => ({ name, members, sales: sum(members.map(({ sales }) => sales)) }))
    .sort(
      (a, b) =>
        Number(a.name === null) - Number(b.name === null) ||
        bySizeDescending(a.sales, b.sales) ||
        byText(a.members[0]!.product, b.members[0]!.product) ||
        byText(a.name, b.name),
    );
}

const lineOf = (name: string | null, members: readonly ProductFacts[], amount: (value: Decimal) => Decimal): Line => ({
  name,
  sales: amount(sum(members.map(({ sales }) => sales))),
  units: sum(members.map(({ units }) => units)),
});

const shareOf = (part: Decimal, whole: Decimal): Decimal | null =>
  new Big(whole).gt(0) ? new Big(part).times(100).div(whole).round(1).toFixed(1) : null;
