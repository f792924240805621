import type { Codec } from './codec.ts'
import { ENCODING } from './encoding.ts'
import type { ParquetPrimitives } from './primitives.ts'
import { boolean, encodeStruct, i32, struct, type ThriftFields } from './thrift.ts'

/** What a page holds, as far as its header says it. */
export interface PageContent {
  readonly kind: 'data' | 'dictionary'
  /** Cells of a data page, nulls included; entries of a dictionary page. */
  readonly values: number
  /** A number of ENCODING. */
  readonly encoding: number
  /** Whether a dictionary's entries are in order; false for data. */
  readonly sorted: boolean
  /** The uncompressed body, one piece behind another. */
  readonly pieces: readonly Uint8Array[]
}

/** A page as it is written: header and body in pieces, and its sizes with the header. */
export interface StoredPage {
  readonly pieces: readonly Uint8Array[]
  readonly rawBytes: number
  readonly storedBytes: number
}

/** Gives a page its header, and its compression if a codec is given. */
export type PageStore = (content: PageContent, codec: Codec | undefined) => StoredPage

/** A page store that writes checksums when asked to. */
export const createPageStore =
  (primitives: ParquetPrimitives, crc: boolean): PageStore =>
  (content, codec) => {
    const raw = sizeOf(content.pieces)
    const pieces = codec === undefined ? content.pieces : [codec.compress(joined(content.pieces))]
    const stored = sizeOf(pieces)
    const checksum = crc
      ? pieces.reduce((seed, piece) => primitives.crc32(piece, seed), 0)
      : undefined
    const header = pageHeader(content, { raw, stored, checksum })
    return {
      pieces: [header, ...pieces],
      rawBytes: header.length + raw,
      storedBytes: header.length + stored,
    }
  }

/** Whether compression makes a page's body at least one part in twenty smaller. */
export const compressionPays = (pieces: readonly Uint8Array[], codec: Codec): boolean =>
  codec.compress(joined(pieces)).length <= WORTHWHILE_RATIO * sizeOf(pieces)

const WORTHWHILE_RATIO = 0.95

/** The header of an uncompressed data page of `values` cells in `raw` bytes, without a checksum. */
export const plainPageHeader = (values: number, raw: number): Uint8Array =>
  pageHeader(
    { kind: 'data', values, encoding: ENCODING.plain, sorted: false, pieces: [] },
    { raw, stored: raw, checksum: undefined },
  )

const sizeOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, piece) => sum + piece.length, 0)

const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const bytes = new Uint8Array(sizeOf(pieces))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

interface PageSizes {
  readonly raw: number
  readonly stored: number
  readonly checksum: number | undefined
}

/** Data pages are of version 1, whose levels are part of the compressed body. */
const pageHeader = (content: PageContent, { raw, stored, checksum }: PageSizes): Uint8Array =>
  encodeStruct([
    [1, i32(content.kind === 'data' ? 0 : 2)],
    [2, i32(raw)],
    [3, i32(stored)],
    [4, checksum === undefined ? undefined : i32(checksum | 0)],
    content.kind === 'data'
      ? [5, struct(...dataFields(content))]
      : [7, struct(...dictionaryFields(content))],
  ])

const dataFields = ({ values, encoding }: PageContent): ThriftFields => [
  [1, i32(values)],
  [2, i32(encoding)],
  [3, i32(ENCODING.rle)],
  [4, i32(ENCODING.rle)],
]

const dictionaryFields = ({ values, encoding, sorted }: PageContent): ThriftFields => [
  [1, i32(values)],
  [2, i32(encoding)],
  [3, boolean(sorted)],
]
