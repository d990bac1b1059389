-- The café's products, its sales of the last five weeks, and an event that keeps selling. May be run again at any time.
SET NAMES utf8mb4;

INSERT IGNORE INTO product_group VALUES (1, 'Pastries'), (2, 'Drinks');

-- The lower the id, the better it sells.
INSERT IGNORE INTO product VALUES
  (1, 'Coffee', 'Freshly ground and brewed, black or with milk', 2, 3.00, 'images/coffee.jpg'),
  (2, 'Croissant', 'Fresh, buttery and fluffy', 1, 1.50, 'images/croissant.jpg'),
  (3, 'Latte', 'Espresso with steamed milk, hot or over ice', 2, 3.50, 'images/latte.jpg'),
  (4, 'Cappuccino', 'Espresso under a cap of milk foam', 2, 3.40, 'images/cappuccino.jpg'),
  (5, 'Chocolate Chip Cookie', 'Large, soft and warm from the oven', 1, 2.50, 'images/cookie.jpg'),
  (6, 'Pain au Chocolat', 'Flaky pastry around dark chocolate', 1, 2.20, 'images/pain-au-chocolat.jpg'),
  (7, 'Espresso', 'Short and strong', 2, 2.20, 'images/espresso.jpg'),
  (8, 'Blueberry Muffin', 'Full of blueberries', 1, 3.00, 'images/muffin.jpg'),
  (9, 'Hot Chocolate', 'Dark chocolate in hot milk', 2, 3.00, 'images/hot-chocolate.jpg'),
  (10, 'Donut', 'Glazed or sugared', 1, 1.00, 'images/donut.jpg'),
  (11, 'Cinnamon Roll', 'Sticky, with a cream cheese icing', 1, 2.80, 'images/cinnamon-roll.jpg'),
  (12, 'Earl Grey', 'A pot of black tea with bergamot', 2, 2.60, 'images/earl-grey.jpg'),
  (13, 'Orange Juice', 'Pressed to order', 2, 3.80, 'images/orange-juice.jpg'),
  (14, 'Strawberry Tart', 'Strawberries on vanilla cream', 1, 3.50, 'images/strawberry-tart.jpg'),
  (15, 'Éclair', 'Choux pastry with coffee cream', 1, 3.20, 'images/eclair.jpg'),
  (16, 'Chai Latte', 'Spiced tea with steamed milk', 2, 3.60, 'images/chai-latte.jpg'),
  (17, 'Lemon Tart', 'Sharp and sweet', 1, 3.50, 'images/lemon-tart.jpg'),
  (18, 'Sparkling Water', 'A bottle of 0.33 l', 2, 1.90, 'images/water.jpg'),
  (19, 'Crème Brûlée', 'Vanilla cream under burnt sugar', 1, 4.20, 'images/creme-brulee.jpg'),
  (20, 'Iced Matcha', 'Green tea with cold milk', 2, 4.10, 'images/iced-matcha.jpg');

-- Sells what was sold from the newest order, or from five weeks ago, up to the present minute (UTC). Each minute sells the same on every server, since
-- its draws are hashes of it: at most one order, more of them at noon and on Saturdays, none at night. An order's time is the minute that records
-- it, so a report whose window has ended misses none. Quoted, because a body with semicolons would need the client's DELIMITER.
EXECUTE IMMEDIATE '
CREATE PROCEDURE IF NOT EXISTS keep_selling()
IF GET_LOCK(CONCAT(DATABASE(), ".keep_selling"), 0) THEN
  BEGIN
    DECLARE present DATETIME DEFAULT UTC_TIMESTAMP() - INTERVAL SECOND(UTC_TIMESTAMP()) SECOND;
    DECLARE newest DATETIME DEFAULT (SELECT MAX(order_date_time) FROM `order` WHERE order_date_time <= present);
    START TRANSACTION;
    CREATE OR REPLACE TEMPORARY TABLE sale AS
    WITH visit AS (
      SELECT present - INTERVAL seq MINUTE AS time
      FROM seq_0_to_50399
      WHERE newest IS NULL OR seq < TIMESTAMPDIFF(MINUTE, newest, present)
    ), buyer AS (
      SELECT time, MD5(time) AS draw
      FROM visit
      WHERE CONV(LEFT(MD5(time), 6), 16, 10) % 6000
        < ELT(HOUR(time) - 6, 9, 14, 12, 10, 11, 16, 18, 13, 11, 10, 8, 5) * ELT(WEEKDAY(time) + 1, 90, 95, 100, 105, 120, 135, 50)
    ), choice AS (
      SELECT time, CONV(LEFT(MD5(CONCAT(draw, seq)), 6), 16, 10) % 1000 AS luck
      FROM buyer JOIN seq_1_to_4 ON seq <= 1 + CONV(RIGHT(draw, 1), 16, 10) DIV 4
    )
    SELECT (SELECT COALESCE(MAX(order_number), 0) FROM `order`) + DENSE_RANK() OVER (ORDER BY time) AS order_number,
      ROW_NUMBER() OVER (PARTITION BY time ORDER BY id) AS order_item_number,
      time, id AS product_id, COUNT(*) AS quantity, COUNT(*) * price AS amount
    FROM choice JOIN product ON id = 1 + luck * luck * 20 DIV 1000000
    GROUP BY time, id, price;
    INSERT INTO `order` (order_number, order_date_time, amount)
    SELECT order_number, time, SUM(amount) FROM sale GROUP BY order_number, time;
    INSERT INTO order_item (order_number, order_item_number, product_id, quantity, amount)
    SELECT order_number, order_item_number, product_id, quantity, amount FROM sale;
    COMMIT;
    DO RELEASE_LOCK(CONCAT(DATABASE(), ".keep_selling"));
  END;
END IF';

CALL keep_selling();
CREATE EVENT IF NOT EXISTS keep_selling ON SCHEDULE EVERY 1 MINUTE STARTS '2020-01-01' DO CALL keep_selling();
