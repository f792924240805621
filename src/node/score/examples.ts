import { duckdbName, duckdbText } from '../../core/report/physical-sql.ts'
import type { Comparison } from '../../core/score/clusters.ts'
import { missedPairs, wrongPairs } from '../../core/score/disagreements.ts'
import type { RecordPairs } from '../../core/score/partition.ts'
import type { DuckDb } from '../engine/duckdb.ts'
import type { Cell } from '../../core/ports.ts'
import type { LoadedPrediction } from './predicted.ts'
import type { Source } from './truth.ts'

/** A record of a pair that was judged wrongly. */
export interface JudgedRecord {
  readonly source: string
  readonly recordId: string
  readonly entityId: string
}

/** A field of both records, as text. */
export interface ComparedField {
  readonly name: string
  readonly left: string | null
  readonly right: string | null
  readonly same: boolean
}

/** A pair that was judged wrongly. */
export interface WrongPair {
  readonly left: JudgedRecord
  readonly right: JudgedRecord
  /** The matcher's own score of the pair, if it gave one. */
  readonly score: number | null
  /** The mean Jaro-Winkler similarity of the fields that either record has, from 0 to 1; null without fields. */
  readonly likeness: number | null
  readonly fields: readonly ComparedField[]
}

/** What the worst pairs are looked for in. */
export interface Judged {
  readonly comparison: Comparison
  readonly sources: readonly Source[]
  readonly loaded: LoadedPrediction
}

/** How many pairs are compared field by field to find the worst. */
const CANDIDATES = { most: 20_000, mostOfGroup: 50 }

/** The pairs that were claimed wrongly: of the highest score first, then the least alike. */
export const worstFalsePositives = async (
  judged: Judged,
  most: number,
  duckDb: DuckDb,
): Promise<readonly WrongPair[]> => {
  const { comparison, loaded } = judged
  if (loaded.prediction.kind === 'clusters')
    await fillCandidates(duckDb, wrongPairs(comparison, CANDIDATES))
  else
    await duckDb.run(
      `CREATE OR REPLACE TABLE candidates AS SELECT l, r, score FROM pairs
      JOIN records AS a ON a.id = l JOIN records AS b ON b.id = r WHERE a.entity <> b.entity
      ORDER BY score DESC NULLS LAST, (l * 7919::BIGINT + r * 104729::BIGINT) % 1000003, l, r
      LIMIT ${CANDIDATES.most}`,
    )
  return worstPairs(judged.sources, { order: 'score DESC NULLS LAST, likeness', most }, duckDb)
}

/** The pairs that no cluster has together though they are one entity, most alike first. */
export const worstFalseNegatives = async (
  { comparison, sources }: Judged,
  most: number,
  duckDb: DuckDb,
): Promise<readonly WrongPair[]> => {
  await fillCandidates(duckDb, missedPairs(comparison, CANDIDATES))
  return worstPairs(sources, { order: 'likeness DESC', most }, duckDb)
}

const VALUES = 5000

const fillCandidates = async (duckDb: DuckDb, { left, right }: RecordPairs): Promise<void> => {
  await duckDb.run('CREATE OR REPLACE TABLE candidates (l INTEGER, r INTEGER, score DOUBLE)')
  for (let from = 0; from < left.length; from += VALUES) {
    const rows = [...left.subarray(from, from + VALUES)].map(
      (l, i) => `(${l}, ${right[from + i] ?? l}, NULL)`,
    )
    await duckDb.run(`INSERT INTO candidates VALUES ${rows.join(', ')}`)
  }
}

interface Ranking {
  readonly order: string
  readonly most: number
}

const worstPairs = async (
  sources: readonly Source[],
  { order, most }: Ranking,
  duckDb: DuckDb,
): Promise<readonly WrongPair[]> => {
  const names = comparedNames(sources)
  await duckDb.run(peopleSql(sources, names))
  const rows = await duckDb.rows(
    `SELECT ${SIDES.map((side) => sideSql(side, names)).join(', ')}, score, ${likenessSql(names)} AS likeness
    FROM candidates
    JOIN records AS x ON x.id = l JOIN records AS y ON y.id = r
    LEFT JOIN people AS a ON a.id = l LEFT JOIN people AS b ON b.id = r
    ORDER BY ${order}, l, r LIMIT ${most}`,
  )
  return rows.map((row) => wrongPair(row, names))
}

