import { stringify } from 'csv-stringify/sync';
import type { Decimal } from '../facts.ts';
import type { Report } from '../report.ts';

/** A number as it is: no quotes, and no guard against a formula before its minus. */
class Plain {
  constructor(readonly value: Decimal) {}
}

type Cell = string | Plain | null;

const header = ['part', 'name', 'group', 'sales', 'units', 'orders'];

/**
 * The report as CSV (RFC 4180, UTF-8): one table, its parts `total`, `group`, `product`, `hour` and `window` (the trend, by its end in UTC). Text that a
 * spreadsheet would take for a formula has a `'` before it; numbers are untouched. `bom` for programs that would take UTF-8 for something else.
 */
export function csvOf(report: Report, { bom = false } = {}): string {
  const number = (value: Decimal | number | null) => (value === null ? null : new Plain(String(value)));
  const name = (text: string | null): Cell => text ?? '(unassigned)';
  const rows: Cell[][] = [
    header,
    ['total', report.window.to, null, number(report.sales), number(report.units), number(report.orders)],
    ...report.groups.map(line => ['group', name(line.name), null, number(line.sales), number(line.units), null]),
    ...report.products.map(line => ['product', name(line.name), name(line.group), number(line.sales), number(line.units), null]),
    ...(report.hours ?? []).map(line => ['hour', String(line.hour), null, number(line.sales), null, number(line.orders)]),
    ...report.trend.map(line => ['window', line.to, null, number(line.sales), null, number(line.orders)]),
  ];
  return stringify(rows, {
    bom,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { object: cell => ({ value: (cell as unknown as Plain).value, escape_formulas: false }) },
  });
}
