import { clamp, type Definition, type Family, type Views, word } from './definition.ts'

/**
 * Strings. They are codes into a dictionary (`count` words behind offsets), `width` bytes behind a four-byte length each,
 * or bytes behind n + 1 offsets of which the first is 0. Rows are pointed at strings, which are then joined in one pass.
 */
export const stringInstructions = (views: Views) =>
  ({
    ...lengths(views),
    ...takes(views),
    ...points(views),
    ...whole(views),
    ...comparisons(views),
  }) satisfies Family

const lengths = ({ u8, i32 }: Views) =>
  ({
    /** The number of code points of each string: its bytes that do not continue one. */
    points: (n, [from = 0, lengths_ = 0, out = 0]) => {
      const [f, l, o] = [word(from), word(lengths_), word(out)]
      for (let r = 0; r < n; r++) {
        const end = i32[f + r]! + i32[l + r]!
        let count = 0
        for (let at = i32[f + r]!; at < end; at++) count += (u8[at]! & 0xc0) === 0x80 ? 0 : 1
        i32[o + r] = count
      }
    },

    /** The code point at position[r] of each string, 0 beyond its end; each is one byte where `ascii` is 1. */
    code_at: (n, [from = 0, lengths_ = 0, position = 0, ascii = 0, out = 0]) => {
      const [f, l, p, o] = [word(from), word(lengths_), word(position), word(out)]
      for (let r = 0; r < n; r++) {
        const end = i32[f + r]! + i32[l + r]!
        let at = i32[f + r]!
        for (let left = i32[p + r]!; left > 0 && at < end; left--) at += pointBytes(u8[at]!, ascii)
        const whole = at < end && at + pointBytes(u8[at]!, ascii) <= end
        i32[o + r] = whole ? pointAt(u8, at, ascii) : 0
      }
    },
  }) satisfies Family

/** How many bytes the code point takes that begins with a byte. */
const pointBytes = (first: number, ascii: number): number =>
  ascii === 1 || first < 0x80 ? 1 : first < 0xe0 ? 2 : 3

/** The code point of the basic multilingual plane whose bytes stand at a place. */
const pointAt = (u8: Uint8Array, at: number, ascii: number): number => {
  const first = u8[at]!
  switch (pointBytes(first, ascii)) {
    case 1:
      return first
    case 2:
      return ((first & 0x1f) << 6) | (u8[at + 1]! & 0x3f)
    default:
      return ((first & 0x0f) << 12) | ((u8[at + 1]! & 0x3f) << 6) | (u8[at + 2]! & 0x3f)
  }
}

/**
 * Strings by their address and length, for rows whose strings come from several registers. The target row is index[r],
 * or r where there is no index; the source row is r, or the target row where `same` is 1.
 */
const points = ({ u8, i32 }: Views) =>
  ({
    /** Where each word is, and how long. */
    point_codes: (
      n,
      [codes = 0, offsets = 0, bytes = 0, count = 0, index = 0, same = 0, from = 0, lengths_ = 0],
    ) => {
      const [c, f, x] = [word(codes), word(offsets), word(index)]
      const [p, l] = [word(from), word(lengths_)]
      for (let r = 0; r < n; r++) {
        const row = index === 0 ? r : i32[x + r]!
        const code = f + clamp(i32[c + (same === 1 ? row : r)]!, count)
        i32[p + row] = bytes + i32[code]!
        i32[l + row] = i32[code + 1]! - i32[code]!
      }
    },

    /** Where each string is; all are `width` long. */
    point_fixed: (n, [strings = 0, width = 0, index = 0, same = 0, from = 0, lengths_ = 0]) => {
      const [x, p, l] = [word(index), word(from), word(lengths_)]
      for (let r = 0; r < n; r++) {
        const row = index === 0 ? r : i32[x + r]!
        i32[p + row] = strings + (same === 1 ? row : r) * (width + 4) + 4
        i32[l + row] = width
      }
    },

    /** Where each string is, and how long. */
    point_bytes: (n, [offsets = 0, bytes = 0, index = 0, same = 0, from = 0, lengths_ = 0]) => {
      const [f, x, p, l] = [word(offsets), word(index), word(from), word(lengths_)]
      for (let r = 0; r < n; r++) {
        const row = index === 0 ? r : i32[x + r]!
        const source = f + (same === 1 ? row : r)
        i32[p + row] = bytes + i32[source]!
        i32[l + row] = i32[source + 1]! - i32[source]!
      }
    },

    /** The strings that are pointed at, one behind another. */
    gather_bytes: joinOf({ u8, i32 }, 1),

    /** The strings that two, three or four pointings give each row, joined. */
    join_2: joinOf({ u8, i32 }, 2),
    join_3: joinOf({ u8, i32 }, 3),
    join_4: joinOf({ u8, i32 }, 4),
  }) satisfies Family

