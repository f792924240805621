import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import type { WantedColumn } from '../kernel/generator.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { Json } from '../ports.ts'

/** Measures the blocks of one part while they are written. */
export interface PartMeasurer {
  /** Takes in a block of every column of the part, landed and further ones; views are valid during the call. */
  readonly add: (blocks: readonly ColumnBlock[], rows: number) => void
  readonly finish: () => Json
}

/** How a table's promises are measured: further values beside the landed columns, parts, and their sum. */
export interface TableMeasurer {
  /** Values wanted of every row beside the landed columns; they follow these in the blocks. */
  readonly wanted: readonly WantedColumn[]
  readonly begin: (columns: readonly ColumnSpec[]) => PartMeasurer
  /** The measures of parts, in the order of the parts, as one. */
  readonly merge: (parts: readonly Json[]) => Json
}

/** The measurer of a table of a plan. */
export type MeasureTable = (plan: TypedPlan, table: TypedTable) => TableMeasurer

/** Measures nothing: for rows of an engine whose blocks the promises cannot be measured on. */
export const noMeasures: MeasureTable = () => ({
  wanted: [],
  begin: () => ({ add: () => undefined, finish: () => null }),
  merge: () => null,
})
