// W1 by hand in DuckDB SQL: node bench/w1_duckdb.js HOUSEHOLDS FOLDER
// Ids come from a table, because a scan of range() runs on one core. hash(key, constant) only flips bits of hash(key),
// so each column hashes a number of its own.
import { mkdirSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [households, folder] = process.argv.slice(2)

const MACROS = `
  CREATE MACRO bits(key, stream) AS hash(key * 32 + stream) >> 11;
  CREATE MACRO below(key, stream, n) AS (bits(key, stream) % n)::INTEGER;
  CREATE MACRO unit(key, stream) AS (bits(key, stream) + 0.5) / 9007199254740992;
  CREATE MACRO normal(key, stream) AS
    sqrt(-2 * ln(unit(key, stream))) * cos(2 * pi() * unit(key, stream + 1));
  CREATE MACRO instant(key, stream) AS
    make_timestamp(1672531200000000 + below(key, stream, 63158400)::BIGINT * 1000000);
`

const HOUSEHOLDS = `
  SELECT household_id,
    ['New York', 'Los Angeles', 'Chicago', 'Houston', 'Phoenix', 'Philadelphia', 'San Antonio', 'San Diego',
     'Dallas', 'Austin'][below(household_id, 1, 10) + 1] AS city,
    ['<30K', '<30K', '30-60K', '30-60K', '30-60K', '60-100K', '60-100K', '60-100K', '100K+', '100K+']
      [below(household_id, 2, 10) + 1] AS income_bracket,
    greatest(1, least(6, round(2.5 + 1.2 * normal(household_id, 3))))::INTEGER AS size,
    instant(household_id, 5) AS created_at
  FROM ids`

const INDIVIDUALS = `
  SELECT individual_id, household_id, 18 + below(individual_id, 6, 83) AS age,
    CASE WHEN g < 49 THEN 'F' WHEN g < 98 THEN 'M' ELSE 'X' END AS gender,
    CASE WHEN e < 30 THEN 'high_school' WHEN e < 50 THEN 'some_college' WHEN e < 80 THEN 'bachelor'
      WHEN e < 95 THEN 'master' ELSE 'doctorate' END AS education,
    instant(individual_id, 9) AS created_at
  FROM (
    SELECT *, below(individual_id, 7, 100) AS g, below(individual_id, 8, 100) AS e
    FROM (
      SELECT household_id, (household_id - 1) * 6 + unnest(range(size)) + 1 AS individual_id
      FROM households
    )
  )`

const MAPPINGS = `
  SELECT mapping_id, individual_id,
    ['email_hash', 'cookie_id', 'mobile_ad_id', 'device_id', 'ctv_id', 'hashed_phone']
      [below(mapping_id, 11, 6) + 1] AS identifier_type,
    md5(mapping_id::VARCHAR) AS identifier_value,
    instant(mapping_id, 12) AS created_at
  FROM (
    SELECT individual_id, individual_id * 16 + unnest(range(2 + below(individual_id, 10, 14))) AS mapping_id
    FROM individuals
  )`

const instance = await DuckDBInstance.create(':memory:')
const duckdb = await instance.connect()

const land = async (table) => {
  mkdirSync(`${folder}/${table}`, { recursive: true })
  await duckdb.run(
    `COPY ${table} TO '${folder}/${table}/part-0.parquet' (FORMAT parquet, COMPRESSION uncompressed)`,
  )
}

await duckdb.run('SET preserve_insertion_order = false')
await duckdb.run(MACROS)
await duckdb.run(
  `CREATE TABLE ids AS SELECT range AS household_id FROM range(1, ${households} + 1)`,
)
await duckdb.run(`CREATE TABLE households AS ${HOUSEHOLDS}`)
await land('households')
await duckdb.run(`CREATE TABLE individuals AS ${INDIVIDUALS}`)
await land('individuals')
await duckdb.run(`CREATE VIEW identity_mappings AS ${MAPPINGS}`)
await land('identity_mappings')
