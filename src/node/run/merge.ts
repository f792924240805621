import { fail } from '../../core/errors.ts'
import { GENERATOR_VERSION, type LandedColumn, type Plan } from '../../core/plan/plan.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { Manifest, ManifestColumn, ManifestPart } from '../../core/report/manifest.ts'
import type { ForeignRule } from '../../core/run/decide.ts'
import { type CountRows, expectedRows, PART_SAMPLE } from '../../core/run/expected-rows.ts'
import { declaredColumns, landedTables } from '../../core/run/landed.ts'
import { type LandedPart, landedStays, mergeParts } from '../../core/run/merge-parts.ts'
import { cutParts, type Part } from '../../core/run/parts.ts'
import { isFlat, type FileOptions, type RunSpec } from '../../core/run/spec.ts'
import { loadPlan } from './load-plan.ts'

/** The files of a table that count at present, by path, and its columns; `touched` files lack some of their rows. */
export interface LiveTable {
  readonly columns: readonly ManifestColumn[]
  readonly files: ReadonlyMap<string, { readonly size: number; readonly touched: boolean }>
  /** Names of the conditions that its rows must meet. */
  readonly constraints: readonly string[]
}

/** A dataset and what it is to become. `live` are the tables that are there, by folder. */
export interface MergeInputs {
  readonly plan: TypedPlan
  readonly options: FileOptions
  readonly base: Manifest
  readonly live: ReadonlyMap<string, LiveTable>
  /** Files of the dataset's folder that belong to no table of ours; always none for Delta. */
  readonly strangers: readonly string[]
  /** The name of a column's type as `live` has it. */
  readonly typeOf: (column: LandedColumn) => string
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
  const { plan, base, live } = inputs
  refuseOtherDataset(inputs)
  refuseOtherSchemas(inputs)
  refuseOtherConstraints(base, live)
  const foreign = foreignFiles(inputs)
  if (inputs.foreign === 'fail') refuseForeign(base, foreign)
  const before = base.generatorVersion === GENERATOR_VERSION ? await loadPlan(base.plan) : undefined
  const stays = before === undefined ? () => false : landedStays(before, plan)
  const tables = landedTables(plan).map((table) => tableStart(inputs, table, stays(table.name)))
  return {
    parts: tables.flatMap(({ parts }) => parts),
    keeps: tables.filter(({ keep }) => keep).map(({ name }) => name),
    foreign,
  }
}

interface TableStart {
  readonly name: string
  readonly keep: boolean
  readonly parts: readonly Part[]
}

/** What is to be made of a table. Where a table is one file, nothing is added behind what is there: the file is replaced. */
const tableStart = (inputs: MergeInputs, table: TypedTable, stays: boolean): TableStart => {
  const { plan, options, count } = inputs
  const { name } = table
  const landed = landedParts(inputs, table)
  const expected = expectedRows(plan, table, { count, sample: PART_SAMPLE })
  const flat = isFlat(options.format)
  const wanted = options.parts ?? (flat ? 1 : undefined)
  const parts = mergeParts(plan, { table, expected, landed, parts: wanted })
  const fresh = parts.filter(({ known }) => known === undefined)
  const whole = landed.every(({ files }) => files !== undefined)
  if (stays && whole && !(flat && fresh.length > 0)) return { name, keep: true, parts: fresh }
  if (!flat) return { name, keep: false, parts }
  const anew = cutParts(plan, { table, expected }, wanted === undefined ? {} : { parts: wanted })
  return { name, keep: false, parts: anew.map((part) => ({ ...part, ...knownOf(part, landed) })) }
}

