import { double, type Family, type Views, word } from './definition.ts'

/** Comparisons of two numbers, or of a number and a constant; out is 1 where they hold, else 0. */
export const comparisonInstructions = (views: Views) =>
  ({
    ...int32Comparisons(views),
    ...float64Comparisons(views),
    ...int32Constants(views),
    ...float64Constants(views),
  }) satisfies Family

const int32Comparisons = ({ i32 }: Views) =>
  ({
    eq_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r] === i32[b + r]! ? 1 : 0
    },

    ne_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r] !== i32[b + r]! ? 1 : 0
    },

    lt_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! < i32[b + r]! ? 1 : 0
    },

    le_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! <= i32[b + r]! ? 1 : 0
    },

    gt_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! > i32[b + r]! ? 1 : 0
    },

    ge_i: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [word(left), word(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! >= i32[b + r]! ? 1 : 0
    },
  }) satisfies Family

const float64Comparisons = ({ i32, f64 }: Views) =>
  ({
    eq_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r] === f64[b + r]! ? 1 : 0
    },

    ne_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r] !== f64[b + r]! ? 1 : 0
    },

    lt_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! < f64[b + r]! ? 1 : 0
    },

    le_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! <= f64[b + r]! ? 1 : 0
    },

    gt_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! > f64[b + r]! ? 1 : 0
    },

    ge_d: (n, [left = 0, right = 0, out = 0]) => {
      const [a, b, o] = [double(left), double(right), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! >= f64[b + r]! ? 1 : 0
    },
  }) satisfies Family

const int32Constants = ({ i32 }: Views) =>
  ({
    eqk_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r] === k ? 1 : 0
    },

    nek_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r] !== k ? 1 : 0
    },

    ltk_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! < k ? 1 : 0
    },

    lek_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! <= k ? 1 : 0
    },

    gtk_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! > k ? 1 : 0
    },

    gek_i: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [word(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = i32[a + r]! >= k ? 1 : 0
    },
  }) satisfies Family

const float64Constants = ({ i32, f64 }: Views) =>
  ({
    eqk_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r] === k ? 1 : 0
    },

    nek_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r] !== k ? 1 : 0
    },

    ltk_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! < k ? 1 : 0
    },

    lek_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! <= k ? 1 : 0
    },

    gtk_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! > k ? 1 : 0
    },

    gek_d: (n, [source = 0, k = 0, out = 0]) => {
      const [a, o] = [double(source), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = f64[a + r]! >= k ? 1 : 0
    },
  }) satisfies Family
