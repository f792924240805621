import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { exactRows } from '../run/expected-rows.ts'
import { declaredColumns } from '../run/landed.ts'
import type { Part } from '../run/parts.ts'
import { digestQuery, joinedDigestSql } from '../sql/digest.ts'
import { renderLandedWithViews } from '../sql/landed.ts'
import { makeView, SESSION_VIEWS, type View } from '../sql/views.ts'
import { SPARK } from '../sql/spark.ts'
import { DATABRICKS_LANDING as LANDING } from './databricks-landing.ts'
import { factProperties, factsOf, type TableFacts } from './facts.ts'
import { type Arrangement, landingTable, type LandingTable } from './landing.ts'
import type { PublishWay } from './publication.ts'
import { sparkPartitions } from './partitions.ts'
import { isCompared, type Proof } from './stages.ts'
import { stagingName, type TableName, type Target } from './target.ts'

/** What the statements of a job make. */
export interface JobWork {
  readonly plan: TypedPlan
  readonly target: Target
  readonly tables: readonly JobTable[]
  /** By landed name of the table. */
  readonly arrangements: Readonly<Record<string, Arrangement>>
  readonly proof: Proof
  /** Spark's partitions of a table, by scale without it. */
  readonly partitions?: number
  readonly fingerprint: string
  /** Names the staging tables; the same for the same work on the same tables. */
  readonly run: string
  /** The run's number on its tables, from 1. */
  readonly number: number
}

/** What a job does to one table. */
export interface JobTable {
  readonly table: TypedTable
  /** Those to be staged; none where nothing is added. */
  readonly parts: readonly Part[]
  readonly way: PublishWay
  /** Of the table that is there: what it says of itself, which an append rests on. */
  readonly before: Pick<TableFacts, 'rows' | 'digest'> | undefined
}

/**
 * Fails the job when a table that it is to make is there; unless its staging table is there as well, which says that
 * this job has begun before.
 */
export const checkSql = (work: JobWork): readonly string[] => {
  const names = work.tables.filter(({ way }) => way === 'take').map(({ table }) => table.landedName)
  if (names.length === 0) return []
  const { catalog, schema } = work.target
  const thereIs = (tables: readonly string[]): string =>
    `EXISTS (
    SELECT 1 FROM ${quoted(catalog)}.information_schema.tables
    WHERE table_schema = lower(${text(schema)}) AND lower(table_name) IN (${tables.map((name) => text(name.toLowerCase())).join(', ')})
  )`
  const staged = names.map((name) => stagingName(work.run, name))
  return [
    `SELECT assert_true(
  NOT ${thereIs(names)}
  OR ${thereIs(staged)},
  ${text(`${catalog}.${schema} has tables of these names by now; use --mode overwrite to replace them`)}
)`,
  ]
}

/** Makes the rows of a table under its staging name, and the proof of them in a table of one row. */
export const stageSql = (work: JobWork, { table, parts, way }: JobTable): readonly string[] => {
  const staging = stagingOf(work, table)
  const landed = landedAs(work, table)
  const columns = declaredColumns(table).map(({ name }) => quoted(name))
  const all = work.tables.flatMap((each) => each.parts)
  const inserts = parts
    .filter(({ lo, hi }) => hi > lo)
    .map((part) => {
      const { variant, lo, hi } = part
      const range = { from: lo, to: hi }
      return renderLandedWithViews(work.plan, table, {
        dialect: SPARK,
        variant,
        range,
        places: SESSION_VIEWS,
        ...sparkPartitions({ warehouse: 'databricks', parts: all, options: work }, part),
      })
    })
  const views = new Map(
    inserts.flatMap((each) => each.views.map((view): [string, View] => [view.name, view])),
  )
  return [
    LANDING.create(staging, landed),
    ...[...views.values()].map((view) => makeView('TEMPORARY VIEW', view)),
    ...inserts.map(
      (each) => `INSERT INTO ${LANDING.name(staging)} (${columns.join(', ')})\n${each.text}`,
    ),
    ...LANDING.arrange(staging, landed),
    ...proveSql(work, { table, way }),
  ]
}

