import { addTallies, createMeasurer, type Tallies } from '../../core/report/measure.ts'
import type { Json } from '../../core/ports.ts'
import type { MeasureTable } from '../../core/run/measuring.ts'

/** Measures the promises that one pass can measure, as tallies by name. */
export const reportMeasures: MeasureTable = (_, table) => ({
  wanted: createMeasurer(table).expressions,
  begin: () => {
    const { add, tallies } = createMeasurer(table)
    return { add, finish: tallies }
  },
  merge: (parts) => parts.map(talliesOf).reduce<Tallies>(mergeTallies, {}),
})

/** The tallies that measures of this module hold. */
export const talliesOf = (measures: Json): Tallies => (measures ?? {}) as unknown as Tallies

const mergeTallies = (a: Tallies, b: Tallies): Tallies => {
  const merged: Record<string, Tallies[string]> = { ...a }
  for (const [name, tally] of Object.entries(b)) {
    const known = merged[name]
    merged[name] = known === undefined ? tally : addTallies(known, tally)
  }
  return merged
}
