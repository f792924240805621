import type { ColumnSpec } from '../columns/block.ts'
import { fail } from '../errors.ts'
import { lowerTable, type Wanted } from '../plan/lower.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { MakeRows } from './chunks.ts'
import { compileProgram } from './compile.ts'
import type { BlockSink, ProgramOutput, VectorProgram } from './program.ts'
import { createRunner, type KernelMemory, type KeyRange, type Runner } from './runner.ts'
import { createTallies, talliesOf } from './tallies.ts'

/** Gives memory of a size; the buffer is its own and starts as zeros. */
export interface KernelHost {
  readonly allocate: (bytes: number) => KernelMemory
}

/** A wanted value that lands as a column, or (without `long`) one that only measures are taken of. */
export interface WantedColumn extends Wanted {
  readonly long?: boolean
}

/** Makes the rows of one table. */
export interface Generator {
  /** A union has one variant for each member; other tables have one. Each variant's keys increase. */
  readonly variants: number
  /** One for each wanted value, in order. Variants differ in how blocks hold the values, not in types. */
  readonly columns: (variant: number) => readonly ColumnSpec[]
  /** Generates the rows with lo <= key < hi in the order of their keys; the sink may throw to stop. */
  readonly generate: (range: KeyRange & { readonly variant: number }, sink: BlockSink) => void
}

/** Compiles a table for the kernel. Memory is taken from the host when a variant first runs. */
export const createGenerator = (
  plan: TypedPlan,
  { table, wanted }: { readonly table: TypedTable; readonly wanted: readonly WantedColumn[] },
  host: KernelHost,
): Generator => {
  const graphs = lowerTable(plan, table.name, wanted)
  const programs = graphs.map((graph) => compileProgram(graph, plan.vocabularies))
  const tallies = createTallies(plan, talliesOf(graphs), (counted) => makeAll(plan, counted, host))
  const runners: (Runner | undefined)[] = []
  const programOf = (variant: number): VectorProgram =>
    programs[variant] ?? fail('internal', `${table.name} has no variant ${variant}`)
  return {
    variants: programs.length,
    columns: (variant) => {
      const { outputs } = programOf(variant)
      return wanted.map((each, i) => columnSpec(each, outputs[i]!))
    },
    generate: ({ variant, ...range }, sink) => {
      const program = programOf(variant)
      const runner =
        runners[variant] ?? createRunner(program, host.allocate(program.memoryBytes), tallies)
      runners[variant] = runner
      runner(range, sink)
    },
  }
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

/** The vector programs of a table, one for each variant. */
export const compileTable = (
  plan: TypedPlan,
  { table, wanted }: { readonly table: TypedTable; readonly wanted: readonly Wanted[] },
): readonly VectorProgram[] =>
  lowerTable(plan, table.name, wanted).map((graph) => compileProgram(graph, plan.vocabularies))

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
