const WITH_RUNS = 12347
const WITHOUT_RUNS = 12346
/** From this many containers on, a bitmap with run containers has an offset header too. */
const OFFSETS_FROM = 4
const ARRAY_LIMIT = 4096
const BITMAP_BYTES = 8192

/** A place in a byte sequence that moves as values are read; every read fails with a RangeError beyond the end. */
export interface Cursor {
  readonly view: DataView
  at: number
}

/**
 * Reads one 32-bit Roaring bitmap in the portable format (RoaringFormatSpec) and hands every value, ascending, to
 * `take`. Throws a RangeError when the bytes are cut short or malformed.
 */
export const readRoaring = (cursor: Cursor, take: (value: number) => void): void => {
  const { count, isRun } = readHeader(cursor)
  const keys: number[] = []
  const cardinalities: number[] = []
  for (let index = 0; index < count; index++) {
    keys.push(uint16(cursor))
    cardinalities.push(uint16(cursor) + 1)
  }
  if (isRun === undefined || count >= OFFSETS_FROM) cursor.at += 4 * count
  for (let index = 0; index < count; index++) {
    const high = (keys[index] ?? 0) * 65536
    const cardinality = cardinalities[index] ?? 0
    if (isRun?.(index) === true) readRuns(cursor, high, take)
    else if (cardinality <= ARRAY_LIMIT) readArray(cursor, cardinality, (low) => take(high + low))
    else readBitmap(cursor, high, take)
  }
}

/** Reads a 32-bit little-endian unsigned integer. */
export const uint32 = (cursor: Cursor): number => {
  const value = cursor.view.getUint32(cursor.at, true)
  cursor.at += 4
  return value
}

const uint16 = (cursor: Cursor): number => {
  const value = cursor.view.getUint16(cursor.at, true)
  cursor.at += 2
  return value
}

interface Header {
  readonly count: number
  readonly isRun: ((container: number) => boolean) | undefined
}

const readHeader = (cursor: Cursor): Header => {
  const cookie = uint32(cursor)
  if (cookie === WITHOUT_RUNS) return { count: uint32(cursor), isRun: undefined }
  if (cookie % 65536 !== WITH_RUNS) throw new RangeError(`unknown Roaring cookie ${cookie}`)
  const count = Math.floor(cookie / 65536) + 1
  const flags = cursor.at
  cursor.at += Math.ceil(count / 8)
  const { view } = cursor
  return {
    count,
    isRun: (container) => ((view.getUint8(flags + (container >> 3)) >> (container & 7)) & 1) === 1,
  }
}

const readRuns = (cursor: Cursor, high: number, take: (value: number) => void): void => {
  const runs = uint16(cursor)
  for (let run = 0; run < runs; run++) {
    const start = uint16(cursor)
    const last = start + uint16(cursor)
    for (let low = start; low <= last; low++) take(high + low)
  }
}

const readArray = (cursor: Cursor, cardinality: number, take: (low: number) => void): void => {
  for (let index = 0; index < cardinality; index++) take(uint16(cursor))
}

const readBitmap = (cursor: Cursor, high: number, take: (value: number) => void): void => {
  for (let byte = 0; byte < BITMAP_BYTES; byte++) {
    const bits = cursor.view.getUint8(cursor.at + byte)
    for (let bit = 0; bit < 8; bit++) if (((bits >> bit) & 1) === 1) take(high + byte * 8 + bit)
  }
  cursor.at += BITMAP_BYTES
}
