/** Strings in UTF-8 behind offsets: word i is bytes[offsets[i]] to bytes[offsets[i + 1]]. */
export interface Words {
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
}

/** Word i, as a view. */
export const wordAt = ({ offsets, bytes }: Words, i: number): Uint8Array =>
  bytes.subarray(offsets[i], offsets[i + 1])

/** Adds a number to every offset. */
export const shiftOffsets = (offsets: Int32Array, shift: number, out: Int32Array): void => {
  for (let i = 0; i < offsets.length; i++) out[i] = offsets[i]! + shift
}

/** The lengths of all words behind offsets, of which there is one more. */
export const wordLengths = (offsets: Int32Array, lengths: Int32Array): void => {
  for (let i = 0; i < offsets.length - 1; i++) lengths[i] = offsets[i + 1]! - offsets[i]!
}

/** Byte order: negative when `a` comes first, 0 when equal; a prefix comes before the longer string. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** A part of some bytes, and a place in others. */
export interface Range {
  readonly from: number
  readonly to: number
}
export interface Target {
  readonly bytes: Uint8Array
  readonly at: number
}

/** Copies a few bytes, faster than `set` does when they are few. */
export const copyBytes = (bytes: Uint8Array, { from, to }: Range, target: Target): void => {
  if (to - from > SHORT) target.bytes.set(bytes.subarray(from, to), target.at)
  else for (let i = from, at = target.at; i < to; i++, at++) target.bytes[at] = bytes[i]!
}

/** Up to about here a loop beats the call and the view that `set` takes. */
const SHORT = 64
