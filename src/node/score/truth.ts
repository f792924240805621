import { fail } from '../../core/errors.ts'
import type { Manifest, ManifestTable } from '../../core/report/manifest.ts'
import { relabelled } from '../../core/score/partition.ts'
import type { Truth } from '../../core/score/score.ts'
import type { DuckDb } from '../engine/duckdb.ts'
import { type TableSource, tableSource } from '../verify/source.ts'

/** A dataset whose truth is read: its folder below the root of its lake, and its manifest. */
export interface TruthDataset {
  readonly root: string
  readonly folder: string
  readonly manifest: Manifest
}

/** A source with its number of records and its table, which is undefined when the dataset landed none. */
export interface Source {
  readonly name: string
  readonly records: number
  readonly table: TableSource | undefined
}

/** The truth of a dataset. DuckDB then has a table `records`: id, source, record_id, entity_id. */
export interface LoadedTruth {
  readonly truth: Truth
  readonly sources: readonly Source[]
}

/** Reads truth_xref and, where it was landed, truth_ledger. Fails with score.truth when there is no truth. */
export const loadTruth = async (dataset: TruthDataset, duckDb: DuckDb): Promise<LoadedTruth> => {
  const xref =
    (await sourceOf(dataset, XREF)) ??
    fail(
      'score.truth',
      `${dataset.folder} has no table ${XREF}, so there is no truth to score by`,
      {
        hint: 'Generate the dataset with --with-truth.',
      },
    )
  const ledger = await sourceOf(dataset, LEDGER)
  await duckDb.run(recordsSql(xref, ledger))
  await requireUnique(duckDb, dataset)
  const sources = await sourcesOf(dataset, duckDb)
  return { truth: await truthOf(duckDb, sources, ledger !== undefined), sources }
}

const XREF = 'truth_xref'
const LEDGER = 'truth_ledger'

const sourceOf = async (
  { root, folder, manifest }: TruthDataset,
  name: string,
): Promise<TableSource | undefined> => {
  const table = manifest.tables.find((each) => each.name === name)
  return table === undefined ? undefined : tableSource({ root, folder }, manifest, table)
}

/** Records are numbered by source and identifier, so that the same truth gives the same numbers. */
const recordsSql = (xref: TableSource, ledger: TableSource | undefined): string => `
  CREATE TABLE records AS
  WITH xref AS (
    SELECT ${RECORD}, CAST(entity_id AS VARCHAR) AS entity_id FROM (${xref.sql})
  ), sources AS (
    SELECT source, row_number() OVER (ORDER BY source) - 1 AS number
    FROM (SELECT DISTINCT source FROM xref)
  ), entities AS (
    SELECT entity_id, row_number() OVER () - 1 AS number FROM (SELECT DISTINCT entity_id FROM xref)
  ), noise AS (
    ${
      ledger === undefined
        ? `SELECT '' AS source, '' AS record_id, 0 AS entries WHERE false`
        : `SELECT ${RECORD}, count(*) AS entries FROM (${ledger.sql}) GROUP BY ALL`
    }
  )
  SELECT
    CAST(row_number() OVER (ORDER BY source, record_id) - 1 AS INTEGER) AS id,
    source, record_id, entity_id,
    CAST(sources.number AS INTEGER) AS source_number,
    CAST(entities.number AS INTEGER) AS entity,
    CAST(coalesce(noise.entries, 0) AS INTEGER) AS entries
  FROM xref JOIN sources USING (source) JOIN entities USING (entity_id)
  LEFT JOIN noise USING (source, record_id)`

const RECORD = 'CAST(source AS VARCHAR) AS source, CAST(record_id AS VARCHAR) AS record_id'

const requireUnique = async (duckDb: DuckDb, { folder }: TruthDataset): Promise<void> => {
  const [twice] = await duckDb.rows(
    'SELECT source, record_id FROM records GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1',
  )
  if (twice !== undefined)
    fail('score.truth', `${folder}/${XREF} has ${twice['source']} ${twice['record_id']} twice`)
  const [count] = await duckDb.rows('SELECT count(*) AS n FROM records')
  if (count?.['n'] === 0) fail('score.truth', `${folder}/${XREF} is empty`)
}

const sourcesOf = async (dataset: TruthDataset, duckDb: DuckDb): Promise<readonly Source[]> => {
  const { root, folder, manifest } = dataset
  const rows = await duckDb.rows(
    'SELECT source, count(*) AS n FROM records GROUP BY source, source_number ORDER BY source_number',
  )
  return Promise.all(
    rows.map(async ({ source, n }) => {
      const table = tableOf(manifest, String(source))
      return {
        name: String(source),
        records: Number(n),
        table:
          table === undefined ? undefined : await tableSource({ root, folder }, manifest, table),
      }
    }),
  )
}

/** The table of a source: the one with record_id whose name has the source's as a word, as in raw_crm_customers. */
const tableOf = ({ tables }: Manifest, source: string): ManifestTable | undefined =>
  tables.find(
    ({ name, columns }) =>
      !name.startsWith('truth_') &&
      name.split('_').includes(source) &&
      columns.some((column) => column.name === 'record_id'),
  )

const truthOf = async (
  duckDb: DuckDb,
  sources: readonly Source[],
  hasLedger: boolean,
): Promise<Truth> => {
  const [ids = NONE, entities = NONE, numbers = NONE, entries = NONE] = await duckDb.integers(
    'SELECT id, entity, source_number, entries FROM records',
  )
  const [labels, noise] = [new Int32Array(ids.length), new Uint32Array(ids.length)]
  const sourceOfRecord = new Uint8Array(ids.length)
  ids.forEach((id, i) => {
    labels[id] = entities[i] ?? 0
    sourceOfRecord[id] = numbers[i] ?? 0
    noise[id] = entries[i] ?? 0
  })
  return {
    entities: relabelled(labels, labels.length),
    sources: sourceOfRecord,
    sourceNames: sources.map(({ name }) => name),
    noise: hasLedger ? noise : undefined,
  }
}

const NONE = new Int32Array()
