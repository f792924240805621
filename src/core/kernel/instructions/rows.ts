import { BLOCK_ROWS } from '../program.ts'
import { double, type Family, type Views, word } from './definition.ts'

/** Instructions that make rows: sequences, children and the keys of children. */
export const rowInstructions = ({ i32, f64 }: Views) =>
  ({
    /** out[r] = first + r */
    seq_i: (n, [out = 0, first = 0]) => {
      const o = word(out)
      for (let r = 0; r < n; r++) i32[o + r] = first + r
    },

    /** out[r] = first + r */
    seq_d: (n, [out = 0, first = 0]) => {
      const o = double(out)
      for (let r = 0; r < n; r++) f64[o + r] = first + r
    },

    /**
     * Lists the children of `n` parents, each as the parent's row and a number from 0 to count[row], until the block is
     * full; returns how many, 0 when there are no more. `state` is [row, child, limitRow, limitCount]: where to go on,
     * and a row of which no more than limitCount children are listed.
     */
    expand: (n, [count = 0, state = 0, outIndex = 0, outOrdinal = 0]) => {
      const [c, s, x, o] = [word(count), word(state), word(outIndex), word(outOrdinal)]
      const limitRow = i32[s + 2]!
      const limitCount = i32[s + 3]!
      let row = i32[s]!
      let child = i32[s + 1]!
      let made = 0
      while (row < n && made < BLOCK_ROWS) {
        const all = i32[c + row]!
        const most = row === limitRow && limitCount < all ? limitCount : all
        for (; child < most && made < BLOCK_ROWS; child++, made++) {
          i32[x + made] = row
          i32[o + made] = child
        }
        if (child < most) break
        row += 1
        child = 0
      }
      i32[s] = row
      i32[s + 1] = child
      return made
    },

    /** out[r] = parentKey[index[r]] · m + ordinal[r] */
    childkey_ii: (n, [key = 0, index = 0, ordinal = 0, m = 0, out = 0]) => {
      const [k, x, o, t] = [word(key), word(index), word(ordinal), word(out)]
      for (let r = 0; r < n; r++) i32[t + r] = Math.imul(i32[k + i32[x + r]!]!, m) + i32[o + r]!
    },

    /** out[r] = parentKey[index[r]] · m + ordinal[r] */
    childkey_id: (n, [key = 0, index = 0, ordinal = 0, m = 0, out = 0]) => {
      const [k, x, o, t] = [word(key), word(index), word(ordinal), double(out)]
      for (let r = 0; r < n; r++) f64[t + r] = i32[k + i32[x + r]!]! * m + i32[o + r]!
    },

    /** out[r] = parentKey[index[r]] · m + ordinal[r] */
    childkey_dd: (n, [key = 0, index = 0, ordinal = 0, m = 0, out = 0]) => {
      const [k, x, o, t] = [double(key), word(index), word(ordinal), double(out)]
      for (let r = 0; r < n; r++) f64[t + r] = f64[k + i32[x + r]!]! * m + i32[o + r]!
    },
  }) satisfies Family
