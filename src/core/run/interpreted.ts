import type { BlockKind, ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { fail } from '../errors.ts'
import type { Shape, Value } from '../expr/types.ts'
import { runSteps, type WantedColumn } from '../kernel/generator.ts'
import type { BlockSink } from '../kernel/program.ts'
import { interpretRows } from '../plan/interpret.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { utf8 } from '../utf8.ts'
import { keySpaces } from './key-space.ts'
import type { RowSource } from './row-source.ts'

/** Makes the rows of a table with the interpreter: slow, for checks of the kernel and for what it cannot run. */
export const interpretedGenerator = (
  plan: TypedPlan,
  { table, wanted }: { readonly table: TypedTable; readonly wanted: readonly WantedColumn[] },
): RowSource => {
  const spaces = keySpaces(plan, table)
  const columns = wanted.map(columnSpec)
  const emit = (rows: readonly (readonly Value[])[], sink: BlockSink): void => {
    const cells = (i: number): readonly Value[] => rows.map((row) => row[i] ?? null)
    if (rows.length > 0)
      sink(
        columns.map((column, i) => blockOf(column, cells(i))),
        rows.length,
      )
  }
  const steps: RowSource['steps'] = function* ({ variant, lo, hi }, sink) {
    const space = spaces[variant] ?? fail('internal', `${table.name} has no variant ${variant}`)
    let waiting: (readonly Value[])[] = []
    for (const row of interpretRows(plan, table.name, { fromKey: lo, toKey: hi })) {
      if (!space.holds(row.key)) continue
      waiting.push(wanted.map(({ expr }) => row.evaluate(expr)))
      if (waiting.length < BLOCK) continue
      yield emit(waiting, sink)
      waiting = []
    }
    yield emit(waiting, sink)
  }
  return {
    columns: () => columns,
    // It is slow at everything.
    fanOut: () => Infinity,
    steps,
    generate: (range, sink) => runSteps(steps(range, sink)),
  }
}

const BLOCK = 1024

const columnSpec = ({ name, expr, long }: WantedColumn): ColumnSpec => ({
  name,
  type: expr.shape.type,
  long: long ?? false,
  nullable: expr.shape.nullable,
  block: blockKind(expr.shape),
  min: expr.shape.min,
  max: expr.shape.max,
  increasing: false,
})

const blockKind = ({ type, min, max }: Shape): BlockKind => {
  if (type.kind === 'string') return 'bytes'
  return min >= -2147483648 && max <= 2147483647 ? 'int32' : 'float64'
}

/** The block of a column that holds these values; null stands for 0 or the empty text where a value is missing. */
export const blockOf = (
  { block, nullable }: Pick<ColumnSpec, 'block' | 'nullable'>,
  values: readonly Value[],
): ColumnBlock => {
  const rows = values.length
  const nulls = nullable ? Uint8Array.from(values, (value) => (value === null ? 1 : 0)) : undefined
  switch (block) {
    case 'int32':
      return { kind: 'int32', rows, nulls, values: Int32Array.from(values, Number) }
    case 'float64':
      return { kind: 'float64', rows, nulls, values: Float64Array.from(values, Number) }
    case 'bytes':
      return { kind: 'bytes', rows, nulls, ...textBytes(values) }
    case 'codes':
    case 'fixed':
      return fail('internal', `the interpreter makes no ${block} blocks`)
  }
}

const textBytes = (
  values: readonly Value[],
): { readonly offsets: Int32Array; readonly bytes: Uint8Array } => {
  const words = values.map((value) => utf8(value === null ? '' : String(value)))
  const offsets = new Int32Array(values.length + 1)
  words.forEach((word, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + word.length
  })
  const bytes = new Uint8Array(offsets[values.length] ?? 0)
  words.forEach((word, i) => bytes.set(word, offsets[i]))
  return { offsets, bytes }
}
