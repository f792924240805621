WITH
-- rows of products
products_1 AS NOT MATERIALIZED (
  SELECT products_key_0
  FROM range(1, 21) AS series(products_key_0)
),
-- products, layer 1
products_2 AS NOT MATERIALIZED (
  SELECT
    *,
    xor(products_key_0, 2794516471) AS c1
  FROM products_1
),
-- products, layer 2
products_3 AS NOT MATERIALIZED (
  SELECT
    *,
    (xor(c1, c1 >> 16) * 569420461) & 4294967295 AS c2
  FROM products_2
),
-- products, layer 3
products_4 AS NOT MATERIALIZED (
  SELECT
    *,
    (xor(c2, c2 >> 15) * 1935289751) & 4294967295 AS c3
  FROM products_3
),
-- products, layer 4
products_5 AS NOT MATERIALIZED (
  SELECT
    *,
    xor(xor(c3, c3 >> 15), 1447500864) AS c4
  FROM products_4
),
-- products, layer 5
products_6 AS NOT MATERIALIZED (
  SELECT
    *,
    (xor(c4, c4 >> 16) * 569420461) & 4294967295 AS c5
  FROM products_5
),
-- products, layer 6
products_7 AS NOT MATERIALIZED (
  SELECT
    *,
    (xor(c5, c5 >> 15) * 1935289751) & 4294967295 AS c6
  FROM products_6
)
SELECT
  CAST(products_key_0 AS BIGINT) AS "product_id",
  CAST(CAST(((xor(c6, c6 >> 15) * 9901) // 4294967296) + 99 AS DECIMAL(16, 0)) * 0.01 AS DECIMAL(9, 2)) AS "price"
FROM products_7
