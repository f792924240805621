import { HIGH_WORD_MULTIPLIER, mix } from '../../random/mixer.ts'
import { double, type Family, type Views, word } from './definition.ts'
import { putHex, putHexHalf } from './hex.ts'
import { scaled, scaled48 } from './scaling.ts'

/**
 * Random bits of a stream at keys (`wide` in random/mixer.ts). `lo` and `hi` are the words of the keys, hi 0 where all
 * high words are 0; c1 to c5 the stream's constants.
 */
export const drawInstructions = (views: Views) =>
  ({
    ...keyWords(views),
    ...lanes(views),
    ...texts(views),
    ...uniforms(views),
    ...places(views),
  }) satisfies Family

const first = (lo: number, c1: number): number => mix(lo ^ c1)

const second = (x: number, hi: number, c2: number): number =>
  mix((x + Math.imul(hi, HIGH_WORD_MULTIPLIER)) ^ c2)

const keyWords = ({ i32, f64 }: Views) =>
  ({
    /** The low and high words of keys. */
    split: (n, [key = 0, lo = 0, hi = 0]) => {
      const [k, l, h] = [double(key), word(lo), word(hi)]
      for (let r = 0; r < n; r++) {
        const high = Math.floor(f64[k + r]! / WORD)
        i32[h + r] = high
        i32[l + r] = f64[k + r]! - high * WORD
      }
    },
  }) satisfies Family

const WORD = 4294967296

const lanes = ({ i32 }: Views) =>
  ({
    /** The first lane. */
    draw: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, out = 0]) => {
      const [l, h, o] = [word(lo), word(hi), word(out)]
      for (let r = 0; r < n; r++)
        i32[o + r] = second(first(i32[l + r]!, c1), hi === 0 ? 0 : i32[h + r]!, c2)
    },

    /** The first two lanes. */
    lanes2: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, c3 = 0, out1 = 0, out2 = 0]) => {
      const [l, h, o, p] = [word(lo), word(hi), word(out1), word(out2)]
      for (let r = 0; r < n; r++) {
        const x = first(i32[l + r]!, c1)
        const l1 = second(x, hi === 0 ? 0 : i32[h + r]!, c2)
        i32[o + r] = l1
        i32[p + r] = x + mix(l1 ^ c3)
      }
    },

    /** The first three lanes. */
    lanes3: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, out1 = 0, out2 = 0, out3 = 0]) => {
      const [l, h] = [word(lo), word(hi)]
      const [o, p, q] = [word(out1), word(out2), word(out3)]
      for (let r = 0; r < n; r++) {
        const x = first(i32[l + r]!, c1)
        const l1 = second(x, hi === 0 ? 0 : i32[h + r]!, c2)
        const l2 = (x + mix(l1 ^ c3)) | 0
        i32[o + r] = l1
        i32[p + r] = l2
        i32[q + r] = l1 + mix(l2 ^ c4)
      }
    },
  }) satisfies Family

const texts = ({ u8, i32, u32 }: Views) =>
  ({
    /** All four lanes as 32 hex digits; strings of width 32. */
    hex: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, out = 0]) => {
      const [l, h] = [word(lo), word(hi)]
      for (let r = 0, o = out; r < n; r++, o += 36) {
        const x = first(i32[l + r]!, c1)
        const l1 = second(x, hi === 0 ? 0 : i32[h + r]!, c2)
        const l2 = (x + mix(l1 ^ c3)) | 0
        const l3 = (l1 + mix(l2 ^ c4)) | 0
        u32[word(o)] = 32
        putHex(u8, o + 4, l1)
        putHex(u8, o + 12, l2)
        putHex(u8, o + 20, l3)
        putHex(u8, o + 28, l2 + mix(l3 ^ c5))
      }
    },

    /** All four lanes as a UUID of version 4 (RFC 9562, 5.4): six of the bits are overwritten; strings of width 36. */
    uuid: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, out = 0]) => {
      const [l, h] = [word(lo), word(hi)]
      for (let r = 0, o = out; r < n; r++, o += 40) {
        const x = first(i32[l + r]!, c1)
        const l1 = second(x, hi === 0 ? 0 : i32[h + r]!, c2)
        const l2 = (x + mix(l1 ^ c3)) | 0
        const l3 = (l1 + mix(l2 ^ c4)) | 0
        const l4 = l2 + mix(l3 ^ c5)
        u32[word(o)] = 36
        putHex(u8, o + 4, l1)
        putHexHalf(u8, o + 13, l2 >>> 16)
        putHexHalf(u8, o + 18, (l2 & 0xfff) | 0x4000)
        putHexHalf(u8, o + 23, ((l3 >>> 16) & 0x3fff) | 0x8000)
        putHexHalf(u8, o + 28, l3)
        putHex(u8, o + 32, l4)
        u8[o + 12] = u8[o + 17] = u8[o + 22] = u8[o + 27] = DASH
      }
    },
  }) satisfies Family

