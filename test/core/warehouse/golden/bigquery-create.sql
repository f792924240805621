CREATE OR REPLACE TABLE `my-project`.`mdm_demo`.`lakewright_1_items` (
  `order` INT64 NOT NULL,
  `channel` STRING NOT NULL,
  `note` STRING,
  `total` NUMERIC(9, 2) NOT NULL,
  `is_large` BOOL NOT NULL
)
PARTITION BY RANGE_BUCKET(`order`, GENERATE_ARRAY(1, 1001, 1))
CLUSTER BY `channel`, `order`
OPTIONS (labels = [('lakewright-plan_hash', 'ab12')])
