WITH
-- rows of orders
orders_1 AS (
  SELECT orders_key_0
  FROM (SELECT orders_key_0 FROM unnest(generate_array(1, 1000)) AS orders_key_0)
),
-- orders, layer 1
orders_2 AS (
  SELECT
    *,
    orders_key_0 ^ 2745635744 AS c1,
    orders_key_0 ^ 492656778 AS c8,
    orders_key_0 ^ 2325072068 AS c14,
    orders_key_0 ^ 3565589834 AS c33
  FROM orders_1
),
-- orders, layer 2
orders_3 AS (
  SELECT
    *,
    ((c1 ^ (c1 >> 16)) * 569420461) & 4294967295 AS c2,
    ((c8 ^ (c8 >> 16)) * 569420461) & 4294967295 AS c9,
    ((c14 ^ (c14 >> 16)) * 569420461) & 4294967295 AS c15,
    ((c33 ^ (c33 >> 16)) * 569420461) & 4294967295 AS c34
  FROM orders_2
),
-- orders, layer 3
orders_4 AS (
  SELECT
    *,
    ((c2 ^ (c2 >> 15)) * 1935289751) & 4294967295 AS c3,
    ((c9 ^ (c9 >> 15)) * 1935289751) & 4294967295 AS c10,
    ((c15 ^ (c15 >> 15)) * 1935289751) & 4294967295 AS c16,
    ((c34 ^ (c34 >> 15)) * 1935289751) & 4294967295 AS c35
  FROM orders_3
),
-- orders, layer 4
orders_5 AS (
  SELECT
    *,
    (c3 ^ (c3 >> 15)) ^ 946082442 AS c4,
    (c10 ^ (c10 >> 15)) ^ 2225539329 AS c11,
    c16 ^ (c16 >> 15) AS c17,
    (c35 ^ (c35 >> 15)) ^ 670890960 AS c36
  FROM orders_4
),
-- orders, layer 5
orders_6 AS (
  SELECT
    *,
    ((c4 ^ (c4 >> 16)) * 569420461) & 4294967295 AS c5,
    ((c11 ^ (c11 >> 16)) * 569420461) & 4294967295 AS c12,
    c17 ^ 3236292770 AS c18,
    ((c36 ^ (c36 >> 16)) * 569420461) & 4294967295 AS c37
  FROM orders_5
),
-- orders, layer 6
orders_7 AS (
  SELECT
    *,
    ((c5 ^ (c5 >> 15)) * 1935289751) & 4294967295 AS c6,
    ((c12 ^ (c12 >> 15)) * 1935289751) & 4294967295 AS c13,
    ((c18 ^ (c18 >> 16)) * 569420461) & 4294967295 AS c19,
    ((c37 ^ (c37 >> 15)) * 1935289751) & 4294967295 AS c38
  FROM orders_6
),
-- orders, layer 7
orders_8 AS (
  SELECT
    *,
    c6 ^ (c6 >> 15) AS c7, -- orders.channel
    ((c19 ^ (c19 >> 15)) * 1935289751) & 4294967295 AS c20,
    div((c38 ^ (c38 >> 15)) * 5, 4294967296) AS c39 -- items.items
  FROM orders_7
),
-- orders, to fold into
orders_9 AS (
  SELECT
    orders_key_0 AS row_1,
    orders_key_0,
    c7,
    c13,
    c39,
    c20,
    c17
  FROM orders_8
),
-- rows of items
items_1 AS (
  SELECT
    row_1,
    orders_key_0,
    items_ordinal_1
  FROM orders_9
  CROSS JOIN unnest(generate_array(0, c39 - 1)) AS items_ordinal_1
),
-- items, layer 1
items_2 AS (
  SELECT
    *,
    ((orders_key_0 * 4) + items_ordinal_1) ^ 2667619397 AS c41
  FROM items_1
),
-- items, layer 2
items_3 AS (
  SELECT
    *,
    ((c41 ^ (c41 >> 16)) * 569420461) & 4294967295 AS c42
  FROM items_2
),
-- items, layer 3
items_4 AS (
  SELECT
    *,
    ((c42 ^ (c42 >> 15)) * 1935289751) & 4294967295 AS c43
  FROM items_3
),
-- items, layer 4
items_5 AS (
  SELECT
    *,
    (c43 ^ (c43 >> 15)) ^ 4226324868 AS c44
  FROM items_4
),
-- items, layer 5
items_6 AS (
  SELECT
    *,
    ((c44 ^ (c44 >> 16)) * 569420461) & 4294967295 AS c45
  FROM items_5
),
-- items, layer 6
items_7 AS (
  SELECT
    *,
    ((c45 ^ (c45 >> 15)) * 1935289751) & 4294967295 AS c46
  FROM items_6
),
-- items, layer 7
items_8 AS (
  SELECT
    *,
    (div((c46 ^ (c46 >> 15)) * 20, 4294967296) + 1) ^ 2794516471 AS c47
  FROM items_7
),
-- items, layer 8
items_9 AS (
  SELECT
    *,
    ((c47 ^ (c47 >> 16)) * 569420461) & 4294967295 AS c48
  FROM items_8
),
-- items, layer 9
items_10 AS (
  SELECT
    *,
    ((c48 ^ (c48 >> 15)) * 1935289751) & 4294967295 AS c49
  FROM items_9
),
-- items, layer 10
items_11 AS (
  SELECT
    *,
    (c49 ^ (c49 >> 15)) ^ 1447500864 AS c50
  FROM items_10
),
-- items, layer 11
items_12 AS (
  SELECT
    *,
    ((c50 ^ (c50 >> 16)) * 569420461) & 4294967295 AS c51
  FROM items_11
),
-- items, layer 12
items_13 AS (
  SELECT
    *,
    ((c51 ^ (c51 >> 15)) * 1935289751) & 4294967295 AS c52
  FROM items_12
),
-- items, folded
items_14 AS (
  SELECT
    row_1,
    CAST(sum(div((c52 ^ (c52 >> 15)) * 9901, 4294967296) + 99) AS INT64) AS c40
  FROM items_13
  GROUP BY row_1
),
-- orders, layer 8
orders_10 AS (
  SELECT
    orders_9.*,
    coalesce(items_14.c40, 0) AS c40,
    c20 ^ (c20 >> 15) AS c21 -- orders.note
  FROM orders_9
  LEFT JOIN items_14 ON items_14.row_1 = orders_9.row_1
),
-- orders, layer 9
orders_11 AS (
  SELECT
    *,
    c21 ^ 2171891583 AS c22
  FROM orders_10
),
-- orders, layer 10
orders_12 AS (
  SELECT
    *,
    ((c22 ^ (c22 >> 16)) * 569420461) & 4294967295 AS c23
  FROM orders_11
),
-- orders, layer 11
orders_13 AS (
  SELECT
    *,
    ((c23 ^ (c23 >> 15)) * 1935289751) & 4294967295 AS c24
  FROM orders_12
),
-- orders, layer 12
orders_14 AS (
  SELECT
    *,
    (c17 + (c24 ^ (c24 >> 15))) & 4294967295 AS c25 -- orders.note, lane 2
  FROM orders_13
),
-- orders, layer 13
orders_15 AS (
  SELECT
    *,
    c25 ^ 3658941733 AS c26
  FROM orders_14
),
-- orders, layer 14
orders_16 AS (
  SELECT
    *,
    ((c26 ^ (c26 >> 16)) * 569420461) & 4294967295 AS c27
  FROM orders_15
),
-- orders, layer 15
orders_17 AS (
  SELECT
    *,
    ((c27 ^ (c27 >> 15)) * 1935289751) & 4294967295 AS c28
  FROM orders_16
),
-- orders, layer 16
orders_18 AS (
  SELECT
    *,
    (c21 + (c28 ^ (c28 >> 15))) & 4294967295 AS c29 -- orders.note, lane 3
  FROM orders_17
),
-- orders, layer 17
orders_19 AS (
  SELECT
    *,
    c29 ^ 2948357481 AS c30
  FROM orders_18
),
-- orders, layer 18
orders_20 AS (
  SELECT
    *,
    ((c30 ^ (c30 >> 16)) * 569420461) & 4294967295 AS c31
  FROM orders_19
),
-- orders, layer 19
orders_21 AS (
  SELECT
    *,
    ((c31 ^ (c31 >> 15)) * 1935289751) & 4294967295 AS c32
  FROM orders_20
)
SELECT
  orders_key_0 AS `order`,
  CASE WHEN c7 < 477218588 THEN 'phone' WHEN c7 < 1908874354 THEN 'shop' ELSE 'web' END AS `channel`,
  CASE WHEN (c13 ^ (c13 >> 15)) < 2147483648 THEN CAST(NULL AS STRING) ELSE format('%08x-%04x-%04x-%04x-%04x%08x', c21, c25 >> 16, (c25 & 4095) + 16384, ((c29 >> 16) & 16383) + 32768, c29 & 65535, (c25 + (c32 ^ (c32 >> 15))) & 4294967295) END AS `note`,
  CAST(CAST(c40 AS NUMERIC) * NUMERIC '0.01' AS NUMERIC(9, 2)) AS `total`,
  c39 > 2 AS `is_large`
FROM orders_21
