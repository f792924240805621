import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { sliceBlock } from '../parquet/staging.ts'
import { cellTexts, type DecodeUtf8 } from './cell-text.ts'

/** The texts of a row's cells. */
export type RowTexts = readonly (string | null)[]

/** How many rows of a table a report shows. */
export const FIRST_ROWS = 10

/** Keeps the texts of the first rows that it is given. */
export interface FirstRows {
  /** Takes a block of every column; views are valid during the call. */
  readonly add: (blocks: readonly ColumnBlock[], rows: number) => void
  readonly rows: () => readonly RowTexts[]
}

/** Keeps the first FIRST_ROWS rows of some columns. */
export const createFirstRows = (columns: readonly ColumnSpec[], decode: DecodeUtf8): FirstRows => {
  const kept: RowTexts[] = []
  return {
    add: (blocks, rows) => {
      const count = Math.min(rows, FIRST_ROWS - kept.length)
      if (count <= 0) return
      const texts = columns.map((column, i) => {
        const block = sliceBlock(blocks[i]!, 0, count)
        const cells = column.later === undefined ? block : column.later.of(block)
        const text = cellTexts(column, cells, decode)
        return Array.from({ length: count }, (_, row) => text(row))
      })
      for (let row = 0; row < count; row++) kept.push(texts.map((each) => each[row] ?? null))
    },
    rows: () => kept,
  }
}
