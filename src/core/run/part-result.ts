import type { Json } from '../ports.ts'

/** A finished file of a part; `stats` is the Delta statistics text, empty for other formats. */
export type PartFile = {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  readonly stats: string
}

/** What making a part gave; plain JSON, as the journal keeps it. Seconds are processor time of the thread. */
export type PartResult = {
  readonly rows: number
  readonly bytes: number
  readonly cpuSeconds: number
  readonly files: readonly PartFile[]
  /** True when the files that are there already are the same: then none were made. */
  readonly unchanged?: true
  readonly measures: Json
}
