import type { Json } from '../ports.ts'
import type { RowTexts } from './first-rows.ts'

/** A finished file of a part; `stats` is the Delta statistics text, empty for other formats. */
export type PartFile = {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  /** The same of all but a Parquet footer. */
  readonly rowsSha256: string
  readonly stats: string
}

/** How the processor seconds of a part fell. */
export type Pace = {
  /** Whether the thread came to the table with this part: then it compiled, and warmed up on the first rows. */
  readonly starts: boolean
  /** Rows, the blocks they came in, and seconds of about its second half, when rows flow. */
  readonly flowRows: number
  readonly flowBlocks: number
  readonly flowSeconds: number
  /** Seconds after the last row: what was still to write, and closing the file. */
  readonly finishSeconds: number
  /** Absent from a journal that an earlier build began. */
  readonly probes?: Probes
}

/** A fixed piece of work that was timed now and then: how often, and the sum and the least of its seconds. */
export type Probes = {
  readonly count: number
  readonly seconds: number
  readonly least: number
}

/** What making a part gave; plain JSON, as the journal keeps it. Seconds are processor time of the thread. */
export type PartResult = {
  readonly rows: number
  readonly bytes: number
  readonly cpuSeconds: number
  readonly pace: Pace
  readonly files: readonly PartFile[]
  /** True when the files that are there already are the same: then none were made. */
  readonly unchanged?: true
  readonly measures: Json
  /** The texts of the first rows of a table's part 0, for the report; absent from what an earlier build made. */
  readonly first?: readonly RowTexts[]
}
