import type { ColumnBlock, ColumnSpec, Dictionary } from '../../../src/core/columns/block.ts'
import type { DataType } from '../../../src/core/expr/types.ts'
import { createFileEncoder } from '../../../src/core/parquet/writer.ts'
import type { EncodedFile, FileEncoderOptions } from '../../../src/core/parquet/writer.ts'

/** A cell as the interpreter would give it. */
export type Cell = number | string | null

/** A column with all its cells, from which blocks of any size can be cut. */
export interface TestColumn {
  readonly spec: ColumnSpec
  readonly cells: readonly Cell[]
  /** Block width of `fixed` strings. */
  readonly width: number
}

/** What a test says of a column; the rest follows from the cells. */
export type ColumnSketch = Partial<Omit<ColumnSpec, 'type'>> & {
  readonly type: DataType['kind'] | DataType
}

const encoder = new TextEncoder()

/** A column of a name, a sketch and its cells. */
export const column = (name: string, sketch: ColumnSketch, cells: readonly Cell[]): TestColumn => {
  const numbers = cells.filter((cell) => typeof cell === 'number')
  const type = typeof sketch.type === 'string' ? simpleType(sketch.type) : sketch.type
  const text = type.kind === 'string'
  const min = numbers.reduce((a, b) => Math.min(a, b), Infinity)
  const max = numbers.reduce((a, b) => Math.max(a, b), -Infinity)
  const spec: ColumnSpec = {
    long: false,
    nullable: cells.includes(null),
    block: text ? 'bytes' : 'float64',
    min: numbers.length > 0 ? min : 0,
    max: numbers.length > 0 ? max : 0,
    increasing: false,
    ...sketch,
    name,
    type,
  }
  const first = cells.find((cell) => typeof cell === 'string')
  return { spec, cells, width: typeof first === 'string' ? encoder.encode(first).length : 0 }
}

const simpleType = (kind: DataType['kind']): DataType =>
  kind === 'decimal' ? { kind, precision: 15, scale: 2 } : { kind }

/** A dictionary of words as they come; `sorted` is computed. */
export const dictionaryOf = (words: readonly string[]): Dictionary => {
  const { offsets, bytes } = packWords(words)
  const buffers = words.map((word) => Buffer.from(word))
  const sorted = buffers.every((word, i) => i === 0 || Buffer.compare(buffers[i - 1]!, word) < 0)
  return { count: words.length, offsets, bytes, sorted }
}

const packWords = (words: readonly string[]): { offsets: Int32Array; bytes: Uint8Array } => {
  const offsets = new Int32Array(words.length + 1)
  const encoded = words.map((word) => encoder.encode(word))
  encoded.forEach((word, i) => (offsets[i + 1] = offsets[i]! + word.length))
  return { offsets, bytes: Uint8Array.from(Buffer.concat(encoded)) }
}

/** Rows `from` to `to` as a block of the column's kind; nulls hold values that must not be read. */
export const blockOf = (
  { spec, cells, width }: TestColumn,
  from: number,
  to: number,
): ColumnBlock => {
  const part = cells.slice(from, to)
  const rows = part.length
  const nulls = spec.nullable ? Uint8Array.from(part, (cell) => Number(cell === null)) : undefined
  const numbers = part.map((cell) => (typeof cell === 'number' ? cell : 77))
  const texts = part.map((cell) => (typeof cell === 'string' ? cell : ''))
  switch (spec.block) {
    case 'int32':
      return { kind: 'int32', rows, nulls, values: Int32Array.from(numbers) }
    case 'float64':
      return { kind: 'float64', rows, nulls, values: Float64Array.from(numbers) }
    case 'codes':
      return codesBlock(spec, texts, nulls)
    case 'fixed': {
      const filler = '\u007f'.repeat(width)
      const bytes = plainStrings(part.map((cell) => (typeof cell === 'string' ? cell : filler)))
      return { kind: 'fixed', rows, nulls, width, bytes }
    }
    case 'bytes':
      return {
        kind: 'bytes',
        rows,
        nulls,
        ...packWords(part.map((cell) => String(cell ?? 'null'))),
      }
  }
}

const codesBlock = (
  { dictionary }: ColumnSpec,
  texts: readonly string[],
  nulls: Uint8Array | undefined,
): ColumnBlock => {
  if (dictionary === undefined) throw new Error('a codes column needs a dictionary')
  const known = codesOf(dictionary)
  const codes = Int32Array.from(texts, (text) => known.get(text) ?? 0)
  return { kind: 'codes', rows: texts.length, codes, dictionary, nulls }
}

const codeMaps = new WeakMap<Dictionary, ReadonlyMap<string, number>>()

const codesOf = (dictionary: Dictionary): ReadonlyMap<string, number> => {
  const known = codeMaps.get(dictionary)
  if (known !== undefined) return known
  const made = new Map(wordsOf(dictionary).map((word, code) => [word, code]))
  codeMaps.set(dictionary, made)
  return made
}

const wordsOf = ({ count, offsets, bytes }: Dictionary): readonly string[] =>
  Array.from({ length: count }, (_, i) =>
    new TextDecoder().decode(bytes.subarray(offsets[i], offsets[i + 1])),
  )

const plainStrings = (texts: readonly string[]): Uint8Array => {
  const parts = texts.map((text) => {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return Buffer.concat([length, bytes])
  })
  return Uint8Array.from(Buffer.concat(parts))
}

/** A whole file and what the encoder says of it. */
export interface TestFile {
  readonly bytes: Uint8Array
  readonly summary: EncodedFile
}

/** Options of a test: those of the encoder, and the rows of each block (default 1,000). */
export type EncodeOptions = Partial<FileEncoderOptions> & { readonly blockRows?: number }

/** Encodes columns of equally many cells. */
export const encode = (columns: readonly TestColumn[], options: EncodeOptions = {}): TestFile => {
  const { blockRows = 1000, ...rest } = options
  const parts: Uint8Array[] = []
  const specs = columns.map(({ spec }) => spec)
  const settings = { metadata: {}, createdBy: 'test', ...rest }
  const file = createFileEncoder(specs, settings, (bytes) => parts.push(bytes.slice()))
  const rows = columns[0]?.cells.length ?? 0
  for (let at = 0; at < rows; at += blockRows) {
    const end = Math.min(rows, at + blockRows)
    file.append(
      columns.map((each) => blockOf(each, at, end)),
      end - at,
    )
  }
  const summary = file.finish()
  return { bytes: Uint8Array.from(Buffer.concat(parts)), summary }
}

/** `length` times the same value. */
export const repeated = <T>(value: T, length: number): T[] => Array.from({ length }, () => value)

/** A small generator of repeatable numbers from 0 to 1. */
export const repeatable = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) / 2 ** 24
  }
}
