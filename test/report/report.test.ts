import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { around } from '../../src/report/comparisons.ts';
import { sum } from '../../src/report/decimal.ts';
import { textOf } from '../../src/report/render/text.ts';
import { reportOf, windowsToRead } from '../../src/report/report-of.ts';
import { compute } from '../../src/report/run.ts';
import { sampleShop, sampleSource } from '../../src/report/sources/sample.ts';
import { timetableOf } from '../../src/report/timetable.ts';
import { occasion, reported, settings } from './reported.ts';
import { hour, lastHour, noon, oddShop } from './rows.ts';

const odd = reported(oddShop, lastHour);
const totalsOf = (totals: object, given: object = {}) =>
  reported(oddShop, lastHour, given, facts => ({ ...facts, totals: { ...facts.totals, ...totals } }));

test('nothing is lost: the lines of groups, products and hours add up to the whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 100 }), (startHour, hours) => {
      const from = Date.UTC(2026, 0, 1, startHour);
      const window = { from: new Date(from).toISOString(), to: new Date(from + hours * hour).toISOString() };
      const report = reported(sampleShop(window), window, { timezone: 'Asia/Kathmandu' });
      for (const lines of [report.groups, report.products])
        expect(Number(sum(lines.map(line => line.sales)))).toBe(Number(report.itemSales));
      expect(Number(sum(report.hours!.map(line => line.sales)))).toBe(Number(report.sales));
      expect(report.itemSales).toBe(report.sales);
    }),
    { numRuns: 50 },
  );
  for (const lines of [odd.groups, odd.products]) expect(sum(lines.map(({ sales }) => sales))).toBe('12.8');
});

test('no more of a window is read than the report tells of it, and no less', async () => {
  const schedules = ['cron(0 16 ? * MON-SAT *)', 'cron(0 8 ? * MON *)', 'cron(0 9 1 * ? *)', 'rate(6 hours)'];
  let partly = 0;
  for (const schedule of schedules)
    for (const hours of [6, 24, 168]) {
      const given = { ...settings, schedule };
      const window = { from: new Date(noon - hours * hour).toISOString(), to: new Date(noon).toISOString() };
      const neighbours = around(window, timetableOf(given));
      const told = [{ ...neighbours.weeks[1]!, sales: '1.00', orders: 1, at: window.to }];
      const wanted = windowsToRead(window, neighbours, told);
      const whole = wanted.map(({ from, to }) => ({ from, to }));
      const [lean, full] = await Promise.all([wanted, whole].map(windows => sampleSource.read(windows, occasion.now)));
      const [fromLean, fromFull] = [lean!, full!].map(reading =>
        reportOf(reading, window, neighbours, 'sample', given, { ...occasion, told }),
      );
      expect(fromLean).toEqual(fromFull);
      partly += wanted.filter(({ only }) => only === 'orders').length;
    }
  expect(partly).toBeGreaterThan(schedules.length * 3 * 10);
});

test('an average is over the orders with a positive amount, rounded half away from zero to the currency', () => {
  const averageOf = (positiveSales: string, positiveOrders: number, currency?: string) =>
    totalsOf({ positiveSales, positiveOrders }, { currency }).averageOrder;
  expect(odd.averageOrder).toBe('5.15');
  expect(averageOf('0.05', 2)).toBe('0.03');
  expect(averageOf('10', 3)).toBe('3.33');
  expect(averageOf('1001', 2, 'JPY')).toBe('501');
  expect(averageOf('0', 0)).toBeNull();
});

test('amounts keep every digit of the database, and have at least those of the currency', () => {
  const salesOf = (sales: string, currency?: string) => totalsOf({ sales }, { currency }).sales;
  expect(salesOf('90071992547409931.5')).toBe('90071992547409931.50');
  expect(salesOf('1.2345')).toBe('1.2345');
  expect(salesOf('5', 'JPY')).toBe('5');
});

test('items of products that do not exist are one line, which comes last', () => {
  expect(odd.products.at(-1)).toEqual({ name: null, ids: [null, '8', '7'], group: null, sales: '2.60', units: '6' });
  expect(odd.groups).toEqual([
    { name: 'Pastries', sales: '5.05', units: '2', share: '39.5', weekEarlier: { kind: 'no data' } },
    { name: null, sales: '7.75', units: '8', share: '60.5', weekEarlier: { kind: 'no data' } },
  ]);
});

