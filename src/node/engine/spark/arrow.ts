import { fail } from '../../../core/errors.ts'
import type { Cell, Columns } from '../../../core/ports.ts'
import { exactInteger } from '../result.ts'

/**
 * The cells of Arrow streams that have one schema. Integers, text and booleans only: cast what is exact but has no
 * exact number in JavaScript (decimals, timestamps) in SQL. Throws engine.failed naming a column of another type.
 */
export const arrowColumns = async (streams: readonly Uint8Array[]): Promise<Columns> => {
  const { tableFromIPC } = await import('apache-arrow')
  const tables = streams.map((stream) => tableFromIPC(stream))
  const names = tables[0]?.schema.fields.map(({ name }) => name) ?? []
  const cells = names.map((name, column) =>
    tables.flatMap((table) =>
      Array.from(table.getChildAt(column) ?? [], (value) => cellOf(name, value)),
    ),
  )
  return { names, cells }
}

const cellOf = (column: string, value: unknown): Cell => {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return exactInteger(value)
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value
  return fail('engine.failed', `Spark: column ${column} has a type that must be cast to text`)
}
