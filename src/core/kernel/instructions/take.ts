import { clamp, double, type Family, type Views, word } from './definition.ts'

/** Instructions that move rows: by an index, to an index, all alike. */
export const takeInstructions = (views: Views) =>
  ({ ...takes(views), ...scatters(views), ...fills(views) }) satisfies Family

const takes = ({ u8, i32, f64 }: Views) =>
  ({
    /** out[r] = source[index[r]] */
    take_i: (n, [source = 0, index = 0, out = 0]) => {
      const [s, x, o] = [word(source), word(index), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[s + i32[x + r]!]!
    },

    /** out[r] = source[index[r]] */
    take_d: (n, [source = 0, index = 0, out = 0]) => {
      const [s, x, o] = [double(source), word(index), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[s + i32[x + r]!]!
    },

    /** out[r] = source[index[r]] */
    take_m: (n, [source = 0, index = 0, out = 0]) => {
      const x = word(index)
      for (let r = 0; r < n; r++) u8[out + r] = u8[source + i32[x + r]!]!
    },

    /** The strings of `stride` bytes, length included, at the rows of the index. */
    take_fixed: (n, [source = 0, index = 0, out = 0, stride = 0]) => {
      const [s, x, o, words] = [word(source), word(index), word(out), word(stride)]
      for (let r = 0; r < n; r++) {
        const from = s + i32[x + r]! * words
        for (let w = 0; w < words; w++) i32[o + r * words + w] = i32[from + w]!
      }
    },

    /** out[r] = table[index[r]], the index clamped to the table's `count` entries */
    cell_i: (n, [table = 0, count = 0, index = 0, out = 0]) => {
      const [t, x, o] = [word(table), word(index), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[t + clamp(i32[x + r]!, count)]!
    },

    /** out[r] = table[index[r]], the index clamped to the table's `count` entries */
    cell_d: (n, [table = 0, count = 0, index = 0, out = 0]) => {
      const [t, x, o] = [double(table), word(index), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[t + clamp(i32[x + r]!, count)]!
    },

    /** Puts the number of each row at the end of the list that its choice has in `ends`, and moves that end behind it. */
    partition: (n, [choice = 0, ends = 0]) => {
      const [c, e] = [word(choice), word(ends)]
      for (let r = 0; r < n; r++) {
        const end = e + i32[c + r]!
        i32[word(i32[end]!)] = r
        i32[end]! += 4
      }
    },

    /** The numbers of the rows whose choice is `which`, in order; returns how many. */
    select: (n, [choice = 0, which = 0, out = 0]) => {
      const [c, o] = [word(choice), word(out)]
      let found = 0
      for (let r = 0; r < n; r++) if (i32[c + r] === which) i32[o + found++] = r
      return found
    },
  }) satisfies Family

const scatters = ({ u8, i32, f64 }: Views) =>
  ({
    /** out[index[r]] = source[r] */
    scatter_i: (n, [source = 0, index = 0, out = 0]) => {
      const [s, x, o] = [word(source), word(index), word(out)]
      for (let r = 0; r < n; r++) i32[o + i32[x + r]!] = i32[s + r]!
    },

    /** out[index[r]] = source[r] */
    scatter_d: (n, [source = 0, index = 0, out = 0]) => {
      const [s, x, o] = [double(source), word(index), double(out)]
      for (let r = 0; r < n; r++) f64[o + i32[x + r]!] = f64[s + r]!
    },

    /** out[index[r]] = source[r] */
    scatter_m: (n, [source = 0, index = 0, out = 0]) => {
      const x = word(index)
      for (let r = 0; r < n; r++) u8[out + i32[x + r]!] = u8[source + r]!
    },

    /** Strings of `stride` bytes, length included, to the rows of the index. */
    scatter_fixed: (n, [source = 0, index = 0, out = 0, stride = 0]) => {
      const [s, x, o, words] = [word(source), word(index), word(out), word(stride)]
      for (let r = 0; r < n; r++) {
        const to = o + i32[x + r]! * words
        for (let w = 0; w < words; w++) i32[to + w] = i32[s + r * words + w]!
      }
    },

    /** out[index[r]] = value */
    scatterk_m: (n, [index = 0, value = 0, out = 0]) => {
      const x = word(index)
      for (let r = 0; r < n; r++) u8[out + i32[x + r]!] = value
    },
  }) satisfies Family

const fills = ({ u8, i32, f64 }: Views) =>
  ({
    /** out[r] = source[r] */
    copy_i: (n, [source = 0, out = 0]) => {
      i32.copyWithin(word(out), word(source), word(source) + n)
    },

    fill_i: (n, [out = 0, value = 0]) => {
      i32.fill(value, word(out), word(out) + n)
    },

    fill_d: (n, [out = 0, value = 0]) => {
      f64.fill(value, double(out), double(out) + n)
    },

    fill_m: (n, [out = 0, value = 0]) => {
      u8.fill(value, out, out + n)
    },

    /** Strings of `stride` bytes, length included, whose bytes are all 0. */
    fill_fixed: (n, [out = 0, stride = 0]) => {
      const [o, words] = [word(out), word(stride)]
      i32.fill(0, o, o + n * words)
      for (let r = 0; r < n; r++) i32[o + r * words] = stride - 4
    },
  }) satisfies Family
