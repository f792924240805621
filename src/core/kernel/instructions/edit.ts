import { type Family, type Views, word } from './definition.ts'

/**
 * String functions whose result has other lengths than their argument: offsets and bytes in, offsets and bytes out.
 * Each returns the bytes written. A last argument `nulls` is a mask, or 0 where no row is null: a null's numbers are
 * unspecified, so its result is empty.
 */
export const editInstructions = (views: Views) =>
  ({ ...slices(views), ...replacements(views), ...paddings(views) }) satisfies Family

const continues = (byte: number): boolean => (byte & 0xc0) === 0x80

/** The place behind `points` bytes, or `end`. */
const skipAscii = (at: number, end: number, points: number): number =>
  Math.min(end, at + Math.max(0, points))

const slices = ({ u8, i32 }: Views) => {
  /** The place behind `points` code points, or `end`. */
  const skip = (at: number, end: number, points: number): number => {
    for (let left = points; left > 0 && at < end; left--) {
      at += 1
      while (at < end && continues(u8[at]!)) at += 1
    }
    return at
  }
  return {
    /** Where up to count[r] code points from start[r] are, and how long; each is one byte where `ascii` is 1. */
    slice: (
      n,
      [from = 0, lengths = 0, start = 0, count = 0, ascii = 0, outFrom = 0, outLengths = 0],
    ) => {
      const [f, l, s, c] = [word(from), word(lengths), word(start), word(count)]
      const [p, o] = [word(outFrom), word(outLengths)]
      const move = ascii === 1 ? skipAscii : skip
      for (let r = 0; r < n; r++) {
        const end = i32[f + r]! + i32[l + r]!
        const first = move(i32[f + r]!, end, i32[s + r]!)
        i32[p + r] = first
        i32[o + r] = move(first, end, i32[c + r]!) - first
      }
    },
  } satisfies Family
}

const replacements = ({ u8, i32 }: Views) => {
  const matches = (at: number, pattern: number, length: number): boolean => {
    for (let i = 0; i < length; i++) if (u8[at + i] !== u8[pattern + i]) return false
    return true
  }
  return {
    /** Every occurrence of a word, found from the left without overlap, replaced by another. */
    replace: (
      n,
      [
        offsets = 0,
        bytes = 0,
        from = 0,
        fromLength = 0,
        to = 0,
        toLength = 0,
        outOffsets = 0,
        out = 0,
      ],
    ) => {
      const [f, o] = [word(offsets), word(outOffsets)]
      let total = 0
      for (let r = 0; r < n; r++) {
        i32[o + r] = total
        const end = bytes + i32[f + r + 1]!
        for (let at = bytes + i32[f + r]!; at < end;) {
          if (at + fromLength <= end && matches(at, from, fromLength)) {
            for (let i = 0; i < toLength; i++) u8[out + total++] = u8[to + i]!
            at += fromLength
          } else u8[out + total++] = u8[at++]!
        }
      }
      i32[o + n] = total
      return total
    },
  } satisfies Family
}

const paddings = ({ u8, i32 }: Views) =>
  ({
    /** Copies of a character put before each string until it has width[r] code points. */
    pad_left: (
      n,
      [
        offsets = 0,
        bytes = 0,
        width = 0,
        fill = 0,
        fillLength = 0,
        outOffsets = 0,
        out = 0,
        nulls = 0,
      ],
    ) => {
      const [f, w, o] = [word(offsets), word(width), word(outOffsets)]
      let total = 0
      for (let r = 0; r < n; r++) {
        i32[o + r] = total
        if (nulls !== 0 && u8[nulls + r] === 1) continue
        const [start, end] = [bytes + i32[f + r]!, bytes + i32[f + r + 1]!]
        let missing = i32[w + r]!
        for (let at = start; at < end; at++) if (!continues(u8[at]!)) missing -= 1
        for (; missing > 0; missing--)
          for (let i = 0; i < fillLength; i++) u8[out + total++] = u8[fill + i]!
        for (let at = start; at < end; at++) u8[out + total++] = u8[at]!
      }
      i32[o + n] = total
      return total
    },
  }) satisfies Family
