import type { ColumnSpec } from '../columns/block.ts'
import { putInt64, wordsOf } from './bits.ts'
import { CODEC, type Codec } from './codec.ts'
import { ENCODING, type ValueEncoding } from './encoding.ts'
import { PHYSICAL_TYPE, physicalType, schemaElements, type PhysicalType } from './schema.ts'
import type { Bound, ColumnStatistics } from './statistics.ts'
import { binary, boolean, encodeStruct, i16, i32, i64, list, struct, text } from './thrift.ts'
import type { ThriftValue } from './thrift.ts'

/** A finished column chunk; offsets are places in the file, sizes include page headers. */
export interface ColumnChunk {
  readonly encoding: ValueEncoding['kind']
  readonly codec: Codec['name'] | 'none'
  readonly values: number
  readonly pages: number
  readonly rawBytes: number
  readonly storedBytes: number
  readonly dictionaryOffset: number | undefined
  readonly dataOffset: number
  readonly statistics: ColumnStatistics
}

/** A finished row group: one chunk a column. */
export interface RowGroup {
  readonly rows: number
  readonly chunks: readonly ColumnChunk[]
}

/** All that a file's footer says. */
export interface FileDescription {
  readonly columns: readonly ColumnSpec[]
  readonly groups: readonly RowGroup[]
  readonly metadata: Readonly<Record<string, string>>
  readonly createdBy: string
}

/** Four bytes that begin and end every Parquet file. */
export const MAGIC = Uint8Array.of(0x50, 0x41, 0x52, 0x31)

/** The end of a file: its metadata, their length, the magic. */
export const footer = (file: FileDescription): Uint8Array => {
  const metadata = encodeStruct([
    [1, i32(2)],
    [2, list(schemaElements(file.columns))],
    [3, i64(total(file.groups, (group) => group.rows))],
    [4, list(file.groups.map((group, ordinal) => rowGroup(file.columns, group, ordinal)))],
    [5, keyValues(file.metadata)],
    [6, text(file.createdBy)],
    [7, list(file.columns.map(() => TYPE_DEFINED_ORDER))],
  ])
  const bytes = new Uint8Array(metadata.length + 8)
  bytes.set(metadata)
  wordsOf(bytes).setUint32(metadata.length, metadata.length, true)
  bytes.set(MAGIC, metadata.length + 4)
  return bytes
}

/** Statistics of strings are cut to this many bytes. */
const MAX_BOUND_BYTES = 64

const TYPE_DEFINED_ORDER = struct([1, struct()])

const total = <T>(items: readonly T[], size: (item: T) => number): number =>
  items.reduce((sum, item) => sum + size(item), 0)

const keyValues = (metadata: Readonly<Record<string, string>>): ThriftValue | undefined => {
  const entries = Object.entries(metadata)
  if (entries.length === 0) return undefined
  return list(entries.map(([key, value]) => struct([1, text(key)], [2, text(value)])))
}

const chunkOffset = (chunk: ColumnChunk): number => chunk.dictionaryOffset ?? chunk.dataOffset

const rowGroup = (
  columns: readonly ColumnSpec[],
  { rows, chunks }: RowGroup,
  ordinal: number,
): ThriftValue => {
  const [first] = chunks
  return struct(
    [1, list(columns.map((spec, i) => columnChunk(spec, chunks[i]!)))],
    [2, i64(total(chunks, (chunk) => chunk.rawBytes))],
    [3, i64(rows)],
    [5, first === undefined ? undefined : i64(chunkOffset(first))],
    [6, i64(total(chunks, (chunk) => chunk.storedBytes))],
    [7, ordinal < 32768 ? i16(ordinal) : undefined],
  )
}

const columnChunk = (spec: ColumnSpec, chunk: ColumnChunk): ThriftValue => {
  const physical = physicalType(spec)
  const metadata = struct(
    [1, i32(PHYSICAL_TYPE[physical])],
    [2, list(encodings(chunk).map(i32))],
    [3, list([text(spec.name)])],
    [4, i32(CODEC[chunk.codec])],
    [5, i64(chunk.values)],
    [6, i64(chunk.rawBytes)],
    [7, i64(chunk.storedBytes)],
    [9, i64(chunk.dataOffset)],
    [11, chunk.dictionaryOffset === undefined ? undefined : i64(chunk.dictionaryOffset)],
    [12, statistics(chunk.statistics, physical)],
    [13, list(encodingStatistics(chunk))],
  )
  return struct([2, i64(0)], [3, metadata])
}

const encodings = (chunk: ColumnChunk): readonly number[] =>
  chunk.dictionaryOffset === undefined
    ? [ENCODING.rle, ENCODING[chunk.encoding]]
    : [ENCODING.plain, ENCODING.rle, ENCODING.dictionary]

/** How many pages of a type (0 data, 2 dictionary) have an encoding. */
const pages = (type: number, encoding: number, count: number): ThriftValue =>
  struct([1, i32(type)], [2, i32(encoding)], [3, i32(count)])

const encodingStatistics = (chunk: ColumnChunk): readonly ThriftValue[] => {
  const data = pages(0, ENCODING[chunk.encoding], chunk.pages)
  return chunk.dictionaryOffset === undefined ? [data] : [pages(2, ENCODING.plain, 1), data]
}

const statistics = ({ min, max, nulls }: ColumnStatistics, physical: PhysicalType): ThriftValue => {
  const least = lowerBound(min, physical)
  const most = upperBound(max, physical)
  return struct(
    [3, i64(nulls)],
    [5, most && binary(most.bytes)],
    [6, least && binary(least.bytes)],
    [7, most && boolean(most.exact)],
    [8, least && boolean(least.exact)],
  )
}

interface StoredBound {
  readonly bytes: Uint8Array
  readonly exact: boolean
}

const lowerBound = (bound: Bound, physical: PhysicalType): StoredBound | undefined => {
  if (bound === undefined) return undefined
  if (typeof bound === 'number') return { bytes: numberBytes(bound, physical), exact: true }
  if (bound.length <= MAX_BOUND_BYTES) return { bytes: bound, exact: true }
  return { bytes: bound.subarray(0, characterStart(bound, MAX_BOUND_BYTES)), exact: false }
}

const upperBound = (bound: Bound, physical: PhysicalType): StoredBound | undefined => {
  if (bound === undefined || typeof bound === 'number' || bound.length <= MAX_BOUND_BYTES) {
    return lowerBound(bound, physical)
  }
  for (let last = MAX_BOUND_BYTES - 1; last >= 0; last--) {
    if (bound[last]! >= LAST_ASCII) continue
    const bytes = bound.slice(0, last + 1)
    bytes[last]! += 1
    return { bytes, exact: false }
  }
  return undefined
}

/** A cut string becomes an upper bound by raising an ASCII character, which keeps it valid UTF-8. */
const LAST_ASCII = 0x7f

/** The start of the UTF-8 character that holds byte `at`. */
const characterStart = (bytes: Uint8Array, at: number): number => {
  while ((bytes[at]! & 0xc0) === 0x80) at--
  return at
}

const numberBytes = (value: number, physical: PhysicalType): Uint8Array => {
  if (physical === 'BOOLEAN') return Uint8Array.of(value)
  const bytes = new Uint8Array(physical === 'INT32' ? 4 : 8)
  if (physical === 'INT32') wordsOf(bytes).setInt32(0, value, true)
  else putInt64(wordsOf(bytes), 0, value)
  return bytes
}
