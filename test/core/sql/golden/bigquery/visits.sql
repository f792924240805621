WITH
-- rows of visits
visits_1 AS (
  SELECT visits_position_0
  FROM (SELECT visits_position_0 FROM unnest(generate_array(0, 9)) AS visits_position_0)
),
-- visits within the range of keys
visits_2 AS (
  SELECT *
  FROM visits_1
  WHERE ((div(visits_position_0, 5) + 1) * 1000) + (mod(visits_position_0, 5) + 1) >= 1000 AND ((div(visits_position_0, 5) + 1) * 1000) + (mod(visits_position_0, 5) + 1) < 2003
),
-- visits, layer 1
visits_3 AS (
  SELECT
    *,
    ((div(visits_position_0, 5) + 1) * 1000) + (mod(visits_position_0, 5) + 1) AS c1
  FROM visits_2
)
SELECT
  c1 AS `visit_id`,
  div(c1, 1000) AS `store_id`,
  CAST(mod(c1, 1000) AS STRING) AS `label`
FROM visits_3
