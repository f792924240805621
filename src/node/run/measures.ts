import { addTallies, createMeasurer, type Tallies } from '../../core/report/measure.ts'
import type { Json } from '../../core/ports.ts'
import { type CountRates, countRates } from '../../core/report/rates.ts'
import type { MeasureTable } from '../../core/run/measuring.ts'

/** Measures the promises that one pass can measure, as tallies by name. */
export const measuresCountedBy =
  (count: CountRates): MeasureTable =>
  (_, table) => ({
    wanted: createMeasurer(table, count).expressions,
    begin: () => {
      const { add, tallies } = createMeasurer(table, count)
      return { add, finish: tallies }
    },
    merge: ([first = {}, ...more]) => more.map(talliesOf).reduce(mergeTallies, talliesOf(first)),
  })

/** The same, for where no kernel makes the rows. */
export const reportMeasures: MeasureTable = measuresCountedBy(countRates)

/** The tallies that measures of this module hold. */
export const talliesOf = (measures: Json): Tallies => (measures ?? {}) as unknown as Tallies

/** What only one side has, or in bins of its own, is not known of all rows. */
const mergeTallies = (a: Tallies, b: Tallies): Tallies =>
  Object.fromEntries(
    Object.entries(a).flatMap(([name, tally]) => {
      const other = b[name]
      const sum = other === undefined ? undefined : addTallies(tally, other)
      return sum === undefined ? [] : [[name, sum] as const]
    }),
  )
