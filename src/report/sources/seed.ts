import cafe from '../../../database/cafe.sql';
import type { BeyondSeed, Seed } from '../../function-contract.ts';
import type { MysqlOptions } from './mysql.ts';
import type { ShopConnection } from './mysql-connection.ts';
import { databaseProblem } from './mysql-problems.ts';
import { tables } from './tables.ts';

/**
 * In which minutes the sample café sells, in its own words: a condition on `time`. At most one order comes in a minute.
 */
const sells = /FROM visit\s+WHERE ([^;]*?)\n {4}\), choice/.exec(cafe)?.[1];

/** The ids of the sample café's products, in its own words. */
const cafesProducts = [...cafe.matchAll(/^ {2}\((\d+), '/gm)].map(([, id]) => id!);

/** Of the orders, those that are not of the seed, and the time of the last of them. */
function ordersStatement(seed: Seed): string {
  const isOfSeed = seed === 'cafe' ? `SECOND(time) = 0 AND ${sells}` : 'FALSE';
  return `SELECT COUNT(*) - COUNT(DISTINCT IF(${isOfSeed}, time, NULL)) AS orders, MAX(IF(${isOfSeed}, NULL, time)) AS last
FROM (SELECT order_date_time AS time FROM \`order\`) AS visit`;
}

const productsStatement = (seed: Seed): string =>
  `SELECT COUNT(*) AS products FROM product${seed === 'cafe' ? ` WHERE id NOT IN (${cafesProducts.join(', ')})` : ''}`;

const tablesStatement = `SELECT table_name AS name FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name NOT IN (${tables.map(({ name }) => `'${name}'`).join(', ')}) ORDER BY name`;

/** What the default shop's tables hold beyond the seed. Throws Problem `schema`, `timeout` or `database`. */
export async function beyondSeed(connection: ShopConnection, seed: Seed, options: MysqlOptions): Promise<BeyondSeed> {
  const rows = async (sql: string) =>
    (await connection.query({ sql, timeout: options.answerMs }))[0] as Record<string, string | number | null>[];
  try {
    const [[orders = {}], [products = {}], others] = [
      await rows(ordersStatement(seed)),
      await rows(productsStatement(seed)),
      await rows(tablesStatement),
    ];
    return {
      orders: Number(orders.orders),
      last: orders.last == null ? null : String(orders.last),
      products: Number(products.products),
      tables: others.map(({ name }) => String(name)),
    };
  } catch (error) {
    throw databaseProblem(error, options);
  }
}
