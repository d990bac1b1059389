import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { smsOf } from '../../src/report/render/sms.ts';
import { subjectOf } from '../../src/report/render/subject.ts';
import { textOf } from '../../src/report/render/text.ts';
import type { Report } from '../../src/report/report.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';
import { runs } from '../helpers/sampled.ts';
import { blocking, doubt, late, passed } from './checked.ts';
import { hostileNames } from './hostile.ts';
import { reported } from './reported.ts';
import { hour, lastHour, oddShop } from './rows.ts';

const day = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };
const cafe = reported(sampleShop({ from: '2026-07-01T00:00:00.000Z', to: day.to }), day);
const linesOf = (report: Report) => textOf(report).split('\n');

describe('a marker stands at the very top, in its own words, and in the subject', () => {
  test.each<[string, Partial<Report>, string, string]>([
    ['sample', { source: 'sample' }, 'SAMPLE DATA: a made-up café, not your shop.', 'SAMPLE DATA'],
    [
      'partial',
      { partial: true },
      'PARTIAL: period still open; compared with the same span of earlier periods.',
      'PARTIAL',
    ],
    [
      'incomplete',
      { incomplete: true, checks: [late] },
      'INCOMPLETE: sent although its sales are late: the last order is of Tue 24 Nov 2026 15:57.',
      'INCOMPLETE, CHECK DATA',
    ],
    [
      'revised',
      { revision: 1, reason: 'the till came late' },
      'REVISED 1: this report was sent before, and takes its place. Reason: the till came late',
      'REVISED 1',
    ],
    [
      'forced',
      { forced: true, reason: 'known', checks: [blocking, doubt] },
      'FORCED: sent in spite of order.unique. Reason: known',
      'FORCED, CHECK DATA',
    ],
    ['repeat', { repeat: true }, 'POSSIBLE REPEAT: you may have got this report already.', 'POSSIBLE REPEAT'],
    [
      'blocked',
      { checks: [blocking] },
      'BLOCKED: sent to nobody, because of order.unique. To send it all the same: salesreport run --send-anyway --reason "…"',
      'BLOCKED, CHECK DATA',
    ],
    [
      'held',
      { checks: [late] },
      'HELD: not sent yet, because its sales are late: the last order is of Tue 24 Nov 2026 15:57.',
      'HELD, CHECK DATA',
    ],
  ])('%s', (_what, given, line, labels) => {
    const report = { ...cafe, ...given };
    expect(linesOf(report)[0]).toBe(line);
    expect(subjectOf(report)).toBe(`Tue 24 Nov 2026 16:00, ${labels}: sales 394.60, 48 orders`);
    expect(smsOf(report)).toMatch(new RegExp(`^Tue 24 Nov 2026 16:00, ${labels}: sales`));
  });

  test('and none where there is nothing to mark', () => {
    expect(linesOf({ ...cafe, checks: [passed('a'), doubt] }).filter(line => /^[A-Z]{4}/.test(line))).toEqual([
      'WARN 3 item.orphan.product: 3 items name a product that does not exist. Ids: 7, 8, 9',
    ]);
  });
});

describe('what the checks found', () => {
  test('is one line where all is well', () => {
    const text = textOf({ ...cafe, checks: Array.from({ length: 21 }, (_, nth) => passed(`c${nth}`)) });
    expect(text).toContain('\nData OK: 21 checks\n');
    expect(text).not.toContain('Check data');
  });

  test('stands above the numbers in two lines at most, those that failed first, and whole at the end', () => {
    const checks = [
      passed('a'),
      doubt,
      { ...doubt, id: 'b', outcome: 'error' as const, words: 'It could not run.' },
      blocking,
    ];
    const lines = linesOf({ ...cafe, forced: true, reason: 'known', checks });
    expect(lines.slice(1, 4)).toEqual([
      'Check data: 2 orders have the same number.',
      'Check data: 3 items name a product that does not exist.',
      'and 1 more, at the end',
    ]);
    const end = lines.indexOf('Data: 3 of 4 checks in doubt');
    expect(lines.slice(end + 1, end + 4)).toEqual([
      'FAIL 2 order.unique: 2 orders have the same number. Ids: 17',
      'WARN 3 item.orphan.product: 3 items name a product that does not exist. Ids: 7, 8, 9',
      'ERROR 3 b: It could not run. Ids: 7, 8, 9',
    ]);
  });
});

test('the first twelve lines hold the verdict, the four numbers and the comparison, whatever stands above them', () => {
  const flag = fc.boolean();
  const checks = fc.array(fc.constantFrom(doubt, blocking, late, passed('a')), { maxLength: 30 });
  fc.assert(
    fc.property(
      fc.record({ incomplete: flag, forced: flag, repeat: flag, revision: fc.integer({ min: 0, max: 2 }), checks }),
      given => {
        const first = linesOf({ ...cafe, ...given, reason: 'why' }).slice(0, 12);
        expect(first.filter(line => line.startsWith('Tue 24 Nov: sales 394.60, '))).toHaveLength(1);
        for (const what of [
          'Sales (order totals): ',
          'Orders: ',
          'Average order: ',
          'Units: ',
          'Sales against the mean',
        ])
          expect(first.filter(line => line.startsWith(what))).toHaveLength(1);
      },
    ),
  );
});

