import type { Value } from '../../../src/core/expr/types.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { lowerTable } from '../../../src/core/plan/lower.ts'
import type { TypedTable } from '../../../src/core/plan/typed.ts'
import { renderTable } from '../../../src/core/sql/render.ts'
import type { KeyRange } from '../../../src/core/sql/ranges.ts'
import { kernelHost } from '../../../src/node/run/kernel-host.ts'
import { cellOf } from '../kernel-rows.ts'
import { inKeyOrder, wantedOf } from '../keyed-rows.ts'
import type { Speaker, Subject } from './digests.ts'

/** Rows in key order: the entity key, then every column of the table, hidden ones too. */
export type KeyedRows = readonly (readonly (Value | boolean)[])[]

/** The first cell in which two sets of rows differ. A row that one of them lacks differs in its key. */
export interface Difference {
  readonly table: string
  readonly key: Value
  readonly column: string
  readonly actual: Value | boolean | undefined
  readonly expected: Value | boolean | undefined
}

/** All rows of a table as the native engine makes them. */
export const nativeRows = ({ plan, table }: Subject): KeyedRows => {
  const generator = createGenerator(plan, { table, wanted: wantedOf(table) }, kernelHost)
  const rows: Value[][] = []
  for (let variant = 0; variant < generator.variants; variant++)
    generator.generate({ variant, lo: 0, hi: table.maxKey + 1 }, (blocks, count) => {
      for (let i = 0; i < count; i++) rows.push(blocks.map((block) => cellOf(block, i)))
    })
  return inKeyOrder(rows)
}

/** The rows of a table, or of those with keys in a range, as an engine makes them. */
export const engineRows = async (
  speaker: Speaker,
  subject: Subject,
  range?: KeyRange,
): Promise<KeyedRows> => {
  const { cells } = await speaker.engine.columns(rowsText(speaker, subject, range))
  return inKeyOrder((cells[0] ?? []).map((_, i) => cells.map((column) => column[i] ?? null)))
}

/** The statement for the rows of a table: its entity key, and every column as a number or text. */
export const rowsText = (
  { dialect }: Pick<Speaker, 'dialect'>,
  { plan, table }: Subject,
  range?: KeyRange,
): string =>
  renderTable(lowerTable(plan, table.name, wantedOf(table)), {
    dialect,
    vocabularies: plan.vocabularies,
    ...(range === undefined ? {} : { range }),
  })

/** The first cell in which an engine's rows are not the expected ones; undefined when they are equal. */
export const firstDifference = (
  table: TypedTable,
  actual: KeyedRows,
  expected: KeyedRows,
): Difference | undefined => {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    const [a, e] = [actual[i], expected[i]]
    const at = (e ?? a ?? []).findIndex((_, c) => a?.[c] !== e?.[c])
    if (at < 0) continue
    const column = at === 0 ? 'the key' : (table.columns[at - 1]?.name ?? '')
    const key = (e ?? a)?.[0] as Value
    return { table: table.name, key, column, actual: a?.[at], expected: e?.[at] }
  }
  return undefined
}
