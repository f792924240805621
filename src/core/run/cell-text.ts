import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { textOf } from '../expr/functions/text.ts'
import type { DataType } from '../expr/types.ts'

/** Turns UTF-8 into text; the host's decoder, or any other. */
export type DecodeUtf8 = (bytes: Uint8Array) => string

/** The text of a row's cell, or null. */
export type CellText = (row: number) => string | null

/**
 * The texts of a block's cells: numbers in decimal digits, decimals with all digits of their scale, `true` and `false`,
 * dates and UTC timestamps in ISO 8601 (with microseconds). Valid as long as the block is.
 */
export const cellTexts = (
  { type }: Pick<ColumnSpec, 'type'>,
  block: ColumnBlock,
  decode: DecodeUtf8,
): CellText => {
  const text = knownTexts(type, block, decode)
  const { nulls } = block
  return nulls === undefined ? text : (row) => (nulls[row] === 1 ? null : text(row))
}

const knownTexts = (type: DataType, block: ColumnBlock, decode: DecodeUtf8): CellText => {
  switch (block.kind) {
    case 'int32':
    case 'float64': {
      const { values } = block
      return type.kind === 'integer'
        ? (row) => String(values[row])
        : (row) => textOf(values[row] ?? 0, type)
    }
    case 'codes': {
      const { codes, dictionary } = block
      const words = new Map<number, string>()
      return (row) => {
        const code = codes[row] ?? 0
        const known = words.get(code)
        if (known !== undefined) return known
        const { offsets, bytes } = dictionary
        const word = decode(bytes.subarray(offsets[code], offsets[code + 1]))
        words.set(code, word)
        return word
      }
    }
    case 'fixed': {
      const { bytes, width } = block
      const stride = width + 4
      return (row) => decode(bytes.subarray(row * stride + 4, (row + 1) * stride))
    }
    case 'bytes': {
      const { bytes, offsets } = block
      return (row) => decode(bytes.subarray(offsets[row], offsets[row + 1]))
    }
  }
}
