// Statements about `line`, the order lines that a shop's own query gives, and `item`, those that are more than an order
// without items. They take the place of those in mysql-statements.ts that would be slow there, since a join of tables
// that are all made of the same lines reads these once for each.

/** As productsStatement. Names are told apart by their bytes, as the report does, and not as a collation would. */
export const lineProductsStatement = `
SELECT
  MIN(product_id) AS product_id,
  MIN(product) AS product,
  MIN(product_group) AS product_group,
  SUM(amount) AS sales,
  SUM(quantity) AS units,
  COUNT(*) AS items
FROM item
WHERE ordered_at >= ? AND ordered_at < ?
GROUP BY CAST(product_id AS BINARY), CAST(product AS BINARY), CAST(product_group AS BINARY)`;

/** As spanStatement. Not by MIN, which would read every line. */
export const lineSpanStatement = `
SELECT
  (SELECT ordered_at FROM line WHERE ordered_at > '1000-01-01' ORDER BY ordered_at LIMIT 1) AS first,
  (SELECT ordered_at FROM line WHERE ordered_at > '1000-01-01' AND ordered_at < ? ORDER BY ordered_at DESC LIMIT 1) AS last`;

/** One row at most, with each column: shows that the query runs. */
export const lineStatement = `
SELECT * FROM line LIMIT 1`;
