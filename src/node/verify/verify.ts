import { isLakewrightError } from '../../core/errors.ts'
import { landedColumns, landedTables } from '../../core/run/landed.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import { duckdbName, physicalSql } from '../../core/report/physical-sql.ts'
import { type FilesProbe, promiseProbes } from '../../core/report/files-probes.ts'
import { judgeRows, judgeStructure, structureProbes } from '../../core/report/files-structure.ts'
import { type Finding, type FindingKind, uncheckedFinding } from '../../core/report/finding.ts'
import { allPromises } from '../../core/report/implied.ts'
import { judgeTable } from '../../core/report/judge.ts'
import { viewName } from '../../core/report/landed-query.ts'
import type { Manifest } from '../../core/report/manifest.ts'
import { checkName, type Tally } from '../../core/report/measure.ts'
import type { Dialect } from '../../core/sql/dialect.ts'
import type { DuckDb } from '../engine/duckdb.ts'
import { type DatasetFolder, fileFindings } from './files.ts'
import { type SessionLimits, withDuckDb } from './session.ts'
import { tableSource } from './source.ts'

/** What verifying needs: the dataset's place, its manifest and plan, and how SQL is written. */
export interface VerifyRequest {
  readonly place: DatasetFolder
  readonly manifest: Manifest
  readonly plan: TypedPlan
  readonly dialect: Dialect
  readonly limits: SessionLimits
  /** Hears of each table before its promises are measured. */
  readonly onTable: (table: string) => void
}

/**
 * Measures every promise of a dataset again from its files alone, in bounded memory. What needs values that never landed
 * comes out as unchecked; nothing is measured on tables whose files are not those that were written.
 */
export const verifyDataset = async (request: VerifyRequest): Promise<readonly Finding[]> => {
  const { place, manifest, plan } = request
  const files = new Map<string, readonly Finding[]>()
  for (const table of manifest.tables)
    files.set(table.name, await fileFindings(place, manifest, table))
  const damaged = new Set(
    [...files].flatMap(([name, findings]) =>
      findings.some(({ verdict }) => verdict === 'broken') ? [name] : [],
    ),
  )
  return withDuckDb(request.limits, async (duckDb) => {
    const rows = await createViews(duckDb, request, damaged)
    const findings: Finding[] = []
    for (const table of landedTables(plan)) {
      request.onTable(table.name)
      findings.push(...(files.get(table.name) ?? [missingTable(table)]))
      findings.push(...(await verifyTable(duckDb, request, { table, rows, damaged })))
    }
    return findings
  })
}

/** Makes the view of each table that is whole, and counts its rows; a table that cannot be read counts as damaged. */
const createViews = async (
  duckDb: DuckDb,
  { place, manifest, plan }: VerifyRequest,
  damaged: Set<string>,
): Promise<ReadonlyMap<string, number>> => {
  const rows = new Map<string, number>()
  for (const table of landedTables(plan)) {
    const landed = manifest.tables.find(({ name }) => name === table.name)
    if (landed === undefined) damaged.add(table.name)
    if (landed === undefined || damaged.has(table.name)) continue
    try {
      const { sql } = await tableSource(place, manifest, landed)
      const view = duckdbName(viewName(table))
      const columns = landedColumns(table).map(
        ({ name, landedName, shape }) =>
          `${physicalSql({ name: landedName, type: shape.type })} AS ${duckdbName(name)}`,
      )
      await duckDb.run(`CREATE VIEW ${view} AS SELECT ${columns.join(', ')} FROM (${sql})`)
      const [row] = await duckDb.rows(`SELECT count(*) AS n FROM ${view}`)
      rows.set(table.name, Number(row?.['n']))
    } catch (error) {
      if (!isLakewrightError(error)) throw error
      damaged.add(table.name)
    }
  }
  return rows
}

const missingTable = (table: TypedTable): Finding => ({
  ...uncheckedFinding(table.name, { name: 'the table is there', kind: 'files' }, ''),
  verdict: 'broken',
  found: 'the manifest does not list it',
})

interface TableJob {
  readonly table: TypedTable
  readonly rows: ReadonlyMap<string, number>
  readonly damaged: ReadonlySet<string>
}

const verifyTable = async (
  duckDb: DuckDb,
  { plan, dialect }: VerifyRequest,
  { table, rows, damaged }: TableJob,
): Promise<readonly Finding[]> => {
  const structure = structureProbes(plan, dialect, table)
  const probes = [
    ...structure.map(({ probe, kind }) => ({ probe, kind, name: probe.name })),
    ...promiseProbes(plan, dialect, table).map((probe) => ({
      probe,
      ...promiseOf(table, probe.name),
    })),
  ]
  const unreadable = [...damaged].flatMap((name) => {
    const other = plan.tables.get(name)
    return other === undefined ? [] : [[name, dialect.quoteIdentifier(viewName(other))] as const]
  })
  const blocked = probes.flatMap(({ probe, kind, name }) => {
    const note = reasonAgainst(probe, unreadable)
    return note === undefined
      ? []
      : [{ probe, finding: uncheckedFinding(table.name, { name, kind }, note) }]
  })
  const skipped = new Set(blocked.map(({ probe }) => probe))
  const able = probes.map(({ probe }) => probe).filter((probe) => !skipped.has(probe))
  const tallies = await measure(duckDb, able)
  const evidence = { tallies, rows, proof: 'files' } as const
  const counted = rows.has(table.name) ? [judgeRows(plan, table, evidence)] : []
  return [
    ...counted,
    ...judgeStructure(table, structure, evidence),
    ...judgeTable(table, evidence),
    ...blocked.map(({ finding }) => finding),
  ]
}

const promiseOf = (
  table: TypedTable,
  probe: string,
): { readonly name: string; readonly kind: FindingKind } => {
  const check = table.checks.find(({ name }) => checkName(name) === probe)
  if (check !== undefined) return { name: check.name, kind: 'check' }
  const kind = allPromises(table).find(({ name }) => name === probe)?.kind ?? 'check'
  return { name: probe, kind }
}

const reasonAgainst = (
  { missing, from }: FilesProbe,
  unreadable: readonly (readonly [string, string])[],
): string | undefined => {
  const damaged = unreadable.find(([, view]) => from.includes(view))
  if (damaged !== undefined) return `the files of ${damaged[0]} are not as they were written`
  return missing.length === 0
    ? undefined
    : `not checkable from files: ${listed(missing)} never landed`
}

const listed = (names: readonly string[]): string =>
  names.length <= 2
    ? names.join(' and ')
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`

/** Runs probes, those of one source in one pass. */
const measure = async (
  duckDb: DuckDb,
  probes: readonly FilesProbe[],
): Promise<Readonly<Record<string, Tally>>> => {
  const tallies: Record<string, Tally> = {}
  const sources = new Map<string, FilesProbe[]>()
  for (const probe of probes) sources.set(probe.from, [...(sources.get(probe.from) ?? []), probe])
  for (const [from, group] of sources) {
    const values = group
      .flatMap(({ select }) => select)
      .map((value, i) => `${value} AS v${i}`)
      .join(',\n  ')
    const { cells } = await duckDb.columns(`SELECT ${values}\nFROM ${from}`)
    let at = 0
    for (const { name, select, tally } of group) {
      tallies[name] = tally(cells.slice(at, at + select.length).map(([value]) => value ?? null))
      at += select.length
    }
  }
  return tallies
}
