import { double, type Family, type Views, word } from './definition.ts'

/** Logic of booleans (int32, 0 or 1) and of masks (bytes, 1 for null), and choices between results. */
export const logicInstructions = (views: Views) =>
  ({ ...logic(views), ...masks(views), ...choices(views) }) satisfies Family

const logic = ({ u8, i32 }: Views) =>
  ({
    and_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! & i32[b + r]!
    },

    or_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = (i32[a + r]! | i32[b + r]!) & 1
    },

    not_i: (n, [source = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = 1 - i32[a + r]!
    },

    /** Whether `left and right` is null: not when both are known, nor when one is known to be false. */
    and_m: (n, [left = 0, leftMask = 0, right = 0, rightMask = 0, out = 0]) => {
      const [a, b] = [word(left), word(right)]
      for (let r = 0; r < n; r++) {
        const x = leftMask === 0 ? 0 : u8[leftMask + r]!
        const y = rightMask === 0 ? 0 : u8[rightMask + r]!
        u8[out + r] = (x | y) & (x | i32[a + r]!) & (y | i32[b + r]!)
      }
    },

    /** Whether `left or right` is null: not when both are known, nor when one is known to be true. */
    or_m: (n, [left = 0, leftMask = 0, right = 0, rightMask = 0, out = 0]) => {
      const [a, b] = [word(left), word(right)]
      for (let r = 0; r < n; r++) {
        const x = leftMask === 0 ? 0 : u8[leftMask + r]!
        const y = rightMask === 0 ? 0 : u8[rightMask + r]!
        u8[out + r] = (x | y) & (x | (1 - i32[a + r]!)) & (y | (1 - i32[b + r]!))
      }
    },
  }) satisfies Family

const masks = ({ u8, i32 }: Views) =>
  ({
    /** Null where either is. */
    or_mm: (n, [left = 0, right = 0, out = 0]) => {
      for (let r = 0; r < n; r++) u8[out + r] = u8[left + r]! | u8[right + r]!
    },

    /** 1 where null, as a boolean. */
    mask_i: (n, [mask = 0, out = 0]) => {
      const o = word(out)
      for (let r = 0; r < n; r++) i32[o + r] = u8[mask + r]!
    },

    /** 1 where not null, as a boolean. */
    known_i: (n, [mask = 0, out = 0]) => {
      const o = word(out)
      for (let r = 0; r < n; r++) i32[o + r] = 1 - u8[mask + r]!
    },
  }) satisfies Family

const choices = ({ u8, i32, f64 }: Views) =>
  ({
    /** choice[r] = which, where the condition is true and not null. */
    choose: (n, [condition = 0, conditionMask = 0, which = 0, choice = 0]) => {
      const [c, o] = [word(condition), word(choice)]
      for (let r = 0; r < n; r++) {
        if (i32[c + r] !== 1) continue
        if (conditionMask === 0 || u8[conditionMask + r] === 0) i32[o + r] = which
      }
    },

    /** out[r] = value[r], where choice[r] is `which`. */
    merge_i: (n, [value = 0, choice = 0, which = 0, out = 0]) => {
      const [v, c, o] = [word(value), word(choice), word(out)]
      for (let r = 0; r < n; r++) if (i32[c + r] === which) i32[o + r] = i32[v + r]!
    },

    /** out[r] = value[r], where choice[r] is `which`. */
    merge_d: (n, [value = 0, choice = 0, which = 0, out = 0]) => {
      const [v, c, o] = [double(value), word(choice), double(out)]
      for (let r = 0; r < n; r++) if (i32[c + r] === which) f64[o + r] = f64[v + r]!
    },

    /** out[r] = value[r], where choice[r] is `which`. */
    merge_m: (n, [value = 0, choice = 0, which = 0, out = 0]) => {
      const c = word(choice)
      for (let r = 0; r < n; r++) if (i32[c + r] === which) u8[out + r] = u8[value + r]!
    },

    /** out[r] = value[r], where choice[r] is `which`; strings of `stride` bytes, length included. */
    merge_fixed: (n, [value = 0, choice = 0, which = 0, out = 0, stride = 0]) => {
      const [v, c, o, words] = [word(value), word(choice), word(out), word(stride)]
      for (let r = 0; r < n; r++) {
        if (i32[c + r] !== which) continue
        for (let w = r * words; w < (r + 1) * words; w++) i32[o + w] = i32[v + w]!
      }
    },

    /** out[r] = value, where choice[r] is `which`. */
    mergek_m: (n, [value = 0, choice = 0, which = 0, out = 0]) => {
      const c = word(choice)
      for (let r = 0; r < n; r++) if (i32[c + r] === which) u8[out + r] = value
    },
  }) satisfies Family
