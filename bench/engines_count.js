// Prints the rows of all Parquet files below a folder: node bench/engines_count.js FOLDER
import { DuckDBInstance } from '@duckdb/node-api'

const connection = await (await DuckDBInstance.create()).connect()
const files = `${process.argv[2].replaceAll("'", "''")}/**/*.parquet`
const result = await connection.runAndReadAll(
  `SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata('${files}')`,
)
console.log(String(result.getRows()[0][0]))
