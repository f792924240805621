import { describe, expect, test } from 'vitest'
import type { ColumnBlock, ColumnSpec } from '../../../src/core/columns/block.ts'
import { createFileEncoder, type FileEncoderOptions } from '../../../src/core/parquet/writer.ts'

const WIDTH = 8
const KEY_TYPE = { type: { kind: 'integer' }, long: true, nullable: false } as const

/** Eight digits of a scrambled key, so that cells are not in the order of their keys. */
const word = (key: number): string => String((key * 7919) % 100_000_000).padStart(WIDTH, '0')

const cellsOf = (keys: ColumnBlock): ColumnBlock => {
  if (keys.kind !== 'int32' && keys.kind !== 'float64') throw new Error('keys are numbers')
  const text = [...keys.values].map((key) => `\u0008\0\0\0${word(key)}`).join('')
  const bytes = new Uint8Array(Buffer.from(text, 'latin1'))
  return { kind: 'fixed', rows: keys.rows, width: WIDTH, bytes, nulls: undefined }
}

const ID: ColumnSpec = {
  ...KEY_TYPE,
  name: 'id',
  block: 'float64',
  min: 1,
  max: 1e9,
  increasing: true,
}

const VALUE: ColumnSpec = {
  name: 'value',
  type: { kind: 'string' },
  long: false,
  nullable: false,
  block: 'fixed',
  min: 0,
  max: 0,
  increasing: false,
}

const LATER: ColumnSpec = { ...VALUE, later: { width: WIDTH, of: cellsOf } }

interface Encoding {
  readonly value: ColumnSpec
  readonly rows: number
  readonly options: Partial<FileEncoderOptions>
}

const encoded = ({ value, rows, options }: Encoding): Buffer => {
  const pieces: Buffer[] = []
  const encoder = createFileEncoder(
    [ID, value],
    { metadata: {}, createdBy: 'test', pageRows: 1000, ...options },
    (bytes) => void pieces.push(Buffer.from(bytes)),
  )
  for (let at = 0; at < rows; at += 700) {
    const values = Float64Array.from({ length: Math.min(700, rows - at) }, (_, i) => at + i + 1)
    const ids: ColumnBlock = { kind: 'float64', rows: values.length, values, nulls: undefined }
    const cells = value.later === undefined ? cellsOf(ids) : ids
    encoder.append([ids, cells], values.length)
  }
  encoder.finish()
  return Buffer.concat(pieces)
}

const codec = { name: 'snappy', compress: (bytes: Uint8Array) => bytes.slice(0, 9) } as const

describe('a column whose cells are made later', () => {
  test.each([
    ['one row group', 9_500, {}],
    ['row groups by rows', 9_500, { rowGroupRows: 3000 }],
    ['row groups by bytes', 9_500, { rowGroupBytes: 30_000 }],
    ['more keys than one slab holds', 150_000, {}],
    ['no rows', 0, {}],
    ['checksums', 2_500, { crc: true }],
    ['a codec', 2_500, { codec }],
  ])('lands the same bytes as one that is made at once: %s', (_, rows, options) => {
    const later = encoded({ value: LATER, rows, options })
    expect(later.length).toBeGreaterThan(rows * (rows > 2_500 ? WIDTH : 0))
    expect(later.equals(encoded({ value: VALUE, rows, options }))).toBe(true)
  })

  test('hands its pages over one by one', () => {
    let largest = 0
    const encoder = createFileEncoder(
      [ID, LATER],
      { metadata: {}, createdBy: 'test', pageRows: 1000 },
      (bytes) => (largest = Math.max(largest, bytes.length)),
    )
    const values = Float64Array.from({ length: 5000 }, (_, i) => i + 1)
    const ids: ColumnBlock = { kind: 'float64', rows: 5000, values, nulls: undefined }
    encoder.append([ids, ids], 5000)
    expect(encoder.finish().statistics[1]).toMatchObject({ nulls: 0 })
    expect(largest).toBe(1000 * (WIDTH + 4))
  })
})
