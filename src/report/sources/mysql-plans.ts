import { rowChecks, type Window } from '../facts.ts';
import { hoursSpan } from '../hours-span.ts';
import { checkStatements, hoursStatement } from './check-statements.ts';
import { binder, type Query } from './mysql-findings.ts';
import { quartersStatement, totalsStatement } from './mysql-statements.ts';
import type { Shop } from './shop.ts';
import type { StoredClock } from './stored-clock.ts';

/** How the database would find what one statement asks for: a line for each table that it reads. */
interface Plan {
  /** What the statement is for: the check's id, or what it reads. */
  name: string;
  steps: string[];
}

export interface Plans {
  plans: Plan[];
  /** Of each index that is missing, what that costs, with the statement that makes it. */
  missing: string[];
}

/**
 * The plans of every statement that a window's report and checks send. Nothing is read but the plans; `now` is ms since
 * 1970 UTC.
 */
export async function readPlans(
  query: Query,
  shop: Shop,
  clock: StoredClock,
  window: Window,
  now: number,
): Promise<Plans> {
  const valuesOf = binder(query, window, now, clock);
  const span = hoursSpan(window);
  const statements: [name: string, sql: string, values: (string | null)[]][] = [
    ['totals', totalsStatement, await valuesOf(['from', 'to'])],
    ['products', shop.products, await valuesOf(['from', 'to'])],
    ['hours of the window', quartersStatement, await valuesOf(['from', 'to'])],
    ['first and last order', shop.span, await valuesOf(['to'])],
    ['hours of the weeks before', hoursStatement, [clock.bound(span.from), clock.bound(span.to)]],
  ];
  for (const id of rowChecks.filter(one => !shop.absent.includes(one))) {
    const { sql, bounds } = checkStatements[id];
    statements.push([id, sql, await valuesOf(bounds)]);
  }
  const plans: Plan[] = [];
  for (const [name, sql, values] of statements) {
    const prepared = shop.prepare(`EXPLAIN ${sql}`, values);
    const [rows] = await query(prepared.sql, prepared.values ?? []);
    plans.push({ name, steps: rows.flatMap(row => stepOf(row) ?? []) });
  }
  return { plans, missing: shop.isDefault ? await missingIndexes(query) : [] };
}

type Row = Record<string, string | number | null>;

/**
 * TiDB tells a tree of operators, of which those that read a table are told; MariaDB and MySQL a row for each table.
 */
function stepOf(row: Row): string | undefined {
  if ('estRows' in row) {
    const place = row['access object'];
    return place ? `${String(row.id).replace(/^[^A-Za-z]+/, '')} of ${place}, ${row.estRows} rows` : undefined;
  }
  const { table, type, key, rows, Extra } = row;
  // `<derived2>` and the like are results of a statement's own parts.
  if (table == null || String(table).startsWith('<')) return undefined;
  const count = rows == null ? '' : `, about ${rows} ${String(rows) === '1' ? 'row' : 'rows'}`;
  if (type === 'ALL') return `${table}: reads every row${count}`;
  if (key == null) return `${table}: ${Extra ?? type}${count}`;
  return `${table}: ${type === 'index' ? 'reads all of' : 'by'} the index ${key}${count}`;
}

/** Columns by which the report finds its rows, and what is read where no index begins with them. */
const wanted = [
  { table: 'order', column: 'order_date_time', cost: "each statement reads all orders to find the window's" },
  { table: 'order_item', column: 'order_number', cost: "each statement reads all items to find the window's" },
];

/** Only of tables: what stands behind a view, or a query, has its own indexes. */
async function missingIndexes(query: Query): Promise<string[]> {
  const [rows] = await query(
    `SELECT tables.table_name AS name, statistics.column_name AS indexed
FROM information_schema.tables AS tables
LEFT JOIN information_schema.statistics AS statistics
  ON statistics.table_schema = tables.table_schema AND statistics.table_name = tables.table_name AND statistics.seq_in_index = 1
WHERE tables.table_schema = DATABASE() AND tables.table_type = 'BASE TABLE'`,
    [],
  );
  return wanted
    .filter(({ table }) => rows.some(({ name }) => name === table))
    .filter(({ table, column }) => !rows.some(({ name, indexed }) => name === table && indexed === column))
    .map(
      ({ table, column, cost }) =>
        `There is no index on ${table}.${column}, so ${cost}: CREATE INDEX ${column} ON \`${table}\` (${column});`,
    );
}
