/** How often neighbours differ, plus one; 0 for no values. */
export const countRuns = (values: Int32Array): number => {
  let runs = Math.min(1, values.length)
  for (let i = 1; i < values.length; i++) runs += values[i] === values[i - 1] ? 0 : 1
  return runs
}

/** The place behind the run of equal values that begins at `start`. */
export const runEnd = (values: Int32Array, start: number): number => {
  const value = values[start]
  let end = start + 1
  while (end < values.length && values[end] === value) end++
  return end
}