/**
 * The proof of a staged table, as a table of one row. Fails when the table has other rows than sizes alone say, before
 * anything is published.
 */
export const proveSql = (
  work: JobWork,
  { table, way }: Pick<JobTable, 'table' | 'way'>,
): readonly string[] => {
  const exact = way === 'insert' ? undefined : exactRows(work.plan, table)
  return [prove(work, table), ...(exact === undefined ? [] : [requireRows(work, table, exact)])]
}

const prove = (work: JobWork, table: TypedTable): string => {
  const staging = LANDING.name(stagingOf(work, table))
  const query =
    work.proof === 'digest'
      ? digestQuery('spark', declaredColumns(table), `SELECT * FROM ${staging}`)
      : `SELECT count(*) AS ${quoted('rows')} FROM ${staging}`
  return `CREATE OR REPLACE TABLE ${LANDING.name(proofOf(work, table))} USING delta AS\n${query}`
}

const requireRows = (work: JobWork, table: TypedTable, rows: number): string => {
  const said = `CAST(${quoted('rows')} AS STRING) || ${text(` rows of ${table.landedName} are staged, expected ${rows}`)}`
  return `SELECT assert_true(${quoted('rows')} = ${rows}, ${said}) FROM ${LANDING.name(proofOf(work, table))}`
}

/**
 * Puts staged tables under their own names, or their rows into the tables that are there: each in one step, which does
 * nothing when it was done before. Fails before the first step when a table that is added to has other rows than it
 * says of itself.
 */
export const publishSql = (work: JobWork): readonly string[] => {
  const inserted = work.tables.filter(({ way, parts }) => way === 'insert' && parts.length > 0)
  const made = work.tables.filter(({ way }) => way !== 'insert')
  return [
    ...inserted.map((each) => requireUnmoved(work, each, true)),
    ...inserted.flatMap((each) => requireSame(work, each)),
    ...inserted.flatMap((each) => [...insertStaged(work, each), requireUnmoved(work, each, false)]),
    ...made.map(
      ({ table }) =>
        `CREATE OR REPLACE TABLE ${published(work, table)} DEEP CLONE ${LANDING.name(stagingOf(work, table))}`,
    ),
  ]
}

const insertStaged = (work: JobWork, { table, before }: JobTable): readonly string[] => {
  const columns = declaredColumns(table).map(({ name }) => name)
  return LANDING.insert(nameOf(work, table.landedName), {
    columns,
    query: `SELECT ${columns.map(quoted).join(', ')} FROM ${LANDING.name(stagingOf(work, table))}`,
    rowsBefore: before?.rows ?? 0,
    token: `lakewright-${work.run}-${table.name}-publish`,
  })
}

const countOf = (name: string): string => `(SELECT count(*) FROM ${name})`

const requireUnmoved = (
  work: JobWork,
  { table, before }: JobTable,
  mayBeBefore: boolean,
): string => {
  const rows = before?.rows ?? 0
  const now = countOf(published(work, table))
  const after = `${now} = ${rows} + ${countOf(LANDING.name(stagingOf(work, table)))}`
  return `SELECT assert_true(
  ${mayBeBefore ? `${now} = ${rows} OR ` : ''}${after},
  ${text(`${table.landedName} had ${rows} rows when the job was submitted: another writer has been at it`)}
)`
}

/** A table that another writer has replaced may have as many rows. */
const requireSame = (work: JobWork, { table, before }: JobTable): readonly string[] => {
  const { rows = 0, digest = '' } = before ?? {}
  if (before === undefined || !isCompared(before, work.proof)) return []
  const name = published(work, table)
  const found = digestQuery('spark', declaredColumns(table), `SELECT * FROM ${name}`)
  return [
    `SELECT assert_true(
  ${countOf(name)} <> ${rows} OR (SELECT digest FROM (\n${found}\n)) = ${text(digest)},
  ${text(`${table.landedName} has other rows than when the job was submitted: another writer has been at it`)}
)`,
  ]
}

/**
 * Sets what the published tables say of themselves, then their tags and keys, which take privileges of their own; done
 * again, it leaves the same.
 */
