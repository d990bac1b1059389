import fc from 'fast-check';
import type { Looked, Reading, Window } from '../../../src/report/facts.ts';
import type { ShopRows } from '../../../src/report/sources/aggregate.ts';
import { makeShop, type Server } from './shop.ts';

export const hour = 3_600_000;
export const noon = Date.UTC(2026, 10, 24, 12);
export const windowOf = (from: number, to: number): Window => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** How long it took to read is nobody's fact. */
export const timeless = ({ findings, ...reading }: Reading): object => {
  const strip = ({ seconds: _, ...looked }: Looked<unknown>) => looked;
  const rows = Object.entries(findings.rows).map(([id, looked]) => [id, strip(looked)]);
  return { ...reading, rows: Object.fromEntries(rows), hours: strip(findings.hours), inexact: strip(findings.inexact) };
};

/**
 * `cafe` has the café's own columns; `fine` has times of ms, money of 4 decimals and 30 digits, and times and
 * quantities that may be missing.
 */
export const shops = ['cafe', 'fine'] as const;
export type Shop = (typeof shops)[number];

export async function makeOddShop(server: Server, shop: Shop): Promise<void> {
  await makeShop(server, shop);
  if (shop === 'cafe') return;
  await server.query(
    'ALTER TABLE `order` MODIFY order_date_time DATETIME(3), MODIFY amount DECIMAL(30, 4);' +
      'ALTER TABLE order_item MODIFY amount DECIMAL(30, 4) NOT NULL, MODIFY quantity INT',
    { database: shop },
  );
}

/** Names that a collation takes for the same, and a few that break the order of bytes. */
const name = fc.constantFrom(
  'Tea',
  'tea',
  'TEA',
  'Tea ',
  'Thé',
  'The',
  'Éclair',
  'eclair',
  'Zebra',
  '☕',
  '🍰',
  'ß',
  'ss',
  '0',
  '',
);

/** An amount in the smallest unit of a shop. Few small ones, so that sums tie. */
const amount = (shop: Shop) => {
  const decimals = shop === 'cafe' ? 2 : 4;
  const small = fc.constantFrom(0n, 50n, 100n, 150n, -150n, 300n, -1n);
  const large = shop === 'cafe' ? fc.bigInt(-(10n ** 9n), 10n ** 9n) : fc.bigInt(-(10n ** 28n), 10n ** 28n);
  return fc.oneof({ weight: 3, arbitrary: small }, large).map(units => {
    const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
    return `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  });
};

/** A time near a bound of the window, or anywhere around it, in steps of the shop's clock. */
const time = (shop: Shop, { from, to }: Window) => {
  const step = shop === 'cafe' ? 1000 : 250;
  const bound = fc.constantFrom(Date.parse(from), Date.parse(to));
  const onBound = fc.tuple(bound, fc.integer({ min: -2, max: 2 })).map(([at, steps]) => at + steps * step);
  const anywhere = fc.integer({ min: noon - hour, max: noon + 3 * hour });
  return fc.oneof(onBound, anywhere).map(at => Math.floor(at / step) * step);
};

/** Bounds on the second, and within one; windows of no length too. */
export const window = fc
  .tuple(fc.constantFrom(0, 1, 250, 500, 999), fc.constantFrom(0, 1, 500, 1000, hour, 2 * hour, 3 * hour))
  .map(([cut, length]) => windowOf(noon + cut, noon + cut + length));

const quantity = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.constantFrom(2_147_483_647, -2_147_483_648));

/** The same shop where some sales were recorded twice. */
const withTwins = (rows: ShopRows, numbers: readonly number[]): ShopRows => {
  const twin = (number: number) => 30 + numbers.indexOf(number);
  const orders = rows.orders.filter(({ number }) => numbers.includes(number));
  const items = rows.items.filter(({ order }) => orders.some(({ number }) => number === order));
  return {
    ...rows,
    orders: [...rows.orders, ...orders.map(order => ({ ...order, number: twin(order.number) }))],
    items: [...rows.items, ...items.map(item => ({ ...item, order: twin(item.order) }))],
  };
};

/** A shop where items know no order, product or group, as often as they do. */
export const rows = (shop: Shop, within: Window): fc.Arbitrary<ShopRows> =>
  fc
    .tuple(rowsOnce(shop, within), fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }))
    .map(([once, numbers]) => withTwins(once, numbers));

const rowsOnce = (shop: Shop, within: Window): fc.Arbitrary<ShopRows> =>
  fc.record({
    groups: fc.uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 3 }), name }), {
      selector: ({ number }) => number,
    }),
    products: fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 11 }),
        name,
        group: fc.option(fc.integer({ min: 1, max: 4 })),
        price: fc.constantFrom('0.50', '1.00', '1.50', '0.00'),
      }),
      { selector: ({ id }) => id, minLength: 2 },
    ),
    orders: fc.uniqueArray(
      fc.record({
        number: fc.integer({ min: 1, max: 20 }),
        at: shop === 'fine' ? fc.option(time(shop, within), { freq: 9 }) : time(shop, within),
        amount: fc.option(amount(shop), { freq: 4 }),
      }),
      { selector: ({ number }) => number, maxLength: 20, size: 'max' },
    ),
    items: fc.array(
      fc.record({
        order: fc.integer({ min: 1, max: 22 }),
        product: fc.option(fc.integer({ min: 1, max: 13 }), { freq: 6 }),
        quantity: shop === 'fine' ? fc.option(quantity, { freq: 9 }) : quantity,
        amount: amount(shop),
      }),
      { maxLength: 60, size: 'max' },
    ),
  });
