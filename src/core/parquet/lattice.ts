/** Numbers low + step * i. */
export interface Lattice {
  readonly low: number
  readonly step: number
}

/** Writes the index i of each value low + step * i. */
export const latticeInt32 = (
  values: Int32Array,
  { low, step }: Lattice,
  codes: Int32Array,
): void => {
  for (let i = 0; i < values.length; i++) codes[i] = (values[i]! - low) / step
}

/** Writes the index i of each value low + step * i. */
export const latticeFloat64 = (
  values: Float64Array,
  { low, step }: Lattice,
  codes: Int32Array,
): void => {
  for (let i = 0; i < values.length; i++) codes[i] = (values[i]! - low) / step
}
