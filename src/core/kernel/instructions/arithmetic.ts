import { floorDiv, floorMod, roundedDiv } from '../../expr/functions/arithmetic.ts'
import { double, type Family, type Views, word } from './definition.ts'

/**
 * Arithmetic. Results of `_i` fit 32 bits and those of `_d` are exact wherever the row is not null; division by zero,
 * which only a null's row can hold, gives any value.
 */
export const arithmeticInstructions = (views: Views) =>
  ({
    ...int32Arithmetic(views),
    ...int32Division(views),
    ...float64Arithmetic(views),
    ...float64Division(views),
    ...conversions(views),
  }) satisfies Family

const int32Arithmetic = ({ i32 }: Views) =>
  ({
    add_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! + i32[b + r]!
    },

    sub_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! - i32[b + r]!
    },

    mul_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = Math.imul(i32[a + r]!, i32[b + r]!)
    },

    least_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = Math.min(i32[a + r]!, i32[b + r]!)
    },

    greatest_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = Math.max(i32[a + r]!, i32[b + r]!)
    },

    neg_i: (n, [source = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = 0 - i32[a + r]!
    },

    abs_i: (n, [source = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = Math.abs(i32[a + r]!)
    },

    addk_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! + k
    },

    mulk_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = Math.imul(i32[a + r]!, k)
    },
  }) satisfies Family

const int32Division = ({ i32 }: Views) =>
  ({
    /** floor(a / b) */
    div_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = floorDiv(i32[a + r]!, i32[b + r]!)
    },

    /** a - b · floor(a / b) */
    mod_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = floorMod(i32[a + r]!, i32[b + r]!)
    },

    /** floor(a / k) for k > 0 */
    divk_i: (n, [source = 0, k = 1, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = floorDiv(i32[a + r]!, k)
    },

    /** a - k · floor(a / k) for k > 0 */
    modk_i: (n, [source = 0, k = 1, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = floorMod(i32[a + r]!, k)
    },
  }) satisfies Family

// Adding 0 turns -0 into 0.
const float64Arithmetic = ({ f64 }: Views) =>
  ({
    add_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[a + r]! + f64[b + r]!
    },

    sub_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[a + r]! - f64[b + r]!
    },

    mul_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[a + r]! * f64[b + r]! + 0
    },

    least_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = Math.min(f64[a + r]!, f64[b + r]!)
    },

    greatest_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = Math.max(f64[a + r]!, f64[b + r]!)
    },

    neg_d: (n, [source = 0, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = 0 - f64[a + r]!
    },

    abs_d: (n, [source = 0, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = Math.abs(f64[a + r]!)
    },

    addk_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[a + r]! + k
    },

    mulk_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[a + r]! * k + 0
    },

    /** source · factor */
    rescale_up: (n, [source = 0, factor = 1, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = f64[a + r]! * factor + 0
    },
  }) satisfies Family

const float64Division = ({ f64 }: Views) =>
  ({
    /** floor(a / b) */
    div_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = floorDiv(f64[a + r]!, f64[b + r]!)
    },

    /** a - b · floor(a / b) */
    mod_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = floorMod(f64[a + r]!, f64[b + r]!)
    },

    /** floor(a / k) for k > 0 */
    divk_d: (n, [source = 0, k = 1, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = floorDiv(f64[a + r]!, k)
    },

    /** a - k · floor(a / k) for k > 0 */
    modk_d: (n, [source = 0, k = 1, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = floorMod(f64[a + r]!, k)
    },

    /** source / divisor to the nearest integer, halves away from zero */
    rescale_down: (n, [source = 0, divisor = 1, out = 0]) => {
      const [a, o] = [double(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = roundedDiv(f64[a + r]!, divisor)
    },

    /** a · factor / b to the nearest integer, halves away from zero */
    ratio: (n, [left = 0, right = 0, factor = 1, out = 0]) => {
      const [a, b, o] = [double(left), double(right), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = roundedDiv(f64[a + r]! * factor, f64[b + r]!)
    },
  }) satisfies Family

const conversions = ({ i32, u32, f64 }: Views) =>
  ({
    /** int32 to float64 */
    widen: (n, [source = 0, out = 0]) => {
      const [s, o] = [word(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = i32[s + r]!
    },

    /** float64 to int32, which fits */
    narrow: (n, [source = 0, out = 0]) => {
      const [s, o] = [double(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[s + r]!
    },

    /** uint32 to float64 */
    bits_d: (n, [source = 0, out = 0]) => {
      const [s, o] = [word(source), double(out)]
      for (let r = 0; r < n; r++) f64[o + r] = u32[s + r]!
    },
  }) satisfies Family
