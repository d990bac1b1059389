import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import cafe from '../../database/cafe.sql';
import { blockingCheck, type CheckResult, doubtsOf } from '../../src/report/checks.ts';
import type { RunContext } from '../../src/report/report.ts';
import { compute } from '../../src/report/run.ts';
import type { ShopRows } from '../../src/report/sources/aggregate.ts';
import { timetableOf } from '../../src/report/timetable.ts';
import { lastWindow } from '../../src/report/window.ts';
import { afterwards, brokenShops, soundShop, tuesday } from '../report/broken.ts';
import { settings } from '../report/reported.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { fillShop, makeShop, sourceOf } from './helpers/shop.ts';

let mariadb: Mariadb;

beforeAll(async () => {
  mariadb = await startMariadb();
});

afterAll(() => mariadb.stop());

/** A shop of its own where dates and quantities may be missing; `alter` changes its tables before its rows come in. */
async function shopOf(name: string, rows: ShopRows, alter = ''): Promise<void> {
  await makeShop(mariadb, name);
  await mariadb.query(
    `ALTER TABLE \`order\` MODIFY order_date_time DATETIME; ALTER TABLE order_item MODIFY quantity INT; ${alter}`,
    { database: name },
  );
  await fillShop(mariadb, name, rows);
}

/** What the checks doubt of Tuesday. */
async function doubts(name: string, occasion: Partial<RunContext> = {}, answerMs?: number): Promise<CheckResult[]> {
  const source = sourceOf(mariadb, name, answerMs === undefined ? {} : { answerMs });
  try {
    return doubtsOf((await compute(tuesday, source, settings, { now: afterwards, ...occasion })).report.checks);
  } catch (error) {
    const blocking = blockingCheck(error);
    if (!blocking) throw error;
    return [blocking];
  } finally {
    await source.close();
  }
}

describe('a database that is broken raises its check and no other', () => {
  beforeAll(() => shopOf('shop', soundShop));

  it('a sound one none', async () => {
    expect(await doubts('shop')).toEqual([]);
  });

  it.each(brokenShops)('$id', async ({ id, outcome, count, ids, rows, told = [] }) => {
    await fillShop(mariadb, 'shop', rows);
    expect(await doubts('shop', { told })).toMatchObject([{ id, outcome, count, ids }]);
  });

  it('order.unique, where the table has no key', async () => {
    await shopOf(
      'keyless',
      soundShop,
      'ALTER TABLE `order` MODIFY order_number INT, DROP PRIMARY KEY, ADD KEY (order_number)',
    );
    await mariadb.query(
      "INSERT INTO `order` SELECT * FROM `order` WHERE order_date_time >= '2026-11-24 12:00:00' ORDER BY order_number LIMIT 1",
      { database: 'keyless' },
    );
    expect(await doubts('keyless')).toMatchObject([{ id: 'order.unique', outcome: 'fail', policy: 'block', count: 1 }]);
  });

  it.each(['FLOAT', 'DOUBLE'])('money.type, where amounts are %s', async type => {
    const name = `inexact_${type}`;
    await shopOf(name, soundShop, `ALTER TABLE \`order\` MODIFY amount ${type}`);
    expect(await doubts(name)).toMatchObject([{ id: 'money.type', outcome: 'warn', count: 1, ids: ['order.amount'] }]);
  });

  it.each([
    ['no_table', 'DROP TABLE order_item', 'The database no_table lacks the table order_item: make it, name the shop'],
    ['no_column', 'ALTER TABLE `order` DROP amount', 'A table in no_column lacks the column order.amount: add it'],
    [
      'text',
      'ALTER TABLE `order` MODIFY amount VARCHAR(20)',
      'The column order.amount is not a number such as DECIMAL(10, 2)',
    ],
    [
      'numbers',
      'ALTER TABLE `order` MODIFY order_date_time INT',
      'The column order.order_date_time is not a date and time',
    ],
  ])('schema.columns: %s', async (name, alter, sentence) => {
    await makeShop(mariadb, name);
    await mariadb.query(alter, { database: name });
    const [result, ...others] = await doubts(name);
    expect(result).toMatchObject({ id: 'schema.columns', outcome: 'fail', policy: 'block' });
    expect(result!.words).toContain(sentence);
    expect(others).toEqual([]);
  });

  it('query.complete, where a statement that the report needs does not finish', async () => {
    await makeShop(mariadb, 'slow');
    // A view that takes its time, in the place of a table.
    await mariadb.query(
      'RENAME TABLE product TO real_product; CREATE VIEW product AS SELECT id, product_name, product_group, price FROM real_product WHERE SLEEP(30) = 0',
      { database: 'slow' },
    );
    await sellTea('slow');
    expect(await doubts('slow', {}, 1_000)).toMatchObject([{ id: 'query.complete', outcome: 'fail', policy: 'block' }]);
  });
});

