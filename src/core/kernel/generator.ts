import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { fail, unreachable } from '../errors.ts'
import type { RowGraph } from '../plan/graph.ts'
import { countVariants } from '../plan/lower-rows.ts'
import { lowerTable, lowerVariant, type Wanted } from '../plan/lower.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { MakeRows } from './chunks.ts'
import { compileProgram, type ProgramWords } from './compile.ts'
import { splitGraph } from './later.ts'
import type { BlockSink, ProgramOutput, Step, TallyReaders, VectorProgram } from './program.ts'
import {
  createKeyedRunner,
  createRunner,
  type KernelMemory,
  type KeyRange,
  type Runner,
} from './runner.ts'
import { createTallies, TALLY_LIMITS, talliesOf } from './tallies.ts'
import { createWordStore, type WordStore } from './words.ts'

/** Gives memory of a size; the buffer is its own and starts as zeros. */
export interface KernelHost {
  /** Kept from one table to the next; without it each begins anew. */
  readonly words?: WordStore
  readonly allocate: (bytes: number) => KernelMemory
}

/** A wanted value that lands as a column, or (without `long`) one that only measures are taken of. */
export interface WantedColumn extends Wanted {
  readonly long?: boolean
  /** Whether its blocks may hold keys, of which ColumnSpec.later makes the cells. */
  readonly later?: boolean
}

/** Makes the rows of one table. */
export interface Generator {
  /** A union has one variant for each member; other tables have one. Each variant's keys increase. */
  readonly variants: number
  /** One for each wanted value, in order. Variants differ in how blocks hold the values, not in types. */
  readonly columns: (variant: number) => readonly ColumnSpec[]
  /** How many rows more may be made for one of a block, all in one step; Infinity where a tally counts a table. */
  readonly fanOut: (variant: number) => number
  /** Generates the rows with lo <= key < hi in the order of their keys; the sink may throw to stop. */
  readonly generate: (range: RowRange, sink: BlockSink) => void
  /** The same, a block of rows at each step, so that other work may come in between. */
  readonly steps: (range: RowRange, sink: BlockSink) => Iterable<void>
}

/** Keys lo <= key < hi of one variant of a table: of its own keys, as they land. */
export interface RowRange extends KeyRange {
  readonly variant: number
}

/** Compiles a table for the kernel, each variant when it is first asked for; memory is taken when it first runs. */
export const createGenerator = (
  plan: TypedPlan,
  { table, wanted }: { readonly table: TypedTable; readonly wanted: readonly WantedColumn[] },
  host: KernelHost,
): Generator => {
  const words = { vocabularies: plan.vocabularies, store: host.words ?? createWordStore() }
  const counting = {
    makeRows: (counted: Parameters<MakeRows>[0]) => makeAll(plan, counted, host),
    limits: TALLY_LIMITS,
  }
  const createVariant = (variant: number) => {
    const graph = lowerVariant(plan, { table: table.name, variant }, wanted)
    const programs = compileVariant(words, graph, (i) => wanted[i]?.later ?? false)
    const tallies = createTallies(plan, talliesOf([graph]), counting)
    return { programs, start: once(() => startVariant(programs, host, tallies)) }
  }
  const variants = Array.from({ length: countVariants(plan, table.name) }, (_, variant) =>
    once(() => createVariant(variant)),
  )
  const variantOf = (variant: number) =>
    (variants[variant] ?? fail('internal', `${table.name} has no variant ${variant}`))()
  const steps: Generator['steps'] = ({ variant, ...range }, sink) =>
    variantOf(variant).start().now(range, sink)
  return {
    variants: variants.length,
    fanOut: (variant) => fanOutOf(variantOf(variant).programs),
    steps,
    generate: (range, sink) => runSteps(steps(range, sink)),
    columns: (variant) => {
      const { programs, start } = variantOf(variant)
      return wanted.map((each, i) => {
        const later = programs.later[i]
        if (later === undefined) return columnSpec(each, programs.now.outputs[i]!)
        const of = (keys: ColumnBlock): ColumnBlock => start().later[i]!(keys)
        return { ...columnSpec(each, later.output), later: { width: later.width, of } }
      })
    },
  }
}

