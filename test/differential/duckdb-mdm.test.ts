import { proveOnDuckDb } from './duckdb.ts'

proveOnDuckDb('mdm')
