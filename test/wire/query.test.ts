import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowCheck, Source } from '../../src/report/facts.ts';
import { compute } from '../../src/report/run.ts';
import { readRows, type ShopRows } from '../../src/report/sources/aggregate.ts';
import { checkStatements } from '../../src/report/sources/check-statements.ts';
import { quartersStatement, totalsStatement } from '../../src/report/sources/mysql-statements.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';
import { columnsStatement, queriedShop } from '../../src/report/sources/shop.ts';
import { instantOfStored } from '../../src/report/sources/stored-clock.ts';
import { offsetAt } from '../../src/schedule/zone.ts';
import { occasion, settings } from '../report/reported.ts';
import { oddShop } from '../report/rows.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { hour, makeOddShop, noon, rows, shops, timeless, window, windowOf } from './helpers/odd-shops.ts';
import { asQueried, cafeQuery, wholeReport } from './helpers/queried.ts';
import { runProgram } from './helpers/salesreport.ts';
import { fillShop, makeShop, shopLogin, sourceOf } from './helpers/shop.ts';

/** `SEED=… npm run test:wire` runs the same shops again. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

let mariadb: Mariadb;
const opened: Source[] = [];
const open = (...given: Parameters<typeof sourceOf>): Source => {
  const source = sourceOf(...given);
  opened.push(source);
  return source;
};

beforeAll(async () => {
  mariadb = await startMariadb();
  for (const shop of shops) await makeOddShop(mariadb, shop);
});

afterAll(async () => {
  await Promise.all(opened.map(source => source.close()));
  await mariadb?.stop();
});

describe(`a shop of another schema, SEED=${seed}`, () => {
  test.each(shops)('has the same report to the byte when its query selects from the default tables: %s', async shop => {
    const [plain, queried] = [open(mariadb, shop), open(mariadb, shop, { query: cafeQuery })];
    const sales = window.chain(within => fc.record({ within: fc.constant(within), rows: rows(shop, within) }));
    let sold = 0;
    await fc.assert(
      fc.asyncProperty(sales, async ({ within, rows }) => {
        await fillShop(mariadb, shop, rows);
        expect(timeless(await queried.read([within], noon))).toEqual(asQueried(readRows(rows, [within], noon)));
        const report = await wholeReport(plain, within);
        expect(await wholeReport(queried, within)).toBe(report);
        if (!report.includes('"products":[]')) sold++;
      }),
      { seed, numRuns: 60 },
    );
    expect(sold).toBeGreaterThan(10);
  });

  test('has that report too in a month of the sample shop', async () => {
    const month = windowOf(Date.UTC(2026, 9, 24), Date.UTC(2026, 10, 24));
    await fillShop(mariadb, 'cafe', sampleShop(windowOf(Date.UTC(2026, 7, 1), Date.UTC(2026, 10, 25))));
    const report = await wholeReport(open(mariadb, 'cafe'), month);
    expect(await wholeReport(open(mariadb, 'cafe', { query: cafeQuery }), month)).toBe(report);
    expect(report).toContain('Croissant');
  });

  test('is known by one table of lines, where an order is what its lines add up to', async () => {
    await mariadb.query(
      `CREATE TABLE fine.receipt (stamp DATETIME(3), receipt VARCHAR(20), article VARCHAR(50), pieces DECIMAL(6, 2), price DECIMAL(8, 2)) CHARACTER SET utf8mb4;
       INSERT INTO fine.receipt VALUES ('2026-11-24 11:10:00', 'a-1', 'Tea', 1.5, 3), ('2026-11-24 11:10:00', 'a-1', 'tea', 1, 2), ('2026-11-24 11:50:00', 'a-2', 'Tea', 2, NULL)`,
    );
    const query =
      'SELECT stamp AS ordered_at, receipt AS order_id, article AS product, pieces AS quantity, price AS amount FROM receipt WHERE article <> "?"';
    const reading = await open(mariadb, 'fine', { query }).read([windowOf(noon - hour, noon)], noon);
    expect(reading).toMatchObject({
      lacking: ['product_group'],
      facts: [
        {
          totals: {
            sales: '5',
            orders: 2,
            ordersWithoutAmount: 1,
            positiveOrders: 1,
            units: '4.5',
            itemSales: '5',
            items: 3,
          },
          products: [
            { productId: 'Tea', product: 'Tea', group: null, sales: '3', units: '3.5' },
            { productId: 'tea', product: 'tea', group: null, sales: '2', units: '1' },
          ],
          quarters: [
            { at: '2026-11-24T11:00:00.000Z', sales: '5', orders: 1 },
            { at: '2026-11-24T11:45:00.000Z', sales: '0', orders: 1 },
          ],
        },
      ],
      first: '2026-11-24T11:10:00.000Z',
      last: '2026-11-24T11:50:00.000Z',
    });
  });

  test('leaves out what its query does not give, and says so', async () => {
    await fillShop(mariadb, 'cafe', oddShop);
    const query = 'SELECT order_date_time AS ordered_at, order_number AS order_id, amount FROM `order`';
    const source = open(mariadb, 'cafe', { query });
    const { report, text } = await compute(windowOf(noon - hour, noon), source, settings, occasion);
    expect(report).toMatchObject({
      sales: '7.30',
      orders: 4,
      units: null,
      groups: [],
      products: [],
      movers: [],
      missing: [],
    });
    expect(report.omitted.map(({ block }) => block)).toEqual(['products', 'movers', 'missing', 'groups', 'units']);
    expect(text).toContain("Not in this report: by group. The shop's query gives no product group.");
    expect(text).not.toContain('By product');
  });
});

describe('a query is refused', () => {
  const base = { ordered_at: 'order_date_time', order_id: 'order_number', amount: 'amount' };
  const select = (columns: Record<string, string>) =>
    `SELECT ${Object.entries(columns)
      .map(([name, value]) => `${value} AS ${name}`)
      .join(', ')} FROM \`order\``;
  test.each([
    [
      select({ order_id: 'order_number', amount: 'amount' }),
      /^The query gives no column ordered_at: name one so with AS, when the order was made/,
    ],
    [
      select({ ...base, qty: '1' }),
      /^The query gives a column qty, which the report does not know: name it one of ordered_at, .*, or leave it out\.$/,
    ],
    [
      select({ ...base, ordered_at: "'today'" }),
      /^The query's column ordered_at is not a time: write CAST\(… AS DATETIME\) AS ordered_at\.$/,
    ],
    [
      select({ ...base, amount: "'1.00'" }),
      /^The query's column amount is not a number: write CAST\(… AS DECIMAL\(12, 2\)\) AS amount\.$/,
    ],
    [
      select({ ...base, product: "x'00ff'" }),
      /^The query's column product is not text or a number: write CAST\(… AS CHAR\) AS product\.$/,
    ],
    [
      select({ ...base, amount: 'price' }),
      /^The database refuses the query \(Unknown column 'price' in '[A-Z]+'\): correct it\.$/,
    ],
    [
      'SELECT 1 AS amount, 2 AS amount',
      /^The database refuses the query \(Duplicate column name 'amount'\): correct it\.$/,
    ],
    ['SELECT * FROM sales', /^The database refuses the query \(Table 'cafe\.sales' doesn't exist\): correct it\.$/],
    [
      'SELECT amount FROM WHERE',
      /^The database refuses the query \(You have an error in your SQL syntax.*\): correct it\.$/s,
    ],
    ['SELECT * FROM mysql.user', /^reader may not read every table that the report needs/],
  ])('%s', async (query, sentence) => {
    const source = open(mariadb, 'cafe', { query });
    await expect(source.read([windowOf(noon, noon + hour)], noon)).rejects.toThrow(sentence);
    const hops = await source.probe();
    expect(hops.at(-1)).toMatchObject({ hop: 'select query', ok: false, detail: expect.stringMatching(sentence) });
  });

  test('that would write, by the transaction too', async () => {
    await mariadb.query(
      "CREATE TABLE cafe.log (at DATETIME); CREATE FUNCTION cafe.logs() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO cafe.log VALUES ('2026-11-24'); RETURN 1; END; GRANT EXECUTE ON cafe.* TO reader@'%'",
    );
    const source = open(mariadb, 'cafe', { query: select({ ...base, amount: 'cafe.logs()' }) });
    await fillShop(mariadb, 'cafe', oddShop);
    await expect(source.read([windowOf(noon - hour, noon)], noon)).rejects.toThrow(/READ ONLY transaction/);
    expect(await mariadb.query('SELECT * FROM cafe.log')).toEqual([]);
  });
});

test('the probe has one hop for the query', async () => {
  await fillShop(mariadb, 'cafe', oddShop);
  const query = 'SELECT order_date_time AS ordered_at, order_number AS order_id, amount, 1 AS quantity FROM `order`';
  const hops = await open(mariadb, 'cafe', { query }).probe();
  expect(hops.map(({ hop, ok }) => `${hop} ${ok}`)).toEqual([
    'name true',
    'tcp true',
    'login true',
    'select query true',
  ]);
  expect(hops.at(-1)!.detail).toBe('without product, product_group');
});

test('the window reaches the index below the query', async () => {
  await makeShop(mariadb, 'large');
  await mariadb.query(
    `INSERT INTO product (id, product_name, price) SELECT seq, seq, 1 FROM seq_1_to_50;
     INSERT INTO \`order\` SELECT seq, '2026-01-01' + INTERVAL seq * 10 MINUTE, 10 FROM seq_1_to_40000;
     INSERT INTO order_item SELECT order_number, 1, 1 + order_number % 50, 1, 10 FROM \`order\`;
     ANALYZE TABLE \`order\`, order_item, product`,
    { database: 'large' },
  );
  const fields = await mariadb.fields(columnsStatement(cafeQuery), { database: 'large' });
  const shop = queriedShop(cafeQuery, fields);
  const rowsRead = async (statement: string, ...values: string[]) => {
    const { sql } = shop.prepare(statement, values);
    const counted = await mariadb.query(
      `FLUSH STATUS; ${sql}; SELECT SUM(variable_value) AS count FROM information_schema.session_status WHERE variable_name LIKE 'HANDLER_READ%'`,
      { database: 'large' },
    );
    return Number((counted.at(-1) as unknown as { count: string }[])[0]!.count);
  };
  // A day has 144 orders of the 40,000.
  for (const statement of [totalsStatement, quartersStatement, shop.products])
    expect(await rowsRead(statement, '2026-06-01', '2026-06-02'), statement).toBeLessThan(3_000);
  expect(await rowsRead(shop.span, '2026-06-02')).toBeLessThan(100);
  const bounds = { from: '2026-06-01', to: '2026-06-02', soon: '2027-01-01', lowest: '1', highest: '1' };
  for (const [id, statement] of Object.entries(checkStatements))
    if (!shop.absent.includes(id as RowCheck))
      expect(await rowsRead(statement.sql, ...statement.bounds.map(bound => bounds[bound])), id).toBeLessThan(6_000);
});

describe(`times stored in a zone, SEED=${seed}`, () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Chatham'];
  /** Within two hours of a change of the clocks of most of these. */
  const changes = [
    Date.UTC(2026, 2, 29, 1),
    Date.UTC(2026, 9, 25, 1),
    Date.UTC(2026, 3, 4, 15),
    Date.UTC(2026, 2, 8, 5, 30),
  ];

  test('are in one window each, and mean what the clocks showed', async () => {
    const sources = new Map(zones.map(zone => [zone, open(mariadb, 'fine', { storedTimes: zone })]));
    const minutes = fc.integer({ min: -240, max: 240 });
    const shop = fc.record({
      zone: fc.constantFrom(...zones),
      change: fc.constantFrom(...changes),
      bounds: fc.uniqueArray(minutes, { minLength: 2, maxLength: 5 }),
      at: fc.array(minutes, { minLength: 1, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(shop, async ({ zone, change, bounds, at }) => {
        const instants = at.map(minute => change + minute * 60_000);
        const shopOf = (times: number[]): ShopRows => ({
          groups: [],
          products: [],
          orders: times.map((at, number) => ({ number: number + 1, at, amount: '1.00' })),
          items: [],
        });
        await fillShop(mariadb, 'fine', shopOf(instants), zone);
        const meant = shopOf(instants.map(instant => instantOfStored(instant + offsetAt(instant, zone), zone)));
        const ends = [-9 * 60, ...bounds.toSorted((a, b) => a - b), 9 * 60].map(minute => change + minute * 60_000);
        const windows = ends.slice(1).map((to, index) => windowOf(ends[index]!, to));
        const reading = await sources.get(zone)!.read(windows, noon);
        expect(reading).toMatchObject({ facts: readRows(meant, windows, noon).facts });
        expect(reading.facts.reduce((sum, { totals }) => sum + totals.orders, 0)).toBe(at.length);
      }),
      { seed, numRuns: 200 },
    );
  });

  test.each([
    ['DATETIME(3)', '2026-07-01 01:00:00', '2026-06-30T23:00:00.000Z'],
    ['TIMESTAMP', '2026-07-01 01:00:00', '2026-07-01T01:00:00.000Z'],
    ['DATE', '2026-07-01', '2026-06-30T22:00:00.000Z'],
  ])('of a %s', async (type, stored, instant) => {
    await mariadb.query(
      `CREATE OR REPLACE TABLE fine.sale (id INT, sold ${type}); SET time_zone = '+00:00'; INSERT INTO fine.sale VALUES (1, '${stored}')`,
    );
    const query = 'SELECT sold AS ordered_at, id AS order_id, 5 AS amount FROM sale';
    const at = Date.parse(instant);
    const windows = [windowOf(at - hour, at), windowOf(at, at + 1), windowOf(at + 1, at + 24 * hour)];
    const { facts, first } = await open(mariadb, 'fine', { query, storedTimes: 'Europe/Berlin' }).read(windows, noon);
    expect(facts.map(({ totals }) => totals.orders)).toEqual([0, 1, 0]);
    expect(first).toBe(instant);
  });
});

describe('the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-query-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('reads the query of its settings, or of a flag', async () => {
    await fillShop(mariadb, 'cafe', oddShop);
    const at = (name: string) => join(folder, name);
    writeFileSync(
      at('shop.sql'),
      `-- Our orders;\nSELECT order_date_time AS ordered_at, order_number AS order_id, amount FROM \`order\`; -- all\n`,
    );
    writeFileSync(at('with.yaml'), 'report:\n  query: shop.sql\n');
    writeFileSync(at('without.yaml'), '');
    const url = mariadb.url({ database: 'cafe', user: shopLogin.user });
    const env = { SALESREPORT_DATABASE_PASSWORD: shopLogin.password };
    const run = (...args: string[]) =>
      runProgram(
        'http://127.0.0.1:1',
        [
          'run',
          '--dry-run',
          ...['--database-url', url, '--from', '2026-11-24T11:00Z', '--to', '2026-11-24T12:00Z', '--format', 'json'],
          ...args,
        ],
        env,
      );
    for (const args of [
      ['--settings', at('with.yaml')],
      ['--settings', at('without.yaml'), '--query', at('shop.sql')],
    ]) {
      const { exit, stdout, stderr } = await run(...args);
      expect(exit, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ sales: '7.30', orders: 4, units: null });
    }
    const { exit, stderr } = await run('--settings', at('without.yaml'), '--query', at('none.sql'));
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: `Error: --query is ${at('none.sql')}, but there is no such file; name a file that holds the SELECT.\n`,
    });
  });
});
