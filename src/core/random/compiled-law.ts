/**
 * A probability law compiled to integers. Draws are the lanes of one stream at the row's key: the first lane chooses,
 * the second (and for widths above 2^20 the second and third, as 48 bits) places the outcome inside a wide bin.
 *
 * - `uniform`: outcome = low + step · uniform(count); one lane to 2^20 outcomes, lanes one and two as 48 bits above.
 * - `steps`: code = how many of the sorted thresholds are <= lane one; outcome = values[code].
 * - `alias`: slot = the top `bits` bits of lane one; when its low 32-bits bits are below threshold[slot] the bin is
 *   the slot itself, else alias[slot]; outcome = low[bin] + step · uniform(width[bin]) from the second lane
 *   (all widths 1: no second lane).
 */
export type LawTable =
  | {
      readonly kind: 'uniform'
      readonly low: number
      readonly step: number
      readonly count: number
    }
  | {
      readonly kind: 'steps'
      readonly thresholds: readonly number[]
      readonly values: readonly number[]
    }
  | {
      readonly kind: 'alias'
      readonly bits: number
      readonly threshold: Uint32Array
      readonly alias: Uint32Array
      readonly low: Float64Array
      readonly width: Float64Array
      readonly step: number
      /** The largest width decides for all bins: 1 needs no place, up to 2^20 lane two, above 48 bits of lanes two and three. */
      readonly widest: number
    }

/** A law ready for every engine. When `words` is given, the outcome is the index of a word. */
export interface CompiledLaw {
  readonly table: LawTable
  readonly words?: readonly string[]
  /** Smallest and largest outcome. */
  readonly min: number
  readonly max: number
  /** Total variation distance between the asked law and this table, over outcomes or bins. */
  readonly distance: number
  /** The asked law over reporting bins: bin i holds outcomes from[i] <= x < from[i + 1] (the last one to max). */
  readonly asked: { readonly from: readonly number[]; readonly probability: readonly number[] }
  /** Mean of the compiled table (of word laws, 0). */
  readonly mean: number
}