/** An order of Tuesday with one item, where `product` cannot be filled. */
const sellTea = (name: string) =>
  mariadb.query(
    "INSERT INTO real_product (id, product_name, price) VALUES (1, 'Tea', 1); INSERT INTO `order` VALUES (1, '2026-11-24 12:00:00', 1); INSERT INTO order_item VALUES (1, 1, 1, 1, 1)",
    { database: name },
  );

describe('a check that cannot run', () => {
  it('passes where the products have no price', async () => {
    await shopOf('priceless', soundShop);
    await mariadb.query('ALTER TABLE product DROP price', { database: 'priceless' });
    expect(await doubts('priceless')).toEqual([]);
  });

  it('is an error of its own where it does not finish, and the report goes on', async () => {
    await makeShop(mariadb, 'stuck');
    // Only the check of prices reads them.
    await mariadb.query(
      'RENAME TABLE product TO real_product; CREATE VIEW product AS SELECT id, product_name, product_group, price + SLEEP(30) AS price FROM real_product',
      { database: 'stuck' },
    );
    await sellTea('stuck');
    const found = await doubts('stuck', {}, 1_000);
    expect(found).toContainEqual(
      expect.objectContaining({
        id: 'item.amount.matches',
        outcome: 'error',
        words: 'This could not be checked: it did not finish in its time.',
      }),
    );
    expect(found.filter(({ outcome }) => outcome === 'error')).toHaveLength(1);
  });
});

it("the database host's own shop raises nothing in the last week of its sales", async () => {
  await makeShop(mariadb, 'cafe');
  await mariadb.query(cafe, { database: 'cafe' });
  const source = sourceOf(mariadb, 'cafe');
  const timetable = timetableOf(settings);
  let { to } = lastWindow(timetable, Date.now());
  for (let nth = 0; nth < 6; nth++) {
    const window = lastWindow(timetable, Date.parse(to));
    const { report } = await compute(window, source, settings, { now: Date.now() });
    // A day far from the usual may come: what it sells is drawn by the minute.
    expect(doubtsOf(report.checks).filter(({ id }) => id !== 'day.volume.anomaly')).toEqual([]);
    to = window.from;
  }
  await source.close();
});

describe('query plans', () => {
  it('name the index on the date that is missing, and nothing where it is there', async () => {
    const explained = async (name: string) => {
      const source = sourceOf(mariadb, name);
      return source.explain(tuesday, afterwards).finally(() => source.close());
    };
    await makeShop(mariadb, 'indexed');
    const { plans, missing } = await explained('indexed');
    expect(missing).toEqual([]);
    expect(plans.map(({ name }) => name)).toContain('item.orphan.order');

    await mariadb.query('DROP INDEX order_date_time ON `order`', { database: 'indexed' });
    expect((await explained('indexed')).missing).toEqual([
      "There is no index on order.order_date_time, so each statement reads all orders to find the window's: CREATE INDEX order_date_time ON `order` (order_date_time);",
    ]);
    await mariadb.query('CREATE INDEX order_date_time ON `order` (order_date_time);', { database: 'indexed' });
    expect((await explained('indexed')).missing).toEqual([]);
  });

  it('read no more than the window and what is in the index, of a shop that is large enough to tell', async () => {
    await shopOf('planned', soundShop);
    await mariadb.query('ANALYZE TABLE `order`, order_item', { database: 'planned' });
    const source = sourceOf(mariadb, 'planned');
    const { plans } = await source.explain(tuesday, afterwards);
    await source.close();
    const steps = plans.flatMap(({ name, steps }) => steps.map(step => `${name}: ${step}`));
    expect(steps.filter(step => /: order(_item)?: reads/.test(step))).toEqual([]);
  });
});
