// W2 by hand in DuckDB SQL: node bench/w2_duckdb.js RECORDS FOLDER
// RECORDS records in three sources about half as many customers: names from the word lists of the package, one last name
// in ten written another way, one name in ten with a slip of the keyboard, 15 % of e-mails, phones and addresses missing.
// Place and ZIP code are drawn apart, so they do not agree. Ids come from a table, as in w1_duckdb.js.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'

const [records, folder] = process.argv.slice(2)
const LISTS = fileURLToPath(new URL('../assets/vocabularies', import.meta.url))

const MACROS = `
  CREATE MACRO below(key, stream, n) AS ((hash(key * 64 + stream) >> 11) % n)::INTEGER;
  CREATE MACRO chance(key, stream, percent) AS below(key, stream, 100) < percent;
  CREATE MACRO one(key, stream, list) AS list[below(key, stream, len(list)) + 1];
  CREATE MACRO slipped(key, stream, word) AS CASE below(key, stream, 3)
    WHEN 0 THEN word[1:below(key, stream + 1, len(word)) + 1] || word[below(key, stream + 1, len(word)) + 1:]
    WHEN 1 THEN word[1:below(key, stream + 1, len(word))] || word[below(key, stream + 1, len(word)) + 2:]
    ELSE word[1:below(key, stream + 1, len(word))] || chr(97 + below(key, stream + 2, 26)) ||
      word[below(key, stream + 1, len(word)) + 2:] END;
  CREATE MACRO typed(key, stream, word) AS
    CASE WHEN chance(key, stream, 10) THEN slipped(key, stream + 1, word) ELSE word END;
  CREATE MACRO landed(key, stream, word) AS CASE WHEN chance(key, stream, 15) THEN NULL ELSE word END;
`

const names = (list) =>
  `(SELECT list("name:string") FROM read_csv('${LISTS}/${list}.tsv', delim = '\t', header = true, skip = 1))`

const words = (rows) => rows.map((row) => `'${row}'`).join(', ')

const CUSTOMERS = `
  CREATE TABLE customers AS
  SELECT id, one(id, 1, given) AS first_name, one(id, 2, family) AS last_name,
    DATE '1940-01-01' + below(id, 3, 23000) AS birth_date, ['F', 'M'][below(id, 4, 2) + 1] AS sex,
    lower(one(id, 1, given) || '.' || one(id, 2, family)) || id || '@example.com' AS email,
    (2000000000 + below(id, 5, 1000000000)::BIGINT * 7)::VARCHAR AS phone,
    1 + below(id, 6, 9900) || ' ' || one(id, 7, streets) || ' Street' AS address_line1,
    one(id, 8, [${words(['New York', 'Los Angeles', 'Chicago', 'Houston', 'Phoenix', 'Dallas'])}]) AS city,
    one(id, 9, [${words(['NY', 'CA', 'IL', 'TX', 'AZ', 'PA', 'FL', 'OH'])}]) AS state,
    lpad((501 + below(id, 10, 99000))::VARCHAR, 5, '0') AS zip_code
  FROM ids, lists`

const recordsOf = (source, share, offset) => `
  SELECT '${source}-' || n AS record_id,
    typed(n, 20, first_name) AS first_name,
    typed(n, 24, CASE WHEN chance(n, 28, 10) THEN one(n, 29, family) ELSE last_name END) AS last_name,
    birth_date, sex, landed(n, 30, email) AS email,
    landed(n, 31, CASE WHEN chance(n, 32, 50) THEN phone
      ELSE '(' || phone[1:3] || ') ' || phone[4:6] || '-' || phone[7:] END) AS phone,
    landed(n, 33, typed(n, 34, CASE WHEN chance(n, 38, 30) THEN replace(address_line1, 'Street', 'St.')
      ELSE address_line1 END)) AS address_line1,
    landed(n, 39, city) AS city, state, landed(n, 40, zip_code) AS zip_code,
    TIMESTAMP '2020-01-01' + INTERVAL 1 SECOND * below(n, 41, 150000000) AS created_at
  FROM (
    SELECT id + ${offset} AS n, 1 + below(id + ${offset}, 42, (SELECT count(*) FROM customers)) AS customer
    FROM record_ids WHERE id <= ${share} * ${records}
  ) JOIN customers ON customers.id = customer, lists`

const instance = await DuckDBInstance.create(':memory:')
const duckdb = await instance.connect()
await duckdb.run('SET preserve_insertion_order = false')
await duckdb.run(MACROS)
await duckdb.run(`CREATE TABLE ids AS SELECT range AS id FROM range(1, ${records} // 2 + 1)`)
await duckdb.run(`CREATE TABLE record_ids AS SELECT range AS id FROM range(1, ${records} + 1)`)
await duckdb.run(`CREATE TABLE lists AS SELECT
  list_concat(${names('given_names_female')}, ${names('given_names_male')}) AS given,
  ${names('surnames')} AS family, ${names('streets')} AS streets`)
await duckdb.run(CUSTOMERS)

const SOURCES = [
  ['crm', 0.4, 0],
  ['erp', 0.3, 100_000_000],
  ['ecommerce', 0.3, 200_000_000],
]
for (const [source, share, offset] of SOURCES) {
  const table = `raw_${source}_customers`
  mkdirSync(`${folder}/${table}`, { recursive: true })
  await duckdb.run(
    `COPY (${recordsOf(source, share, offset)}) TO '${folder}/${table}/part-0.parquet' (FORMAT parquet, COMPRESSION uncompressed)`,
  )
}
