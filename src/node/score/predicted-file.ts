import { fail, isLakewrightError } from '../../core/errors.ts'
import { quote, suggestion } from '../../core/plan/names.ts'
import { duckdbName, duckdbText } from '../../core/report/physical-sql.ts'
import type { DuckDb } from '../engine/duckdb.ts'
import type { Cell } from '../../core/ports.ts'

/** A file of predicted pairs or clusters: its path as the user typed it and as it is opened. */
export interface PredictedFile {
  readonly kind: 'pairs' | 'clusters'
  readonly name: string
  readonly path: string
}

/** A file that can be read: a query for its rows, with the columns of its kind as text and a score as DOUBLE. */
export interface OpenFile {
  readonly file: PredictedFile
  readonly sql: string
}

/** Opens a file of predictions. Fails with score.input when it cannot be read or a column is missing. */
export const openPredicted = async (file: PredictedFile, duckDb: DuckDb): Promise<OpenFile> => {
  const source = sourceSql(file)
  const described = await readable(file, duckDb.rows(`DESCRIBE SELECT * FROM ${source}`))
  const there = described.map((row) => String(row['column_name']))
  const columns = COLUMNS[file.kind].map(([column, ...others]) => {
    const found = [column, ...others].flatMap((name) =>
      there.filter((each) => each.toLowerCase() === name),
    )
    return cellSql(
      column,
      found[0] ?? (column === 'score' ? undefined : failColumn(file, column, there)),
    )
  })
  return { file, sql: `SELECT ${columns.join(', ')} FROM ${source}` }
}

/** What a query on the file gives; a file that cannot be read to its end fails with score.input. */
export const readable = <T>(file: PredictedFile, result: Promise<T>): Promise<T> =>
  result.catch((error: unknown) => {
    if (!isLakewrightError(error) || error.code !== 'engine.failed') throw error
    const [reason = ''] = error.message.replace(/^DuckDB: /, '').split('\n')
    return fail(
      'score.input',
      `${file.name} cannot be read as ${formatOf(file)}: ${reason.slice(0, 200)}`,
      { cause: error },
    )
  })

/** A cell for a message. */
export const shownCell = (cell: Cell | undefined): string => String(cell ?? '')

/** The columns of each kind, by the names they go by: our own, then those of Splink. */
const COLUMNS: Readonly<
  Record<PredictedFile['kind'], readonly (readonly [string, ...string[]])[]>
> = {
  pairs: [
    ['source_l', 'source_dataset_l'],
    ['record_id_l', 'unique_id_l'],
    ['source_r', 'source_dataset_r'],
    ['record_id_r', 'unique_id_r'],
    ['score', 'match_probability'],
  ],
  clusters: [['source', 'source_dataset'], ['record_id', 'unique_id'], ['cluster_id']],
}

const cellSql = (column: string, found: string | undefined): string => {
  if (column !== 'score') return `CAST(${duckdbName(found ?? column)} AS VARCHAR) AS ${column}`
  const score = found === undefined ? 'NULL' : duckdbName(found)
  return `TRY_CAST(${score} AS DOUBLE) AS score`
}

const sourceSql = (file: PredictedFile): string => {
  const text = duckdbText(file.path)
  return formatOf(file) === 'Parquet'
    ? `read_parquet([${text}], hive_partitioning = false)`
    : `read_csv([${text}], header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`
}

const formatOf = ({ path, name }: PredictedFile): 'Parquet' | 'CSV' => {
  if (/\.parquet$/i.test(path)) return 'Parquet'
  if (/\.csv$/i.test(path)) return 'CSV'
  return fail('score.input', `${quote(name)}: expected a file that ends with .parquet or .csv`)
}

const failColumn = (
  { kind, name }: PredictedFile,
  column: string,
  there: readonly string[],
): never =>
  fail('score.input', `${name} has no column ${column}${suggestion(column, there)}`, {
    hint:
      kind === 'pairs'
        ? 'Pairs have source_l, record_id_l, source_r, record_id_r and, if there is one, score.'
        : 'Clusters have source, record_id and cluster_id.',
  })
