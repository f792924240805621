import { BLOCK_ROWS } from '../kernel/program.ts'
import type { WasmKernel } from '../ports.ts'

/** Conditions of rows: 0 or 1, or anything where null. */
export interface Conditions {
  readonly values: Int32Array
  readonly nulls: Uint8Array | undefined
}

/** What is asked of the first rows of a block. */
export interface RateQuestion {
  readonly of: Conditions
  /** The rows that the rate is taken among. */
  readonly among: Conditions
  readonly rows: number
}

/** How many rows are asked about and known, and in how many of them the condition holds. */
export interface RateCounts {
  readonly n: number
  readonly hits: number
}

/** Counts for a rate. */
export type CountRates = (question: RateQuestion) => RateCounts

/** The counts in plain TypeScript: what they mean. */
export const countRates: CountRates = ({ of, among, rows }) => {
  const { values, nulls = NO_NULLS } = of
  const { values: asked, nulls: askedNulls = NO_NULLS } = among
  // Without branches, which random conditions would have guessed wrong.
  let n = 0
  let hits = 0
  for (let row = 0; row < rows; row++) {
    const isAsked = asked[row]! & ~(askedNulls[row]! | nulls[row]!) & 1
    n = (n + isAsked) | 0
    hits = (hits + (values[row]! & isAsked)) | 0
  }
  return { n, hits }
}

/** Marks no row of a block as null. */
export const NO_NULLS = new Uint8Array(BLOCK_ROWS)

/** Counts by the SIMD twin where the conditions lie in a kernel's memory, which has 64 bytes behind each array. */
export const kernelRates =
  (kernelOf: (buffer: ArrayBufferLike) => WasmKernel | undefined): CountRates =>
  (question) => {
    const { of, among, rows } = question
    const { buffer } = of.values
    const twin = kernelOf(buffer)?.exports['countRates']
    const arrays = [of.values, of.nulls, among.values, among.nulls]
    if (twin === undefined || arrays.some((each) => (each ?? of.values).buffer !== buffer))
      return countRates(question)
    const packed = Number(twin(rows, ...arrays.map((each) => each?.byteOffset ?? 0)))
    return { n: packed >>> 16, hits: packed & 0xffff }
  }
