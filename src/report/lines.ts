import Big from 'big.js';
import { type Change, changeOf } from './change.ts';
import { bySizeDescending, byText, sum, sumOrNull } from './decimal.ts';
import type { Decimal, ProductFacts } from './facts.ts';

/** A product's or group's part of the sales. `name` null: not assigned to any. */
export interface Line {
  name: string | null;
  sales: Decimal;
  /** Null where the shop keeps no quantities. */
  units: Decimal | null;
}

export interface GroupLine extends Line {
  /** Percent of all items' sales, to one decimal; null where that makes no sense because they are not positive. */
  share: Decimal | null;
  /** Its sales against a week earlier. */
  weekEarlier: Change;
}

export interface ProductLine extends Line {
  /** Product ids, more than one where items name products that do not exist; null: an item names none. */
  ids: (string | null)[];
  group: string | null;
}

/**
 * By sales, the largest first, then by name; what belongs to no group comes last. `before`: what sold a week earlier,
 * undefined where nobody knows.
 */
export function groupLines(
  products: readonly ProductFacts[],
  before: readonly ProductFacts[] | undefined,
): GroupLine[] {
  const whole = new Big(sum(products.map(({ sales }) => sales)));
  const earlier = before && new Map(grouped(before, ({ group }) => group).map(({ key, sales }) => [key, sales]));
  return grouped(products, ({ group }) => group).map(({ key, members }) => {
    const line = lineOf(key, members);
    const share = whole.gt(0) ? new Big(line.sales).times(100).div(whole).round(1).toFixed(1) : null;
    const weekEarlier: Change = earlier ? changeOf(line.sales, earlier.get(key) ?? '0') : { kind: 'no data' };
    return { ...line, share, weekEarlier };
  });
}

/** Ordered alike; items of products that do not exist are one line. */
export function productLines(products: readonly ProductFacts[]): ProductLine[] {
  return grouped(products, keyOf).map(({ members }) => ({
    ...lineOf(members[0]!.product, members),
    ids: members.map(({ productId }) => productId),
    group: members[0]!.group,
  }));
}

/** A product's id, or null where there is no such product. */
const keyOf = ({ product, productId }: ProductFacts): string | null => (product === null ? null : productId);

function grouped(products: readonly ProductFacts[], keyOf: (product: ProductFacts) => string | null) {
  const found = new Map<string | null, ProductFacts[]>();
  for (const product of products) found.set(keyOf(product), [...(found.get(keyOf(product)) ?? []), product]);
  return [...found]
    .map(([key, members]) => ({ key, members, sales: sum(members.map(({ sales }) => sales)) }))
    .sort(
      (a, b) =>
        Number(a.key === null) - Number(b.key === null) ||
        bySizeDescending(a.sales, b.sales) ||
        byText(a.members[0]!.product, b.members[0]!.product) ||
        byText(a.key, b.key),
    );
}

const lineOf = (name: string | null, members: readonly ProductFacts[]): Line => ({
  name,
  sales: sum(members.map(({ sales }) => sales)),
  units: sumOrNull(members.map(({ units }) => units)),
});

/** What a product sold more or less (negative) than a week earlier. */
export interface Mover {
  name: string;
  by: Decimal;
}

/**
 * The products that gained most, and those that lost most, the largest change first; products without a name are none.
 */
export function moversOf(now: readonly ProductFacts[], before: readonly ProductFacts[], count: number): Mover[] {
  const sales = new Map<string, { name: string; now: Decimal; before: Decimal }>();
  for (const { productId, product, sales: earlier } of before)
    if (productId && product) sales.set(productId, { name: product, now: '0', before: earlier });
  for (const { productId, product, sales: later } of now)
    if (productId && product) sales.set(productId, { name: product, before: '0', ...sales.get(productId), now: later });
  const movers = [...sales.values()]
    .map(({ name, now, before }) => ({ name, by: new Big(now).minus(before).toFixed() }))
    .filter(({ by }) => !new Big(by).eq(0))
    .sort((a, b) => bySizeDescending(a.by, b.by) || byText(a.name, b.name));
  const gained = movers.filter(({ by }) => !by.startsWith('-')).slice(0, count);
  const lost = movers.filter(({ by }) => by.startsWith('-')).slice(-count);
  return [...gained, ...lost.reverse()];
}

/** Names of the products that sold in each of the earlier windows and not in this one, by name. */
export function missingFrom(now: readonly ProductFacts[], earlier: readonly (readonly ProductFacts[])[]): string[] {
  const sold = new Set(now.map(({ productId }) => productId));
  const [first = [], ...others] = earlier;
  return first
    .filter(({ productId, product }) => product !== null && !sold.has(productId))
    .filter(({ productId }) => others.every(window => window.some(one => one.productId === productId)))
    .map(({ product }) => product!)
    .sort(byText);
}
