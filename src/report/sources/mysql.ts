import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { Connection } from 'mysql2/promise';
import type { Clock } from '../../clock.ts';
import type { Hop } from '../../function-contract.ts';
import { decimal, sum } from '../decimal.ts';
import type { Facts, Reading, Source, Wanted, Window } from '../facts.ts';
import type { Secret } from '../secret.ts';
import { authorities } from './authorities.ts';
import { inOrder } from './in-order.ts';
import { type Query, readFindings, readTypes } from './mysql-findings.ts';
import { type Plans, readPlans } from './mysql-plans.ts';
import { databaseProblem } from './mysql-problems.ts';
import {
  numbersStatement,
  productsOfNumbersStatement,
  productsStatement,
  quartersStatement,
  selectStatement,
  spanStatement,
  totalsStatement,
} from './mysql-statements.ts';
import { tables } from './tables.ts';

/** A shop's database, and how long it is waited for, in ms. */
export interface MysqlOptions {
  host: string;
  port: number;
  name: string;
  user: string;
  /** Undefined when it could not be read: then only the probe makes sense. */
  password: Secret | undefined;
  /** Encrypted, with the server's certificate verified, and its name unless `host` is an address. */
  tls: boolean;
  connectMs: number;
  answerMs: number;
  clock: Clock;
}

/** A shop's database also tells how it finds what the report asks for. */
export interface MysqlSource extends Source {
  /** Of the statements for one window; `now` is ms since 1970 UTC. */
  explain(window: Window, now: number): Promise<Plans>;
}

/** The default shop's facts over the MySQL protocol. What it throws is a Problem without secrets; the driver is loaded at the first connection. */
export function mysqlSource(options: MysqlOptions): MysqlSource {
  let opened: Promise<Connection> | undefined;
  const connection = () => (opened ??= login(options));
  return {
    kind: 'database',
    read: async (windows, now) => read(await connection(), windows, now, options),
    explain: async (window, now) => explain(await connection(), window, now, options),
    probe: () => probe(options, connection),
    close: async () => (await opened?.catch(() => undefined))?.destroy(),
  };
}

async function login(options: MysqlOptions): Promise<Connection> {
  const { host, port, name: database, user, password, tls, connectMs } = options;
  // Of a CommonJS package, the default export is what every bundler and Node agree on.
  const { default: driver } = await import('mysql2/promise');
  try {
    return await driver.createConnection({
      host,
      port,
      database,
      user,
      password: password?.reveal(),
      connectTimeout: connectMs,
      // Money stays text from the server to the report.
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      ...(tls ? { ssl: await tlsTo(host) } : {}),
    });
  } catch (error) {
    throw databaseProblem(error, options);
  }
}

/** The driver compares the name in the certificate with `localhost` where the host is an address: an address is not verified, only who vouches for it. */
const tlsTo = async (host: string) => ({
  minVersion: 'TLSv1.2',
  rejectUnauthorized: true,
  verifyIdentity: !isIP(host),
  ca: await authorities(),
});

type Row = Record<string, string | number | null>;
type Ask = (sql: string, values?: string[]) => Promise<Row[]>;

