import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { renderedAs } from '../../src/report/render/forms.ts';
import { buildReportSchema, reportSchema } from '../../src/report/report-schema.ts';
import { sampleShop } from '../../src/report/sources/sample.ts';
import { blocking, doubt, late } from './checked.ts';
import { checkedReport, reported } from './reported.ts';
import { hour, lastHour, noon, oddShop } from './rows.ts';
import { anyShop } from './shops.ts';

const docs = resolve(import.meta.dirname, '../../docs/reference');
const published = JSON.parse(await readFile(`${docs}/report.schema.json`, 'utf8'));
const validator = z.fromJSONSchema(published);
const odd = reported(oddShop, lastHour, { currency: 'EUR' });

test('docs/reference/report.schema.json is what npm run docs would write', async () => {
  expect(await readFile(`${docs}/report.schema.json`, 'utf8')).toBe(buildReportSchema());
});

test('docs/reference/json.md names each field, and no other', async () => {
  const page = await readFile(`${docs}/json.md`, 'utf8');
  const section = page.slice(page.indexOf('## `run --dry-run`')).split('\n## ')[0]!;
  const rows = section.matchAll(/^\| (`[^|]*`) \|/gm);
  const named = [...rows].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
  expect([...named, 'version'].sort()).toEqual(Object.keys(reportSchema.shape).sort());
});

describe('every report is of the published schema', () => {
  test.each<[string, object]>([
    ['an odd shop', odd],
    ['the sample shop', reported(sampleShop({ from: '2026-10-01T00:00:00.000Z', to: lastHour.to }), lastHour)],
    ['no sales', reported({ groups: [], products: [], orders: [], items: [] }, lastHour)],
    [
      'one with all markers',
      {
        ...odd,
        checks: [doubt, blocking, late],
        revision: 1,
        reason: 'late till',
        forced: true,
        late: [{ ...lastHour, sales: '1.00', orders: 1, salesBefore: '0.00', ordersBefore: 0 }],
        unsent: [lastHour],
      },
    ],
  ])('%s', (_what, report) => {
    expect(validator.safeParse(JSON.parse(JSON.stringify(report))).error).toBeUndefined();
  });

  test('any shop', async () => {
    await fc.assert(
      fc.asyncProperty(anyShop, fc.integer({ min: 1, max: 100 }), async (rows, hours) => {
        const report = checkedReport(rows, {
          from: new Date(noon - hours * hour).toISOString(),
          to: new Date(noon).toISOString(),
        });
        const text = await renderedAs('json', report);
        expect(validator.safeParse(JSON.parse(text)).error).toBeUndefined();
        expect(reportSchema.parse(JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(report)));
      }),
      { numRuns: 50 },
    );
  });
});

test.each<[string, object]>([
  ['money as a number', { ...odd, sales: 7.3 }],
  ['a field that lacks', { ...odd, checks: undefined }],
  ['another version', { ...odd, version: 2 }],
  ['a time without its zone', { ...odd, readAt: '2026-11-24T17:00:00' }],
])('%s is not', (_what, wrong) => {
  expect(validator.safeParse(JSON.parse(JSON.stringify(wrong))).success).toBe(false);
});
