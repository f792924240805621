import type { AddFile } from '../../core/delta/actions.ts'
import { checksOf } from '../../core/delta/commit.ts'
import { type DeltaSchema, parseSchema, schemaOf } from '../../core/delta/schema.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import { fail } from '../../core/errors.ts'
import { GENERATOR_VERSION, type Plan } from '../../core/plan/plan.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { Manifest, ManifestFile, ManifestPart } from '../../core/report/manifest.ts'
import type { ForeignRule } from '../../core/run/decide.ts'
import { type CountRows, expectedRows, PART_SAMPLE } from '../../core/run/expected-rows.ts'
import { declaredColumns, landedTables } from '../../core/run/landed.ts'
import { type LandedPart, landedStays, mergeParts } from '../../core/run/merge-parts.ts'
import type { Part } from '../../core/run/parts.ts'
import type { FileOptions, RunSpec } from '../../core/run/spec.ts'
import { loadPlan } from './load-plan.ts'

/** A dataset and what it is to become. `snapshots` are the Delta tables that are there, by folder. */
export interface MergeInputs {
  readonly plan: TypedPlan
  readonly options: FileOptions
  readonly base: Manifest
  readonly snapshots: ReadonlyMap<string, Snapshot | undefined>
  readonly foreign: ForeignRule
  readonly count: CountRows
}

/** What a merge has to do: parts to make, tables whose landed parts need no look, files of others by folder. */
export interface MergeStart {
  readonly parts: readonly Part[]
  readonly keeps: readonly string[]
  readonly foreign: Readonly<Record<string, readonly string[]>>
}

/**
 * Looks what stands between a dataset and the plan it is to be merged to. Fails with plan.merge when the two are not
 * the same dataset at different parameters, with dataset.foreign when tables hold files of other writers.
 */
export const beginMerge = async (inputs: MergeInputs): Promise<MergeStart> => {
  const { plan, base } = inputs
  const snapshots = new Map(
    [...inputs.snapshots].flatMap(([folder, snapshot]) => (snapshot ? [[folder, snapshot]] : [])),
  )
  refuseOtherDataset(inputs)
  refuseOtherSchemas(plan, snapshots)
  refuseOtherConstraints(base, snapshots)
  const foreign = foreignFiles(base, snapshots)
  if (inputs.foreign === 'fail') refuseForeign(base, foreign)
  const before = base.generatorVersion === GENERATOR_VERSION ? await loadPlan(base.plan) : undefined
  const stays = before === undefined ? () => false : landedStays(before, plan)
  const keeps: string[] = []
  const parts = landedTables(plan).flatMap((table) => {
    const landed = landedParts(inputs, table)
    const made = mergeParts(plan, {
      table,
      expected: expectedRows(plan, table, { count: inputs.count, sample: PART_SAMPLE }),
      landed,
      parts: inputs.options.parts,
    })
    const whole = landed.every(({ files }) => files !== undefined)
    if (!whole || !stays(table.name)) return made
    keeps.push(table.name)
    return made.filter(({ known }) => known === undefined)
  })
  return { parts, keeps, foreign }
}

/** What became of the files of a table in a merge. `foreign` are those of other writers, which are left alone. */
export interface MergedFiles {
  readonly table: string
  readonly kept: number
  readonly added: number
  readonly removed: number
  readonly foreign: readonly string[]
}

/** How a merge has changed a dataset, by table folder. */
export const mergedFiles = (
  base: Manifest,
  after: Manifest,
  foreign: Readonly<Record<string, readonly string[]>>,
): readonly MergedFiles[] => {
  const folders = new Set([...after.tables, ...base.tables].map(({ path }) => path))
  return [...folders].map((table) => {
    const before = new Set(filesOf(base, table))
    const now = filesOf(after, table)
    const kept = now.filter((path) => before.has(path)).length
    return {
      table,
      kept,
      added: now.length - kept,
      removed: before.size - kept,
      foreign: foreign[table] ?? [],
    }
  })
}

const filesOf = ({ tables }: Manifest, folder: string): readonly string[] =>
  pathsOf(tables.find(({ path }) => path === folder)?.parts ?? [])

/** True when a dataset is what a merge would make of it. */
export const isMerged = (spec: RunSpec): boolean => {
  const base = spec.base as unknown as Manifest | null
  return (
    spec.merge !== undefined &&
    spec.parts.length === 0 &&
    base?.planHash === spec.planHash &&
    base.tables.every(({ name }) => spec.merge?.keeps.includes(name))
  )
}

const MERGE_HINT = 'Choose --mode overwrite to put another dataset in its place.'

const refuseOtherDataset = ({ plan, options, base }: MergeInputs): void => {
  const { name, seed } = base.plan as unknown as Plan
  if (base.name !== plan.plan.name)
    refuse(`the dataset there is ${name}, the plan is ${plan.plan.name}`)
  if (seed !== plan.plan.seed)
    refuse(`the dataset has seed ${text(seed)}, the plan has seed ${text(plan.plan.seed)}`)
  if (base.compression !== options.compression)
    refuse(
      `the dataset has --compression ${base.compression}, asked is ${options.compression}: every file would differ`,
    )
  if (!options.checksums) refuse('without checksums, files cannot be told apart')
}

