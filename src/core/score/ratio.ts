/** How good claims are; null where there is nothing to divide by. */
export interface Quality {
  /** The share of what is claimed that is true. */
  readonly precision: number | null
  /** The share of what is true that is claimed. */
  readonly recall: number | null
  /** The harmonic mean of precision and recall. */
  readonly f1: number | null
}

/** Claims that were counted: pairs or clusters. */
export interface Counted {
  readonly right: number
  readonly claimed: number
  readonly actual: number
}

/** The quality of counted claims, with the counts; F1 is 2 right / (claimed + actual), also where nothing is claimed. */
export const countedQuality = ({ right, claimed, actual }: Counted): Quality & Counted => ({
  precision: share(right, claimed),
  recall: share(right, actual),
  f1: share(2 * right, claimed + actual),
  right,
  claimed,
  actual,
})

/** A part of a whole; null when the whole is 0. */
export const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : part / whole
