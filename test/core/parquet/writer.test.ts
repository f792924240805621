import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEncoderMemory } from '../../../src/core/parquet/memory.ts'
import { createFileEncoder } from '../../../src/core/parquet/writer.ts'
import { everyColumn } from './every-column.ts'
import { expectedCells, readHyparquet, readMetadata } from './readers.ts'
import { blockOf, column, dictionaryOf, encode, repeated } from './tables.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const keys = (count: number) =>
  column('id', { type: 'integer', block: 'int32', increasing: true }, numbers(count))

describe('the bytes of a file', () => {
  const columns = everyColumn(500)
  const options = { pageRows: 64, rowGroupRows: 200 }

  test('do not depend on how rows are cut into blocks', () => {
    const whole = encode(columns, { ...options, blockRows: 500 }).bytes
    expect(whole.length).toBeGreaterThan(10_000)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 499 }), (blockRows) => {
        expect(Buffer.compare(encode(columns, { ...options, blockRows }).bytes, whole)).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  test('are the same again with memory that other files have used', () => {
    const memory = createEncoderMemory()
    const encoded = () => encode(columns, { ...options, memory }).bytes
    expect(Buffer.compare(encoded(), encoded())).toBe(0)
  })

  test('begin and end with the magic', () => {
    const text = Buffer.from(encode([keys(3)]).bytes)
    expect(text.subarray(0, 4).toString()).toBe('PAR1')
    expect(text.subarray(-4).toString()).toBe('PAR1')
  })
})

describe('row groups', () => {
  test('end with the page that reaches the row limit', async () => {
    const { bytes, summary } = encode([keys(1000)], { pageRows: 128, rowGroupRows: 300 })
    const metadata = await readMetadata(bytes)
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([384, 384, 232])
    expect(summary.rowGroups).toBe(3)
  })

  test('end with the page that reaches the byte limit', async () => {
    const long = column('text', { type: 'string' }, repeated('y'.repeat(90), 1000))
    const { bytes } = encode([long], { pageRows: 100, rowGroupBytes: 25_000 })
    const metadata = await readMetadata(bytes)
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([300, 300, 300, 100])
  })

  test('of a file without rows are none', async () => {
    const { bytes, summary } = encode([keys(0)])
    expect(summary).toMatchObject({ rows: 0, rowGroups: 0 })
    expect((await readMetadata(bytes)).row_groups).toEqual([])
  })
})

describe('metadata', () => {
  test('hold the key-value pairs, the creator, and an offset for every row group', async () => {
    const options = { metadata: { plan: 'p1', part: 'ü' }, createdBy: 'lakewright 9', pageRows: 50 }
    const found = await readMetadata(encode([keys(120)], { ...options, rowGroupRows: 100 }).bytes)
    expect(found.created_by).toBe('lakewright 9')
    expect(found.key_value_metadata).toEqual([
      { key: 'plan', value: 'p1' },
      { key: 'part', value: 'ü' },
    ])
    expect(found.row_groups.map((group) => group.file_offset)).toEqual([
      4n,
      4n + (found.row_groups[0]?.total_compressed_size ?? 0n),
    ])
  })

  test('name the types as Spark and DuckDB expect them', async () => {
    const found = await readMetadata(encode(everyColumn(1)).bytes)
    const element = (name: string) => found.schema.find((each) => each.name === name)
    expect(element('key')).toMatchObject({ type: 'INT64', repetition_type: 'REQUIRED' })
    expect(element('small_or_null')).toMatchObject({ type: 'INT32', repetition_type: 'OPTIONAL' })
    expect(element('decimal_short')).toMatchObject({ type: 'INT32', scale: 2, precision: 9 })
    expect(element('decimal_long')).toMatchObject({ type: 'INT64', scale: 4, precision: 15 })
    expect(element('instant')).toMatchObject({
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    })
    expect(element('day')).toMatchObject({ type: 'INT32', logical_type: { type: 'DATE' } })
    expect(element('text')).toMatchObject({ type: 'BYTE_ARRAY', logical_type: { type: 'STRING' } })
    expect(element('flag')).toMatchObject({ type: 'BOOLEAN' })
  })
})

describe('an encoder', () => {
  const start = (columns: Parameters<typeof createFileEncoder>[0]) =>
    createFileEncoder(columns, { metadata: {}, createdBy: 'test' }, () => undefined)

  test('refuses columns that it cannot write', () => {
    const [{ spec }] = [keys(1)]
    expect(() => start([])).toThrow('at least one column')
    expect(() => start([{ ...spec, block: 'bytes' }])).toThrow('column id of type integer')
    expect(() => start([{ ...spec, type: { kind: 'string' }, block: 'codes' }])).toThrow(
      'column id has codes but no dictionary',
    )
  })

  test('refuses blocks of another kind, and nulls where none are declared', () => {
    const { spec } = keys(1)
    const wrong = blockOf(column('id', { type: 'integer' }, [1]), 0, 1)
    const file = start([spec])
    file.append([wrong], 1)
    expect(() => file.finish()).toThrow('column id takes int32 blocks, not float64')
    const holed = blockOf(column('id', { type: 'integer', block: 'int32' }, [1, null]), 0, 2)
    const strict = start([spec])
    strict.append([holed], 2)
    expect(() => strict.finish()).toThrow('column id is declared without nulls')
  })

  test('uses only the first rows of longer blocks', async () => {
    const long = keys(100)
    const parts: Uint8Array[] = []
    const options = { metadata: {}, createdBy: 'test' }
    const file = createFileEncoder([long.spec], options, (bytes) => parts.push(bytes.slice()))
    file.append([blockOf(long, 0, 100)], 30)
    file.finish()
    const cells = await readHyparquet(Buffer.concat(parts), [long])
    expect(cells).toEqual(expectedCells([keys(30)]))
  })
})

test('a dictionary whose words are never used twice is left out', async () => {
  const words = numbers(20_000).map((i) => `word number ${i}`)
  const sketch = { type: 'string', block: 'codes', dictionary: dictionaryOf(words) } as const
  const encodings = async (cells: readonly string[]) => {
    const { bytes } = encode([column('word', sketch, cells)])
    return (await readMetadata(bytes)).row_groups[0]?.columns[0]?.meta_data?.encodings
  }
  expect(await encodings(words.slice(0, 200))).not.toContain('RLE_DICTIONARY')
  expect(await encodings(words)).toContain('RLE_DICTIONARY')
})
