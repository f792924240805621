import type { Generator, RowRange } from '../kernel/generator.ts'
import type { BlockSink } from '../kernel/program.ts'

/** Makes wanted values of the rows of one table, a range of one variant at a time, by the kernel or otherwise. */
export type RowSource = Omit<Generator, 'variants'>

/** A source that may have to wait for its rows. */
export interface LateRowSource extends Pick<RowSource, 'columns'> {
  /** Rows come in the order of their keys; the sink may throw to stop. */
  readonly generate: (range: RowRange, sink: BlockSink) => void | Promise<void>
}
