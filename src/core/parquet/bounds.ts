import { compareBytes, type Words } from './words.ts'

/** The smallest and the largest of some numbers. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** The bounds of at least one value. */
export const int32Bounds = (values: Int32Array): Bounds => {
  let min = values[0]!
  let max = min
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max }
}

/** The bounds of at least one exact integer. */
export const float64Bounds = (values: Float64Array): Bounds => {
  let min = values[0]!
  let max = min
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max }
}

/**
 * The numbers of a row that holds the smallest string and of one that holds the largest, in byte order, of strings
 * in PLAIN layout of `stride` bytes each, four of them the length; at least one row.
 */
export const fixedBounds = (bytes: Uint8Array, stride: number): Bounds => {
  const cell = (row: number): Uint8Array => bytes.subarray(row * stride + 4, (row + 1) * stride)
  const rows = bytes.length / stride
  if (stride < 8) return rowBounds(rows, cell)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let min = 0
  let max = 0
  let least = view.getUint32(4)
  let most = least
  for (let row = 1; row < rows; row++) {
    const head = view.getUint32(row * stride + 4)
    if (head <= least && (head < least || compareBytes(cell(row), cell(min)) < 0)) {
      least = head
      min = row
    }
    if (head >= most && (head > most || compareBytes(cell(row), cell(max)) > 0)) {
      most = head
      max = row
    }
  }
  return { min, max }
}

/** The same for at least one string behind offsets. */
export const wordBounds = (offsets: Int32Array, bytes: Uint8Array): Bounds => {
  let min = 0
  let max = 0
  let least = wordHead(offsets, bytes, 0)
  let most = least
  const words = { offsets, bytes }
  for (let row = 1; row < offsets.length - 1; row++) {
    const head = wordHead(offsets, bytes, row)
    if (head <= least && (head < least || compareWords(words, row, min) < 0)) {
      least = head
      min = row
    }
    if (head >= most && (head > most || compareWords(words, row, max) > 0)) {
      most = head
      max = row
    }
  }
  return { min, max }
}

/** The first four bytes of a word as a number in byte order, zeros behind a shorter one. */
const wordHead = (offsets: Int32Array, bytes: Uint8Array, row: number): number => {
  const start = offsets[row]!
  const length = offsets[row + 1]! - start
  if (length >= 4) {
    const low = (bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!
    return bytes[start]! * 0x1000000 + low
  }
  let head = 0
  for (let k = 0; k < 4; k++) head = head * 256 + (k < length ? bytes[start + k]! : 0)
  return head
}

const compareWords = ({ offsets, bytes }: Words, a: number, b: number): number => {
  let i = offsets[a]!
  let j = offsets[b]!
  const end = Math.min(offsets[a + 1]!, offsets[b + 1]! - j + i)
  for (; i < end; i++, j++) {
    const difference = bytes[i]! - bytes[j]!
    if (difference !== 0) return difference
  }
  return offsets[a + 1]! - i - (offsets[b + 1]! - j)
}

const rowBounds = (rows: number, cell: (row: number) => Uint8Array): Bounds => {
  let min = 0
  let max = 0
  for (let row = 1; row < rows; row++) {
    const value = cell(row)
    if (compareBytes(value, cell(min)) < 0) min = row
    if (compareBytes(value, cell(max)) > 0) max = row
  }
  return { min, max }
}
