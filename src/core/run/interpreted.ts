import type { BlockKind, ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { fail } from '../errors.ts'
import type { Shape, Value } from '../expr/types.ts'
import type { WantedColumn } from '../kernel/generator.ts'
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
  return {
    columns: () => columns,
    generate: ({ variant, lo, hi }, sink) => {
      const space = spaces[variant] ?? fail('internal', `${table.name} has no variant ${variant}`)
      let waiting: (readonly Value[])[] = []
      const flush = (): void => {
        if (waiting.length === 0) return
        const rows = waiting
        waiting = []
        sink(
          columns.map((column, i) =>
            blockOf(
              column,
              rows.map((row) => row[i] ?? null),
            ),
          ),
          rows.length,
        )
      }
      for (const row of interpretRows(plan, table.name, { fromKey: lo, toKey: hi })) {
        if (!space.holds(row.key)) continue
        waiting.push(wanted.map(({ expr }) => row.evaluate(expr)))
        if (waiting.length === BLOCK) flush()
      }
      flush()
    },
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
