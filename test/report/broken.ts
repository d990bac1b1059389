import type { Reported } from '../../src/report/report.ts';
import type { ShopRows } from '../../src/report/sources/aggregate.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** The café's Tuesday, from Monday 16:00 to Tuesday 16:00 UTC, and an hour later. */
export const tuesday = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };
export const afterwards = Date.parse(tuesday.to) + hour;

const end = Date.parse(tuesday.to);

/** The café since its beginning nine weeks before; nothing is wrong with it. */
export const soundShop: ShopRows = sampleShop({ from: new Date(end - 65 * day).toISOString(), to: tuesday.to });

const within = soundShop.orders.filter(({ at }) => at! >= Date.parse(tuesday.from));
const sample = within[10]!;
const next = Math.max(...soundShop.orders.map(({ number }) => number)) + 1;
const itemsOf = (number: number) => soundShop.items.filter(({ order }) => order === number);

const withOrders = (change: (order: ShopRows['orders'][number]) => ShopRows['orders'][number] | []): ShopRows => {
  const orders = soundShop.orders.flatMap(change);
  const kept = new Set(orders.map(({ number }) => number));
  return { ...soundShop, orders, items: soundShop.items.filter(({ order }) => kept.has(order)) };
};

const ofSample = (change: object): ShopRows =>
  withOrders(order => (order === sample ? { ...order, ...change } : order));

/** One more order, and its only item unless others are given. */
const withOrder = (
  order: { at: number | null; amount: string },
  items: { product: number | null; quantity: number; amount: string }[] = [
    { product: 5, quantity: 1, amount: order.amount },
  ],
): ShopRows => ({
  ...soundShop,
  orders: [...soundShop.orders, { number: next, ...order }],
  items: [...soundShop.items, ...items.map(item => ({ order: next, ...item }))],
});

/**
 * Sales of these hours of Tuesday, moved into the one before them, a second for each: no fewer, but none when there
 * should be some.
 */
const silent = (from: string, to: string): ShopRows =>
  withOrders(order =>
    isBetween(order.at, from, to) ? { ...order, at: Date.parse(from) - hour + (order.number % 3600) * 1000 } : order,
  );

const noon = Date.parse('2026-11-24T12:00:30.000Z');
const isBetween = (at: number | null, from: string, to: string) => at! >= Date.parse(from) && at! < Date.parse(to);

/** A sale in each of these hours of the week before, moved so that no hour is one in which the shop is always open. */
const rarely: ShopRows = {
  ...soundShop,
  orders: Array.from({ length: 9 }, (_, week) => ({
    number: week + 1,
    at: end - week * 7 * day - (2 + (week % 5)) * hour,
    amount: '2.90',
  })).filter(({ at }) => at < Date.parse(tuesday.from)),
  items: Array.from({ length: 9 }, (_, week) => ({ order: week + 1, product: 5, quantity: 1, amount: '2.90' })).slice(
    1,
  ),
};

export interface Broken {
  id: string;
  outcome: 'warn' | 'fail';
  count: number | null;
  ids: string[];
  rows: ShopRows;
  told?: Reported[];
}

/** The sound shop, broken in one way each: what its check must say, and no other may say anything. */
export const brokenShops: Broken[] = [
  {
    id: 'order.amount.null',
    outcome: 'fail',
    count: 1,
    ids: [String(sample.number)],
    rows: ofSample({ amount: null }),
  },
  {
    id: 'order.unique',
    outcome: 'warn',
    count: 1,
    ids: [String(next)],
    rows: withOrder(
      { at: sample.at, amount: sample.amount! },
      itemsOf(sample.number).map(({ product, quantity, amount }) => ({ product, quantity: quantity!, amount })),
    ),
  },
  {
    id: 'order.amount.negative',
    outcome: 'warn',
    count: 1,
    ids: [String(next)],
    rows: withOrder({ at: noon, amount: '-2.90' }),
  },
  {
    id: 'order.future',
    outcome: 'fail',
    count: 1,
    ids: [String(next)],
    rows: withOrder({ at: afterwards + hour, amount: '2.90' }),
  },
  {
    id: 'order.date.null',
    outcome: 'warn',
    count: 1,
    ids: [String(next)],
    rows: withOrder({ at: null, amount: '2.90' }),
  },
  {
    id: 'item.orphan.order',
    outcome: 'fail',
    count: 2,
    ids: [String(sample.number + 9)],
    rows: {
      ...soundShop,
      items: [
        ...soundShop.items,
        ...[5, 6].map(product => ({ order: sample.number + 9, product, quantity: 1, amount: '2.90' })),
      ],
    },
  },
  {
    id: 'item.orphan.product',
    outcome: 'warn',
    count: 1,
    ids: ['99'],
    rows: withOrder({ at: noon, amount: '2.90' }, [{ product: 99, quantity: 1, amount: '2.90' }]),
  },
  {
    id: 'product.orphan.group',
    outcome: 'warn',
    count: 1,
    ids: ['5'],
    rows: {
      ...soundShop,
      products: soundShop.products.map(product => (product.id === 5 ? { ...product, group: 7 } : product)),
    },
  },
  {
    id: 'order.without.items',
    outcome: 'warn',
    count: 1,
    ids: [String(next)],
    rows: withOrder({ at: noon, amount: '2.90' }, []),
  },
  {
    id: 'order.total.matches',
    outcome: 'warn',
    count: 1,
    ids: [String(next)],
    rows: withOrder({ at: noon, amount: '2.90' }, [{ product: 5, quantity: 1, amount: '3.00' }]),
  },
  {
    id: 'item.quantity',
    outcome: 'warn',
    count: 1,
    ids: [String(next)],
    rows: withOrder({ at: noon, amount: '2.90' }, [{ product: 5, quantity: 0, amount: '2.90' }]),
  },
  {
    id: 'data.fresh',
    outcome: 'warn',
    count: null,
    ids: [],
    rows: silent('2026-11-24T12:00Z', tuesday.to),
  },
  { id: 'day.zero', outcome: 'warn', count: 1, ids: [], rows: rarely },
  {
    id: 'day.hours.gap',
    outcome: 'warn',
    count: null,
    ids: [],
    rows: silent('2026-11-24T10:00Z', '2026-11-24T14:00Z'),
  },
  {
    id: 'day.volume.anomaly',
    outcome: 'warn',
    count: 2,
    ids: [],
    rows: {
      ...soundShop,
      orders: [
        ...soundShop.orders,
        ...within.map(({ at }, index) => ({ number: next + index, at: at! + 30_000, amount: '9.00' })),
      ],
      items: [
        ...soundShop.items,
        ...within.map((_, index) => ({ order: next + index, product: 5, quantity: 1, amount: '9.00' })),
      ],
    },
  },
  {
    id: 'history.changed',
    outcome: 'warn',
    count: 1,
    ids: ['2026-11-23T16:00:00.000Z'],
    rows: soundShop,
    told: [
      {
        from: '2026-11-21T16:00:00.000Z',
        to: '2026-11-23T16:00:00.000Z',
        sales: '1.00',
        orders: 1,
        at: '2026-11-23T17:00:00.000Z',
      },
    ],
  },
];
