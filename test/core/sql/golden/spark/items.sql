SELECT
  c1 AS `item_id`,
  orders_key_0 AS `order_id`,
  CAST(items_ordinal_1 AS INT) AS `line`,
  CAST(((c6 * 20L) >> 32) + 1L AS INT) AS `product_id`,
  CAST(CAST((((c10 ^ (c10 >> 15)) * 9901L) >> 32) + 99L AS DECIMAL(16, 0)) * 0.01BD AS DECIMAL(9, 2)) AS `amount`,
  timestamp_micros(c1 * 60000000L) AS `at`
FROM (
-- items, layer 10
SELECT
  c1, orders_key_0, items_ordinal_1, c6,
  ((c9 ^ (c9 >> 15)) * 1935289751L) & 4294967295L AS c10
FROM (
-- items, layer 9
SELECT
  c1, orders_key_0, items_ordinal_1, c6,
  ((((c8 ^ (c8 >> 15)) ^ 1447500864L) ^ (((c8 ^ (c8 >> 15)) ^ 1447500864L) >> 16)) * 569420461L) & 4294967295L AS c9
FROM (
-- items, layer 8
SELECT
  c1, orders_key_0, items_ordinal_1, c6,
  ((c7 ^ (c7 >> 15)) * 1935289751L) & 4294967295L AS c8
FROM (
-- items, layer 7
SELECT
  c1, orders_key_0, items_ordinal_1, c6,
  ((((((c6 * 20L) >> 32) + 1L) ^ 2794516471L) ^ (((((c6 * 20L) >> 32) + 1L) ^ 2794516471L) >> 16)) * 569420461L) & 4294967295L AS c7
FROM (
-- items, layer 6
SELECT
  c1, orders_key_0, items_ordinal_1,
  c5 ^ (c5 >> 15) AS c6 -- items.product_id
FROM (
-- items, layer 5
SELECT
  c1, orders_key_0, items_ordinal_1,
  ((c4 ^ (c4 >> 15)) * 1935289751L) & 4294967295L AS c5
FROM (
-- items, layer 4
SELECT
  c1, orders_key_0, items_ordinal_1,
  ((((c3 ^ (c3 >> 15)) ^ 4226324868L) ^ (((c3 ^ (c3 >> 15)) ^ 4226324868L) >> 16)) * 569420461L) & 4294967295L AS c4
FROM (
-- items, layer 3
SELECT
  c1, orders_key_0, items_ordinal_1,
  ((c2 ^ (c2 >> 15)) * 1935289751L) & 4294967295L AS c3
FROM (
-- items, layer 2
SELECT
  c1, orders_key_0, items_ordinal_1,
  (((c1 ^ 2667619397L) ^ ((c1 ^ 2667619397L) >> 16)) * 569420461L) & 4294967295L AS c2
FROM (
-- items, layer 1
SELECT
  orders_key_0, items_ordinal_1,
  (orders_key_0 * 4L) + items_ordinal_1 AS c1
FROM (
-- rows of items
SELECT
  orders_key_0,
  items_ordinal_1
FROM (
-- orders, layer 5
SELECT
  orders_key_0,
  ((c14 ^ (c14 >> 15)) * 5L) >> 32 AS c15 -- items.items
FROM (
-- orders, layer 4
SELECT
  orders_key_0,
  ((c13 ^ (c13 >> 15)) * 1935289751L) & 4294967295L AS c14
FROM (
-- orders, layer 3
SELECT
  orders_key_0,
  ((((c12 ^ (c12 >> 15)) ^ 670890960L) ^ (((c12 ^ (c12 >> 15)) ^ 670890960L) >> 16)) * 569420461L) & 4294967295L AS c13
FROM (
-- orders, layer 2
SELECT
  orders_key_0,
  ((c11 ^ (c11 >> 15)) * 1935289751L) & 4294967295L AS c12
FROM (
-- orders, layer 1
SELECT
  orders_key_0,
  (((orders_key_0 ^ 3565589834L) ^ ((orders_key_0 ^ 3565589834L) >> 16)) * 569420461L) & 4294967295L AS c11
FROM (
-- rows of orders
SELECT orders_key_0
FROM (SELECT id AS orders_key_0 FROM range(1, 1001))
) AS orders_1
) AS orders_2
) AS orders_3
) AS orders_4
) AS orders_5
) AS orders_6
LATERAL VIEW explode(if(c15 > 0L, sequence(0L, c15 - 1L), slice(`array`(0L), 1, 0))) numbers AS items_ordinal_1
) AS items_1
) AS items_2
) AS items_3
) AS items_4
) AS items_5
) AS items_6
) AS items_7
) AS items_8
) AS items_9
) AS items_10
) AS items_11