const knownOf = ({ variant, lo, hi }: Part, landed: readonly LandedPart[]): Pick<Part, 'known'> => {
  const same = landed.find((part) => part.variant === variant && part.lo === lo && part.hi === hi)
  return same?.files === undefined ? {} : { known: same.files }
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
  (tables.find(({ path }) => path === folder)?.parts ?? []).flatMap(({ files }) =>
    files.map(({ path, sha256 }) => `${path} ${sha256}`),
  )

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

const refuseOtherSchemas = ({ plan, live, typeOf }: MergeInputs): void => {
  const differences = landedTables(plan).flatMap((table) => {
    const there = live.get(table.landedName)
    if (there === undefined) return []
    const asked = declaredColumns(table).map((column) => ({ ...column, type: typeOf(column) }))
    return schemaDifferences(there.columns, asked).map(
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
const schemaDifferences = (
  there: readonly ManifestColumn[],
  asked: readonly ManifestColumn[],
): readonly string[] => {
  const known = new Map(there.map((column) => [column.name, column]))
  const wanted = new Set(asked.map(({ name }) => name))
  const changes = asked.flatMap(({ name, type, nullable }) => {
    const column = known.get(name)
    if (column === undefined) return [`${name} is new`]
    if (column.type !== type) return [`${name} is ${column.type}, not ${type}`]
    if (column.nullable === nullable) return []
    return [`${name} ${column.nullable ? 'may' : 'must not'} be null there`]
  })
  const gone = there.filter(({ name }) => !wanted.has(name))
  const found = [...changes, ...gone.map(({ name }) => `${name} is not in the plan`)]
  const moved = there.find(({ name }, i) => name !== asked[i]?.name)
  return found.length === 0 && moved !== undefined
    ? [`${moved.name} stands at another place`]
    : found
}

/** Rows that a constraint of somebody else forbids cannot be told beforehand. */
const refuseOtherConstraints = (base: Manifest, live: ReadonlyMap<string, LiveTable>): void => {
  const { tables } = base.plan as unknown as Plan
  for (const [folder, { constraints }] of live) {
    const ours = tables.find(({ name, as }) => (as ?? name) === folder)?.checks ?? []
    const other = constraints.find((name) =>
      ours.every((check) => check.name.toLowerCase() !== name.toLowerCase()),
    )
    if (other === undefined) continue
    fail('plan.merge', `cannot merge: ${folder} has the constraint ${other} of another writer`, {
      hint: 'Drop the constraint, or choose --mode overwrite.',
    })
  }
}

const foreignFiles = ({
  base,
  live,
  strangers,
}: MergeInputs): Readonly<Record<string, readonly string[]>> => {
  const ours = new Map(base.tables.map((table) => [table.path, new Set(pathsOf(table.parts))]))
  const found = [...live].map(([folder, { files }]) => {
    const paths = [...files.keys()].filter((path) => ours.get(folder)?.has(path) !== true)
    return [folder, paths] as const
  })
  const tables = Object.fromEntries(found.filter(([, paths]) => paths.length > 0))
  return strangers.length === 0 ? tables : { ...tables, '': strangers }
}

const refuseForeign = (
  base: Manifest,
  foreign: Readonly<Record<string, readonly string[]>>,
): void => {
  const [first] = Object.entries(foreign)
  if (first === undefined) return
  const [folder, paths] = first
  const files = paths.length === 1 ? '1 file' : `${paths.length} files`
  const place = folder === '' ? base.name : `${base.name}/${folder}`
  fail('dataset.foreign', `${place} holds ${files} of another writer: ${paths[0]}`, {
    hint: '--foreign keep leaves them as they are, --mode overwrite removes them.',
    details: { foreign },
  })
}

const pathsOf = (parts: readonly ManifestPart[]): readonly string[] =>
  parts.flatMap(({ files }) => files.map(({ path }) => path))

const landedParts = ({ base, live }: MergeInputs, table: TypedTable): readonly LandedPart[] => {
  const earlier = base.tables.find(({ path }) => path === table.landedName)
  const there = live.get(table.landedName)?.files
  return (earlier?.parts ?? []).map(({ variant, lo, hi, files }) => ({
    variant,
    lo,
    hi,
    files: files.every(({ path, bytes, sha256 }) => {
      const file = there?.get(path)
      return file?.size === bytes && !file.touched && sha256 !== ''
    })
      ? files
      : undefined,
  }))
}
