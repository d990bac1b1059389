/** The café's own tables through a query that gives every column. */
export const cafeQuery = `
SELECT \`order\`.order_date_time AS ordered_at, \`order\`.order_number AS order_id, \`order\`.amount AS order_amount,
  order_item.product_id, product.product_name AS product, product_group.product_group_name AS product_group,
  order_item.quantity, order_item.amount
FROM \`order\`
LEFT JOIN order_item ON order_item.order_number = \`order\`.order_number
LEFT JOIN product ON product.id = order_item.product_id
LEFT JOIN product_group ON product_group.product_group_number = product.product_group`;
