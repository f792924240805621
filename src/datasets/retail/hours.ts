import { law } from '../../core/expr/build-law.ts'
import type { Law } from '../../core/expr/law.ts'
import { sumOf } from '../../core/random/math.ts'
import { rounded } from '../calibrate.ts'

/** The opening hours that stores have, on the local clock, and how common they are. */
export const HOURS: readonly {
  readonly open: readonly [from: number, to: number]
  readonly weight: number
}[] = [
  { open: [9, 21], weight: 40 },
  { open: [8, 22], weight: 20 },
  { open: [10, 20], weight: 20 },
  { open: [10, 21], weight: 15 },
  { open: [7, 23], weight: 5 },
]

/** How many come to a store in each hour from midnight: TPC-DS's store sales, evened out before ten and after eight. */
const STORE_HOURS = [0, 0, 0, 0, 0, 0, 0, 2, 4, 8, 12, 9, 8, 9, 12, 6, 6, 12, 9, 8, 5, 3, 1, 0]
/** The same of the web: falling through the night, a peak at noon and a higher one in the evening. */
const WEB_HOURS = [2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 6, 6, 7, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3]

/** Laws of the second of the day on the local clock: one for each of HOURS, then that of the web. */
export const TIME_LAWS: readonly Law[] = [
  ...HOURS.map(({ open: [from, to] }) =>
    law.timeOfDay(STORE_HOURS.map((weight, hour) => (hour >= from && hour < to ? weight : 0))),
  ),
  law.timeOfDay(WEB_HOURS),
]

/** The share of web orders from one hour of the local clock to another. */
export const webShareOf = (from: number, to: number): number =>
  rounded(sumOf(WEB_HOURS.slice(from, to)) / sumOf(WEB_HOURS))
