import { isIP } from 'node:net';
import type { FieldPacket } from 'mysql2';
import type { Clock } from '../../clock.ts';
import type { Facts, Reading, Source, Wanted, Window } from '../facts.ts';
import type { Secret } from '../secret.ts';
import { authorities } from './authorities.ts';
import { typesStatement } from './check-statements.ts';
import { openShop, type ShopConnection } from './mysql-connection.ts';
import { factsOf } from './mysql-facts.ts';
import { type Query, type Row, readFindings } from './mysql-findings.ts';
import { type Plans, readPlans } from './mysql-plans.ts';
import { probe } from './mysql-probe.ts';
import { databaseProblem, isRefusedStatement, queryProblem } from './mysql-problems.ts';
import { beginSnapshot, limitStatements, patientQuery } from './mysql-session.ts';
import { numbersStatement, quartersStatement, totalsStatement } from './mysql-statements.ts';
import { beyondSeed } from './seed.ts';
import { columnsStatement, defaultShop, type Prepared, queriedShop, type Shop } from './shop.ts';
import { storedClock } from './stored-clock.ts';

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

/** A shop's database also tells how it finds what the report asks for. */
export interface MysqlSource extends Source {
  /** Of the statements for one window; `now` is ms since 1970 UTC. */
  explain(window: Window, now: number): Promise<Plans>;
}

/**
 * A shop's facts over the MySQL protocol. What it throws is a Problem without secrets; the driver is loaded at the
 * first connection.
 */
export function mysqlSource(options: MysqlOptions): MysqlSource {
  let opened: Promise<ShopConnection> | undefined;
  const closing = new AbortController();
  const connection = () => (opened ??= login(options, closing.signal));
  return {
    kind: 'database',
    read: async (windows, now) => read(await connection(), windows, now, options),
    explain: async (window, now) => explain(await connection(), window, now, options),
    probe: () => probe(options, connection, async () => shopOf(await connection(), options)),
    beyondSeed: async seed => beyondSeed(await connection(), seed, options),
    close: async () => closing.abort(),
  };
}

async function login(options: MysqlOptions, signal: AbortSignal): Promise<ShopConnection> {
  try {
    return await openShop(options, options.tls ? await tlsTo(options.host) : undefined, signal);
  } catch (error) {
    throw databaseProblem(error, options);
  }
}

/**
 * The driver compares the name in the certificate with `localhost` where the host is an address: an address is not
 * verified, only who vouches for it.
 */
const tlsTo = async (host: string) => ({
  minVersion: 'TLSv1.2',
  rejectUnauthorized: true,
  verifyIdentity: !isIP(host),
  ca: await authorities(),
});

type Ask = (statement: string, values: readonly string[]) => Promise<Row[]>;

/** All statements see the shop at one instant: a sale that comes in between them is in none. */
async function read(
  connection: ShopConnection,
  windows: readonly Wanted[],
  now: number,
  options: MysqlOptions,
): Promise<Reading> {
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
    const ask: Ask = (statement, values) => send(shop.prepare(statement, values));
    const clock = storedClock(options.storedTimes ?? 'UTC', shop.timeType);
    const facts: Facts[] = [];
    for (const { only, ...window } of windows) {
      const bounds = [clock.bound(window.from), clock.bound(window.to)];
      const [totals = {}] = await ask(totalsStatement, bounds);
      const products = only === 'orders' ? [] : await readProducts(ask, shop, bounds);
      facts.push(
        factsOf(window, { totals, products, quarters: only ? [] : await ask(quartersStatement, bounds) }, shop, clock),
      );
    }
    const [span = {}] = await ask(shop.span, [clock.bound(windows.at(-1)!.to)]);
    const [first = null, last = null] = [span.first, span.last].map(time =>
      time == null ? null : clock.instant(String(time)),
    );
    const seconds = secondsSince(start);
    const look: Query = (statement, values) => {
      const prepared = shop.prepare(statement, values);
      return query(prepared.sql, prepared.values ?? []);
    };
    const looked = await readFindings(look, windows.at(-1)!, now, {
      clock,
      absent: shop.absent,
      budgetMs: 3 * options.answerMs,
    });
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
async function shopOf(connection: ShopConnection, { query, answerMs }: MysqlOptions): Promise<Shop> {
  const fieldsOf = async (sql: string): Promise<FieldPacket[]> =>
    (await connection.query({ sql, timeout: answerMs }))[1];
  if (query === undefined) return defaultShop(await fieldsOf(typesStatement));
  const fields = await fieldsOf(columnsStatement(query)).catch(error => {
    throw isRefusedStatement(error) ? queryProblem(error) : error;
  });
  return queriedShop(query, fields);
}

async function explain(connection: ShopConnection, window: Window, now: number, options: MysqlOptions): Promise<Plans> {
  try {
    const shop = await shopOf(connection, options);
    const { query } = patientQuery(connection, options.answerMs);
    return await readPlans(query, shop, storedClock(options.storedTimes ?? 'UTC', shop.timeType), window, now);
  } catch (error) {
    throw databaseProblem(error, options);
  }
}

/**
 * What was sold of each product between two times. Where the numbers of its orders tell its items, no order is looked
 * up, which takes half the time.
 */
async function readProducts(
  ask: Ask,
  { products, productsOfNumbers }: Shop,
  bounds: readonly string[],
): Promise<Row[]> {
  if (productsOfNumbers === undefined) return ask(products, bounds);
  const [{ least, greatest, numbers, orders } = {}] = await ask(numbersStatement, bounds);
  // Text would not be in the order of numbers.
  const isWhole = typeof least === 'number' && typeof greatest === 'number' && greatest - least + 1 === Number(orders);
  return isWhole && numbers === orders
    ? ask(productsOfNumbers, [String(least), String(greatest)])
    : ask(products, bounds);
}
