import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import cafe from '../../database/cafe.sql';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { makeShop, sourceOf } from './helpers/shop.ts';

const nothing = { orders: 0, last: null, products: 0, tables: [] };

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb({ settings: 'default-time-zone=+00:00' });
  await makeShop(mariadb, 'cafe');
  await mariadb.query(cafe, { database: 'cafe' });
  await makeShop(mariadb, 'empty');
});
afterAll(() => mariadb.stop());

const beyond = async (database: string, seed: 'cafe' | 'none') => {
  const source = sourceOf(mariadb, database);
  onTestFinished(() => source.close());
  return source.beyondSeed(seed);
};

it('what the sample café has sold by itself is its seed, and all of it a shop that began empty', async () => {
  expect(await beyond('cafe', 'cafe')).toEqual(nothing);
  expect(await beyond('empty', 'none')).toEqual(nothing);
  const { orders, products } = await beyond('cafe', 'none');
  expect(orders).toBeGreaterThan(1_000);
  expect(products).toBe(20);
});

it('an order of any other time is more, and one in a minute in which the café sold too', async () => {
  const add = (time: string) =>
    mariadb.query(`INSERT INTO \`order\` (order_date_time, amount) VALUES (${time}, 1)`, { database: 'cafe' });
  await add("'2020-05-01 03:00:00'");
  expect(await beyond('cafe', 'cafe')).toEqual({ ...nothing, orders: 1, last: '2020-05-01 03:00:00' });
  await add('(SELECT MAX(o.order_date_time) FROM `order` AS o)');
  expect(await beyond('cafe', 'cafe')).toMatchObject({ orders: 2 });
});

it('products and tables of others count too', async () => {
  await mariadb.query("INSERT INTO product VALUES (99, 'Bagel', '', 1, 2.00, ''); CREATE TABLE till (id INT)", {
    database: 'empty',
  });
  expect(await beyond('empty', 'none')).toEqual({ orders: 0, last: null, products: 1, tables: ['till'] });
  expect(await beyond('empty', 'cafe')).toMatchObject({ products: 1 });
});
