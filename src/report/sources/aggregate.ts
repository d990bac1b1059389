import Big from 'big.js';
import { sum } from '../decimal.ts';
import type { Decimal, Facts, ProductFacts, QuarterFacts, Reading, Wanted } from '../facts.ts';
import { inOrder } from './in-order.ts';
import { tallyFindings } from './tally-findings.ts';

/**
 * A shop's rows. `at` is ms since 1970 UTC; every null is one in the table. Items of a product without a price are not
 * held against one.
 */
export interface ShopRows {
  groups: readonly { number: number; name: string }[];
  products: readonly { id: number; name: string; group: number | null; price?: Decimal }[];
  orders: readonly { number: number; at: number | null; amount: Decimal | null }[];
  items: readonly { order: number; product: number | null; quantity: number | null; amount: Decimal }[];
}

type DatedOrder = ShopRows['orders'][number] & { at: number };

/** The facts of a window in plain code, row by row: what the SQL is tested against. */
export function tally({ groups, products, orders, items }: ShopRows, { only, ...window }: Wanted): Facts {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const sold = dated(orders).filter(({ at }) => at >= from && at < to);
  const numbers = new Set(only === 'orders' ? [] : sold.map(({ number }) => number));
  const lines = items.filter(({ order }) => numbers.has(order));
  const amounts = sold.flatMap(({ amount }) => (amount === null ? [] : [amount]));
  const positive = amounts.filter(amount => new Big(amount).gt(0));
  const groupNames = new Map(groups.map(({ number, name }) => [number, name]));
  const productsById = new Map(products.map(product => [product.id, product]));
  const byProduct = new Map<number | null, (typeof lines)[number][]>();
  for (const line of lines) {
    const known = byProduct.get(line.product);
    if (known) known.push(line);
    else byProduct.set(line.product, [line]);
  }
  return {
    window,
    totals: {
      sales: sum(amounts),
      orders: sold.length,
      positiveSales: sum(positive),
      positiveOrders: positive.length,
      ordersWithoutAmount: sold.length - amounts.length,
      units: unitsOf(lines),
      itemSales: sum(lines.map(({ amount }) => amount)),
      items: lines.length,
    },
    products: inOrder(
      [...byProduct].map(([id, ofProduct]): ProductFacts => {
        const product = id === null ? undefined : productsById.get(id);
        return {
          productId: id === null ? null : String(id),
          product: product?.name ?? null,
          group: product?.group == null ? null : (groupNames.get(product.group) ?? null),
          sales: sum(ofProduct.map(({ amount }) => amount)),
          units: unitsOf(ofProduct),
          items: ofProduct.length,
        };
      }),
    ),
    quarters: only ? [] : quartersOf(sold),
  };
}

const dated = (orders: ShopRows['orders']): DatedOrder[] =>
  orders.filter((order): order is DatedOrder => order.at !== null);

const unitsOf = (items: ShopRows['items']): Decimal => sum(items.map(({ quantity }) => String(quantity ?? 0)));

const quarter = 15 * 60_000;

function quartersOf(orders: readonly DatedOrder[]): QuarterFacts[] {
  const found = new Map<number, Decimal[]>();
  for (const { at, amount } of orders) {
    const begin = Math.floor(at / quarter) * quarter;
    found.set(begin, [...(found.get(begin) ?? []), amount ?? '0']);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([at, amounts]) => ({ at: new Date(at).toISOString(), sales: sum(amounts), orders: amounts.length }));
}

/** The same as a source reads from rows that are all there. */
export function readRows(rows: ShopRows, windows: readonly Wanted[], now: number): Reading {
  const times = dated(rows.orders).map(({ at }) => at);
  const window = windows.at(-1)!;
  const end = Date.parse(window.to);
  const isoOrNull = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    facts: windows.map(window => tally(rows, window)),
    first: isoOrNull(
      times.reduce<number | undefined>((least, at) => (least === undefined || at < least ? at : least), undefined),
    ),
    last: isoOrNull(
      times
        .filter(at => at < end)
        .reduce<number | undefined>((most, at) => (most === undefined || at > most ? at : most), undefined),
    ),
    findings: tallyFindings(rows, window, now),
  };
}