const DASH = 0x2d

const uniforms = ({ i32, f64 }: Views) =>
  ({
    /** low + step · uniform(count), count to 2^20 */
    uniform_i: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, count = 0, low = 0, step = 0, out = 0]) => {
      const [l, h, o] = [word(lo), word(hi), word(out)]
      for (let r = 0; r < n; r++) {
        const lane = second(first(i32[l + r]!, c1), hi === 0 ? 0 : i32[h + r]!, c2)
        i32[o + r] = low + step * scaled(lane, count)
      }
    },

    /** low + step · uniform(count), count to 2^20 */
    uniform_d: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, count = 0, low = 0, step = 0, out = 0]) => {
      const [l, h, o] = [word(lo), word(hi), double(out)]
      for (let r = 0; r < n; r++) {
        const lane = second(first(i32[l + r]!, c1), hi === 0 ? 0 : i32[h + r]!, c2)
        f64[o + r] = low + step * scaled(lane, count)
      }
    },

    /** low + the number of `thresholds` (`count` uint32 in order) that the first lane has reached */
    steps: (n, [lo = 0, hi = 0, c1 = 0, c2 = 0, thresholds = 0, count = 0, low = 0, out = 0]) => {
      const [l, h, t, o] = [word(lo), word(hi), word(thresholds), word(out)]
      for (let r = 0; r < n; r++) {
        const lane = second(first(i32[l + r]!, c1), hi === 0 ? 0 : i32[h + r]!, c2) >>> 0
        let code = low
        for (let i = 0; i < count; i++) code += i32[t + i]! >>> 0 <= lane ? 1 : 0
        i32[o + r] = code
      }
    },
  }) satisfies Family

const places = ({ i32, f64 }: Views) =>
  ({
    /** low + step · uniform(count) of two lanes, count to 2^37 */
    uniform48_i: (n, [lane1 = 0, lane2 = 0, count = 0, low = 0, step = 0, out = 0]) => {
      const [a, b, o] = [word(lane1), word(lane2), word(out)]
      for (let r = 0; r < n; r++)
        i32[o + r] = low + step * scaled48(i32[a + r]!, i32[b + r]!, count)
    },

    /** low + step · uniform(count) of two lanes, count to 2^37 */
    uniform48_d: (n, [lane1 = 0, lane2 = 0, count = 0, low = 0, step = 0, out = 0]) => {
      const [a, b, o] = [word(lane1), word(lane2), double(out)]
      for (let r = 0; r < n; r++)
        f64[o + r] = low + step * scaled48(i32[a + r]!, i32[b + r]!, count)
    },

    /** floor(bits · count[r] / 2^32) */
    scale: (n, [bits = 0, count = 0, out = 0]) => {
      const [b, c, o] = [word(bits), word(count), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = scaled(i32[b + r]!, i32[c + r]!)
    },

    /** floor(bits · count[r] / 2^32), the bits as float64 */
    scale_d: (n, [bits = 0, count = 0, out = 0]) => {
      const [b, c, o] = [double(bits), word(count), word(out)]
      for (let r = 0; r < n; r++) i32[o + r] = scaled(f64[b + r]!, i32[c + r]!)
    },
  }) satisfies Family
