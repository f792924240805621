import { proveOnDuckDb } from './duckdb.ts'

proveOnDuckDb('identity')
proveOnDuckDb('retail')
