import type { Reading, Source, Window } from '../../../src/report/facts.ts';
import { compute, rendered } from '../../../src/report/run.ts';
import { occasion, settings } from '../../report/reported.ts';
import { timeless } from './odd-shops.ts';

/** The café's own tables through a query that gives every column. */
export const cafeQuery = `
SELECT \`order\`.order_date_time AS ordered_at, \`order\`.order_number AS order_id, \`order\`.amount AS order_amount,
  order_item.product_id, product.product_name AS product, product_group.product_group_name AS product_group,
  order_item.quantity, order_item.amount
FROM \`order\`
LEFT JOIN order_item ON order_item.order_number = \`order\`.order_number
LEFT JOIN product ON product.id = order_item.product_id
LEFT JOIN product_group ON product_group.product_group_number = product.product_group`;

/** What a query does not give: orders of which there are no lines, and prices. */
const absent = ['item.orphan.order', 'item.amount.matches'];

/** A reading as one by that query would be, but for how long it took. */
export function asQueried(reading: Reading): object {
  const rows = Object.fromEntries(
    Object.entries(reading.findings.rows).map(([id, looked]) => [
      id,
      absent.includes(id) ? { absent: true, seconds: 0 } : looked,
    ]),
  ) as Reading['findings']['rows'];
  return timeless({ ...reading, findings: { ...reading.findings, rows } });
}

/**
 * A source's report, and the mail of it: all but how long each check took, and what came of those that a query has no
 * rows for.
 */
export async function wholeReport(source: Source, within: Window): Promise<string> {
  const { report } = await compute(within, source, settings, occasion);
  const checks = report.checks.filter(({ id }) => !absent.includes(id)).map(check => ({ ...check, seconds: 0 }));
  return JSON.stringify(rendered({ ...report, checks }));
}
