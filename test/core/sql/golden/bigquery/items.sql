WITH
-- rows of orders
orders_1 AS (
  SELECT orders_key_0
  FROM (SELECT orders_key_0 FROM unnest(generate_array(10, 19)) AS orders_key_0)
),
-- orders, layer 1
orders_2 AS (
  SELECT
    *,
    orders_key_0 ^ 3565589834 AS c15
  FROM orders_1
),
-- orders, layer 2
orders_3 AS (
  SELECT
    *,
    ((c15 ^ (c15 >> 16)) * 569420461) & 4294967295 AS c16
  FROM orders_2
),
-- orders, layer 3
orders_4 AS (
  SELECT
    *,
    ((c16 ^ (c16 >> 15)) * 1935289751) & 4294967295 AS c17
  FROM orders_3
),
-- orders, layer 4
orders_5 AS (
  SELECT
    *,
    (c17 ^ (c17 >> 15)) ^ 670890960 AS c18
  FROM orders_4
),
-- orders, layer 5
orders_6 AS (
  SELECT
    *,
    ((c18 ^ (c18 >> 16)) * 569420461) & 4294967295 AS c19
  FROM orders_5
),
-- orders, layer 6
orders_7 AS (
  SELECT
    *,
    ((c19 ^ (c19 >> 15)) * 1935289751) & 4294967295 AS c20
  FROM orders_6
),
-- orders, layer 7
orders_8 AS (
  SELECT
    *,
    div((c20 ^ (c20 >> 15)) * 5, 4294967296) AS c21 -- items.items
  FROM orders_7
),
-- rows of items
items_1 AS (
  SELECT
    orders_key_0,
    items_ordinal_1
  FROM orders_8
  CROSS JOIN unnest(generate_array(0, c21 - 1)) AS items_ordinal_1
),
-- items within the range of keys
items_2 AS (
  SELECT *
  FROM items_1
  WHERE (orders_key_0 * 4) + items_ordinal_1 >= 40 AND (orders_key_0 * 4) + items_ordinal_1 < 80
),
-- items, layer 1
items_3 AS (
  SELECT
    *,
    (orders_key_0 * 4) + items_ordinal_1 AS c1
  FROM items_2
),
-- items, layer 2
items_4 AS (
  SELECT
    *,
    c1 ^ 2667619397 AS c2
  FROM items_3
),
-- items, layer 3
items_5 AS (
  SELECT
    *,
    ((c2 ^ (c2 >> 16)) * 569420461) & 4294967295 AS c3
  FROM items_4
),
-- items, layer 4
items_6 AS (
  SELECT
    *,
    ((c3 ^ (c3 >> 15)) * 1935289751) & 4294967295 AS c4
  FROM items_5
),
-- items, layer 5
items_7 AS (
  SELECT
    *,
    (c4 ^ (c4 >> 15)) ^ 4226324868 AS c5
  FROM items_6
),
-- items, layer 6
items_8 AS (
  SELECT
    *,
    ((c5 ^ (c5 >> 16)) * 569420461) & 4294967295 AS c6
  FROM items_7
),
-- items, layer 7
items_9 AS (
  SELECT
    *,
    ((c6 ^ (c6 >> 15)) * 1935289751) & 4294967295 AS c7
  FROM items_8
),
-- items, layer 8
items_10 AS (
  SELECT
    *,
    div((c7 ^ (c7 >> 15)) * 20, 4294967296) + 1 AS c8 -- items.product_id
  FROM items_9
),
-- items, layer 9
items_11 AS (
  SELECT
    *,
    c8 ^ 2794516471 AS c9
  FROM items_10
),
-- items, layer 10
items_12 AS (
  SELECT
    *,
    ((c9 ^ (c9 >> 16)) * 569420461) & 4294967295 AS c10
  FROM items_11
),
-- items, layer 11
items_13 AS (
  SELECT
    *,
    ((c10 ^ (c10 >> 15)) * 1935289751) & 4294967295 AS c11
  FROM items_12
),
-- items, layer 12
items_14 AS (
  SELECT
    *,
    (c11 ^ (c11 >> 15)) ^ 1447500864 AS c12
  FROM items_13
),
-- items, layer 13
items_15 AS (
  SELECT
    *,
    ((c12 ^ (c12 >> 16)) * 569420461) & 4294967295 AS c13
  FROM items_14
),
-- items, layer 14
items_16 AS (
  SELECT
    *,
    ((c13 ^ (c13 >> 15)) * 1935289751) & 4294967295 AS c14
  FROM items_15
)
SELECT
  c1 AS `item_id`,
  orders_key_0 AS `order_id`,
  items_ordinal_1 AS `line`,
  c8 AS `product_id`,
  CAST(CAST(div((c14 ^ (c14 >> 15)) * 9901, 4294967296) + 99 AS NUMERIC) * NUMERIC '0.01' AS NUMERIC(9, 2)) AS `amount`,
  timestamp_micros(c1 * 60000000) AS `at`
FROM items_16
