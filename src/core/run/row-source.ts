import type { ColumnSpec } from '../columns/block.ts'
import type { BlockSink } from '../kernel/program.ts'

/** Keys lo <= key < hi of one variant of a table: of its own keys, as they land. */
export interface RowRange {
  readonly variant: number
  readonly lo: number
  readonly hi: number
}

/** Makes wanted values of the rows of one table, a range of one variant at a time. */
export interface RowSource {
  readonly columns: (variant: number) => readonly ColumnSpec[]
  /** Rows come in the order of their keys; the sink may throw to stop. */
  readonly generate: (range: RowRange, sink: BlockSink) => void
  /** How many rows more may be made for one of a block, all in one step; Infinity where a tally counts a table. */
  readonly fanOut: (variant: number) => number
  /** The same, a block of rows at each step, so that other work may come in between. */
  readonly steps: (range: RowRange, sink: BlockSink) => Iterable<void>
}

/** A source that may have to wait for its rows. */
export interface LateRowSource extends Pick<RowSource, 'columns'> {
  /** Rows come in the order of their keys; the sink may throw to stop. */
  readonly generate: (range: RowRange, sink: BlockSink) => void | Promise<void>
}
