import { expect, test } from 'vitest';
import { readRows, tally } from '../../src/report/sources/aggregate.ts';
import { sampleSource } from '../../src/report/sources/sample.ts';
import { lastHour, noon, oddShop } from './rows.ts';

test('what is sold at the begin of the window counts, what is sold at its end does not', () => {
  const { totals } = tally(oddShop, lastHour);
  expect(totals).toEqual({
    sales: '7.3',
    orders: 4,
    positiveSales: '10.3',
    positiveOrders: 2,
    ordersWithoutAmount: 1,
    units: '10',
    itemSales: '12.8',
    items: 6,
  });
});

test('items of unknown products and groups are facts too, in the order of their sales', () => {
  expect(tally(oddShop, lastHour).products).toEqual([
    { productId: '1', product: 'Croissant', group: 'Pastries', sales: '5.05', units: '2', items: 1 },
    { productId: '2', product: 'Gift card', group: null, sales: '5.05', units: '1', items: 1 },
    { productId: null, product: null, group: null, sales: '2', units: '4', items: 1 },
    { productId: '8', product: null, group: null, sales: '0.5', units: '1', items: 1 },
    { productId: '3', product: 'Old tea', group: null, sales: '0.1', units: '1', items: 1 },
    { productId: '7', product: null, group: null, sales: '0.1', units: '1', items: 1 },
  ]);
});

test('an empty window has zeros, and no products', () => {
  const empty = { from: '2026-11-24T09:00:00.000Z', to: '2026-11-24T10:00:00.000Z' };
  expect(tally(oddShop, empty)).toMatchObject({
    totals: { sales: '0', orders: 0, units: '0', items: 0 },
    products: [],
    quarters: [],
  });
});

test('quarters of an hour have their orders, also those without an amount', () => {
  expect(tally(oddShop, lastHour).quarters).toEqual([
    { at: '2026-11-24T11:00:00.000Z', sales: '10.1', orders: 1 },
    { at: '2026-11-24T11:45:00.000Z', sales: '-2.8', orders: 3 },
  ]);
});

test('what is read of rows knows when the shop began, and its last order before the end', () => {
  expect(readRows(oddShop, [lastHour], noon)).toMatchObject({
    facts: [{ window: lastHour }],
    first: '2026-11-24T10:59:59.000Z',
    last: '2026-11-24T11:59:59.000Z',
  });
  expect(readRows({ groups: [], products: [], orders: [], items: [] }, [lastHour], noon)).toMatchObject({
    first: null,
    last: null,
  });
});

test('the sample shop has no sale that is yet to be made', async () => {
  const windows = [{ from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' }];
  const now = Date.parse('2026-11-24T10:00Z');
  const { last } = await sampleSource.read(windows, now);
  expect(Date.parse(last!)).toBeLessThan(now);
});
