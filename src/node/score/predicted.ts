import { fail } from '../../core/errors.ts'
import { quote, suggestion } from '../../core/plan/names.ts'
import { type Partition, relabelled } from '../../core/score/partition.ts'
import type { Prediction } from '../../core/score/score.ts'
import type { DuckDb } from '../engine/duckdb.ts'
import {
  type OpenFile,
  openPredicted,
  type PredictedFile,
  readable,
  shownCell,
} from './predicted-file.ts'

/** A prediction, and what the file had besides. DuckDB then has a table `pairs` of l, r, score when pairs were given. */
export interface LoadedPrediction {
  readonly prediction: Prediction
  readonly rows: number
  /** Rows that pair a record with itself, and rows that say again what another said. */
  readonly selfPairs: number
  readonly repeated: number
}

/**
 * Reads a Parquet or CSV file of predictions on the `records` records of DuckDB's table of that name. Fails with
 * score.input when columns or rows are missing, when a record is unknown, or when one is in two clusters.
 */
export const loadPrediction = async (
  file: PredictedFile,
  records: number,
  duckDb: DuckDb,
): Promise<LoadedPrediction> => {
  const open = await openPredicted(file, duckDb)
  return file.kind === 'pairs' ? loadPairs(open, duckDb) : loadClusters(open, records, duckDb)
}

const loadPairs = async (open: OpenFile, duckDb: DuckDb): Promise<LoadedPrediction> => {
  await readable(
    open.file,
    duckDb.run(
      `CREATE TEMP TABLE named AS
      SELECT l.id AS l, r.id AS r, score FROM (${open.sql}) AS given
      LEFT JOIN records AS l ON l.source = source_l AND l.record_id = record_id_l
      LEFT JOIN records AS r ON r.source = source_r AND r.record_id = record_id_r`,
    ),
  )
  const [rows = 0, unknown = 0, same = 0] = await countsOf(
    duckDb,
    'SELECT count(*), count(*) - count(l + r), count(*) FILTER (l = r) FROM named',
  )
  if (unknown > 0) await failUnknown(open, duckDb)
  if (rows === 0) failEmpty(open.file)
  await duckDb.run(
    `CREATE TABLE pairs AS SELECT least(l, r) AS l, greatest(l, r) AS r, max(score) AS score
    FROM named WHERE l <> r GROUP BY ALL`,
  )
  await duckDb.run('DROP TABLE named')
  const [left = NONE, right = NONE] = await duckDb.integers('SELECT l, r FROM pairs')
  return {
    prediction: { kind: 'pairs', pairs: { left, right } },
    rows,
    selfPairs: same,
    repeated: rows - same - left.length,
  }
}

const loadClusters = async (
  open: OpenFile,
  records: number,
  duckDb: DuckDb,
): Promise<LoadedPrediction> => {
  await readable(
    open.file,
    duckDb.run(
      `CREATE TEMP TABLE named AS SELECT records.id, cluster_id FROM (${open.sql}) AS given
      LEFT JOIN records USING (source, record_id)`,
    ),
  )
  const [rows = 0, unknown = 0, unclustered = 0] = await countsOf(
    duckDb,
    'SELECT count(*), count(*) - count(id), count(*) - count(cluster_id) FROM named',
  )
  if (unknown > 0) await failUnknown(open, duckDb)
  if (rows === 0) failEmpty(open.file)
  if (unclustered > 0)
    fail('score.input', `${open.file.name} has ${unclustered} rows without cluster_id`)
  await requireOneCluster(open.file, duckDb)
  const [ids = NONE, labels = NONE] = await duckDb.integers(
    'SELECT DISTINCT id, CAST(dense_rank() OVER (ORDER BY cluster_id) - 1 AS INTEGER) FROM named',
  )
  return {
    prediction: { kind: 'clusters', clusters: withSingles(records, ids, labels) },
    rows,
    selfPairs: 0,
    repeated: rows - ids.length,
  }
}

const NONE = new Int32Array()

/** A record that the file does not name is a cluster of its own. */
const withSingles = (records: number, ids: Int32Array, labels: Int32Array): Partition => {
  const all = Int32Array.from({ length: records }, (_, record) => records + record)
  ids.forEach((id, i) => {
    all[id] = labels[i] ?? 0
  })
  return relabelled(all, 2 * records)
}

const requireOneCluster = async ({ name }: PredictedFile, duckDb: DuckDb): Promise<void> => {
  const [twice] = await duckDb.rows(
    `SELECT source, record_id, min(cluster_id) AS a, max(cluster_id) AS b
    FROM named JOIN records USING (id) GROUP BY source, record_id
    HAVING min(cluster_id) <> max(cluster_id) ORDER BY ALL LIMIT 1`,
  )
  if (twice === undefined) return
  const [source, id, a, b] = ['source', 'record_id', 'a', 'b'].map((each) => shownCell(twice[each]))
  fail('score.input', `${name} puts ${source} ${id} into two clusters, ${a} and ${b}`, {
    hint: 'A record belongs to one cluster.',
  })
}

const failEmpty = ({ name, kind }: PredictedFile): never =>
  fail('score.input', `${name} holds no ${kind}`, { hint: 'Expected at least one row.' })

const failUnknown = async ({ file, sql }: OpenFile, duckDb: DuckDb): Promise<never> => {
  const sides = file.kind === 'pairs' ? ['_l', '_r'] : ['']
  const named = sides.map(
    (side) => `SELECT source${side} AS source, record_id${side} AS record_id FROM (${sql})`,
  )
  const [first = {}] = await duckDb.rows(
    `SELECT source, record_id, count(*) OVER () AS n
    FROM (${named.join(' UNION ')}) ANTI JOIN records USING (source, record_id)
    ORDER BY source IS NULL OR record_id IS NULL, source, record_id LIMIT 1`,
  )
  if ((first['source'] ?? null) === null || (first['record_id'] ?? null) === null)
    fail('score.input', `${file.name} has rows without a source or a record_id`)
  const [source, id] = [shownCell(first['source']), shownCell(first['record_id'])]
  const rows = await duckDb.rows('SELECT DISTINCT source FROM records ORDER BY source')
  const known = rows.map((row) => shownCell(row['source']))
  if (!known.includes(source))
    fail(
      'score.input',
      `${file.name}: the truth knows no source ${quote(source)}${suggestion(source, known)}`,
    )
  const others = Number(first['n']) - 1
  const more = others === 0 ? '' : ` and ${others} other records`
  return fail('score.input', `${file.name} names ${source} ${id}${more}, which the truth lacks`, {
    hint: 'Score against the dataset that the records were read from.',
  })
}

const countsOf = async (duckDb: DuckDb, sql: string): Promise<readonly number[]> =>
  (await duckDb.columns(sql)).cells.map(([count]) => Number(count))