/** All statements see the shop at one instant: a sale that comes in between them is in none. */
async function read(connection: Connection, windows: readonly Wanted[], now: number, options: MysqlOptions): Promise<Reading> {
  /** Values are bound by the server; what has none is sent as it is, since not every statement can be prepared. */
  const ask: Ask = async (sql, values) => {
    const statement = { sql, timeout: options.answerMs };
    const [rows] = values ? await connection.execute(statement, values) : await connection.query(statement);
    return rows as Row[];
  };
  const { query, isLost } = patientQuery(connection, options.answerMs);
  try {
    // The bounds are in UTC: a TIMESTAMP would be compared in the server's own zone.
    await ask("SET time_zone = '+00:00'");
    await limitStatements(connection, options.answerMs);
    await ask('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await ask('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const inexact = await readTypes(query);
    const start = performance.now();
    const facts: Facts[] = [];
    for (const { only, ...window } of windows) {
      const bounds = [sqlTime(window.from), sqlTime(window.to)];
      const [totals = {}] = await ask(totalsStatement, bounds);
      const products = only === 'orders' ? [] : await readProducts(ask, bounds);
      facts.push(factsOf(window, totals, products, only ? [] : await ask(quartersStatement, bounds)));
    }
    const [span = {}] = await ask(spanStatement, [sqlTime(windows.at(-1)!.to)]);
    const seconds = Math.round(performance.now() - start) / 1000;
    const looked = await readFindings(
      query,
      windows.at(-1)!,
      now,
      { sqlTime, isoTime: time => isoTime(time)! },
      3 * options.answerMs,
    );
    if (isLost()) connection.destroy();
    else await ask('COMMIT');
    return { facts, first: isoTime(span.first), last: isoTime(span.last), findings: { ...looked, inexact, seconds } };
  } catch (error) {
    throw databaseProblem(error, options);
  }
}

async function explain(connection: Connection, window: Window, now: number, options: MysqlOptions): Promise<Plans> {
  try {
    return await readPlans(patientQuery(connection, options.answerMs).query, window, now, sqlTime);
  } catch (error) {
    throw databaseProblem(error, options);
  }
}

/** What was sold of each product between two times. Where the numbers of its orders tell its items, no order is looked up, which takes half the time. */
async function readProducts(ask: Ask, bounds: string[]): Promise<Row[]> {
  const [{ least, greatest, numbers, orders } = {}] = await ask(numbersStatement, bounds);
  // Text would not be in the order of numbers.
  const isWhole = typeof least === 'number' && typeof greatest === 'number' && greatest - least + 1 === Number(orders);
  return isWhole && numbers === orders
    ? ask(productsOfNumbersStatement, [String(least), String(greatest)])
    : ask(productsStatement, bounds);
}

/**
 * Sends statements whose failure the report survives. The server gives one up in time and goes on with the next; where it does not, the driver does a
 * second later, and the connection is lost, since the server still works on it.
 */
function patientQuery(connection: Connection, answerMs: number): { query: Query; isLost: () => boolean } {
  let lost: unknown;
  const query: Query = async (sql, values) => {
    if (lost) throw lost;
    try {
      const statement = { sql, timeout: answerMs + 1_000 };
      const [rows, fields] = await (values.length > 0 ? connection.execute(statement, [...values]) : connection.query(statement));
      return [rows as Row[], fields];
    } catch (error) {
      const { code, fatal } = error as { code?: string; fatal?: boolean };
      if (fatal || code === 'PROTOCOL_SEQUENCE_TIMEOUT') lost = error;
      throw error;
    }
  };
  return { query, isLost: () => lost !== undefined };
}

/** Makes the server give up a SELECT after so long: in MariaDB by the first of these, in s, in MySQL and TiDB by the second, in ms. */
async function limitStatements(connection: Connection, answerMs: number): Promise<void> {
  const sql = [`SET SESSION max_statement_time = ${answerMs / 1000}`, `SET SESSION max_execution_time = ${answerMs}`];
  for (const one of sql)
    await connection.query({ sql: one, timeout: answerMs }).catch((error: { code?: string }) => {
      if (error.code !== 'ER_UNKNOWN_SYSTEM_VARIABLE') throw error;
    });
}

function factsOf(window: Window, totals: Row, products: Row[], quarters: Row[]): Facts {
  const number = (value: Row[string] | undefined) => decimal(String(value ?? 0));
  const text = (value: Row[string] | undefined) => (value == null ? null : String(value));
  return {
    window,
    totals: {
      sales: number(totals.sales),
      orders: Number(totals.orders),
      positiveSales: number(totals.positive_sales),
      positiveOrders: Number(totals.positive_orders),
      ordersWithoutAmount: Number(totals.orders_without_amount),
      units: sum(products.map(({ units }) => number(units))),
      itemSales: sum(products.map(({ sales }) => number(sales))),
      items: products.reduce((count, { items }) => count + Number(items), 0),
    },
    products: inOrder(
      products.map(row => ({
        productId: text(row.product_id),
        product: text(row.product),
        group: text(row.product_group),
        sales: number(row.sales),
        units: number(row.units),
        items: Number(row.items),
      })),
    ),
    quarters: quarters.map(row => ({ at: isoTime(row.at)!, sales: number(row.sales), orders: Number(row.orders) })),
  };
}

/** An ISO instant as a literal of DATETIME in UTC: `2026-11-23 16:00:00.000`. */
const sqlTime = (instant: string): string => new Date(instant).toISOString().replace('T', ' ').replace('Z', '');

/** The reverse: of `2026-11-23 16:00:00` or with fractions. */
const isoTime = (time: Row[string] | undefined): string | null =>
  time == null ? null : new Date(`${String(time).replace(' ', 'T')}Z`).toISOString();

async function probe(options: MysqlOptions, connection: () => Promise<Connection>): Promise<Hop[]> {
  const { host, port, user, password, answerMs, clock } = options;
  const hops: Hop[] = [];
  /** Tries a hop unless one that it needs has failed. */
  const hop = async (name: Hop['hop'], work: () => Promise<string | undefined>, isPossible = hops.every(({ ok }) => ok)) => {
    if (!isPossible) return void hops.push({ hop: name, ok: false, ms: 0, skipped: true });
    const start = clock.now();
    const answer = await work().then(
      detail => ({ ok: true, detail }),
      error => ({ ok: false, detail: databaseProblem(error, options).message }),
    );
    hops.push({ hop: name, ms: clock.now() - start, ...answer });
  };
  await hop('name', async () => (isIP(host) ? host : (await lookup(host)).address));
  await hop('tcp', () => knock(options).then(() => `${host}:${port}`));
  const isReached = hops.every(({ ok }) => ok);
  await hop('login', async () => `${user} on ${await versionOf(await connection(), answerMs)}`, isReached && !!password);
  const isIn = hops.every(({ ok }) => ok);
  for (const table of tables)
    await hop(
      `select ${table.name}`,
      async () => {
        const [rows] = await (await connection()).query({ sql: selectStatement(table), timeout: answerMs });
        return (rows as Row[]).length === 0 ? 'no rows yet' : undefined;
      },
      isIn,
    );
  return hops;
}

/** `10.11.6-MariaDB`, `8.4.3`. */
async function versionOf(connection: Connection, timeout: number): Promise<string> {
  const [rows] = await connection.query({ sql: 'SELECT VERSION() AS version', timeout });
  return String((rows as Row[])[0]?.version);
}

/** Resolves once the port takes a connection. */
function knock({ host, port, connectMs }: MysqlOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: connectMs });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.once('error', fail);
    socket.once('timeout', () => fail(Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' })));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
