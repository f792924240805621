/** Appends an unsigned LEB128 of an exact non-negative integer at `at`; returns the place behind it. */
export const putVarint = (out: Uint8Array, at: number, value: number): number => {
  while (value > 127) {
    out[at++] = (value % 128) | 128
    value = Math.floor(value / 128)
  }
  out[at++] = value
  return at
}

/** Appends a zigzag varint of any exact integer below 2^53 in size; returns the place behind it. */
export const putZigzag = (out: Uint8Array, at: number, value: number): number => {
  const sign = value < 0 ? 1 : 0
  const size = sign === 1 ? -(value + 1) : value
  if (size < 64) {
    out[at] = 2 * size + sign
    return at + 1
  }
  out[at] = (2 * (size % 64) + sign) | 128
  return putVarint(out, at + 1, Math.floor(size / 64))
}

/** Stores an exact integer below 2^53 in size as eight little-endian bytes in two's complement. */
export const putInt64 = (out: DataView, at: number, value: number): void => {
  const high = Math.floor(value / WORD)
  out.setInt32(at, value - high * WORD, true)
  out.setInt32(at + 4, high, true)
}

/** The number of bits of an exact non-negative integer. */
export const bitLength = (value: number): number =>
  value < WORD ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / WORD))

/** A view of the same bytes for reading and writing words. */
export const wordsOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * Packs the low `width` bits (0 to 32) of each value, lowest bit first, zeros filling the last group of eight;
 * returns the bytes written, ceil(values / 8) * width. All higher bits must be 0.
 */
export const packBits = (values: Int32Array, width: number, out: Uint8Array): number => {
  const view = wordsOf(out)
  let word = 0
  let used = 0
  let at = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    word |= value << used
    used += width
    if (used < 32) continue
    view.setInt32(at, word, true)
    at += 4
    used -= 32
    word = used === 0 ? 0 : value >>> (width - used)
  }
  const bytes = Math.ceil(values.length / 8) * width
  for (; at < bytes; at++, word >>>= 8) out[at] = word
  return bytes
}

const WORD = 4294967296
