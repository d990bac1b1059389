import Big from 'big.js';
import { decimal, sum } from '../decimal.ts';
import type { Decimal, Findings, Found, Looked, RowCheck, Window } from '../facts.ts';
import { hoursSpan, soon } from '../hours-span.ts';
import type { ShopRows } from './aggregate.ts';

const hourMs = 3_600_000;
const zero = new Big(0);

type Order = ShopRows['orders'][number];
type Item = ShopRows['items'][number];

/** What the checks look for in a window, in plain code; `now` is ms since 1970 UTC. */
export function tallyFindings({ products, orders, items }: ShopRows, window: Window, now: number): Findings {
  const within = ({ from, to }: Window) => {
    const [begin, end] = [Date.parse(from), Date.parse(to)];
    return orders.filter(
      (order): order is Order & { at: number } => order.at !== null && order.at >= begin && order.at < end,
    );
  };
  const sold = within(window);
  const known = new Set(orders.map(({ number }) => number));
  const numbers = sold.map(({ number }) => number).sort((a, b) => a - b);
  const isSold = new Set(numbers);
  const itemsOf = grouped(items, ({ order }) => order);
  const prices = new Map(products.map(({ id, price }) => [id, price]));
  const soldItems = items.filter(({ order }) => isSold.has(order));
  const rows: Record<RowCheck, Found> = {
    'order.amount.null': { ...ordersFound(sold.filter(({ amount }) => amount === null)), value: '0' },
    'order.unique': repeated(sold),
    'order.alike': alike(sold, itemsOf),
    'order.amount.negative': ordersFound(sold.filter(({ amount }) => amount !== null && new Big(amount).lt(0))),
    'order.amount.zero': ordersFound(sold.filter(({ amount }) => amount !== null && new Big(amount).eq(0))),
    'order.future': ordersFound(orders.filter(({ at }) => at !== null && at > soon(now))),
    'order.date.null': ordersFound(orders.filter(({ at }) => at === null)),
    'item.orphan.order': itemsFound(
      items.filter(({ order }) => !known.has(order) && order >= numbers[0]! && order <= numbers.at(-1)!),
      ({ amount }) => new Big(amount),
    ),
    'order.without.items': ordersFound(sold.filter(({ number }) => !itemsOf.has(number))),
    'order.total.matches': mismatched(sold, itemsOf),
    'item.amount.matches': itemsFound(
      soldItems.filter(item => abovePrice(item, prices).abs().gte('0.005')),
      item => abovePrice(item, prices),
    ),
    'item.quantity': itemsFound(
      soldItems.filter(({ quantity }) => quantity === null || quantity <= 0),
      ({ amount }) => new Big(amount),
    ),
  };
  const looked = <T>(found: T): Looked<T> => ({ found, seconds: 0 });
  const hours = within(hoursSpan(window)).map(({ at }) => Math.floor(at / hourMs) * hourMs);
  return {
    rows: Object.fromEntries(Object.entries(rows).map(([id, found]) => [id, looked(found)])) as Findings['rows'],
    hours: looked([...new Set(hours)].sort((a, b) => a - b).map(hour => new Date(hour).toISOString())),
    inexact: looked([]),
    seconds: 0,
  };
}

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

const lowest = (numbers: Iterable<number>): string[] =>
  [...new Set(numbers)]
    .sort((a, b) => a - b)
    .slice(0, 5)
    .map(String);

const ordersFound = (orders: readonly Order[]): Found => ({
  count: orders.length,
  value: sum(orders.flatMap(({ amount }) => amount ?? [])),
  ids: lowest(orders.map(({ number }) => number)),
});

const itemsFound = (items: readonly Item[], worthOf: (item: Item) => Big): Found => ({
  count: items.length,
  value: decimal(items.reduce((total, item) => total.plus(worthOf(item)), zero)),
  ids: lowest(items.map(({ order }) => order)),
});

function repeated(orders: readonly Order[]): Found {
  const twice = [...grouped(orders, ({ number }) => number).values()].filter(same => same.length > 1);
  return { ...ordersFound(twice.flat()), count: twice.length };
}

type ItemsOf = ReadonlyMap<number, readonly Item[]>;

function alike(orders: readonly (Order & { at: number })[], itemsOf: ItemsOf): Found {
  const content = ({ number, at, amount }: (typeof orders)[number]): string => {
    const items = (itemsOf.get(number) ?? []).map(item =>
      JSON.stringify([item.product, item.quantity, decimal(item.amount)]),
    );
    return JSON.stringify([Math.floor(at / 1000), decimal(amount!), items.sort()]);
  };
  const once = [...new Map(orders.map(order => [order.number, order])).values()];
  const sets = [
    ...grouped(
      once.filter(({ amount }) => amount !== null),
      content,
    ).values(),
  ].filter(set => set.length > 1);
  const others = sets.flatMap(set => set.toSorted((a, b) => a.number - b.number).slice(1));
  return { ...ordersFound(others), ids: lowest(sets.map(set => Math.max(...set.map(({ number }) => number)))) };
}

function mismatched(orders: readonly Order[], itemsOf: ItemsOf): Found {
  const compared = [...new Map(orders.map(order => [`${order.number} ${order.amount}`, order])).values()].flatMap(
    ({ number, amount }) => {
      const items = itemsOf.get(number) ?? [];
      if (amount === null || items.length === 0) return [];
      const difference = new Big(sum(items.map(item => item.amount))).minus(amount);
      return difference.abs().gt(new Big('0.01').times(items.length)) ? [{ number, difference }] : [];
    },
  );
  return {
    count: compared.length,
    value: decimal(compared.reduce((total, { difference }) => total.plus(difference), zero)),
    ids: lowest(compared.map(({ number }) => number)),
  };
}

/** How far an item's amount is above its quantity times the price of its product; zero where there is no price. */
function abovePrice({ product, quantity, amount }: Item, prices: ReadonlyMap<number, Decimal | undefined>): Big {
  const price = product === null ? undefined : prices.get(product);
  return price === undefined || quantity === null ? zero : new Big(amount).minus(new Big(price).times(quantity));
}
