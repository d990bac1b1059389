import { stringify } from 'csv-stringify/sync';
import type { Report } from '../report.ts';
import { isUnseen, noName } from './names.ts';

const header = ['part', 'name', 'group', 'sales', 'units', 'orders'];

/**
 * What a spreadsheet takes for the begin of a formula: OWASP, "CSV Injection". Blanks before it count, and what nobody
 * sees, since programs drop them; so do a tab and the ends of lines by themselves.
 */
const formula = /^(?:[\s\p{Cf}\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/u;

/**
 * The report as CSV (RFC 4180, UTF-8): one table, its parts `total`, `group`, `product`, `hour` and `window` (the
 * trend, by its end in UTC). Text that a spreadsheet would take for a formula has a `'` before it; numbers are
 * untouched. `bom` for programs that would take UTF-8 for something else.
 */
export function csvOf(report: Report, { bom = false } = {}): string {
  const name = (text: string | null): string => (text === null ? '(unassigned)' : guarded(text));
  const rows: (string | null)[][] = [
    header,
    ['total', report.window.to, null, report.sales, report.units, String(report.orders)],
    ...report.groups.map(line => ['group', name(line.name), null, line.sales, line.units, null]),
    ...report.products.map(line => ['product', name(line.name), name(line.group), line.sales, line.units, null]),
    ...(report.hours ?? []).map(line => ['hour', String(line.hour), null, line.sales, null, String(line.orders)]),
    ...report.trend.map(line => ['window', line.to, null, line.sales, null, String(line.orders)]),
  ];
  return stringify(rows, { bom, record_delimiter: 'windows' });
}

/**
 * Control characters, of which a terminal may make something, other than ends of lines and tabs; and halves of
 * characters.
 */
const unfit = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;

/** Excel drops what is beyond this, in UTF-16 code units, without a word ("Excel specifications and limits"). */
const longestCell = 32_767;

function guarded(text: string): string {
  if (isUnseen(text)) return noName;
  const fit = text.replace(unfit, '\ufffd');
  const safe = formula.test(fit) ? `'${fit}` : fit;
  if (safe.length <= longestCell) return safe;
  // Not in the middle of a character.
  return `${safe.slice(0, longestCell - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
