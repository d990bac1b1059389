import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sum } from '../../src/report/decimal.ts';
import { textOf } from '../../src/report/render/text.ts';
import { reportOf } from '../../src/report/report.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';
import { tally } from '../../src/report/sources/tally.ts';
import { lastHour, oddShop } from './rows.ts';

const settings = { stack: 'salesreport', timezone: 'UTC', locale: 'en-GB' };
const odd = reportOf(tally(oddShop, lastHour), 'database', settings);

test('nothing is lost: the lines of groups and of products add up to the sales of all items', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 100 }), (startHour, hours) => {
      const from = Date.UTC(2026, 0, 1, startHour);
      const window = { from: new Date(from).toISOString(), to: new Date(from + hours * 3_600_000).toISOString() };
      const { groups, products, itemSales, sales } = reportOf(tally(sampleShop(window), window), 'sample', settings);
      for (const lines of [groups, products]) expect(Number(sum(lines.map(line => line.sales)))).toBe(Number(itemSales));
      expect(itemSales).toBe(sales);
    }),
    { numRuns: 50 },
  );
  expect(sum(odd.groups.map(({ sales }) => sales))).toBe('12.8');
  expect(sum(odd.products.map(({ sales }) => sales))).toBe('12.8');
});

test('an average is over the orders with a positive amount, rounded half away from zero to the currency', () => {
  const facts = tally(oddShop, lastHour);
  expect(odd.averageOrder).toBe('5.15');
  const of = (positiveSales: string, positiveOrders: number, currency?: string) =>
    reportOf({ ...facts, totals: { ...facts.totals, positiveSales, positiveOrders } }, 'database', { ...settings, currency })
      .averageOrder;
  expect(of('0.05', 2)).toBe('0.03');
  expect(of('10', 3)).toBe('3.33');
  expect(of('1001', 2, 'JPY')).toBe('501');
  expect(of('0', 0)).toBeNull();
});

test('amounts keep every digit of the database, and have at least those of the currency', () => {
  const facts = tally(oddShop, lastHour);
  const salesOf = (sales: string, currency?: string) =>
    reportOf({ ...facts, totals: { ...facts.totals, sales } }, 'database', { ...settings, currency }).sales;
  expect(salesOf('90071992547409931.5')).toBe('90071992547409931.50');
  expect(salesOf('1.2345')).toBe('1.2345');
  expect(salesOf('5', 'JPY')).toBe('5');
});

test('items of products that do not exist are one line, which comes last', () => {
  expect(odd.products.at(-1)).toEqual({ name: null, ids: [null, '8', '7'], group: null, sales: '2.60', units: '6' });
  expect(odd.groups).toEqual([
    { name: 'Pastries', sales: '5.05', units: '2', share: '39.5' },
    { name: null, sales: '7.75', units: '8', share: '60.5' },
  ]);
});

test('the mail', () => {
  expect(textOf({ ...odd, currency: 'EUR' })).toBe(`Tue 24 Nov 2026 11:00 to Tue 24 Nov 2026 12:00 UTC (1 h)
Sales (order totals): €7.30
Orders: 4
Average order: €5.15
Units: 10

Orders without an amount: 1; they are in Orders, and not in Sales.
The items add up to €12.80, which is €5.50 more than the order totals.

By group (items)
Pastries: €5.05, 39.5%, 2 units
Unassigned group: €7.75, 60.5%, 8 units

By product (items)
Croissant: €5.05, 2 units
Gift card: €5.05, 1 unit
Old tea: €0.10, 1 unit
Unassigned product: €2.60, 6 units
`);
});

test('an empty window says so', () => {
  const window = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-22T12:30:00.000Z' };
  const report = reportOf(tally(oddShop, window), 'database', { ...settings, timezone: 'Europe/Berlin', locale: 'de-DE' });
  expect(textOf(report)).toBe(`So 22 Nov 2026 01:00 to So 22 Nov 2026 13:30 Europe/Berlin (12 h 30 min)
Sales (order totals): 0,00
Orders: 0
Average order: n/a (no order with a positive amount)
Units: 0

No sales were recorded in this time.
`);
});

test.each([
  ['2026-11-24T11:00:00.000Z', '1 h'],
  ['2026-11-24T11:01:00.000Z', '1 h 1 min'],
  ['2026-11-26T11:00:00.000Z', '49 h'],
  ['2026-11-27T10:00:00.000Z', '3 days'],
  ['2026-12-24T09:00:00.000Z', '29 days 23 h'],
])('a window to %s is of %s', (to, words) => {
  const window = { from: '2026-11-24T10:00:00.000Z', to };
  expect(textOf(reportOf(tally(oddShop, window), 'database', settings))).toContain(` UTC (${words})\n`);
});

test('of many products the rest is one line', () => {
  const products = Array.from({ length: 25 }, (_, id) => ({
    productId: String(id),
    product: `Tea ${String(id).padStart(2, '0')}`,
    group: 'Tea',
    sales: '1.5',
    units: '1',
  }));
  const text = textOf(reportOf({ ...tally(oddShop, lastHour), products }, 'database', settings));
  expect(text).toContain('\nTea 19: 1.50, 1 unit\n5 more: 7.50, 5 units\n');
  expect(text).not.toContain('Tea 20');
});

test('sample data says so first', () => {
  expect(textOf(reportOf(tally(oddShop, lastHour), 'sample', settings))).toMatch(/^SAMPLE DATA: /);
});
