import { isIP } from 'node:net';
import type { Connection, FieldPacket } from 'mysql2/promise';
import type { Clock } from '../../clock.ts';
import { decimal, sum, sumOrNull } from '../decimal.ts';
import type { Facts, QuarterFacts, Reading, Source, Window } from '../facts.ts';
import type { Secret } from '../secret.ts';
import { authorities } from './authorities.ts';
import { typesStatement } from './check-statements.ts';
import { inOrder } from './in-order.ts';
import { type Query, type Row, readFindings } from './mysql-findings.ts';
import { probe } from './mysql-probe.ts';
import { databaseProblem, isRefusedStatement, queryProblem } from './mysql-problems.ts';
import { beginSnapshot, limitStatements, patientQuery } from './mysql-session.ts';
import { quartersStatement, totalsStatement } from './mysql-statements.ts';
import { columnsStatement, defaultShop, type Prepared, queriedShop, type Shop } from './shop.ts';
import { type StoredClock, storedClock } from './stored-clock.ts';

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
  /** A SELECT of the shop's order lines, for a shop of another schema than the default. */
  query?: string | undefined;
  /** IANA zone of the times in the database; UTC without one. */
  storedTimes?: string;
  connectMs: number;
  answerMs: number;
  clock: Clock;
}

/** A shop's facts over the MySQL protocol. What it throws is a Problem without secrets; the driver is loaded at the first connection. */
export function mysqlSource(options: MysqlOptions): Source {
  let opened: Promise<Connection> | undefined;
  const connection = () => (opened ??= login(options));
  return {
    kind: 'database',
    read: async (windows, now) => read(await connection(), windows, now, options),
    probe: () => probe(options, connection, async () => shopOf(await connection(), options)),
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

/** All statements see the shop at one instant: a sale that comes in between them is in none. */
async function read(connection: Connection, windows: readonly Window[], now: number, options: MysqlOptions): Promise<Reading> {
  const send = async ({ sql, values }: Prepared): Promise<Row[]> => {
    const statement = { sql, timeout: options.answerMs };
    const [rows] = values ? await connection.execute(statement, [...values]) : await connection.query(statement);
    return rows as Row[];
  };
  /** Not every statement can be prepared. */
  const tell = (sql: string) => send({ sql });
  const { query, isLost } = patientQuery(connection, options.answerMs);
  try {
    // The bounds are in UTC: a TIMESTAMP would be compared in the server's own zone.
    await tell("SET time_zone = '+00:00'");
    await limitStatements(connection, options.answerMs);
    await tell('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await beginSnapshot(tell);
    const start = performance.now();
    const shop = await shopOf(connection, options);
    const inexact = { found: shop.inexact, seconds: secondsSince(start) };
    const ask = (statement: string, values: string[]) => send(shop.prepare(statement, values));
    const clock = storedClock(options.storedTimes ?? 'UTC', shop.timeType);
    const facts: Facts[] = [];
    for (const window of windows) {
      const bounds = [clock.bound(window.from), clock.bound(window.to)];
      const [totals = {}] = await ask(totalsStatement, bounds);
      const products = await ask(shop.products, bounds);
      facts.push(factsOf(window, { totals, products, quarters: await ask(quartersStatement, bounds) }, shop, clock));
    }
    const [span = {}] = await ask(shop.span, [clock.bound(windows.at(-1)!.to)]);
    const [first = null, last = null] = [span.first, span.last].map(time => (time == null ? null : clock.instant(String(time))));
    const seconds = secondsSince(start);
    const look: Query = (statement, values) => {
      const prepared = shop.prepare(statement, values);
      return query(prepared.sql, prepared.values ?? []);
    };
    const looked = await readFindings(look, windows.at(-1)!, now, { clock, absent: shop.absent, budgetMs: 3 * options.answerMs });
    if (isLost()) connection.destroy();
    else await tell('COMMIT');
    const lacking = shop.lacking.length > 0 ? { lacking: shop.lacking } : {};
    return { facts, first, last, ...lacking, findings: { ...looked, inexact, seconds } };
  } catch (error) {
    throw databaseProblem(error, options);
  }
}

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;

/** How the shop keeps its sales, by what the server says of its columns. */
async function shopOf(connection: Connection, { query, answerMs }: MysqlOptions): Promise<Shop> {
  const fieldsOf = async (sql: string): Promise<FieldPacket[]> => (await connection.query({ sql, timeout: answerMs }))[1];
  if (query === undefined) return defaultShop(await fieldsOf(typesStatement));
  const fields = await fieldsOf(columnsStatement(query)).catch(error => {
    throw isRefusedStatement(error) ? queryProblem(error) : error;
  });
  return queriedShop(query, fields);
}

interface Answers {
  totals: Row;
  products: Row[];
  quarters: Row[];
}

function factsOf(window: Window, { totals, products, quarters }: Answers, { lacking }: Shop, clock: StoredClock): Facts {
  const number = (value: Row[string] | undefined) => decimal(String(value ?? 0));
  const text = (value: Row[string] | undefined) => (value == null ? null : String(value));
  const units = ({ units }: Row) => (lacking.includes('quantity') ? null : number(units));
  return {
    window,
    totals: {
      sales: number(totals.sales),
      orders: Number(totals.orders),
      positiveSales: number(totals.positive_sales),
      positiveOrders: Number(totals.positive_orders),
      ordersWithoutAmount: Number(totals.orders_without_amount),
      units: lacking.includes('quantity') ? null : sumOrNull(products.map(units)),
      itemSales: sum(products.map(({ sales }) => number(sales))),
      items: products.reduce((count, { items }) => count + Number(items), 0),
    },
    products: inOrder(
      products.map(row => ({
        productId: text(row.product_id),
        product: text(row.product),
        group: text(row.product_group),
        sales: number(row.sales),
        units: units(row),
        items: Number(row.items),
      })),
    ),
    quarters: quartersOf(
      quarters.map(row => ({ at: clock.instant(String(row.at)), sales: number(row.sales), orders: Number(row.orders) })),
    ),
  };
}

/** Stored times that clocks skip in spring all mean the instant of the change: what they sold stands in one quarter with it. */
function quartersOf(quarters: readonly QuarterFacts[]): QuarterFacts[] {
  const found = new Map<string, QuarterFacts>();
  for (const { at, sales, orders } of quarters) {
    const known = found.get(at);
    found.set(at, known ? { at, sales: sum([known.sales, sales]), orders: known.orders + orders } : { at, sales, orders });
  }
  return [...found.values()];
}
