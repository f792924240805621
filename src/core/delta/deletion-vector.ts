import { fail } from '../errors.ts'
import type { DeletionVector } from './actions.ts'
import type { Cursor } from './roaring.ts'
import { readRoaring, uint32 } from './roaring.ts'
import { decodeZ85 } from './z85.ts'

/** The magic number before a bitmap array in the portable format; the other known one, 1681511376, is Java's own. */
const PORTABLE_MAGIC = 1681511377

/** Where the bytes of a deletion vector are: inline, in a file of the table, or at an absolute path. */
export type VectorPlace =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'table'; readonly path: string }
  | { readonly kind: 'absolute'; readonly path: string }

/** Where a deletion vector is kept; fails with delta.log when its Z85 text is malformed. */
export const vectorPath = (vector: DeletionVector): VectorPlace => {
  const text = vector.pathOrInlineDv
  switch (vector.storageType) {
    case 'p':
      return { kind: 'absolute', path: text }
    case 'i':
      return { kind: 'inline', bytes: decoded(text) }
    case 'u': {
      const prefix = text.slice(0, -UUID_LENGTH)
      const name = `deletion_vector_${uuidText(decoded(text.slice(-UUID_LENGTH)))}.bin`
      return { kind: 'table', path: prefix === '' ? name : `${prefix}/${name}` }
    }
  }
}

/** The bytes of a vector within its file: at `offset` stands its length, then the bitmap, then a CRC-32 of the bitmap. */
export interface VectorBlock {
  readonly bitmap: Uint8Array
  readonly crc32: number
}

/** Cuts a vector's block out of the bytes of its file; fails with delta.log when it is not there as described. */
export const vectorBlock = (file: Uint8Array, vector: DeletionVector): VectorBlock => {
  const view = viewOf(file)
  const offset = vector.offset ?? 0
  const end = offset + 4 + vector.sizeInBytes
  if (
    end + 4 > file.length ||
    view.getUint8(0) !== 1 ||
    view.getInt32(offset) !== vector.sizeInBytes
  ) {
    return fail(
      'delta.log',
      `deletion vector at offset ${offset}: the file does not hold what its descriptor says`,
    )
  }
  return { bitmap: file.subarray(offset + 4, end), crc32: view.getUint32(end) }
}

/**
 * The indexes of deleted rows (0 is the file's first row) in a serialised bitmap array, ascending. Fails with delta.log
 * when the bytes are malformed or hold another number of rows than the descriptor says.
 */
export const deletedRows = (
  bitmap: Uint8Array,
  { cardinality, sizeInBytes }: DeletionVector,
): readonly number[] => {
  const rows: number[] = []
  try {
    readBitmaps({ view: viewOf(bitmap.subarray(0, sizeInBytes)), at: 0 }, (row) => {
      if (rows.push(row) > cardinality) throw new RangeError('too many rows')
    })
  } catch (cause) {
    return fail('delta.log', 'deletion vector: the bitmap is malformed or holds too many rows', {
      cause,
    })
  }
  return rows.length === cardinality
    ? rows
    : fail('delta.log', `deletion vector: ${rows.length} rows, its descriptor says ${cardinality}`)
}

const UUID_LENGTH = 20

/** An array of 32-bit bitmaps, each with the high word of its values before it. */
const readBitmaps = (cursor: Cursor, take: (row: number) => void): void => {
  const magic = uint32(cursor)
  if (magic !== PORTABLE_MAGIC) throw new RangeError(`unknown magic number ${magic}`)
  const bitmaps = uint32(cursor) + 4294967296 * uint32(cursor)
  for (let index = 0; index < bitmaps; index++) {
    const high = uint32(cursor) * 4294967296
    readRoaring(cursor, (low) => take(high + low))
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const decoded = (text: string): Uint8Array =>
  decodeZ85(text) ?? fail('delta.log', `deletion vector ${JSON.stringify(text)}: expected Z85 text`)

const uuidText = (bytes: Uint8Array): string => {
  if (bytes.length !== 16) return fail('delta.log', 'deletion vector: expected a UUID in its path')
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((end, index) => hex.slice(cuts[index], end))
    .join('-')
}