const fanOutOf = ({ now, later }: VariantPrograms): number => {
  const programs = [now, ...later.flatMap((each) => each?.program ?? [])]
  return Math.max(
    1,
    ...programs.flatMap(({ levels }) => levels.map((each) => stepsFanOut(each.steps))),
  )
}

const stepsFanOut = (steps: readonly Step[]): number =>
  Math.max(1, ...steps.map((step) => stepFanOut(step)))

const stepFanOut = (step: Step): number => {
  switch (step.kind) {
    case 'run':
    case 'partition':
      return 1
    case 'branch':
    case 'within':
      return stepsFanOut(step.body)
    case 'fold':
      return step.expand.capacity * stepsFanOut(step.body)
    case 'tally':
      return Infinity
    default:
      return unreachable(step)
  }
}

/** Takes all steps without a pause. */
export const runSteps = (steps: Iterable<void>): void => {
  for (const step of steps) step satisfies void
}

/** Rows of all variants of a table. */
const makeAll = (
  plan: TypedPlan,
  request: Parameters<MakeRows>[0],
  host: KernelHost,
): ReturnType<MakeRows> => {
  const generator = createGenerator(plan, request, host)
  return (range, sink) => {
    for (let variant = 0; variant < generator.variants; variant++)
      generator.generate({ ...range, variant }, sink)
  }
}

/** The program of one variant, and programs of their own for the outputs that are made later. */
interface VariantPrograms {
  readonly now: VectorProgram
  readonly later: readonly (LaterProgram | undefined)[]
  readonly memoryBytes: number
}

interface LaterProgram {
  readonly program: VectorProgram
  readonly output: ProgramOutput
  readonly width: number
}

/** Programs lie behind one another in one memory, so that an encoder finds all blocks there. */
const compileVariant = (
  words: ProgramWords,
  graph: RowGraph,
  may: (output: number) => boolean,
): VariantPrograms => {
  const { table } = graph
  const split = splitGraph(graph, may)
  const now = compileProgram(split.now, words)
  let { memoryBytes } = now
  const later = split.later.map((each) => {
    if (each === undefined) return undefined
    const program = compileProgram(each, words, memoryBytes)
    memoryBytes = program.memoryBytes
    const output = program.outputs[0]
    return output?.register.form === 'fixed'
      ? { program, output, width: output.register.width }
      : fail('internal', `what ${table} makes later is not of fixed width`)
  })
  return { now, later, memoryBytes }
}

interface VariantRunners {
  readonly now: Runner
  readonly later: readonly (((keys: ColumnBlock) => ColumnBlock) | undefined)[]
}

const startVariant = (
  { now, later, memoryBytes }: VariantPrograms,
  host: KernelHost,
  tallies: TallyReaders,
): VariantRunners => {
  const memory = host.allocate(memoryBytes)
  return {
    now: createRunner(now, memory, tallies),
    later: later.map((each) => each && createKeyedRunner(each.program, memory, tallies)),
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

/** The vector programs of a table, one for each variant. */
export const compileTable = (
  plan: TypedPlan,
  { table, wanted }: { readonly table: TypedTable; readonly wanted: readonly Wanted[] },
): readonly VectorProgram[] => {
  const words = { vocabularies: plan.vocabularies, store: createWordStore() }
  return lowerTable(plan, table.name, wanted).map((graph) => compileProgram(graph, words))
}

/** Dictionaries of integers pay up to this many values. */
const LARGEST_LATTICE = 1024

const columnSpec = (
  wanted: WantedColumn,
  { register, shape, increasing }: ProgramOutput,
): ColumnSpec => {
  const count = shape.max - shape.min + 1
  const isSmall = shape.type.kind !== 'string' && !increasing && count <= LARGEST_LATTICE
  return {
    name: wanted.name,
    type: wanted.expr.shape.type,
    long: wanted.long ?? false,
    nullable: wanted.expr.shape.nullable,
    block: register.form,
    min: shape.min,
    max: shape.max,
    increasing,
    ...(isSmall ? { lattice: { low: shape.min, step: 1, count } } : {}),
    ...(register.form === 'codes' ? { dictionary: register.dictionary.dictionary } : {}),
  }
}
