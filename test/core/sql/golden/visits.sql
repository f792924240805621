WITH
-- rows of visits
visits_1 AS NOT MATERIALIZED (
  SELECT visits_position_0
  FROM range(0, 10) AS series(visits_position_0)
),
-- visits within the range of keys
visits_2 AS NOT MATERIALIZED (
  SELECT *
  FROM visits_1
  WHERE (((visits_position_0 // 5) + 1) * 1000) + ((visits_position_0 % 5) + 1) >= 1000 AND (((visits_position_0 // 5) + 1) * 1000) + ((visits_position_0 % 5) + 1) < 2003
),
-- visits, layer 1
visits_3 AS NOT MATERIALIZED (
  SELECT
    *,
    (((visits_position_0 // 5) + 1) * 1000) + ((visits_position_0 % 5) + 1) AS c1
  FROM visits_2
)
SELECT
  CAST(c1 AS BIGINT) AS "visit_id",
  CAST(c1 // 1000 AS BIGINT) AS "store_id",
  CAST(c1 % 1000 AS VARCHAR) AS "label"
FROM visits_3
