import Big from 'big.js';
import type { Hop } from '../../function-contract.ts';
import { draw } from '../../seeded-random.ts';
import type { Source, Window } from '../facts.ts';
import { hoursSpan } from '../hours-span.ts';
import { readRows, type ShopRows } from './aggregate.ts';
import { tables } from './tables.ts';

const groups = [
  { number: 1, name: 'Pastries' },
  { number: 2, name: 'Drinks' },
  { number: 3, name: 'Lunch' },
];

/** `weight`: how often it is chosen, against the others. */
const products = [
  { id: 1, name: 'Croissant', group: 1, price: '2.40', weight: 9 },
  { id: 2, name: 'Cinnamon roll', group: 1, price: '3.20', weight: 6 },
  { id: 3, name: 'Chocolate chip cookie', group: 1, price: '1.80', weight: 5 },
  { id: 4, name: 'Strawberry tart', group: 1, price: '4.50', weight: 3 },
  { id: 5, name: 'Coffee', group: 2, price: '2.90', weight: 14 },
  { id: 6, name: 'Latte', group: 2, price: '3.60', weight: 10 },
  { id: 7, name: 'Hot chocolate', group: 2, price: '3.40', weight: 4 },
  { id: 8, name: 'Tea', group: 2, price: '2.60', weight: 4 },
  { id: 9, name: 'Soup of the day', group: 3, price: '5.90', weight: 3 },
  { id: 10, name: 'Cheese sandwich', group: 3, price: '4.80', weight: 5 },
];

/** Each product as often as its weight says. */
const shelf = products.flatMap(product => Array.from({ length: product.weight }, () => product));

/** The café opened on this day. */
const firstDay = '2020-01-06T07:00:00.000Z';
const day = 86_400_000;
const minute = 60_000;
/**
 * Open from 7:00 to 19:00 UTC, busiest in the morning: orders in each of these hours of a weekday; Sunday is closed.
 */
const rhythm = [4, 9, 8, 5, 4, 6, 7, 4, 3, 3, 2, 1];
const opening = 7;

/** The sales of the café in a window: always the same for the same time, and made afresh each time. */
export function sampleShop(window: Window): ShopRows {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const orders: { number: number; at: number; amount: string }[] = [];
  const items: { order: number; product: number; quantity: number; amount: string }[] = [];
  for (let midnight = Math.floor(Math.max(from, Date.parse(firstDay)) / day) * day; midnight < to; midnight += day) {
    if (new Date(midnight).getUTCDay() === 0) continue;
    for (const [hour, usual] of rhythm.entries())
      for (let nth = 0; nth < usual; nth++) {
        const pick = (...key: (string | number)[]) => draw('café', midnight / day, hour, nth, ...key);
        // One in eight stays away, so that no two days are alike.
        if (pick('comes') < 1 / 8) continue;
        // No two of an hour in the same second: they could look like one sale recorded twice.
        const at = midnight + (opening + hour) * 60 * minute + Math.floor(pick('minute') * 60) * minute + nth * 1000;
        if (at < from || at >= to) continue;
        const number = ((midnight / day) * 24 + hour) * 10 + nth;
        const chosen = Array.from({ length: 1 + Math.floor(pick('items') * 3) }, (_, item) => {
          const { id, price } = choose(pick('product', item));
          const quantity = pick('quantity', item) < 0.8 ? 1 : 2;
          return { order: number, product: id, quantity, amount: new Big(price).times(quantity).toFixed(2) };
        });
        items.push(...chosen);
        orders.push({
          number,
          at,
          amount: chosen.reduce((sum, { amount }) => sum.plus(amount), new Big(0)).toFixed(2),
        });
      }
  }
  return { groups, products, orders, items };
}

/** The product at a place in [0, 1) of all products, each as wide as its weight. */
function choose(place: number): { id: number; price: string } {
  return shelf[Math.floor(place * shelf.length)]!;
}

/** The sample shop: a café, embedded, for a first look and for the simulated host's database. */
export const sampleSource: Source = {
  kind: 'sample',
  read: async (windows, now) => {
    const window = windows.at(-1)!;
    const from = [...windows, hoursSpan(window)].map(one => one.from).sort()[0]!;
    // No sale is known before it is made.
    const to = new Date(Math.min(Date.parse(window.to), now)).toISOString();
    return { ...readRows(sampleShop({ from, to }), windows, now), first: firstDay };
  },
  probe: async () =>
    (['name', 'tcp', 'login', ...tables.map(({ name }) => `select ${name}` as const)] satisfies Hop['hop'][]).map(
      hop => ({
        hop,
        ok: true,
        ms: 1,
      }),
    ),
  beyondSeed: async () => ({ orders: 0, last: null, products: 0, tables: [] }),
  close: async () => {},
};
