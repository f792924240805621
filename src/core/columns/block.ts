import type { DataType } from '../expr/types.ts'

/**
 * Words in UTF-8, one after another: word i is bytes[offsets[i]] to bytes[offsets[i + 1]]. `sorted` holds when the
 * words are distinct and in byte order, so that the smallest code is the smallest word.
 */
export interface Dictionary {
  readonly count: number
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
  readonly sorted: boolean
}

/** One mask byte a row, 1 where the cell is null; absent when the column cannot be null. A null's value is unspecified. */
export type NullMask = Uint8Array | undefined

/**
 * The cells of one column in `rows` rows, as views that are valid until the next block is made. `int32` and `float64`
 * hold exact integers of any type but string; `codes` are indices into a dictionary; `fixed` strings are `width` bytes
 * each behind a four-byte little-endian length (Parquet's PLAIN layout); `bytes` are UTF-8 behind offsets.
 */
export type ColumnBlock =
  | {
      readonly kind: 'int32'
      readonly rows: number
      readonly values: Int32Array
      readonly nulls: NullMask
    }
  | {
      readonly kind: 'float64'
      readonly rows: number
      readonly values: Float64Array
      readonly nulls: NullMask
    }
  | {
      readonly kind: 'codes'
      readonly rows: number
      readonly codes: Int32Array
      readonly dictionary: Dictionary
      readonly nulls: NullMask
    }
  | {
      readonly kind: 'fixed'
      readonly rows: number
      readonly width: number
      readonly bytes: Uint8Array
      readonly nulls: NullMask
    }
  | {
      readonly kind: 'bytes'
      readonly rows: number
      readonly offsets: Int32Array
      readonly bytes: Uint8Array
      readonly nulls: NullMask
    }

/** The form of a column's blocks, fixed for a whole table. */
export type BlockKind = ColumnBlock['kind']

/** What a writer knows of a column before the first block; bounds and dictionaries hold for every block to come. */
export interface ColumnSpec {
  readonly name: string
  readonly type: DataType
  /** Whether an integer lands as INT64 although its bounds may fit 32 bits. */
  readonly long: boolean
  readonly nullable: boolean
  readonly block: BlockKind
  /** Bounds of the physical value of a non-string. */
  readonly min: number
  readonly max: number
  /** Whether the values never decrease from row to row. */
  readonly increasing: boolean
  /** All values are low + step·i for i below count, when that is few enough to be a dictionary. */
  readonly lattice?: { readonly low: number; readonly step: number; readonly count: number }
  /** The dictionary of a `codes` column. */
  readonly dictionary?: Dictionary
  /** Present where cells are made of their rows' keys alone: blocks then hold the keys. */
  readonly later?: LaterCells
}

/** Makes `fixed` cells of `width` bytes of up to 16,384 keys, int32 or float64; they are valid until the next call. */
export interface LaterCells {
  readonly width: number
  readonly of: (keys: ColumnBlock) => ColumnBlock
}
