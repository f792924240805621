import { fail } from '../../core/errors.ts'
import { typeName } from '../../core/expr/types.ts'
import { GENERATOR_VERSION } from '../../core/plan/plan.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { Json } from '../../core/ports.ts'
import { brokenLine } from '../../core/report/finding.ts'
import {
  MANIFEST_VERSION,
  type Manifest,
  type ManifestPart,
  type ManifestTable,
} from '../../core/report/manifest.ts'
import { declaredColumns, landedNames, landedTables } from '../../core/run/landed.ts'
import type { MeasureTable } from '../../core/run/measuring.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import { stageName } from '../../core/run/stages.ts'
import type { Part } from '../../core/run/parts.ts'
import type { RunSpec } from '../../core/run/spec.ts'
import type { Judge, MeasuredTable } from './host.ts'

/** What the manifest of a run is made from. `results` are the parts' results by stage name. */
export interface ManifestInputs {
  readonly run: string
  readonly spec: RunSpec
  readonly plan: TypedPlan
  readonly results: ReadonlyMap<string, PartResult>
  /** The Delta versions that the run makes, by table folder. */
  readonly versions: ReadonlyMap<string, number>
  readonly measure: MeasureTable
  readonly judge: Judge
}

/** The manifest of the dataset as it will be, and a line for each promise that does not hold. */
export const describeDataset = (
  inputs: ManifestInputs,
): { readonly manifest: Manifest; readonly broken: readonly string[] } => {
  const { run, spec, plan } = inputs
  const tables = landedTables(plan).map((table) => describeTable(inputs, table))
  const measured = new Map(
    tables.map(({ name, rows, measures }): [string, MeasuredTable] => [name, { rows, measures }]),
  )
  const judged = inputs.judge(plan, measured)
  const manifest: Manifest = {
    lakewright: MANIFEST_VERSION,
    name: plan.plan.name,
    generatorVersion: GENERATOR_VERSION,
    createdAt: new Date(spec.at).toISOString(),
    run: { id: run, number: spec.number, kind: spec.kind },
    fingerprint: spec.fingerprint,
    format: spec.options.format,
    compression: spec.options.compression,
    planHash: spec.planHash,
    plan: spec.plan,
    tables: tables.map((table) => ({ ...table, promises: judged.get(table.name) ?? [] })),
  }
  const broken = [...judged.values()].flat().filter(({ verdict }) => verdict === 'broken')
  return { manifest, broken: broken.map(brokenLine) }
}

const describeTable = (inputs: ManifestInputs, table: TypedTable): ManifestTable => {
  const { spec, plan, versions } = inputs
  const made = partsOfTable(inputs, table)
  const earlier = staysWhole(spec, table) ? earlierTable(spec, table) : undefined
  const parts = [...(earlier?.parts ?? []), ...made.map(({ part }) => part)]
  const measures: readonly Json[] = [
    ...(earlier === undefined ? [] : [earlier.measures]),
    ...made.map((each) => each.measures),
  ]
  return {
    name: table.name,
    path: table.landedName,
    version: versions.get(table.landedName) ?? versionBefore(spec, table),
    rows: sum(parts.map(({ rows }) => rows)),
    bytes: sum(parts.flatMap(({ files }) => files.map(({ bytes }) => bytes))),
    columns: declaredColumns(table).map(({ name, type, nullable }) => ({
      name,
      type: typeName(type),
      nullable,
    })),
    key: landedNames(table, table.key),
    parts,
    measures: inputs.measure(plan, table).merge(measures),
    promises: [],
  }
}

/** Whether the landed parts of a table all belong to the dataset as it will be. */
const staysWhole = ({ kind, merge }: RunSpec, { name }: TypedTable): boolean =>
  kind === 'append' || (kind === 'merge' && merge?.keeps.includes(name) === true)

const versionBefore = (spec: RunSpec, table: TypedTable): number | null =>
  spec.kind === 'append' || spec.kind === 'merge'
    ? (earlierTable(spec, table)?.version ?? null)
    : null

const earlierTable = ({ base }: RunSpec, { name }: TypedTable): ManifestTable | undefined =>
  (base as unknown as Manifest | null)?.tables.find((table) => table.name === name)

const partsOfTable = (
  { spec, results }: ManifestInputs,
  table: TypedTable,
): readonly { readonly part: ManifestPart; readonly measures: Json }[] =>
  spec.parts.flatMap((part) => {
    const result =
      part.table === table.name ? results.get(stageName({ kind: 'generate', part })) : undefined
    if (result === undefined) return []
    const { number, variant, lo, hi } = part
    const landed = result.unchanged === true ? landedPart(spec, table, part) : undefined
    if (landed !== undefined) return [{ part: landed, measures: result.measures }]
    const files = result.files.map(({ path, rows, bytes, sha256, rowsSha256 }) => ({
      path: filePath(spec, path),
      rows,
      bytes,
      sha256,
      rowsSha256,
    }))
    return [
      {
        part: { run: spec.number, number, variant, lo, hi, rows: result.rows, files },
        measures: result.measures,
      },
    ]
  })

const landedPart = (spec: RunSpec, table: TypedTable, { variant, lo, hi }: Part): ManifestPart =>
  earlierTable(spec, table)?.parts.find(
    (part) => part.variant === variant && part.lo === lo && part.hi === hi,
  ) ?? fail('internal', `${table.name} has no landed part from key ${lo} to ${hi}`)

/** Files that were added to a dataset of plain files lie in a folder of their run. */
export const addedFolder = (spec: Pick<RunSpec, 'number'>): string =>
  `run-${String(spec.number).padStart(5, '0')}`

const filePath = (spec: RunSpec, path: string): string =>
  spec.way === 'add' ? `${addedFolder(spec)}/${path}` : path

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
