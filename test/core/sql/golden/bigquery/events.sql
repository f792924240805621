WITH
-- rows of stores
stores_1 AS (
  SELECT stores_key_0
  FROM (SELECT stores_key_0 FROM unnest(generate_array(1, 3)) AS stores_key_0)
),
-- rows of visits
visits_1 AS (
  SELECT visits_position_0
  FROM (SELECT visits_position_0 FROM unnest(generate_array(0, 14)) AS visits_position_0)
)
SELECT
  (stores_key_0 * 4) + 1 AS `event_id`,
  1 AS `member`
FROM stores_1
UNION ALL
SELECT
  ((((div(visits_position_0, 5) + 1) * 1000) + (mod(visits_position_0, 5) + 1)) * 4) + 3 AS `event_id`,
  3 AS `member`
FROM visits_1
