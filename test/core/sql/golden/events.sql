WITH
-- rows of stores
stores_1 AS NOT MATERIALIZED (
  SELECT stores_key_0
  FROM range(1, 4) AS series(stores_key_0)
),
-- rows of visits
visits_1 AS NOT MATERIALIZED (
  SELECT visits_position_0
  FROM range(0, 15) AS series(visits_position_0)
)
SELECT
  CAST((stores_key_0 * 4) + 1 AS BIGINT) AS "event_id",
  CAST(1 AS INTEGER) AS "member"
FROM stores_1
UNION ALL
SELECT
  CAST((((((visits_position_0 // 5) + 1) * 1000) + ((visits_position_0 % 5) + 1)) * 4) + 3 AS BIGINT) AS "event_id",
  CAST(3 AS INTEGER) AS "member"
FROM visits_1
