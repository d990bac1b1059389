import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/report/change.ts';
import { htmlOf } from '../../src/report/render/html.ts';
import { numbersOf } from '../../src/report/render/numbers.ts';
import type { Report } from '../../src/report/report.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';
import { runs } from '../helpers/sampled.ts';
import { elementsOf } from './elements.ts';
import { reported } from './reported.ts';
import { hour, lastHour, noon, oddShop } from './rows.ts';
import { anyName, anyShop } from './shops.ts';

const odd = reported(oddShop, lastHour, { currency: 'EUR' });
const day = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };
const cafe = reported(sampleShop({ from: '2026-09-01T00:00:00.000Z', to: day.to }), day, { currency: 'EUR' });

/** What the page shows, in its order, one line an element. */
const shown = (page: string): string =>
  page
    .replace(/<style>[^<]*<\/style>|<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/\n\s*/g, '\n')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

test('what the mail says, in its order', () => {
  const text = shown(htmlOf(odd));
  const told = [
    'Tue 24 Nov, 11:00 to 12:00: sales €7.30; there is nothing to compare with yet.',
    'Tue 24 Nov 2026 11:00 to Tue 24 Nov 2026 12:00 UTC (1 h)',
    'Sales (order totals)\n€7.30\nagainst the report before\n-€992.70 (-99.3%)',
    'Orders\n4',
    'Average order\n€5.15',
    'Units\n10',
    'Against a week earlier: no data\nAgainst the mean of the last four such times: no data\n',
    'Of the sales: €10.30 sold, -€3.00 refunds or corrections',
    'Orders without an amount: 1; they are in Orders, and not in Sales',
    'Items add up to €12.80, which is €5.50 more than the order totals',
    'By group (items)\nName\nSales\nUnits\nShare\nAgainst a week earlier\nPastries\n€5.05\n2\n39.5%\nno data\nUnassigned group\n€7.75\n8\n60.5%',
    'By product (items)\nName\nSales\nUnits\nCroissant\n€5.05\n2',
    'Unassigned product\n€2.60\n6',
    'Tue 24 Nov 2026 11:00\n€1,000.00\n1\nTue 24 Nov 2026 12:00\n€7.30\n4',
    'Last 12: lowest €0.00 (10:00), highest €1,000.00 (11:00), this one €7.30',
    'Week to date\n€1,007.30\nagainst as much of the week before\nno data',
    'Month to date\n€1,007.30\nagainst as much of the month before\nno data',
    'By hour (orders)\nHour\nSales\nOrders\n11:00\n€7.30\n4',
    'As of Tue 24 Nov 2026 17:00: last order Tue 24 Nov 2026 11:59',
    `Run ${odd.runId}: computed from 4 orders and 6 items`,
  ];
  const places = told.map(words => text.indexOf(words));
  expect(told.filter((_, index) => places[index] === -1)).toEqual([]);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('movers, and what is missing', () => {
  const text = shown(htmlOf({ ...cafe, missing: ['Earl Grey', "Ploughman's"] }));
  expect(text).toContain('Biggest movers vs a week earlier\nName\nChange\nSoup of the day\n+€35.40\n');
  expect(text).toContain("\nSold in each of the last four, none now: Earl Grey, Ploughman's\n");
});

test.each<[Change, string, string | undefined]>([
  [{ kind: 'value', by: '12.4', percent: '3.2' }, '+€12.40 (+3.2%)', 'up'],
  [{ kind: 'value', by: '-12.4', percent: '-3.2' }, '-€12.40 (-3.2%)', 'down'],
  [{ kind: 'value', by: '0', percent: '0.0' }, 'unchanged (0.0%)', undefined],
  [{ kind: 'was zero' }, 'n/a (was 0)', undefined],
  [{ kind: 'no data' }, 'no data', undefined],
  [{ kind: 'not comparable', why: 'it was of 24 h' }, 'n/a (it was of 24 h)', undefined],
])('a comparison of %j', (change, words, course) => {
  const page = htmlOf({
    ...odd,
    previous: { ...odd.previous, sales: change, orders: { kind: 'value', by: '1', percent: '2.0' } },
  });
  const told = course ? `<span class="${course}">${words}</span>` : words;
  expect(page).toContain(`<dt>against the report before</dt><dd>${told}</dd>`);
});

test('sample data says so before all else', () => {
  expect(shown(htmlOf({ ...odd, source: 'sample' }).split('<body>')[1]!)).toMatch(
    /^\s*Sales report\n\s*SAMPLE DATA:\na made-up café, not your shop\.\n/,
  );
  expect(htmlOf(odd)).not.toContain('SAMPLE DATA');
});

test('amounts are written as in the mail', () => {
  const given = { locale: 'de-DE', currency: 'JPY' };
  const page = htmlOf({ ...odd, ...given, sales: '1234567' });
  expect(page).toContain(`<p class="value">${numbersOf(given).money('1234567')}</p>`);
});

describe('the charts', () => {
  const labelsOf = (page: string) => [...page.matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, label]) => label);

  test('each says what it shows, and has its numbers in a table', () => {
    const page = htmlOf(cafe);
    expect(labelsOf(page)).toEqual([
      'Bar chart: By group (items). Highest: Drinks, €168.70',
      'Bar chart: By product (items). Highest: Coffee, €78.30',
      'Bar chart: Trend. Last 14: lowest €320.90 (23 Nov), highest €469.20 (10 Nov), this one €394.60',
      'Bar chart: By hour (orders). Highest: 08:00, €58.30',
    ]);
    expect(page.match(/<\/svg>\s*<\/div>\n<div class="table"[^>]*>\n<table/g)).toHaveLength(4);
  });

  test('have the colours of the page, and are drawn from numbers that are there', () => {
    const charts = [...htmlOf(cafe).matchAll(/<svg[\s\S]*?<\/svg>/g)].map(([chart]) => chart);
    for (const chart of charts) {
      expect(chart).toMatch(/<path d="M[^"]+" fill="var\(--bar\)"/);
      expect(chart).not.toMatch(/class=|<style|#[0-9a-f]{3}|rgb/i);
    }
    expect(charts[1]!.match(/<path[^>]*var\(--bar\)/g)).toHaveLength(cafe.products.length);
    expect(charts[2]!.match(/<path[^>]*var\(--accent\)/g)).toHaveLength(1);
  });

  test('an hour without orders keeps its place', () => {
    const hours = [9, 12].map(hour => ({ hour, sales: '5.00', orders: 1 }));
    const chart = htmlOf({ ...odd, hours })
      .match(/<svg[\s\S]*?<\/svg>/g)!
      .at(-1)!;
    expect(chart.match(/>(09|10|11|12):00</g)).toEqual(['>09:00<', '>10:00<', '>11:00<', '>12:00<']);
  });

  test('there are none where there is nothing to draw', () => {
    const young = { ...odd, groups: [], products: [], trend: odd.trend.slice(-1) };
    expect(labelsOf(htmlOf({ ...young, hours: [] }))).toEqual([]);
    expect(shown(htmlOf({ ...young, hours: null }))).toContain(
      '\nBy hour: not told, since the orders have no time of day.\n',
    );
  });
});

test('nothing is run, and nothing is fetched', () => {
  const page = htmlOf(cafe);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|\s(src|href|on\w+)=|url\(|@import/i);
  expect(page.match(/https?:[^"]*/g)!.filter(address => !address.startsWith('http://www.w3.org/'))).toEqual([]);
});

test('a page for every reader: its language, one title, landmarks, and headings without a gap', () => {
  const page = htmlOf(cafe);
  const elements = elementsOf(page);
  const names = elements.map(({ name }) => name);
  expect(elements[0]).toEqual({ name: 'html', attributes: { lang: 'en' } });
  for (const name of ['title', 'header', 'main', 'footer', 'h1'])
    expect(names.filter(one => one === name)).toEqual([name]);
  const levels = names.filter(name => /^h\d$/.test(name)).map(name => Number(name[1]));
  for (const [index, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
  const ids = elements.flatMap(({ attributes: { id } }) => id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, attributes } of elements) {
    if (name === 'section' || name === 'table') expect(ids).toContain(attributes['aria-labelledby']);
    if (name === 'th') expect(attributes.scope).toMatch(/^(row|col)$/);
  }
});

test('of many products the rest is one line, and not a bar', () => {
  const products = Array.from({ length: 25 }, (_, id) => ({
    ids: [String(id)],
    name: `Tea ${id}`,
    group: 'Tea',
    sales: '1.50',
    units: '1',
  }));
  const text = shown(htmlOf({ ...odd, products }));
  expect(text).toContain('\nTea 19\n€1.50\n1\n5 more\n€7.50\n5\n');
  expect(text).not.toContain('Tea 20');
});

test('any shop gives a page that is whole, holds no markup of the shop, and is the same each time', () => {
  const settings = fc.record({
    locale: fc.constantFrom('en-GB', 'de-CH', 'ar-EG', 'hi-IN', 'ja-JP', 'vi-VN'),
    currency: fc.constantFrom(undefined, 'EUR', 'JPY', 'KWD'),
    timezone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York'),
    schedule: fc.constantFrom('cron(0 12 * * ? *)', 'rate(1 hour)'),
  });
  const names = 'html head meta title style body header main footer section h1 h2 h3 p ul li div dl dt dd'
    .concat(' table thead tbody tr th td wbr bdi span strong svg rect path text g')
    .split(' ');
  fc.assert(
    fc.property(anyShop, fc.integer({ min: 1, max: 100 }), settings, anyName, (rows, hours, given, missing) => {
      const window = { from: new Date(noon - hours * hour).toISOString(), to: new Date(noon).toISOString() };
      const report: Report = { ...reported(rows, window, given), missing: [missing] };
      const page = htmlOf(report);
      for (const { name, attributes } of elementsOf(page)) {
        expect(names).toContain(name);
        expect(Object.keys(attributes).filter(key => /^(on|src|href)/.test(key))).toEqual([]);
      }
      expect(page).not.toMatch(/undefined|NaN|Infinity|\[object|(?!\n)[\p{Cc}\p{Cs}]/u);
      expect(htmlOf(report)).toBe(page);
    }),
    runs(100),
  );
}, 60_000);

test('is there at once, also of the largest shop', () => {
  const lines = Array.from({ length: 5000 }, (_, id) => ({
    name: `Strudel ${id}`,
    sales: '123456789012.34',
    units: '1234567',
  }));
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, sales: '123456789012.34', orders: 12_345 }));
  const large: Report = {
    ...cafe,
    hours,
    groups: lines.map(line => ({ ...line, share: '0.1', weekEarlier: { kind: 'no data' } })),
    products: lines.map(line => ({ ...line, ids: [line.name], group: null })),
    missing: lines.map(line => line.name),
  };
  const begin = performance.now();
  const page = htmlOf(large);
  expect(performance.now() - begin).toBeLessThan(1500);
  expect(page.length).toBeLessThan(64 * 1024);
});