describe('against earlier times', () => {
  const week = 7 * 24 * hour;
  /** One order of a product at noon, and one so many weeks before for each of these amounts. */
  const weekly = (now: string, ...before: (string | null)[]) => {
    const amounts = [now, ...before];
    const sold = amounts.flatMap((amount, index) =>
      amount === null ? [] : [{ number: index + 1, at: noon - index * week, amount }],
    );
    return {
      groups: [],
      products: [
        { id: 1, name: 'Tea', group: null },
        { id: 2, name: 'Cake', group: null },
      ],
      orders: [...sold, { number: 99, at: noon - 20 * week, amount: '1.00' }],
      items: sold.map(({ number, amount }) => ({ order: number, product: number === 1 ? 1 : 2, quantity: 1, amount })),
    };
  };
  const window = { from: new Date(noon).toISOString(), to: new Date(noon + hour).toISOString() };

  test('the week before comes first, then the mean of the last four, then the report before', () => {
    const report = reported(weekly('110', '100', '120', '80', '100'), window, { currency: 'EUR' });
    expect(report.weekEarlier.sales).toEqual({ kind: 'value', by: '10', percent: '10.0' });
    expect(report.lastFour.sales).toEqual({ kind: 'value', by: '10', percent: '10.0' });
    expect(report.previous.sales).toEqual({ kind: 'was zero' });
    expect(textOf(report)).toMatch(
      /^Tue 24 Nov, 12:00 to 13:00: sales €110\.00, 10\.0% above a week earlier and 10\.0% above the mean of the last four such times\.\n/,
    );
  });

  test('a week without sales was zero, a week before the first order has no data', () => {
    expect(reported(weekly('110', null), window).weekEarlier.sales).toEqual({ kind: 'was zero' });
    const young = { ...weekly('110'), orders: [{ number: 1, at: noon, amount: '110' }] };
    const report = reported(young, window);
    expect(report.weekEarlier.sales).toEqual({ kind: 'no data' });
    expect(textOf(report)).toContain(': sales 110.00; there is nothing to compare with yet.\n');
    expect(textOf(report)).toContain('Orders: 1, against a week earlier: no data\n');
  });

  test('a report of another length is not held against this one', () => {
    const monday = { from: '2026-11-21T16:00:00.000Z', to: '2026-11-23T16:00:00.000Z' };
    expect(reported(oddShop, monday).previous.sales).toEqual({
      kind: 'not comparable',
      why: 'it was of 24 h, this one is of 48 h',
    });
  });

  test('movers, what is missing, and what is unusual', () => {
    const report = reported(weekly('500', '100', '102', '98', '101'), window);
    expect(report.movers).toEqual([
      { name: 'Tea', by: '500.00' },
      { name: 'Cake', by: '-100.00' },
    ]);
    expect(report.missing).toEqual(['Cake']);
    expect(report.unusual).toBe(true);
    expect(reported(weekly('101', '100', '102', '98', '101'), window).unusual).toBe(false);
  });
});

test('the mail', () => {
  expect(
    textOf({ ...odd, currency: 'EUR' }),
  ).toBe(`Tue 24 Nov, 11:00 to 12:00: sales €7.30; there is nothing to compare with yet.
Tue 24 Nov 2026 11:00 to Tue 24 Nov 2026 12:00 UTC (1 h)
Sales (order totals): €7.30, against a week earlier: no data
Orders: 4, against a week earlier: no data
Average order: €5.15, against a week earlier: no data
Units: 10, against a week earlier: no data
Sales against the mean of the last four such times: no data
Sales against the report before: -€992.70 (-99.3%)

Of the sales: €10.30 sold, -€3.00 refunds or corrections
Orders without an amount: 1; they are in Orders, and not in Sales
Items add up to €12.80, which is €5.50 more than the order totals

By group (items)
Pastries: €5.05, 39.5%, 2 units
Unassigned group: €7.75, 60.5%, 8 units

By product (items)
Croissant: €5.05, 2 units
Gift card: €5.05, 1 unit
Old tea: €0.10, 1 unit
Unassigned product: €2.60, 6 units

Trend: ▁▁▁▁▁▁▁▁▁▁█▁
Last 12: lowest €0.00 (10:00), highest €1,000.00 (11:00), this one €7.30
Usual or not: not told, since there are fewer than four earlier such times
Week to date: €1,007.30, against as much of the week before: no data
Month to date: €1,007.30, against as much of the month before: no data

By hour (orders)
11:00: €7.30, 4 orders

As of Tue 24 Nov 2026 17:00: last order Tue 24 Nov 2026 11:59
Window in UTC: 2026-11-24 11:00 until just before 2026-11-24 12:00
Run ${odd.runId}: computed from 4 orders and 6 items
As a page with charts: salesreport history show 2026-11-24T12:00 --open
To unsubscribe, use the AWS link below
`);
});

