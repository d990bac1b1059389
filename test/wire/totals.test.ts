import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sum } from '../../src/report/decimal.ts';
import { renderedAs } from '../../src/report/render/forms.ts';
import type { Report } from '../../src/report/report.ts';
import { compute } from '../../src/report/run.ts';
import type { ShopRows } from '../../src/report/sources/aggregate.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';
import { reportView } from '../../src/terminal/views/report.ts';
import { hostileNames } from '../report/hostile.ts';
import { checkedReport, occasion, settings } from '../report/reported.ts';
import { hour, noon, oddShop } from '../report/rows.ts';
import { plain } from '../terminal/samples.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { fillShop, makeShop, sourceOf } from './helpers/shop.ts';

const window = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };

/** One order an item, each of another product; every seventh a refund, every eleventh without an amount. */
const manyProducts: ShopRows = {
  groups: Array.from({ length: 40 }, (_, nth) => ({ number: nth + 1, name: `Group ${nth}` })),
  products: Array.from({ length: 10_000 }, (_, nth) => ({
    id: nth + 1,
    name: `Product ${nth}`,
    group: (nth % 41) + 1,
  })),
  orders: Array.from({ length: 10_000 }, (_, nth) => ({
    number: nth + 1,
    at: noon - hour + 1000 * (nth % 3600),
    amount: nth % 11 === 0 ? null : `${nth % 7 === 0 ? '-' : ''}${nth % 90}.${String(nth % 100).padStart(2, '0')}`,
  })),
  items: Array.from({ length: 10_000 }, (_, nth) => ({
    order: nth + 1,
    product: nth + 1,
    quantity: nth % 7 === 0 ? -1 : 1 + (nth % 3),
    amount: `${nth % 7 === 0 ? '-' : ''}${nth % 90}.${String((nth + 1) % 100).padStart(2, '0')}`,
  })),
};

/** What a column of the café's schema takes: no halves of characters, and at most so many. */
const storable = hostileNames.map(name =>
  name
    .replace(/\p{Cs}/gu, '')
    .slice(0, 60)
    .replace(/\p{Cs}$/u, ''),
);

const shops: Record<string, ShopRows> = {
  'negatives, nulls and orphans': oddShop,
  'names of every kind': {
    groups: storable.map((name, nth) => ({ number: nth + 1, name })),
    products: storable.map((name, nth) => ({ id: nth + 1, name, group: nth + 1 })),
    orders: storable.map((_, nth) => ({ number: nth + 1, at: noon, amount: `${nth}.37` })),
    items: storable.map((_, nth) => ({ order: nth + 1, product: nth + 1, quantity: 2, amount: `${nth}.37` })),
  },
  '10,000 products': manyProducts,
  'the sample café': sampleShop({ from: '2026-10-01T00:00:00.000Z', to: window.to }),
  'no orders': { ...oddShop, orders: [], items: [] },
};

let mariadb: Mariadb;

beforeAll(async () => {
  mariadb = await startMariadb();
  await makeShop(mariadb, 'totals');
});

afterAll(() => mariadb.stop());

/** What the database itself says of the window, by SQL that has nothing of the report's. */
async function asked() {
  const [from, to] = ['2026-11-23 16:00:00', '2026-11-24 16:00:00'];
  const [totals] = await mariadb.query(
    `SELECT COALESCE((SELECT SUM(amount) FROM \`order\` WHERE order_date_time >= '${from}' AND order_date_time < '${to}'), 0) AS sales,
            (SELECT COUNT(*) FROM \`order\` WHERE order_date_time >= '${from}' AND order_date_time < '${to}') AS orders,
            COALESCE(SUM(i.quantity), 0) AS units, COALESCE(SUM(i.amount), 0) AS items
       FROM order_item i JOIN \`order\` o ON o.order_number = i.order_number
      WHERE o.order_date_time >= '${from}' AND o.order_date_time < '${to}'`,
    { database: 'totals' },
  );
  const { sales, orders, units, items } = totals as Record<string, unknown>;
  return {
    sales: cents(String(sales)),
    orders: String(orders),
    units: cents(String(units)),
    items: cents(String(items)),
  };
}

/** A number as a reader sees it (in British English), to the cent and without its commas. */
const cents = (shown: string): string => {
  const [, sign, whole, fraction = ''] = /^(-?)([\d,]+)(?:\.(\d{1,2}))?$/.exec(shown.trim())!;
  return `${sign}${whole!.replaceAll(',', '')}.${fraction.padEnd(2, '0')}`.replace(/^-(0\.00)$/, '$1');
};

