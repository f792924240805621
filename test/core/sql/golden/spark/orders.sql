SELECT
  orders_key_0 AS `order`,
  CASE WHEN c5 < 477218588L THEN 'phone' WHEN c5 < 1908874354L THEN 'shop' ELSE 'web' END AS `channel`,
  CASE WHEN (c9 ^ (c9 >> 15)) < 2147483648L THEN CAST(NULL AS STRING) ELSE lower(lpad(hex(c14), 8, '0') || '-' || lpad(hex((c17 & 4294967295L) >> 16), 4, '0') || '-4' || lpad(hex((c17 & 4294967295L) & 4095L), 3, '0') || '-' || hex((((c20 & 4294967295L) >> 16) & 16383L) + 32768L) || '-' || lpad(hex((((c20 & 4294967295L) & 65535L) << 32) | (((c17 & 4294967295L) + (c22 ^ (c22 >> 15))) & 4294967295L)), 12, '0')) END AS `note`,
  CAST(CAST(c28 AS DECIMAL(16, 0)) * 0.01BD AS DECIMAL(9, 2)) AS `total`,
  c27 > 2L AS `is_large`
FROM (
-- orders, layer 13
SELECT
  row_1, orders_key_0, c14, c17, c20, c28, c27,
  c4 ^ (c4 >> 15) AS c5, -- orders.channel
  ((c8 ^ (c8 >> 15)) * 1935289751L) & 4294967295L AS c9,
  ((c21 ^ (c21 >> 15)) * 1935289751L) & 4294967295L AS c22
FROM (
-- orders, layer 12
SELECT
  row_1, orders_key_0, c14, c17, c20, c28, c27,
  ((c3 ^ (c3 >> 15)) * 1935289751L) & 4294967295L AS c4,
  ((((c7 ^ (c7 >> 15)) ^ 2225539329L) ^ (((c7 ^ (c7 >> 15)) ^ 2225539329L) >> 16)) * 569420461L) & 4294967295L AS c8,
  ((((c20 & 4294967295L) ^ 2948357481L) ^ (((c20 & 4294967295L) ^ 2948357481L) >> 16)) * 569420461L) & 4294967295L AS c21
FROM (
-- orders, layer 11
SELECT
  row_1, orders_key_0, c14, c17, c28, c27,
  ((((c2 ^ (c2 >> 15)) ^ 946082442L) ^ (((c2 ^ (c2 >> 15)) ^ 946082442L) >> 16)) * 569420461L) & 4294967295L AS c3,
  ((c6 ^ (c6 >> 15)) * 1935289751L) & 4294967295L AS c7,
  c14 + (c19 ^ (c19 >> 15)) AS c20
FROM (
-- orders, layer 10
SELECT
  row_1, orders_key_0, c14, c17, c28, c27,
  ((c1 ^ (c1 >> 15)) * 1935289751L) & 4294967295L AS c2,
  (((orders_key_0 ^ 492656778L) ^ ((orders_key_0 ^ 492656778L) >> 16)) * 569420461L) & 4294967295L AS c6,
  ((c18 ^ (c18 >> 15)) * 1935289751L) & 4294967295L AS c19
FROM (
-- orders, layer 9
SELECT
  row_1, orders_key_0, c14, c17, c28, c27,
  (((orders_key_0 ^ 2745635744L) ^ ((orders_key_0 ^ 2745635744L) >> 16)) * 569420461L) & 4294967295L AS c1,
  ((((c17 & 4294967295L) ^ 3658941733L) ^ (((c17 & 4294967295L) ^ 3658941733L) >> 16)) * 569420461L) & 4294967295L AS c18
FROM (
-- orders, layer 8
SELECT
  row_1, orders_key_0, c14, c28, c27,
  (c11 ^ (c11 >> 15)) + (c16 ^ (c16 >> 15)) AS c17
FROM (
-- orders, layer 7
SELECT
  row_1, orders_key_0, c14, c28, c27, c11,
  ((c15 ^ (c15 >> 15)) * 1935289751L) & 4294967295L AS c16
FROM (
-- orders, layer 6
SELECT
  row_1, orders_key_0, c14, c28, c27, c11,
  (((c14 ^ 2171891583L) ^ ((c14 ^ 2171891583L) >> 16)) * 569420461L) & 4294967295L AS c15
FROM (
-- items, folded
SELECT
  row_1,
  orders_key_0,
  c14,
  c27,
  c11,
  coalesce(CAST(sum(CASE WHEN items_ordinal_1 IS NOT NULL THEN (((c38 ^ (c38 >> 15)) * 9901L) >> 32) + 99L END) AS BIGINT), 0) AS c28
FROM (
-- items, layer 10
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  ((c37 ^ (c37 >> 15)) * 1935289751L) & 4294967295L AS c38
FROM (
-- items, layer 9
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  ((((c36 ^ (c36 >> 15)) ^ 1447500864L) ^ (((c36 ^ (c36 >> 15)) ^ 1447500864L) >> 16)) * 569420461L) & 4294967295L AS c37
FROM (
-- items, layer 8
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  ((c35 ^ (c35 >> 15)) * 1935289751L) & 4294967295L AS c36
FROM (
-- items, layer 7
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  ((((((c34 * 20L) >> 32) + 1L) ^ 2794516471L) ^ (((((c34 * 20L) >> 32) + 1L) ^ 2794516471L) >> 16)) * 569420461L) & 4294967295L AS c35
FROM (
-- items, layer 6
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  c33 ^ (c33 >> 15) AS c34 -- items.product_id
FROM (
-- items, layer 5
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  ((c32 ^ (c32 >> 15)) * 1935289751L) & 4294967295L AS c33
FROM (
-- items, layer 4
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  ((((c31 ^ (c31 >> 15)) ^ 4226324868L) ^ (((c31 ^ (c31 >> 15)) ^ 4226324868L) >> 16)) * 569420461L) & 4294967295L AS c32
FROM (
-- items, layer 3
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  ((c30 ^ (c30 >> 15)) * 1935289751L) & 4294967295L AS c31
FROM (
-- items, layer 2
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  (((c29 ^ 2667619397L) ^ ((c29 ^ 2667619397L) >> 16)) * 569420461L) & 4294967295L AS c30
FROM (
-- items, layer 1
SELECT
  row_1, orders_key_0, c14, c27, c11, items_ordinal_1,
  (orders_key_0 * 4L) + items_ordinal_1 AS c29
FROM (
-- rows of items
SELECT
  row_1,
  orders_key_0,
  c14,
  c27,
  c11,
  items_ordinal_1
FROM (
-- orders, layer 5
SELECT
  row_1, orders_key_0, c11,
  c13 ^ (c13 >> 15) AS c14, -- orders.note
  ((c26 ^ (c26 >> 15)) * 5L) >> 32 AS c27 -- items.items
FROM (
-- orders, layer 4
SELECT
  row_1, orders_key_0, c11,
  ((c12 ^ (c12 >> 15)) * 1935289751L) & 4294967295L AS c13,
  ((c25 ^ (c25 >> 15)) * 1935289751L) & 4294967295L AS c26
FROM (
-- orders, layer 3
SELECT
  row_1, orders_key_0, c11,
  ((((c11 ^ (c11 >> 15)) ^ 3236292770L) ^ (((c11 ^ (c11 >> 15)) ^ 3236292770L) >> 16)) * 569420461L) & 4294967295L AS c12,
  ((((c24 ^ (c24 >> 15)) ^ 670890960L) ^ (((c24 ^ (c24 >> 15)) ^ 670890960L) >> 16)) * 569420461L) & 4294967295L AS c25
FROM (
-- orders, layer 2
SELECT
  row_1, orders_key_0,
  ((c10 ^ (c10 >> 15)) * 1935289751L) & 4294967295L AS c11,
  ((c23 ^ (c23 >> 15)) * 1935289751L) & 4294967295L AS c24
FROM (
-- orders, layer 1
SELECT
  row_1, orders_key_0,
  (((orders_key_0 ^ 2325072068L) ^ ((orders_key_0 ^ 2325072068L) >> 16)) * 569420461L) & 4294967295L AS c10,
  (((orders_key_0 ^ 3565589834L) ^ ((orders_key_0 ^ 3565589834L) >> 16)) * 569420461L) & 4294967295L AS c23
FROM (
-- orders, numbered
SELECT
  *,
  orders_key_0 AS row_1
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
) AS orders_7
LATERAL VIEW OUTER explode(if(c27 > 0L, sequence(0L, c27 - 1L), slice(`array`(0L), 1, 0))) numbers AS items_ordinal_1
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
GROUP BY ALL
) AS items_12
) AS orders_8
) AS orders_9
) AS orders_10
) AS orders_11
) AS orders_12
) AS orders_13
) AS orders_14
) AS orders_15
