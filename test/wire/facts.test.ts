import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Facts, RowCheck, Source, Window } from '../../src/report/facts.ts';
import { rowChecks } from '../../src/report/facts.ts';
import { readRows, type ShopRows, tally } from '../../src/report/sources/aggregate.ts';
import { sampleShop, sampleSource } from '../../src/report/sources/sample.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { hour, makeOddShop, noon, rows, type Shop, shops, timeless, window, windowOf } from './helpers/odd-shops.ts';
import { fillShop, makeShop, sourceOf } from './helpers/shop.ts';

/** `SEED=… npm run test:wire` runs the same shops again. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

/** Of one window. */
const factsOf = async (source: Source, window: Window): Promise<Facts> => (await source.read([window], noon)).facts[0]!;

let mariadb: Mariadb;
let sources: Record<Shop, Source>;

beforeAll(async () => {
  mariadb = await startMariadb();
  for (const shop of shops) await makeOddShop(mariadb, shop);
  sources = { cafe: sourceOf(mariadb, 'cafe'), fine: sourceOf(mariadb, 'fine') };
});

afterAll(async () => {
  await Promise.all(Object.values(sources).map(source => source.close()));
  await mariadb.stop();
});

describe(`the SQL and the plain code, SEED=${seed}`, () => {
  it.each(shops)('find the same facts in the same sales: %s', async shop => {
    const only = fc.constantFrom('orders', 'products', undefined);
    const sales = window.chain(within => fc.record({ within: fc.constant(within), only, rows: rows(shop, within) }));
    let sold = 0;
    const found = new Set<RowCheck>();
    await fc.assert(
      fc.asyncProperty(sales, async ({ within, only, rows }) => {
        await fillShop(mariadb, shop, rows);
        const before = { ...windowOf(Date.parse(within.from) - hour, Date.parse(within.from)), only };
        const reading = await sources[shop].read([before, within], noon + hour);
        const told = readRows(rows, [before, within], noon + hour);
        expect(timeless(reading)).toEqual(timeless(told));
        for (const id of rowChecks)
          if (!('found' in told.findings.rows[id] && told.findings.rows[id].found.count === 0)) found.add(id);
        if (reading.facts[1]!.products.length > 0) sold++;
      }),
      { seed, numRuns: 300 },
    );
    // Windows in which nothing was sold would show nothing.
    expect(sold).toBeGreaterThan(50);
    // What no shop had shows nothing either. Order numbers are the table's key, and the café's orders have a date.
    const impossible = shop === 'cafe' ? ['order.unique', 'order.date.null'] : ['order.unique'];
    expect([...found].sort()).toEqual(rowChecks.filter(id => !impossible.includes(id)).sort());
  });

  it.each([
    ['follow each other', [1, 2, 3], [4]],
    ['leave one out, whose order is of another time', [1, 3], [2]],
    ['leave one out, whose order is missing', [1, 3], []],
  ])('find the items of orders whose numbers %s', async (_, inside, outside) => {
    const shop: ShopRows = {
      groups: [],
      products: [],
      orders: [
        ...inside.map(number => ({ number, at: noon, amount: '1.00' })),
        ...outside.map(number => ({ number, at: noon - hour, amount: '1.00' })),
      ],
      items: [0, 1, 2, 3, 4, 5].map(order => ({ order, product: order, quantity: 1, amount: '1.00' })),
    };
    await fillShop(mariadb, 'cafe', shop);
    const within = windowOf(noon, noon + hour);
    const { products } = await factsOf(sources.cafe, within);
    expect(products.map(({ productId }) => productId)).toEqual(inside.map(String));
    expect(products).toEqual(tally(shop, within).products);
  });

  it('take no zero date for the first order or the last', async () => {
    const at = noon - hour;
    await fillShop(mariadb, 'cafe', {
      groups: [],
      products: [],
      orders: [{ number: 1, at, amount: '1.00' }],
      items: [],
    });
    await mariadb.query(
      `SET sql_mode = ''; INSERT INTO \`order\` (order_number, order_date_time, amount) VALUES (2, '0000-00-00', 1)`,
      {
        database: 'cafe',
      },
    );
    const { first, last } = await sources.cafe.read([windowOf(at, noon)], noon);
    expect({ first, last }).toEqual({ first: new Date(at).toISOString(), last: new Date(at).toISOString() });
    await mariadb.query('DELETE FROM `order` WHERE order_number = 1', { database: 'cafe' });
    expect(await sources.cafe.read([windowOf(at, noon)], noon)).toMatchObject({ first: null, last: null });
  });

  it('order products of equal sales by name and id, by code units', async () => {
    const names = ['tea', 'Thé', 'Tea', 'TEA', 'Zebra', 'The', 'Tea'];
    const shop: ShopRows = {
      groups: [],
      products: names.map((name, index) => ({ id: index + 1, name, group: null })),
      orders: [{ number: 1, at: noon, amount: '8.00' }],
      items: [...names, null].map((_, index) => ({ order: 1, product: index + 1, quantity: 1, amount: '1.00' })),
    };
    await fillShop(mariadb, 'cafe', shop);
    const { products } = await factsOf(sources.cafe, windowOf(noon, noon + 1000));
    expect(products.map(({ product, productId }) => `${product} ${productId}`)).toEqual([
      'TEA 4',
      'Tea 3',
      'Tea 7',
      'The 6',
      'Thé 2',
      'Zebra 5',
      'tea 1',
      'null 8',
    ]);
    expect(products).toEqual(tally(shop, windowOf(noon, noon + 1000)).products);
  });

  it('find the same facts in the sample shop, whose windows add up', async () => {
    const week = windowOf(Date.UTC(2026, 10, 16), Date.UTC(2026, 10, 23));
    await fillShop(mariadb, 'cafe', sampleShop(week));
    const parts = Array.from({ length: 7 }, (_, day) =>
      windowOf(Date.parse(week.from) + day * 24 * hour, Date.parse(week.from) + (day + 1) * 24 * hour),
    );
    let orders = 0;
    for (const part of parts) {
      const facts = await factsOf(sources.cafe, part);
      expect(facts).toEqual(await factsOf(sampleSource, part));
      orders += facts.totals.orders;
    }
    const whole = await factsOf(sources.cafe, week);
    expect(whole).toEqual(await factsOf(sampleSource, week));
    expect(whole.totals.orders).toBe(orders);
    expect(orders).toBeGreaterThan(100);
  });
});