export const describeSql = (work: JobWork): readonly string[] => {
  const facts = work.tables.map((each) => factStatements(work, each))
  return [
    'DECLARE OR REPLACE VARIABLE lakewright_properties STRING',
    'DECLARE OR REPLACE VARIABLE lakewright_tags STRING',
    ...facts.flatMap(({ properties }) => properties),
    ...facts.flatMap(({ tags }) => tags),
    ...work.tables.flatMap(({ table }) =>
      LANDING.relate(nameOf(work, table.landedName), landedAs(work, table)),
    ),
  ]
}

/** Drops the staging tables and the proofs of a job. */
export const cleanSql = (work: JobWork): readonly string[] =>
  work.tables
    .filter(({ parts }) => parts.length > 0)
    .flatMap(({ table }) => [
      LANDING.drop(stagingOf(work, table)),
      LANDING.drop(proofOf(work, table)),
    ])

const factStatements = (
  work: JobWork,
  { table, parts, way, before }: JobTable,
): { readonly properties: readonly string[]; readonly tags: readonly string[] } => {
  const name = nameOf(work, table.landedName)
  const facts = factProperties(factsOf(work.plan, work))
  const set = (rows: string, digest: string): readonly string[] =>
    LANDING.setProperties(name, { ...facts, 'lakewright.rows': rows, 'lakewright.digest': digest })
  if (parts.length === 0) {
    const [properties, ...tags] = set(String(before?.rows ?? 0), before?.digest ?? '')
    return { properties: properties === undefined ? [] : [properties], tags }
  }
  const rows = `CAST(${quoted('rows')}${way === 'insert' ? ` + ${before?.rows ?? 0}` : ''} AS STRING)`
  const marks = [`${work.fingerprint}-rows`, `${work.fingerprint}-digest`] as const
  const values = new Map([
    [marks[0], rows],
    [marks[1], digestOf(work, way === 'insert' ? before : undefined, way)],
  ])
  const [properties, tags] = set(...marks).map((sql) => spliced(sql, values))
  const from = `FROM ${LANDING.name(proofOf(work, table))}`
  return {
    properties: [
      `SET VARIABLE lakewright_properties = (SELECT ${properties ?? ''} ${from})`,
      'EXECUTE IMMEDIATE lakewright_properties',
    ],
    tags: [
      `SET VARIABLE lakewright_tags = (SELECT ${tags ?? ''} ${from})`,
      'EXECUTE IMMEDIATE lakewright_tags',
    ],
  }
}

/** The digest of all rows of a table as SQL over its proof; empty where it is not known. */
const digestOf = ({ proof }: JobWork, before: JobTable['before'], way: PublishWay): string => {
  if (proof === 'counts') return text('')
  if (way !== 'insert') return 'digest'
  return before?.digest === undefined
    ? text('')
    : joinedDigestSql('spark', text(before.digest), 'digest')
}

/** A text as SQL that makes it, with expressions in place of marks. */
const spliced = (sql: string, values: ReadonlyMap<string, string>): string => {
  const pieces = sql.split(new RegExp(`(${[...values.keys()].join('|')})`))
  return pieces.map((piece) => values.get(piece) ?? text(piece)).join(' || ')
}

const quoted = SPARK.quoteIdentifier
const text = SPARK.quoteString

const nameOf = ({ target }: JobWork, table: string): TableName => ({ ...target, table })

const published = (work: JobWork, { landedName }: TypedTable): string =>
  LANDING.name(nameOf(work, landedName))

const stagingOf = (work: JobWork, { landedName }: TypedTable): TableName =>
  nameOf(work, stagingName(work.run, landedName))

const proofOf = (work: JobWork, { landedName }: TypedTable): TableName =>
  nameOf(work, stagingName(work.run, `proof_${landedName}`))

const landedAs = (work: JobWork, table: TypedTable): LandingTable =>
  landingTable(work.plan, table, {
    arrangement: work.arrangements[table.landedName],
    properties: factProperties(factsOf(work.plan, work)),
  })
