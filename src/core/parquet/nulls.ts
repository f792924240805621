import { copyBytes, type Words } from './words.ts'

/** Definition levels of a mask: 1 where there is a value, 0 where it is null; returns the number of nulls. */
export const definitionLevels = (nulls: Uint8Array, levels: Int32Array): number => {
  let count = 0
  for (let i = 0; i < nulls.length; i++) {
    const isNull = nulls[i]!
    levels[i] = 1 - isNull
    count += isNull
  }
  return count
}

/** Copies the values that are not null to the front of `out`; returns how many. */
export const compactInt32 = (values: Int32Array, nulls: Uint8Array, out: Int32Array): number => {
  let at = 0
  for (let i = 0; i < nulls.length; i++) {
    out[at] = values[i]!
    at += 1 - nulls[i]!
  }
  return at
}

/** Copies the values that are not null to the front of `out`; returns how many. */
export const compactFloat64 = (
  values: Float64Array,
  nulls: Uint8Array,
  out: Float64Array,
): number => {
  let at = 0
  for (let i = 0; i < nulls.length; i++) {
    out[at] = values[i]!
    at += 1 - nulls[i]!
  }
  return at
}

/** Copies the cells (of equal size, together `bytes`) that are not null to the front of `out`; returns how many. */
export const compactFixed = (bytes: Uint8Array, nulls: Uint8Array, out: Uint8Array): number => {
  const stride = bytes.length / nulls.length
  let at = 0
  for (let start = 0; start < nulls.length; start++) {
    if (nulls[start] === 1) continue
    let end = start + 1
    while (end < nulls.length && nulls[end] === 0) end++
    out.set(bytes.subarray(start * stride, end * stride), at)
    at += (end - start) * stride
    start = end
  }
  return at / stride
}

/**
 * The same strings without the null ones, offsets beginning with 0 and bytes without gaps; returns how many. The
 * given arrays must hold them, and offsets one more.
 */
export const compactWords = (words: Words, nulls: Uint8Array, out: Words): number => {
  let rows = 0
  let end = 0
  out.offsets[0] = 0
  for (let start = 0; start < nulls.length; start++) {
    if (nulls[start] === 1) continue
    const from = words.offsets[start]!
    const shift = end - from
    while (start < nulls.length && nulls[start] === 0) {
      end = words.offsets[++start]! + shift
      out.offsets[++rows] = end
    }
    copyBytes(words.bytes, { from, to: end - shift }, { bytes: out.bytes, at: from + shift })
  }
  return rows
}