test('an empty window says so', () => {
  const window = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-22T12:30:00.000Z' };
  const text = textOf(reported(oddShop, window, { timezone: 'Europe/Berlin', locale: 'de-DE' }));
  expect(text.split('\n').slice(0, 6)).toEqual([
    'So 22 Nov, 01:00 to 13:30: no sales were recorded.',
    'So 22 Nov 2026 01:00 to So 22 Nov 2026 13:30 Europe/Berlin (12 h 30 min)',
    'Sales (order totals): 0,00, against a week earlier: no data',
    'Orders: 0, against a week earlier: no data',
    'Average order: n/a (no order with a positive amount), against a week earlier: no data',
    'Units: 0, against a week earlier: no data',
  ]);
});

test.each([
  ['2026-11-24T11:00:00.000Z', '1 h'],
  ['2026-11-24T11:01:00.000Z', '1 h 1 min'],
  ['2026-11-26T11:00:00.000Z', '49 h'],
  ['2026-11-27T10:00:00.000Z', '3 days'],
  ['2026-12-24T09:00:00.000Z', '29 days 23 h'],
])('a window to %s is of %s', (to, words) => {
  expect(textOf(reported(oddShop, { from: '2026-11-24T10:00:00.000Z', to }))).toContain(` UTC (${words})\n`);
});

test('of many products the rest is one line', () => {
  const products = Array.from({ length: 25 }, (_, id) => ({
    productId: String(id),
    product: `Tea ${String(id).padStart(2, '0')}`,
    group: 'Tea',
    sales: '1.5',
    units: '1',
    items: 1,
  }));
  const text = textOf(reported(oddShop, lastHour, {}, facts => ({ ...facts, products })));
  expect(text).toContain('\nTea 09: 1.50, 1 unit\n15 more: 22.50, 15 units\n');
  expect(text).not.toContain('Tea 10:');
});

test('a shop that keeps dates only has no hours to tell', () => {
  const quarters = [{ at: '2026-11-24T00:00:00.000Z', sales: '7.3', orders: 4 }];
  const report = reported(oddShop, lastHour, {}, facts => ({ ...facts, quarters }));
  expect(report.hours).toBeNull();
  expect(textOf(report)).toContain('\nBy hour: not told, since the orders have no time of day.\n');
});

test('sample data says so first', () => {
  expect(textOf({ ...odd, source: 'sample' })).toMatch(/^SAMPLE DATA: /);
});

test('the same window of the same stack is the same run', () => {
  expect(reported(oddShop, lastHour, { locale: 'de-DE' }).runId).toBe(odd.runId);
  expect(reported(oddShop, lastHour, { stack: 'dev' }).runId).not.toBe(odd.runId);
});

test('the mail is at most 8 KB and its first twelve lines stand alone, whatever the shop is like', () => {
  const long = (name: string, id: number) => ({
    productId: String(id),
    product: `${name} ${id} ${'x'.repeat(120)}`,
    group: `${name} ${id} ${'ü'.repeat(120)}`,
  });
  const products = Array.from({ length: 500 }, (_, id) => ({
    ...long('Strudel', id),
    sales: '123456789012.34',
    units: '1234567',
    items: 1,
  }));
  const quarters = Array.from({ length: 96 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 10, 24, 0, 15 * index)).toISOString(),
    sales: '123456789012.34',
    orders: 12_345,
  }));
  const report = reported(oddShop, lastHour, { currency: 'IDR', locale: 'id-ID' }, facts => ({
    ...facts,
    products,
    quarters,
  }));
  const text = textOf({
    ...report,
    movers: products.slice(0, 6).map(({ product }) => ({ name: product, by: '-1234567890.12' })),
    missing: products.map(({ product }) => product),
  });
  expect(Buffer.byteLength(text)).toBeLessThan(8 * 1024);
  expect(text.split('\n').slice(0, 12)).toContain('');
});

test('the sample source computes it too', async () => {
  const window = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };
  const { report } = await compute(window, sampleSource, settings, occasion);
  expect(report.weekEarlier.sales.kind).toBe('value');
  expect(report.trend).toHaveLength(14);
});