describe('days', () => {
  const shop = {
    groups: [],
    products: [],
    orders: [{ number: 1, at: Date.UTC(2026, 10, 22, 9), amount: '12.00' }],
    items: [],
  };
  const report = {
    window: 'day',
    dayStart: '00:00',
    closed: ['sunday'],
    amountsInSubject: true,
    holdHours: 3,
    storedTimes: 'UTC',
  } as const;
  const of = (from: string, to: string, closed: readonly string[]) =>
    reported(shop, { from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` }, { report: { ...report, closed } });

  test('a closed day, an empty day and a sale on a closed day are three things', () => {
    const [closed, empty] = [of('2026-11-15', '2026-11-16', ['sunday']), of('2026-11-16', '2026-11-17', ['sunday'])];
    expect([linesOf(closed)[0], subjectOf(closed)]).toEqual([
      'Sun 15 Nov: the shop was closed, and nothing was sold.',
      'Sun 15 Nov 2026: closed, nothing sold',
    ]);
    expect([linesOf(empty)[0], subjectOf(empty)]).toEqual([
      'Mon 16 Nov: no sales were recorded.',
      'Mon 16 Nov 2026: no sales recorded',
    ]);
    const [sold] = linesOf(of('2026-11-22', '2026-11-23', ['2026-11-22']));
    expect(sold).toBe('Sun 22 Nov, on which the shop was closed: sales 12.00; there is nothing to compare with yet.');
  });

  test('a window that touches an open day is not closed', () => {
    expect(of('2026-11-22', '2026-11-24', ['sunday']).closed).toBe(false);
    expect(of('2026-11-22', '2026-11-24', ['sunday', '2026-11-23']).closed).toBe(true);
  });

  test.each([
    ['2026-03-28T15:00:00.000Z', '2026-03-29T14:00:00.000Z', '23 h, since the clocks went forward 1 h'],
    ['2026-10-24T14:00:00.000Z', '2026-10-25T15:00:00.000Z', '25 h, since the clocks went back 1 h'],
    ['2026-11-21T15:00:00.000Z', '2026-11-23T15:00:00.000Z', '48 h'],
  ])('from %s to %s is of %s', (from, to, words) => {
    expect(linesOf(reported(oddShop, { from, to }, { timezone: 'Europe/Berlin' }))[1]).toMatch(
      new RegExp(` Europe/Berlin \\(${words}\\)$`),
    );
  });

  test.each([
    ['2026-11-23T16:00:00.000Z', '2026-11-24T16:00:00.000Z', 'Tue 24 Nov', 'Tue 24 Nov 2026 16:00', 'Tuesdays'],
    ['2026-11-21T16:00:00.000Z', '2026-11-23T16:00:00.000Z', 'Mon 23 Nov', 'Mon 23 Nov 2026 16:00', 'Mondays'],
    ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z', 'Mon 23 Nov', 'Mon 23 Nov 2026', 'Mondays'],
    [
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
      'Sun 1 Nov to Mon 30 Nov',
      'Sun 1 Nov to Mon 30 Nov 2026',
      'such times',
    ],
    [
      '2026-12-28T00:00:00.000Z',
      '2027-01-04T00:00:00.000Z',
      'Mon 28 Dec to Sun 3 Jan',
      'Mon 28 Dec 2026 to Sun 3 Jan 2027',
      'such times',
    ],
    [
      '2026-11-24T11:00:00.000Z',
      '2026-11-24T12:00:00.000Z',
      'Tue 24 Nov, 11:00 to 12:00',
      'Tue 24 Nov 2026 12:00',
      'such times',
    ],
    [
      '2026-11-23T22:00:00.000Z',
      '2026-11-24T02:00:00.000Z',
      'Mon 23 Nov 22:00 to Tue 24 Nov 02:00',
      'Tue 24 Nov 2026 02:00',
      'such times',
    ],
  ])('from %s to %s is "%s"', (from, to, when, date, such) => {
    const report = reported(oddShop, { from, to });
    expect(linesOf(report)[0]).toMatch(new RegExp(`^${when}: `));
    expect(subjectOf(report)).toMatch(new RegExp(`^${date}: `));
    expect(textOf(report)).toContain(`the last four ${such}: `);
  });
});

test('what came late is told with what was told before, the latest first', () => {
  const told = [
    { from: '2026-11-19T16:00:00.000Z', to: '2026-11-20T16:00:00.000Z', sales: '980.00', orders: 40, at: day.to },
    { from: day.from, to: day.to, sales: '10', orders: 1, at: day.to },
  ];
  const shop = {
    groups: [],
    products: [],
    orders: [
      { number: 1, at: Date.UTC(2026, 10, 20, 9), amount: '1012.5' },
      { number: 2, at: Date.UTC(2026, 10, 24, 9), amount: '10.00' },
    ],
    items: [],
  };
  const report = reported(
    shop,
    { from: day.to, to: '2026-11-25T16:00:00.000Z' },
    { occasion: { told, unsent: [day, day] } },
  );
  expect(report.late).toMatchObject([{ sales: '1012.50', orders: 1, salesBefore: '980.00', ordersBefore: 40 }]);
  expect(textOf(report)).toContain(
    '\nLate: Fri 20 Nov is now 1,012.50 with 1 order (told: 980.00 with 40)\n2 older reports were archived and not sent: salesreport history\n',
  );
  const many = Array.from({ length: 8 }, (_, nth) => ({ ...report.late[0]!, to: `2026-11-${10 + nth}T16:00:00.000Z` }));
  expect(linesOf({ ...report, late: many }).filter(line => line.startsWith('Late: '))).toHaveLength(6);
});

test('whether the sales are usual is said with what is usual', () => {
  expect(textOf(cafe)).toContain('\nUsual: earlier Tuesdays were around 374.85\n');
  const high = { ...cafe, unusual: true, sales: '900.00' };
  expect(textOf(high)).toContain('\nUnusual: earlier Tuesdays were around 374.85, and did not differ this much\n');
  expect(linesOf(high)[0]).toMatch(/: unusually high\.$/);
  expect(linesOf({ ...high, sales: '9.00' })[0]).toMatch(/: unusually low\.$/);
});

test('amounts stay out of subject and SMS where they should', () => {
  const report = { ...cafe, amountsInSubject: false };
  expect(subjectOf(report)).toBe('Tue 24 Nov 2026 16:00: 48 orders');
  expect(smsOf(report)).toBe('Tue 24 Nov 2026 16:00: 48 orders, +5.9% to a week earlier');
});

test('a subject that is too long is cut at a word', () => {
  const report = {
    ...cafe,
    checks: [late, doubt],
    incomplete: true,
    revision: 12,
    repeat: true,
    forced: true,
    sales: '1'.repeat(40),
  };
  const subject = subjectOf(report);
  expect(subject).toBe('Tue 24 Nov 2026 16:00, INCOMPLETE, REVISED 12, FORCED, POSSIBLE REPEAT, CHECK DATA: sales');
});

test('no shop makes a mail of more than 8 KB, and what is left out is said', () => {
  const amount = fc.bigInt({ min: -(10n ** 63n), max: 10n ** 63n }).map(value => `${value}.12`);
  const name = fc.oneof(fc.constantFrom(...hostileNames), fc.string({ unit: 'binary', minLength: 40, maxLength: 300 }));
  const locale = fc.constantFrom('en-GB', 'hi-IN-u-nu-deva', 'ar-EG', 'de-CH', 'my-MM');
  let shortened = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, amount), { minLength: 1, maxLength: 40, size: 'max' }),
      locale,
      (lines, locale) => {
        const [[, most]] = lines as [[string, string]];
        const change = { kind: 'value', by: most, percent: most } as const;
        const changes = { sales: change, orders: change, averageOrder: change, units: change };
        const windows = lines.map(([, sales], nth) => ({
          ...day,
          to: new Date(Date.parse(day.to) - nth * hour).toISOString(),
          sales,
        }));
        const report: Report = {
          ...cafe,
          ...{ locale, currency: 'IDR', sales: most, orders: Number.MAX_SAFE_INTEGER, units: most, averageOrder: most },
          ...{
            weekEarlier: changes,
            lastFour: changes,
            previous: changes,
            usualSales: most,
            itemSales: most,
            difference: most,
          },
          ...{ positiveSales: most, negativeSales: most, ordersWithoutAmount: Number.MAX_SAFE_INTEGER },
          checks: lines.map(([words]) => ({ ...doubt, words, ids: [words, words], count: Number.MAX_SAFE_INTEGER })),
          groups: lines.map(([name, sales]) => ({ name, sales, units: sales, share: sales, weekEarlier: change })),
          products: lines.map(([name, sales]) => ({ name, sales, units: sales, ids: [name], group: name })),
          movers: lines.slice(0, 6).map(([name, by]) => ({ name, by })),
          missing: lines.map(([name]) => name),
          hours: Array.from({ length: 24 }, (_, hour) => ({ hour, sales: most, orders: Number.MAX_SAFE_INTEGER })),
          trend: windows.map(({ to, sales }) => ({ to, sales, orders: 1 })),
          late: windows.map(line => ({ ...line, orders: 1, salesBefore: line.sales, ordersBefore: 2 })),
          ...{
            reason: lines.map(([name]) => name).join(' '),
            forced: true,
            revision: 3,
            repeat: true,
            incomplete: true,
          },
        };
        const text = textOf(report);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8 * 1024);
        if (text.includes('The rest is left out')) shortened++;
        else expect(text).toContain('\nBy hour (orders)\n');
      },
    ),
    // A report of so many texts is not made small in a test's time.
    { ...runs(60), endOnFailure: true },
  );
  expect(shortened).toBeGreaterThan(0);
  expect(textOf(reported(oddShop, lastHour))).not.toContain('left out');
}, 60_000);
