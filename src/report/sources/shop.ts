import type { FieldPacket } from 'mysql2/promise';
import type { Lacking, RowCheck } from '../facts.ts';
import { verifyTypes } from './column-types.ts';
import { lineProductsStatement, lineSpanStatement } from './line-statements.ts';
import { productsOfNumbersStatement, productsStatement, spanStatement } from './mysql-statements.ts';
import { lacksOf, verifyColumns } from './query-columns.ts';
import type { TimeType } from './stored-clock.ts';

/** How a shop keeps its sales: in the default schema's tables, or in whatever its own query selects from. */
export interface Shop {
  isDefault: boolean;
  timeType: TimeType;
  /** What the report cannot tell, since the query does not give it. */
  lacking: readonly Lacking[];
  /** Checks whose rows it cannot have. */
  absent: readonly RowCheck[];
  /** Columns of amounts that are FLOAT or DOUBLE. */
  inexact: string[];
  /**
   * A statement about the default schema's tables and the values of its `?`, as this shop's database can run them fast.
   */
  prepare(statement: string, values: readonly (string | null)[]): Prepared;
  products: string;
  /** The same by the least and the greatest of the orders' numbers; undefined where these tell nothing. */
  productsOfNumbers?: string;
  span: string;
}

/** Values are bound by the server; a statement without any is sent as it is. */
export interface Prepared {
  sql: string;
  values?: readonly (string | null)[];
}

/** Its columns are the answer's, which the server knows without reading a row. */
export const columnsStatement = (query: string): string => `SELECT * FROM (\n${query}\n) AS line LIMIT 0`;

/** The default schema; `fields` are those of typesStatement's answer. */
export const defaultShop = (fields: readonly FieldPacket[]): Shop => ({
  isDefault: true,
  ...verifyTypes(fields),
  lacking: [],
  absent: [],
  prepare: (sql, values) => ({ sql, values }),
  products: productsStatement,
  productsOfNumbers: productsOfNumbersStatement,
  span: spanStatement,
});

/**
 * The shop of a query; `fields` are those of columnsStatement's answer. Throws Problem `schema` where a column is
 * missing, unknown or of another type.
 */
export function queriedShop(query: string, fields: readonly FieldPacket[]): Shop {
  const verified = verifyColumns(fields);
  const names = new Set(fields.map(({ name }) => name));
  const withTables = (statement: string, within: string): string => {
    const tables = tablesOf(query, names, within);
    // The names are those of our own statements, which name an alias with AS.
    return statement.replace(
      /\b(FROM|JOIN)\s+`?(line|item|order|order_item|product|product_group)\b`?(?!\.)(?:\s+AS\s+(\w+))?/g,
      (_, word: string, table: keyof typeof tables, alias: string | undefined) =>
        `${word} (${tables[table]}) AS \`${alias ?? table}\``,
    );
  };
  return {
    isDefault: false,
    ...verified,
    lacking: lacksOf(names),
    // Each line is of an order, and has no price but its own.
    absent: [
      'item.orphan.order',
      'item.amount.matches',
      ...(names.has('quantity') ? [] : (['item.quantity'] as const)),
    ],
    // The values first: a ? in the query's own text stands for itself.
    prepare: (statement, values) => ({ sql: withTables(withValues(statement, values), windowOf(values)) }),
    products: lineProductsStatement,
    span: lineSpanStatement,
  };
}

/**
 * The condition that a statement of a window puts on lines of which it names no time: items, which are sought for the
 * window's orders, were ordered when these were. Without it each look at them would read all that was ever sold.
 */
const windowOf = ([from, to]: readonly (string | null)[]): string =>
  from && to ? `ordered_at >= ${literal(from)} AND ordered_at < ${literal(to)}` : 'TRUE';

/**
 * With its values as literals: MariaDB brings a condition below a GROUP BY, to the index, only where it knows the value
 * when it plans.
 */
function withValues(statement: string, values: readonly (string | null)[]): string {
  const left = [...values];
  return statement.replace(/\?/g, () => {
    const value = left.shift();
    if (value === undefined) throw new Error('A statement about lines has fewer values than it takes');
    return literal(value);
  });
}

function literal(value: string | null): string {
  if (value === null) return 'NULL';
  if (!/^[\d :.-]+$/.test(value)) throw new Error(`A statement about lines takes times, not ${value}`);
  return `'${value}'`;
}

/**
 * The default schema's tables, each as a SELECT from the query. They are put where a statement names them, and not
 * before it in a WITH: an engine then sees each by itself, and reads no more of the shop than a statement asks for.
 * (Besides, MariaDB 10.11 ends when a WITH names what a query of it selects from.)
 */
function tablesOf(query: string, names: ReadonlySet<string>, within: string) {
  const has = (name: string) => names.has(name);
  const column = (name: string) => (has(name) ? name : 'NULL');
  const id = has('product_id') ? 'product_id' : column('product');
  // A line with nothing on it is an order that has no items, as an outer join gives it.
  const isItem = [has('product_id') ? 'product_id' : 'NULL', column('product'), column('quantity'), 'amount']
    .filter(name => name !== 'NULL')
    .map(name => `${name} IS NOT NULL`)
    .join(' OR ');
  const line = `
SELECT ordered_at, order_id, ${id} AS product_id, ${column('product')} AS product, ${column('product_group')} AS product_group,
  ${column('quantity')} AS quantity, amount, ${column('order_amount')} AS order_amount
FROM (
${query}
) AS given`;
  // TiDB takes the outer joins of a query for inner ones where this is a column of the SELECT.
  const item = `${line}
WHERE ${isItem}`;
  return {
    line,
    item,
    order: `
SELECT order_id AS order_number, ordered_at AS order_date_time, ${has('order_amount') ? 'MAX(order_amount)' : 'SUM(amount)'} AS amount
FROM (${line}) AS line GROUP BY order_id, ordered_at`,
    order_item: `
SELECT order_id AS order_number, product_id, quantity, amount FROM (${item}) AS item WHERE ${within}`,
    product: `
SELECT product_id AS id, MIN(product) AS product_name, MIN(product_group) AS product_group
FROM (${line}) AS line WHERE product IS NOT NULL AND ${within} GROUP BY product_id`,
    product_group: `
SELECT DISTINCT product_group AS product_group_number, product_group AS product_group_name
FROM (${line}) AS line WHERE product_group IS NOT NULL AND ${within}`,
  };
}