type Told = { sales: string; orders: string; units: string };

const found = (text: string, ...patterns: RegExp[]): Told => {
  const [sales, orders, units] = patterns.map(pattern => pattern.exec(text)![1]!);
  return { sales: cents(sales!), orders: orders!.replaceAll(',', ''), units: cents(units!) };
};

/** What each form tells of the whole. */
const told: Record<string, (report: Report) => Promise<Told>> = {
  text: async report =>
    found(
      await renderedAs('text', report),
      /^Sales \(order totals\): (\S+), against/m,
      /^Orders: (\S+), against/m,
      /^Units: (\S+), against/m,
    ),
  markdown: async report =>
    found(
      await renderedAs('markdown', report),
      /^\| Sales \(order totals\) \| (\S+) \|/m,
      /^\| Orders \| (\S+) \|/m,
      /^\| Units \| (\S+) \|/m,
    ),
  html: async report => {
    const value = (what: string) => new RegExp(`<h3>${what}</h3>\\s*<p class="value">([^<]*)</p>`);
    return found(await renderedAs('html', report), value('Sales \\(order totals\\)'), value('Orders'), value('Units'));
  },
  terminal: async report =>
    found(
      reportView(report, plain(100)),
      /^ {2}Sales \(order totals\) +(\S+)/m,
      /^ {2}Orders +(\S+)/m,
      /^ {2}Units +(\S+)/m,
    ),
  csv: async report => {
    const [, total] = parse(await renderedAs('csv', report)) as string[][];
    return { sales: cents(total![3]!), orders: total![5]!, units: cents(total![4]!) };
  },
  json: async report => {
    const { sales, orders, units } = JSON.parse(await renderedAs('json', report)) as Report;
    return { sales: cents(sales), orders: String(orders), units: cents(units!) };
  },
};

/** The amounts of a form's lines by group, and by product: each adds up to the items' whole. */
const parts: Record<string, (report: Report) => Promise<string[][]>> = {
  text: async report => {
    const sections = (await renderedAs('text', report)).split('\n\n');
    return ['By group (items)\n', 'By product (items)\n'].map(title => {
      const lines =
        sections
          .find(section => section.startsWith(title))
          ?.trimEnd()
          .split('\n')
          .slice(1) ?? [];
      return lines.map(line => cents(/: (-?[\d,.]+), .*units?/.exec(line)![1]!));
    });
  },
  html: async report => {
    const page = await renderedAs('html', report);
    return ['groups', 'products'].map(part => {
      const table =
        new RegExp(`<table class="sums" aria-labelledby="${part}">[\\s\\S]*?</table>`).exec(page)?.[0] ?? '';
      return [...table.matchAll(/<th scope="row">.*?<\/th><td>([^<]*)<\/td>/g)].map(([, sales]) => cents(sales!));
    });
  },
  csv: async report => {
    const rows = parse(await renderedAs('csv', report)) as string[][];
    return ['group', 'product'].map(part => rows.filter(([kind]) => kind === part).map(row => cents(row[3]!)));
  },
};

describe.each(Object.keys(shops))('a shop of %s', name => {
  let report: Report;

  beforeAll(async () => {
    await fillShop(mariadb, 'totals', shops[name]!);
    const source = sourceOf(mariadb, 'totals');
    report = (await compute(window, source, settings, occasion).finally(() => source.close())).report;
  });

  it.each(Object.keys(told))('has the totals of the database in %s', async form => {
    const { items, ...whole } = await asked();
    expect(await told[form]!(report)).toEqual(whole);
    expect(cents(report.itemSales)).toBe(items);
  });

  it.each(Object.keys(parts))('has parts that add up to the whole in %s', async form => {
    const { items } = await asked();
    for (const amounts of await parts[form]!(report)) expect(cents(sum(amounts))).toBe(items);
  });

  it('has the report that plain code reckons', () => {
    const { checks: _, ...oracle } = checkedReport(shops[name]!, window);
    const { checks: __, ...found } = report;
    expect(found).toEqual(oracle);
  });
});

it('the shops are not empty', async () => {
  for (const [name, shop] of Object.entries(shops))
    if (name !== 'no orders') expect(Number(checkedReport(shop, window).orders)).toBeGreaterThan(3);
  expect(checkedReport(manyProducts, window).products).toHaveLength(10_000);
});
