-- A shop of 1,000 products in 20 groups whose @orders orders, three items each on average, are spread over 30 months, open from 7 to 19 o'clock. What is
-- drawn is a hash of its place, so that it is the same on every server; products of low ids sell best.
SET unique_checks = 0;
INSERT INTO product_group SELECT seq, CONCAT('Group ', seq) FROM seq_1_to_20;
INSERT INTO product (id, product_name, product_group, price)
SELECT seq, CONCAT('Product ', seq), 1 + seq % 20, 1 + CRC32(seq) % 900 / 100 FROM seq_1_to_1000;

INSERT INTO order_item (order_number, order_item_number, product_id, quantity, amount)
SELECT order_number, order_item_number, product_id, quantity, quantity * (1 + CRC32(product_id) % 900 / 100)
FROM (
  SELECT orders.seq AS order_number, items.seq AS order_item_number,
    1 + FLOOR(POW(CRC32(CONCAT(orders.seq, '/', items.seq)) / 4294967296, 2) * 1000) AS product_id,
    1 + CRC32(CONCAT(items.seq, '/', orders.seq)) % 3 AS quantity
  FROM seq_1_to_2000000 AS orders STRAIGHT_JOIN seq_1_to_5 AS items ON items.seq <= 1 + orders.seq % 5
  WHERE orders.seq <= @orders
) AS draws;

INSERT INTO `order` (order_number, order_date_time, amount)
SELECT order_number, '2024-06-01 07:00:00' + INTERVAL day DAY + INTERVAL FLOOR((days - day) * 43200) SECOND, amount
FROM (
  SELECT order_number, amount, (order_number - 1) * 913 / @orders AS days, (order_number - 1) * 913 DIV @orders AS day
  FROM (SELECT order_number, SUM(amount) AS amount FROM order_item GROUP BY order_number) AS sums
) AS times;

ANALYZE TABLE product_group, product, `order`, order_item;