describe('money', () => {
  it('of 4 decimals, far beyond what a JavaScript number holds, comes through to the last digit', async () => {
    await fillShop(mariadb, 'fine', {
      groups: [],
      products: [{ id: 1, name: 'Bank', group: null }],
      orders: [
        { number: 1, at: noon, amount: '9007199254740993.0001' },
        { number: 2, at: noon, amount: '12345678901234567890123456.7891' },
      ],
      items: [
        { order: 1, product: 1, quantity: 2_147_483_647, amount: '9007199254740993.0001' },
        { order: 2, product: 1, quantity: 2_147_483_647, amount: '12345678901234567890123456.7891' },
      ],
    });
    const { totals, products } = await factsOf(sources.fine, windowOf(noon, noon + 1));
    const sum = '12345678910241767144864449.7892';
    expect(totals).toMatchObject({ sales: sum, positiveSales: sum, itemSales: sum, units: '4294967294' });
    expect(products).toMatchObject([{ sales: sum, units: '4294967294' }]);
  });

  it('of 2 decimals beyond 2^53 comes through to the cent', async () => {
    const name = 'bank';
    await makeShop(mariadb, name);
    await mariadb.query(
      'ALTER TABLE `order` MODIFY amount DECIMAL(20, 2); ALTER TABLE order_item MODIFY amount DECIMAL(20, 2) NOT NULL',
      { database: name },
    );
    await fillShop(mariadb, name, {
      groups: [],
      products: [],
      orders: [1, 2].map(number => ({ number, at: noon, amount: '90071992547409.93' })),
      items: [{ order: 1, product: null, quantity: 1, amount: '180143985094819863.13' }],
    });
    const source = sourceOf(mariadb, name);
    const { totals } = await factsOf(source, windowOf(noon, noon + 1));
    await source.close();
    expect(totals).toMatchObject({ sales: '180143985094819.86', itemSales: '180143985094819863.13' });
  });
});

it('a TIMESTAMP is compared in UTC, whatever zone the server keeps', async () => {
  const name = 'abroad';
  await makeShop(mariadb, name);
  await mariadb.query('ALTER TABLE `order` MODIFY order_date_time TIMESTAMP NOT NULL', { database: name });
  await mariadb.query(
    "SET time_zone = '+00:00'; INSERT INTO `order` (order_number, order_date_time, amount) VALUES (1, '2026-11-24 12:00:00', 1), (2, '2026-11-24 14:00:00', 2)",
    { database: name },
  );
  await mariadb.query("SET GLOBAL time_zone = '+02:00'");
  const source = sourceOf(mariadb, name);
  const { totals } = await factsOf(source, windowOf(noon, noon + hour));
  await source.close();
  await mariadb.query("SET GLOBAL time_zone = 'SYSTEM'");
  expect(totals).toMatchObject({ orders: 1, sales: '1' });
});

describe('a sale that comes in between two statements', () => {
  it('is in none of them, and whole in the next facts', async () => {
    const within = windowOf(noon, noon + hour);
    await fillShop(mariadb, 'cafe', {
      groups: [],
      products: [{ id: 1, name: 'Tea', group: null }],
      orders: [{ number: 1, at: noon, amount: '1.00' }],
      items: [{ order: 1, product: 1, quantity: 1, amount: '1.00' }],
    });
    // The totals are read and the products wait: a table of theirs is locked. The SLEEP only holds the lock until it is
    // killed.
    const held = mariadb
      .query('LOCK TABLES product WRITE; SELECT SLEEP(60) AS holds', { database: 'cafe' })
      .catch(error => expect(error.message).toMatch(/interrupted|closed/i));
    const holding = await waitFor("info LIKE 'SELECT SLEEP(60) AS holds'");
    const reading = factsOf(sources.cafe, within);
    await waitFor("state = 'Waiting for table metadata lock' AND info LIKE '%product_group%'");
    await mariadb.query(
      `START TRANSACTION; INSERT INTO \`order\` VALUES (2, '2026-11-24 12:30:00', 5); INSERT INTO order_item VALUES (2, 1, 1, 1, 5); COMMIT`,
      { database: 'cafe' },
    );
    await mariadb.query(`KILL ${holding}`);
    await held;

    expect((await reading).totals).toMatchObject({ sales: '1', orders: 1, itemSales: '1', items: 1 });
    expect((await factsOf(sources.cafe, within)).totals).toMatchObject({
      sales: '6',
      orders: 2,
      itemSales: '6',
      items: 2,
    });
  });

  /** Id of the connection that this is true of, once there is one. */
  const waitFor = (condition: string): Promise<string> =>
    vi.waitFor(
      async () => {
        const [row] = await mariadb.query(`SELECT id FROM information_schema.processlist WHERE ${condition}`);
        if (!row) throw new Error(`No connection yet where ${condition}`);
        return String(row.id);
      },
      { timeout: 20_000, interval: 20 },
    );
});
