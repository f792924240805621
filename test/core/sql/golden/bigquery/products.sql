WITH
-- rows of products
products_1 AS (
  SELECT products_key_0
  FROM (SELECT products_key_0 FROM unnest(generate_array(1, 20)) AS products_key_0)
),
-- products, layer 1
products_2 AS (
  SELECT
    *,
    products_key_0 ^ 2794516471 AS c1
  FROM products_1
),
-- products, layer 2
products_3 AS (
  SELECT
    *,
    ((c1 ^ (c1 >> 16)) * 569420461) & 4294967295 AS c2
  FROM products_2
),
-- products, layer 3
products_4 AS (
  SELECT
    *,
    ((c2 ^ (c2 >> 15)) * 1935289751) & 4294967295 AS c3
  FROM products_3
),
-- products, layer 4
products_5 AS (
  SELECT
    *,
    (c3 ^ (c3 >> 15)) ^ 1447500864 AS c4
  FROM products_4
),
-- products, layer 5
products_6 AS (
  SELECT
    *,
    ((c4 ^ (c4 >> 16)) * 569420461) & 4294967295 AS c5
  FROM products_5
),
-- products, layer 6
products_7 AS (
  SELECT
    *,
    ((c5 ^ (c5 >> 15)) * 1935289751) & 4294967295 AS c6
  FROM products_6
)
SELECT
  products_key_0 AS `product_id`,
  CAST(CAST(div((c6 ^ (c6 >> 15)) * 9901, 4294967296) + 99 AS NUMERIC) * NUMERIC '0.01' AS NUMERIC(9, 2)) AS `price`
FROM products_7
