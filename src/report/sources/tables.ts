/** The tables of the default shop and the columns that the report reads from each. */
export const tables = [
  { name: 'product_group', columns: ['product_group_number', 'product_group_name'] },
  { name: 'product', columns: ['id', 'product_name', 'product_group'] },
  { name: 'order', columns: ['order_number', 'order_date_time', 'amount'] },
  { name: 'order_item', columns: ['order_number', 'product_id', 'quantity', 'amount'] },
] as const;
