import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Source } from '../../src/report/facts.ts';
import { readRows } from '../../src/report/sources/aggregate.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';
import { makeOddShop, noon, rows, shops, timeless, window, windowOf } from '../wire/helpers/odd-shops.ts';
import { asQueried, cafeQuery, wholeReport } from '../wire/helpers/queried.ts';
import { fillShop, sourceOf } from '../wire/helpers/shop.ts';
import { startTidb, type Tidb } from './server.ts';

/** `SEED=… npm run test:tidb` runs the same shops again. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

let tidb: Tidb;
const opened: Source[] = [];
const open = (...given: Parameters<typeof sourceOf>): Source => {
  const source = sourceOf(...given);
  opened.push(source);
  return source;
};

beforeAll(async () => {
  tidb = await startTidb();
  for (const shop of shops) await makeOddShop(tidb, shop);
});

afterAll(async () => {
  await Promise.all(opened.map(source => source.close()));
  await tidb?.stop();
});

describe(`TiDB and the plain code, SEED=${seed}`, () => {
  test.each(shops)('find the same facts in the same sales, with and without a query: %s', async shop => {
    const [plain, queried] = [open(tidb, shop), open(tidb, shop, { query: cafeQuery })];
    const sales = window.chain(within => fc.record({ within: fc.constant(within), rows: rows(shop, within) }));
    let sold = 0;
    await fc.assert(
      fc.asyncProperty(sales, async ({ within, rows }) => {
        await fillShop(tidb, shop, rows);
        const reading = await plain.read([within], noon);
        const expected = readRows(rows, [within], noon);
        expect(timeless(reading)).toEqual(timeless(expected));
        expect(timeless(await queried.read([within], noon))).toEqual(asQueried(expected));
        if (reading.facts[0]!.products.length > 0) sold++;
      }),
      { seed, numRuns: 100 },
    );
    expect(sold).toBeGreaterThan(15);
  });

  test('give the same report of a month of the sample shop, with and without a query', async () => {
    const month = windowOf(Date.UTC(2026, 9, 24), Date.UTC(2026, 10, 24));
    await fillShop(tidb, 'cafe', sampleShop(windowOf(Date.UTC(2026, 7, 1), Date.UTC(2026, 10, 25))));
    const report = await wholeReport(open(tidb, 'cafe'), month);
    expect(report).toContain('Croissant');
    expect(await wholeReport(open(tidb, 'cafe', { query: cafeQuery }), month)).toBe(report);
  });
});

test('the probe reads the tables, and the version is told', async () => {
  const hops = await open(tidb, 'cafe').probe();
  expect(hops.filter(({ ok }) => !ok)).toEqual([]);
  expect(hops.find(({ hop }) => hop === 'login')!.detail).toContain('TiDB');
});