const SIDES = [
  { record: 'x', person: 'a', prefix: 'l' },
  { record: 'y', person: 'b', prefix: 'r' },
] as const

const sideSql = (
  { record, person, prefix }: (typeof SIDES)[number],
  names: readonly string[],
): string =>
  [
    ...RECORD_COLUMNS.map((name) => `${record}.${name} AS ${prefix}_${name}`),
    ...names.map((name, i) => `${person}.${duckdbName(name)} AS ${prefix}${i}`),
  ].join(', ')

const RECORD_COLUMNS = ['source', 'record_id', 'entity_id'] as const

const wrongPair = (row: Readonly<Record<string, Cell>>, names: readonly string[]): WrongPair => {
  const text = (name: string): string | null => {
    const value = row[name] ?? null
    return value === null ? null : String(value)
  }
  const number = (name: string): number | null => (text(name) === null ? null : Number(text(name)))
  const record = (prefix: string): JudgedRecord => ({
    source: text(`${prefix}_source`) ?? '',
    recordId: text(`${prefix}_record_id`) ?? '',
    entityId: text(`${prefix}_entity_id`) ?? '',
  })
  const fields = names.map((name, i) => {
    const [a, b] = [text(`l${i}`), text(`r${i}`)]
    return { name, left: a, right: b, same: a === b }
  })
  return {
    left: record('l'),
    right: record('r'),
    score: number('score'),
    likeness: number('likeness'),
    fields,
  }
}

/** Columns that at least two sources have, or the only one; not the identifier, nor when something happened. */
const comparedNames = (sources: readonly Source[]): readonly string[] => {
  const tables = sources.flatMap(({ table }) => (table === undefined ? [] : [table]))
  const names = tables.flatMap(({ columns }) =>
    columns.filter(({ type }) => type.kind !== 'timestamp').map(({ name }) => name),
  )
  const needed = Math.min(2, tables.length)
  return [...new Set(names)].filter(
    (name) => name !== 'record_id' && names.filter((each) => each === name).length >= needed,
  )
}

/** A table of the records that candidates need: id and the compared columns as text. */
const peopleSql = (sources: readonly Source[], names: readonly string[]): string => {
  const none = names.map((name) => `CAST(NULL AS VARCHAR) AS ${duckdbName(name)}`)
  const selects = sources.flatMap(({ name: source, table }) => {
    if (table === undefined) return []
    const there = new Set(table.columns.map(({ name }) => name))
    const cells = names.map((name, i) =>
      there.has(name) ? `CAST(${duckdbName(name)} AS VARCHAR) AS ${duckdbName(name)}` : none[i],
    )
    return [
      `SELECT ${['id', ...cells].join(', ')} FROM (${table.sql}) AS landed
      JOIN wanted ON wanted.source = ${duckdbText(source)} AND wanted.record_id = CAST(landed.record_id AS VARCHAR)`,
    ]
  })
  const union =
    selects.length === 0
      ? `SELECT ${['0 AS id', ...none].join(', ')} WHERE false`
      : selects.join(' UNION ALL ')
  return `CREATE OR REPLACE TABLE people AS
    WITH wanted AS (
      SELECT id, source, record_id FROM records
      WHERE id IN (SELECT l FROM candidates UNION SELECT r FROM candidates)
    ) ${union}`
}

const likenessSql = (names: readonly string[]): string => {
  if (names.length === 0) return 'CAST(NULL AS DOUBLE)'
  const pairs = names.map((name) => [`a.${duckdbName(name)}`, `b.${duckdbName(name)}`] as const)
  const sum = pairs.map(([a, b]) => `coalesce(jaro_winkler_similarity(${a}, ${b}), 0)`).join(' + ')
  const there = pairs.map(([a, b]) => `CAST(coalesce(${a}, ${b}) IS NOT NULL AS INTEGER)`)
  return `(${sum}) / nullif(${there.join(' + ')}, 0)`
}
