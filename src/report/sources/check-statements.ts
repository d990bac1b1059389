import type { RowCheck } from '../facts.ts';

/**
 * What a statement's `?` stand for, in their order: the window's bounds, up to when no order is in the future, the
 * window's lowest and highest order number.
 */
export type Bound = 'from' | 'to' | 'soon' | 'lowest' | 'highest';

export interface CheckStatement {
  sql: string;
  bounds: readonly Bound[];
}

const window: readonly Bound[] = ['from', 'to'];

/**
 * Each finds the rows that one check looks for: up to five of them, each with its `id`, and in each row how many there
 * are (`found`) and what they amount to (`value`). Without such rows it returns none. Plain SQL that MariaDB 10.11,
 * MySQL 8 and TiDB take; none names a common table expression of its own, so that one may be put before it.
 */
export const checkStatements: Record<RowCheck, CheckStatement> = {
  'order.amount.null': {
    sql: `
SELECT order_number AS id, COUNT(*) OVER () AS found, 0 AS value
FROM \`order\`
WHERE order_date_time >= ? AND order_date_time < ? AND amount IS NULL
ORDER BY order_number
LIMIT 5`,
    bounds: window,
  },
  'order.unique': {
    sql: `
SELECT order_number AS id, COUNT(*) OVER () AS found, SUM(amount) OVER () AS value
FROM (
  SELECT order_number, SUM(amount) AS amount
  FROM \`order\`
  WHERE order_date_time >= ? AND order_date_time < ?
  GROUP BY order_number
  HAVING COUNT(*) > 1
) AS repeated
ORDER BY order_number
LIMIT 5`,
    bounds: window,
  },
  // Items are compared by a sum of hashes, which no order of theirs changes and no length cuts off.
  'order.alike': {
    sql: `
SELECT id, SUM(others) OVER () AS found, SUM(others * amount) OVER () AS value
FROM (
  SELECT MAX(order_number) AS id, COUNT(*) - 1 AS others, amount
  FROM (
    SELECT
      twin.order_number,
      twin.moment,
      twin.amount,
      COUNT(order_item.order_number) AS items,
      SUM(CRC32(CONCAT_WS('|', COALESCE(order_item.product_id, ''), COALESCE(order_item.quantity, ''), order_item.amount))) AS content
    FROM (
      SELECT
        order_number,
        amount,
        DATE_FORMAT(order_date_time, '%Y-%m-%d %H:%i:%s') AS moment,
        COUNT(*) OVER (PARTITION BY amount, DATE_FORMAT(order_date_time, '%Y-%m-%d %H:%i:%s')) AS twins
      FROM \`order\`
      WHERE order_date_time >= ? AND order_date_time < ? AND amount IS NOT NULL
    ) AS twin
    LEFT JOIN order_item ON order_item.order_number = twin.order_number
    WHERE twin.twins > 1
    GROUP BY twin.order_number, twin.moment, twin.amount
  ) AS told
  GROUP BY moment, amount, items, content
  HAVING COUNT(*) > 1
) AS alike
ORDER BY id
LIMIT 5`,
    bounds: window,
  },
  'order.amount.negative': {
    sql: `
SELECT order_number AS id, COUNT(*) OVER () AS found, SUM(amount) OVER () AS value
FROM \`order\`
WHERE order_date_time >= ? AND order_date_time < ? AND amount < 0
ORDER BY order_number
LIMIT 5`,
    bounds: window,
  },
  'order.amount.zero': {
    sql: `
SELECT order_number AS id, COUNT(*) OVER () AS found, 0 AS value
FROM \`order\`
WHERE order_date_time >= ? AND order_date_time < ? AND amount = 0
ORDER BY order_number
LIMIT 5`,
    bounds: window,
  },
  'order.future': {
    sql: `
SELECT order_number AS id, COUNT(*) OVER () AS found, SUM(amount) OVER () AS value
FROM \`order\`
WHERE order_date_time > ?
ORDER BY order_number
LIMIT 5`,
    bounds: ['soon'],
  },
  'order.date.null': {
    sql: `
SELECT order_number AS id, COUNT(*) OVER () AS found, SUM(amount) OVER () AS value
FROM \`order\`
WHERE order_date_time IS NULL
ORDER BY order_number
LIMIT 5`,
    bounds: [],
  },
  // Items have no date: they are sought between two order numbers. These are values, since a subquery in their place
  // makes MariaDB read every item.
  'item.orphan.order': {
    sql: `
SELECT order_number AS id, SUM(items) OVER () AS found, SUM(amount) OVER () AS value
FROM (
  SELECT order_item.order_number, COUNT(*) AS items, SUM(order_item.amount) AS amount
  FROM order_item
  LEFT JOIN \`order\` ON \`order\`.order_number = order_item.order_number
  WHERE order_item.order_number >= ? AND order_item.order_number <= ? AND \`order\`.order_number IS NULL
  GROUP BY order_item.order_number
) AS orphan
ORDER BY order_number
LIMIT 5`,
    bounds: ['lowest', 'highest'],
  },
  'order.without.items': {
    sql: `
SELECT \`order\`.order_number AS id, COUNT(*) OVER () AS found, SUM(\`order\`.amount) OVER () AS value
FROM \`order\`
LEFT JOIN order_item ON order_item.order_number = \`order\`.order_number
WHERE \`order\`.order_date_time >= ? AND \`order\`.order_date_time < ? AND order_item.order_number IS NULL
ORDER BY id
LIMIT 5`,
    bounds: window,
  },
  // DISTINCT, so that an order that stands twice does not count its items twice.
  'order.total.matches': {
    sql: `
SELECT order_number AS id, COUNT(*) OVER () AS found, SUM(difference) OVER () AS value
FROM (
  SELECT sold.order_number, SUM(order_item.amount) - sold.amount AS difference, COUNT(*) AS items
  FROM (
    SELECT DISTINCT order_number, amount
    FROM \`order\`
    WHERE order_date_time >= ? AND order_date_time < ? AND amount IS NOT NULL
  ) AS sold
  JOIN order_item ON order_item.order_number = sold.order_number
  GROUP BY sold.order_number, sold.amount
) AS compared
WHERE ABS(difference) > 0.01 * items
ORDER BY order_number
LIMIT 5`,
    bounds: window,
  },
  'item.amount.matches': {
    sql: `
SELECT order_number AS id, SUM(items) OVER () AS found, SUM(difference) OVER () AS value
FROM (
  SELECT
    order_item.order_number,
    COUNT(*) AS items,
    SUM(order_item.amount - order_item.quantity * product.price) AS difference
  FROM \`order\`
  JOIN order_item ON order_item.order_number = \`order\`.order_number
  JOIN product ON product.id = order_item.product_id
  WHERE \`order\`.order_date_time >= ? AND \`order\`.order_date_time < ?
    AND ABS(order_item.amount - order_item.quantity * product.price) >= 0.005
  GROUP BY order_item.order_number
) AS priced
ORDER BY order_number
LIMIT 5`,
    bounds: window,
  },
  'item.quantity': {
    sql: `
SELECT order_number AS id, SUM(items) OVER () AS found, SUM(amount) OVER () AS value
FROM (
  SELECT order_item.order_number, COUNT(*) AS items, SUM(order_item.amount) AS amount
  FROM \`order\`
  JOIN order_item ON order_item.order_number = \`order\`.order_number
  WHERE \`order\`.order_date_time >= ? AND \`order\`.order_date_time < ?
    AND (order_item.quantity <= 0 OR order_item.quantity IS NULL)
  GROUP BY order_item.order_number
) AS counted
ORDER BY order_number
LIMIT 5`,
    bounds: window,
  },
};

/** One row: the lowest and the highest order number of the window; bounds: from, to. Null without orders. */
export const numbersStatement = `
SELECT MIN(order_number) AS lowest, MAX(order_number) AS highest
FROM \`order\`
WHERE order_date_time >= ? AND order_date_time < ?`;

/** A row for each hour with orders, its begin as `at`; bounds: from, to. Reads nothing but the index on the date. */
export const hoursStatement = `
SELECT DISTINCT DATE_FORMAT(order_date_time, '%Y-%m-%d %H:00:00') AS at
FROM \`order\`
WHERE order_date_time >= ? AND order_date_time < ?
ORDER BY at`;

/** No row, only the types of what the report reckons with. */
export const typesStatement = `
SELECT
  \`order\`.order_date_time,
  \`order\`.amount AS order_amount,
  order_item.quantity,
  order_item.amount AS item_amount
FROM \`order\`
CROSS JOIN order_item
LIMIT 0`;
