import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ColumnSpec } from '../../../src/core/columns/block.ts'
import type { DataType, Value } from '../../../src/core/expr/types.ts'
import { blockOf } from '../../../src/core/run/interpreted.ts'
import { createRowTextEncoder } from '../../../src/core/run/text-formats.ts'

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const spec = (name: string, type: DataType): ColumnSpec => ({
  name,
  type,
  long: false,
  nullable: true,
  block: type.kind === 'string' ? 'bytes' : 'float64',
  min: -1e15,
  max: 1e15,
  increasing: false,
})

const COLUMNS = [
  spec('id', { kind: 'integer' }),
  spec('a "name", quoted', { kind: 'string' }),
  spec('price', { kind: 'decimal', precision: 9, scale: 2 }),
  spec('ok', { kind: 'boolean' }),
  spec('day', { kind: 'date' }),
  spec('at', { kind: 'timestamp' }),
]

const encode = (format: 'csv' | 'jsonl', rows: readonly (readonly Value[])[]): string => {
  const encoder = createRowTextEncoder(format, COLUMNS, decode)
  const blocks = COLUMNS.map((column, i) =>
    blockOf(
      column,
      rows.map((row) => row[i] ?? null),
    ),
  )
  return encoder.header + encoder.rows(blocks, rows.length)
}

/** The records of an RFC 4180 text; an unquoted empty field is null. */
const parseCsv = (text: string): readonly (readonly (string | null)[])[] => {
  const records: (string | null)[][] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  let record: (string | null)[] = []
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    const [, quoted, plain, end] = match
    record.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'))
    if (end === '\r\n') {
      records.push(record)
      record = []
    }
    if (field.lastIndex === text.length) break
  }
  expect(field.lastIndex).toBe(text.length)
  return records
}

const ROW: readonly Value[] = [7, 'plain', -5, 1, 19782, 1_709_164_800_000_001]

describe('CSV', () => {
  test('has a header, CR LF line ends and ISO 8601 times', () => {
    expect(encode('csv', [ROW])).toBe(
      'id,"a ""name"", quoted",price,ok,day,at\r\n' +
        '7,plain,-0.05,true,2024-02-29,2024-02-29T00:00:00.000001Z\r\n',
    )
  })

  test('tells null from the empty text', () => {
    const nulls: readonly Value[] = COLUMNS.map(() => null)
    expect(encode('csv', [nulls]).split('\r\n')[1]).toBe(',,,,,')
    expect(encode('csv', [nulls.with(1, '')]).split('\r\n')[1]).toBe(',"",,,,')
  })

  test('of any text reads back as RFC 4180 says', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', 'ö', '€', ' ', "'") })
    fc.assert(
      fc.property(fc.array(fc.option(text), { minLength: 1, maxLength: 9 }), (texts) => {
        const rows = texts.map((each, i): readonly Value[] => ROW.with(0, i).with(1, each))
        const [, ...records] = parseCsv(encode('csv', rows))
        expect(records.map((record) => [record[0], record[1]])).toEqual(
          texts.map((each, i) => [String(i), each]),
        )
      }),
      { numRuns: 300, seed: 5 },
    )
  })
})

describe('JSON Lines', () => {
  test('has an object a line, with numbers and booleans as such', () => {
    const lines = encode('jsonl', [ROW, COLUMNS.map(() => null)]).split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain('"price":-0.05,"ok":true,"day":"2024-02-29"')
    expect(JSON.parse(lines[1] ?? '')).toEqual(
      Object.fromEntries(COLUMNS.map(({ name }) => [name, null])),
    )
  })

  test('of any text reads back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [line = ''] = encode('jsonl', [ROW.with(1, text)]).split('\n')
        const found = (JSON.parse(line) as Record<string, unknown>)['a "name", quoted']
        expect(found).toBe(decode(new TextEncoder().encode(text)))
      }),
      { numRuns: 300, seed: 6 },
    )
  })
})
