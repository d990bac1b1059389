import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvOf } from '../../src/report/render/csv.ts';
import { formNames, formOfFile, renderedAs } from '../../src/report/render/forms.ts';
import { septetsOf } from '../../src/report/render/gsm7.ts';
import { markdownOf } from '../../src/report/render/markdown.ts';
import { isUnseen } from '../../src/report/render/names.ts';
import { smsOf } from '../../src/report/render/sms.ts';
import { doubt } from './checked.ts';
import { reported } from './reported.ts';
import { lastHour, oddShop } from './rows.ts';

const odd = reported(oddShop, lastHour, { currency: 'EUR' });

describe('CSV', () => {
  test('is one table whose lines end as RFC 4180 says', () => {
    expect(csvOf(odd).split('\r\n').slice(0, 10)).toEqual([
      'part,name,group,sales,units,orders',
      'total,2026-11-24T12:00:00.000Z,,7.30,10,4',
      'group,Pastries,,5.05,2,',
      'group,(unassigned),,7.75,8,',
      'product,Croissant,Pastries,5.05,2,',
      'product,Gift card,(unassigned),5.05,1,',
      'product,Old tea,(unassigned),0.10,1,',
      'product,(unassigned),(unassigned),2.60,6,',
      'hour,11,,7.30,,4',
      expect.stringMatching(/^window,2026-11-24T/),
    ]);
  });

  test('guards text against formulas, and leaves numbers alone', () => {
    const nasty = {
      ...odd,
      sales: '-7.30',
      products: [{ ...odd.products[0]!, name: '=1+1', group: '@x, "y"', sales: '-5.05' }],
    };
    const text = csvOf(nasty);
    expect(text).toContain('product,\'=1+1,"\'@x, ""y""",-5.05,2,');
    expect(text).toContain('total,2026-11-24T12:00:00.000Z,,-7.30,10,4');
    expect(csvOf(nasty, { bom: true }).startsWith('\ufeff')).toBe(true);
  });

  test('gives every name back to whoever reads it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter(name => !isUnseen(name)),
        name => {
          const rows = parse(csvOf({ ...odd, products: [{ ...odd.products[0]!, name }] })) as string[][];
          const [, read] = rows.find(([part]) => part === 'product')!;
          expect(read!.replace(/^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/, '')).toBe(name);
          expect(rows.every(({ length }) => length === 6)).toBe(true);
        },
      ),
    );
  });
});

describe('Markdown', () => {
  test('has the mail in tables, and no name can break out of its cell', () => {
    const name = '| <b>Tart</b> `x`\n# and | more';
    const text = markdownOf({ ...odd, movers: [{ name, by: '-3.00' }] });
    expect(text).toMatch(/^# Tue 24 Nov, 11:00 to 12:00: sales €7\.30; there is nothing to compare with yet\.\n/);
    expect(text).toContain('| Croissant | €5.05 | 2 |');
    expect(text).toContain('| \\| \\<b\\>Tart\\</b\\> \\`x\\` \\# and \\| more | -€3.00 |');
    const rows = text.split('\n').filter(line => line.startsWith('|'));
    expect(rows.every(row => row.endsWith('|'))).toBe(true);
  });
});

describe('SMS', () => {
  test('is the sales, how they compare, and whether they are in doubt', () => {
    const compared = {
      ...odd,
      weekEarlier: { ...odd.weekEarlier, sales: { kind: 'value', by: '1', percent: '3.2' } as const },
    };
    expect(smsOf(compared)).toBe('Tue 24 Nov 2026 12:00: sales EUR 7.30, 4 orders, +3.2% to a week earlier');
    expect(smsOf({ ...odd, checks: [doubt] })).toBe('Tue 24 Nov 2026 12:00, CHECK DATA: sales EUR 7.30, 4 orders');
    expect(smsOf({ ...odd, amountsInSubject: false })).toBe('Tue 24 Nov 2026 12:00: 4 orders');
  });

  test('is one part of GSM-7, whatever the shop is like', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ar-EG', 'de-CH', 'fr-FR', 'hi-IN', 'ja-JP'),
        fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
        (locale, sales) => {
          const sms = smsOf({ ...odd, locale, sales: String(sales), source: 'sample', partial: true });
          expect(septetsOf(sms)).toBeLessThanOrEqual(160);
        },
      ),
    );
  });
});

test('each form is a text that ends with its line', async () => {
  for (const form of formNames) {
    const text = await renderedAs(form, odd);
    expect(text).toMatch(/\S\r?\n$/);
    expect(text).not.toMatch(/undefined|NaN|Infinity/);
  }
});

test.each([
  ['report.csv', 'csv'],
  ['report.json', 'json'],
  ['report.txt', 'text'],
  ['report.sms.txt', 'sms'],
  ['report.pdf', undefined],
])('%s is %s', (name, form) => {
  expect(formOfFile(name)).toBe(form);
});
