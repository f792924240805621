import { civilFromDays, isoWeekday, MICROS_PER_DAY } from '../../expr/civil.ts'
import { double, type Family, type Views, word } from './definition.ts'

/** Dates (int32 days since 1970) and timestamps (float64 microseconds since 1970), by the rules of expr/civil.ts. */
export const timeInstructions = ({ i32, f64 }: Views) =>
  ({
    /** The UTC day of a timestamp. */
    date_of: (n, [time = 0, out = 0]) => {
      const [t, o] = [double(time), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = Math.floor(f64[t + r]! / MICROS_PER_DAY)
    },

    /** The hour of a timestamp's UTC day, 0 to 23. */
    hour_of: (n, [time = 0, out = 0]) => {
      const [t, o] = [double(time), word(out)]
      for (let r = 0; r < n; r++) {
        const micros = f64[t + r]! - Math.floor(f64[t + r]! / MICROS_PER_DAY) * MICROS_PER_DAY
        i32[o + r] = Math.floor(micros / MICROS_PER_HOUR)
      }
    },

    /** The timestamp at which a day begins. */
    day_start: (n, [date = 0, out = 0]) => {
      const [d, o] = [word(date), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = i32[d + r]! * MICROS_PER_DAY
    },

    year: (n, [date = 0, out = 0]) => {
      const [d, o] = [word(date), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = civilFromDays(i32[d + r]!).year
    },

    /** 1 to 12 */
    month: (n, [date = 0, out = 0]) => {
      const [d, o] = [word(date), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = civilFromDays(i32[d + r]!).month
    },

    /** The day of the month, 1 to 31. */
    day: (n, [date = 0, out = 0]) => {
      const [d, o] = [word(date), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = civilFromDays(i32[d + r]!).day
    },

    /** Monday 1 to Sunday 7. */
    weekday: (n, [date = 0, out = 0]) => {
      const [d, o] = [word(date), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = isoWeekday(i32[d + r]!)
    },
  }) satisfies Family

const MICROS_PER_HOUR = 3_600_000_000