const refuse = (message: string): never =>
  fail('plan.merge', `cannot merge: ${message}`, { hint: MERGE_HINT })

const text = (value: unknown): string => JSON.stringify(value)

const refuseOtherSchemas = (plan: TypedPlan, snapshots: ReadonlyMap<string, Snapshot>): void => {
  const differences = landedTables(plan).flatMap((table) => {
    const snapshot = snapshots.get(table.landedName)
    if (snapshot === undefined) return []
    const there = parseSchema(snapshot.metadata.schemaString)
    return schemaDifferences(there, schemaOf(declaredColumns(table))).map(
      (difference) => `${table.landedName}.${difference}`,
    )
  })
  if (differences.length === 0) return
  fail('plan.merge', `cannot merge into another schema: ${differences.slice(0, 5).join('; ')}`, {
    hint: MERGE_HINT,
    details: { differences },
  })
}

/** What differs between the columns of a table and those of the plan, a phrase for each column. */
const schemaDifferences = (there: DeltaSchema, asked: DeltaSchema): readonly string[] => {
  const known = new Map(there.fields.map((field) => [field.name, field]))
  const wanted = new Set(asked.fields.map(({ name }) => name))
  const changes = asked.fields.flatMap(({ name, type, nullable }) => {
    const field = known.get(name)
    if (field === undefined) return [`${name} is new`]
    if (text(field.type) !== text(type))
      return [`${name} is ${text(field.type)}, not ${text(type)}`]
    if (field.nullable === nullable) return []
    return [`${name} ${field.nullable ? 'may' : 'must not'} be null there`]
  })
  const gone = there.fields.filter(({ name }) => !wanted.has(name))
  const found = [...changes, ...gone.map(({ name }) => `${name} is not in the plan`)]
  const moved = there.fields.findIndex(({ name }, i) => name !== asked.fields[i]?.name)
  return found.length === 0 && moved >= 0
    ? [`${there.fields[moved]?.name} stands at another place`]
    : found
}

/** Rows that a constraint of somebody else forbids cannot be told beforehand. */
const refuseOtherConstraints = (base: Manifest, snapshots: ReadonlyMap<string, Snapshot>): void => {
  const { tables } = base.plan as unknown as Plan
  for (const [folder, { metadata }] of snapshots) {
    const ours = tables.find(({ name, as }) => (as ?? name) === folder)?.checks ?? []
    const other = Object.keys(checksOf(metadata)).find((name) =>
      ours.every((check) => check.name.toLowerCase() !== name.toLowerCase()),
    )
    if (other === undefined) continue
    fail('plan.merge', `cannot merge: ${folder} has the constraint ${other} of another writer`, {
      hint: 'Drop the constraint, or choose --mode overwrite.',
    })
  }
}

const foreignFiles = (
  base: Manifest,
  snapshots: ReadonlyMap<string, Snapshot>,
): Readonly<Record<string, readonly string[]>> => {
  const ours = new Map(base.tables.map((table) => [table.path, new Set(pathsOf(table.parts))]))
  const found = [...snapshots].map(([folder, { files }]) => {
    const paths = [...files.values()].map(({ path }) => path)
    return [folder, paths.filter((path) => ours.get(folder)?.has(path) !== true)] as const
  })
  return Object.fromEntries(found.filter(([, paths]) => paths.length > 0))
}

const refuseForeign = (
  base: Manifest,
  foreign: Readonly<Record<string, readonly string[]>>,
): void => {
  const [first] = Object.entries(foreign)
  if (first === undefined) return
  const [folder, paths] = first
  const files = paths.length === 1 ? '1 file' : `${paths.length} files`
  fail('dataset.foreign', `${base.name}/${folder} holds ${files} of another writer: ${paths[0]}`, {
    hint: '--foreign keep leaves them as they are, --mode overwrite removes them.',
    details: { foreign },
  })
}

const pathsOf = (parts: readonly ManifestPart[]): readonly string[] =>
  parts.flatMap(({ files }) => files.map(({ path }) => path))

const landedParts = (
  { base, snapshots }: MergeInputs,
  table: TypedTable,
): readonly LandedPart[] => {
  const earlier = base.tables.find(({ path }) => path === table.landedName)
  const live = new Map(
    [...(snapshots.get(table.landedName)?.files.values() ?? [])].map((file) => [file.path, file]),
  )
  return (earlier?.parts ?? []).map(({ variant, lo, hi, files }) => ({
    variant,
    lo,
    hi,
    files: files.every((file) => isWhole(file, live.get(file.path))) ? files : undefined,
  }))
}

const isWhole = ({ bytes, sha256 }: ManifestFile, file: AddFile | undefined): boolean =>
  file !== undefined && file.size === bytes && file.deletionVector === undefined && sha256 !== ''
