import { format } from 'mysql2';
import schema from '../../../database/schema.sql';
import { systemClock } from '../../../src/clock.ts';
import { Secret } from '../../../src/report/secret.ts';
import type { ShopRows } from '../../../src/report/sources/aggregate.ts';
import { type MysqlOptions, type MysqlSource, mysqlSource } from '../../../src/report/sources/mysql.ts';
import { offsetAt } from '../../../src/schedule/zone.ts';
import type { Mariadb } from './mariadb.ts';

/** As much of a database server as a shop needs. */
export type Server = Pick<Mariadb, 'port' | 'query'>;

/** Who reads the shops that are made here. */
export const shopLogin = { user: 'reader', password: 'reads-only' };
const { user, password } = shopLogin;

/** Makes an empty shop with the café's schema, and an account that reads it. */
export async function makeShop(server: Server, name: string): Promise<void> {
  await server.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`);
  await server.query(schema, { database: name });
  await server.query(
    `CREATE USER IF NOT EXISTS ${user}@'%' IDENTIFIED BY '${password}'; GRANT SELECT ON \`${name}\`.* TO ${user}@'%'`,
  );
}

/** Puts these rows into a shop in the place of all that was there. `zone`: in which its times are stored. */
export async function fillShop(
  server: Server,
  name: string,
  { groups, products, orders, items }: ShopRows,
  zone = 'UTC',
): Promise<void> {
  const insert = (columns: string, rows: (string | number | null)[][]) =>
    rows.length > 0 ? format(`INSERT INTO ${columns} VALUES ?;\n`, [rows]) : '';
  await server.query(
    [
      'START TRANSACTION; DELETE FROM order_item; DELETE FROM `order`; DELETE FROM product; DELETE FROM product_group;\n',
      insert(
        'product_group (product_group_number, product_group_name)',
        groups.map(group => [group.number, group.name]),
      ),
      insert(
        'product (id, product_name, product_group, price)',
        products.map(product => [product.id, product.name, product.group, product.price ?? '1.00']),
      ),
      insert(
        '`order` (order_number, order_date_time, amount)',
        orders.map(({ number, at, amount }) => [number, at === null ? null : sqlTime(at + offsetAt(at, zone)), amount]),
      ),
      insert(
        'order_item (order_number, order_item_number, product_id, quantity, amount)',
        items.map((item, index) => [item.order, index, item.product, item.quantity, item.amount]),
      ),
      'COMMIT',
    ].join(''),
    { database: name },
  );
}

/** The shop as the report reads it, each statement waited for for `answerMs`. Closed by whoever asks for it. */
export const sourceOf = (
  server: Server,
  name: string,
  given: Partial<Pick<MysqlOptions, 'query' | 'storedTimes' | 'answerMs'>> = {},
): MysqlSource =>
  mysqlSource({
    answerMs: 20_000,
    ...given,
    host: '127.0.0.1',
    port: server.port,
    name,
    user,
    password: new Secret(password),
    tls: false,
    connectMs: 5_000,
    clock: systemClock,
  });

/** Ms since 1970 as a DATETIME in UTC. */
const sqlTime = (at: number): string => new Date(at).toISOString().slice(0, -1).replace('T', ' ');
