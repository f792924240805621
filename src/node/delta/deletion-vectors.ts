import { crc32 } from 'node:zlib'
import type { AddFile } from '../../core/delta/actions.ts'
import { deletedRows, vectorBlock, vectorPath } from '../../core/delta/deletion-vector.ts'
import { fail } from '../../core/errors.ts'
import type { Store } from '../../core/ports.ts'
import { tablePath } from './list-log.ts'

/**
 * The indexes of a file's rows that its deletion vector deletes (0 is the first row), ascending; empty without one.
 * Fails with delta.log when the vector is missing, damaged or outside the table.
 */
export const deletedRowsOf = async (
  store: Store,
  table: string,
  { deletionVector }: AddFile,
): Promise<readonly number[]> => {
  if (deletionVector === undefined) return []
  const place = vectorPath(deletionVector)
  if (place.kind === 'inline') return deletedRows(place.bytes, deletionVector)
  if (place.kind === 'absolute') {
    return fail('delta.log', `${table}: deletion vector ${place.path} lies outside the table`)
  }
  const path = tablePath(table, place.path)
  const bytes = (await store.read(path)) ?? fail('delta.log', `deletion vector ${path} is missing`)
  const block = vectorBlock(bytes, deletionVector)
  if (crc32(block.bitmap) !== block.crc32) {
    return fail('delta.log', `deletion vector ${path} is damaged: its checksum differs`)
  }
  return deletedRows(block.bitmap, deletionVector)
}