const joinOf =
  ({ u8, i32 }: Pick<Views, 'u8' | 'i32'>, parts: number): Definition =>
  (n, at) => {
    const pointings = Array.from({ length: parts }, (_, k) => [
      word(at[2 * k]!),
      word(at[2 * k + 1]!),
    ])
    const [offsets, out] = [word(at[2 * parts]!), at[2 * parts + 1]!]
    let end = 0
    for (let r = 0; r < n; r++) {
      i32[offsets + r] = end
      for (const [from = 0, lengths_ = 0] of pointings) {
        const [source, length] = [i32[from + r]!, i32[lengths_ + r]!]
        for (let i = 0; i < length; i++) u8[out + end + i] = u8[source + i]!
        end += length
      }
    }
    i32[offsets + n] = end
  }

const takes = ({ i32 }: Views) =>
  ({
    /** Where the strings at the rows of an index are, and how long. */
    take_views: (n, [offsets = 0, bytes = 0, index = 0, from = 0, lengths_ = 0]) => {
      const [f, x, p, l] = [word(offsets), word(index), word(from), word(lengths_)]
      for (let r = 0; r < n; r++) {
        const row = f + i32[x + r]!
        i32[p + r] = bytes + i32[row]!
        i32[l + r] = i32[row + 1]! - i32[row]!
      }
    },
  }) satisfies Family

const whole = ({ u8, i32 }: Views) =>
  ({
    /** The bytes of all strings with a to z as A to Z. */
    ascii_upper: (n, [offsets = 0, bytes = 0, out = 0]) => {
      const total = i32[word(offsets) + n]!
      for (let i = 0; i < total; i++) {
        const byte = u8[bytes + i]!
        u8[out + i] = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte
      }
    },

    /** The bytes of all strings with A to Z as a to z. */
    ascii_lower: (n, [offsets = 0, bytes = 0, out = 0]) => {
      const total = i32[word(offsets) + n]!
      for (let i = 0; i < total; i++) {
        const byte = u8[bytes + i]!
        u8[out + i] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
      }
    },
  }) satisfies Family

/** Where two strings begin and how long they are. */
interface Pair {
  readonly a: number
  readonly b: number
  readonly lengthA: number
  readonly lengthB: number
}

const comparisons = ({ u8, i32 }: Views) => {
  /** Below, at or above 0 as a stands before, with or behind b in byte order, which is code point order. */
  const order = ({ a, b, lengthA, lengthB }: Pair): number => {
    const common = Math.min(lengthA, lengthB)
    for (let i = 0; i < common; i++) if (u8[a + i] !== u8[b + i]) return u8[a + i]! - u8[b + i]!
    return lengthA - lengthB
  }
  const compare =
    (holds: (order: number) => boolean) =>
    (
      n: number,
      [fromA = 0, lengthsA = 0, fromB = 0, lengthsB = 0, out = 0]: readonly number[],
    ): undefined => {
      const [f, l, g, m, o] = [fromA, lengthsA, fromB, lengthsB, out].map(word)
      for (let r = 0; r < n; r++) {
        const [a, lengthA, b, lengthB] = [i32[f! + r]!, i32[l! + r]!, i32[g! + r]!, i32[m! + r]!]
        i32[o! + r] = holds(order({ a, b, lengthA, lengthB })) ? 1 : 0
      }
    }
  return {
    eq_text: compare((x) => x === 0),
    lt_text: compare((x) => x < 0),
    le_text: compare((x) => x <= 0),
  } satisfies Family
}
