CREATE TABLE IF NOT EXISTS product_group (
  product_group_number INT PRIMARY KEY,
  product_group_name VARCHAR(100) NOT NULL
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS product (
  id INT PRIMARY KEY,
  product_name VARCHAR(100) NOT NULL,
  description VARCHAR(500),
  product_group INT,
  price DECIMAL(10, 2) NOT NULL,
  image_url VARCHAR(256)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS `order` (
  order_number INT AUTO_INCREMENT PRIMARY KEY,
  order_date_time DATETIME NOT NULL,
  amount DECIMAL(10, 2),
  KEY order_date_time (order_date_time)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS order_item (
  order_number INT NOT NULL,
  order_item_number INT NOT NULL,
  product_id INT,
  quantity INT NOT NULL,
  amount DECIMAL(10, 2) NOT NULL,
  PRIMARY KEY (order_number, order_item_number)
) ENGINE = InnoDB;
