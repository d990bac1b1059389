import type { tables } from './tables.ts';

/** One row about the orders of a window. Takes its bounds as `?`, in this order: from, to. */
export const totalsStatement = `
SELECT
  COUNT(*) AS orders,
  SUM(amount) AS sales,
  COUNT(CASE WHEN amount > 0 THEN 1 END) AS positive_orders,
  SUM(CASE WHEN amount > 0 THEN amount END) AS positive_sales,
  COUNT(CASE WHEN amount IS NULL THEN 1 END) AS orders_without_amount
FROM \`order\`
WHERE order_date_time >= ? AND order_date_time < ?`;

/**
 * A row for each product id of some items: summed by the id first, then named, so that a name is read once and not once
 * an item.
 */
const productsOf = (items: string): string => `
SELECT
  sold.product_id,
  product.product_name AS product,
  product_group.product_group_name AS product_group,
  sold.sales,
  sold.units,
  sold.items
FROM (
  SELECT order_item.product_id, SUM(order_item.amount) AS sales, SUM(order_item.quantity) AS units, COUNT(*) AS items
  ${items}
  GROUP BY order_item.product_id
) AS sold
LEFT JOIN product ON product.id = sold.product_id
LEFT JOIN product_group ON product_group.product_group_number = product.product_group`;

/** Of the items of a window's orders, bounds as above. */
export const productsStatement = productsOf(`FROM \`order\`
  JOIN order_item ON order_item.order_number = \`order\`.order_number
  WHERE \`order\`.order_date_time >= ? AND \`order\`.order_date_time < ?`);

/** Of the items from one order number to another. */
export const productsOfNumbersStatement = productsOf(`FROM order_item
  WHERE order_item.order_number >= ? AND order_item.order_number <= ?`);

/**
 * One row, bounds as above: the window's orders are those of all numbers from the least to the greatest, each once, if
 * there are as many.
 */
export const numbersStatement = `
SELECT
  COUNT(*) AS orders,
  COUNT(DISTINCT order_number) AS numbers,
  MIN(order_number) AS least,
  MAX(order_number) AS greatest
FROM \`order\`
WHERE order_date_time >= ? AND order_date_time < ?`;

/** A row for each quarter of an hour with orders, bounds as above. */
export const quartersStatement = `
SELECT MIN(quarter) AS at, SUM(amount) AS sales, COUNT(*) AS orders
FROM (
  SELECT
    DATE_FORMAT(order_date_time, '%Y-%m-%d %H:00:00') + INTERVAL MINUTE(order_date_time) DIV 15 * 15 MINUTE AS quarter,
    amount
  FROM \`order\`
  WHERE order_date_time >= ? AND order_date_time < ?
) AS times
GROUP BY quarter
ORDER BY quarter`;

/**
 * One row: when the first order was, and the last before a time. Not by MAX: MariaDB 10.11 answers it from the index,
 * and cuts the fraction of a second off the bound. Zero dates, which old shops have, are no times.
 */
export const spanStatement = `
SELECT
  (SELECT MIN(order_date_time) FROM \`order\` WHERE order_date_time > '1000-01-01') AS first,
  (SELECT order_date_time FROM \`order\` WHERE order_date_time > '1000-01-01' AND order_date_time < ?
    ORDER BY order_date_time DESC LIMIT 1) AS last`;

/** One row at most, with each column that the report reads: shows that the user may. */
export const selectStatement = ({ name, columns }: (typeof tables)[number]): string =>
  `SELECT ${columns.map(column => `\`${column}\``).join(', ')} FROM \`${name}\` LIMIT 1`;
