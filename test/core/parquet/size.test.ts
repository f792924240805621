import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, test } from 'vitest'
import { loadCodec } from '../../../src/node/store/codecs.ts'
import { readMetadata } from './readers.ts'
import { column, dictionaryOf, encode, repeatable, type Cell, type TestColumn } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'parquet-size-'))

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const ROWS = 150_000
const CITIES = Array.from({ length: 300 }, (_, i) => `City number ${String(i).padStart(3, '0')}`)
const KINDS = ['cookie_id', 'ctv_id', 'device_id', 'email_hash', 'hashed_phone', 'mobile_ad_id']
const HEX = '0123456789abcdef'

/** A table like those of the datasets: keys, references, few and many distinct values, times, hashes, texts. */
const sample = (): readonly TestColumn[] => {
  const random = repeatable(7)
  const below = (limit: number): number => Math.floor(random() * limit)
  const cells = (cell: (row: number) => Cell): Cell[] =>
    Array.from({ length: ROWS }, (_, row) => cell(row))
  const hex = (length: number): string => Array.from({ length }, () => HEX[below(16)]).join('')
  let key = 0
  let parent = 0
  const int = { type: 'integer', block: 'int32' } as const
  return [
    column(
      'id',
      { ...int, long: true, increasing: true },
      cells(() => (key += 1 + below(3))),
    ),
    column(
      'parent',
      { ...int, long: true, increasing: true },
      cells(() => (parent += below(9) === 0 ? 6 : 0)),
    ),
    column(
      'city',
      { type: 'string', block: 'codes', dictionary: dictionaryOf(CITIES) },
      cells(() => CITIES[below(300)] ?? ''),
    ),
    column(
      'kind',
      { type: 'string', block: 'codes', dictionary: dictionaryOf(KINDS) },
      cells(() => KINDS[below(6)] ?? ''),
    ),
    column(
      'age',
      { ...int, lattice: { low: 18, step: 1, count: 83 } },
      cells(() => 18 + below(83)),
    ),
    column(
      'cents',
      int,
      cells(() => below(1e6)),
    ),
    column(
      'other_key',
      { type: 'integer', long: true },
      cells(() => below(1e9)),
    ),
    column(
      'flag',
      { type: 'boolean', block: 'int32' },
      cells(() => below(2)),
    ),
    column(
      'day',
      { type: 'date', block: 'int32' },
      cells(() => 15000 + below(20000)),
    ),
    column(
      'at',
      { type: 'timestamp' },
      cells(() => 1672531200000000 + 1e6 * below(63158400)),
    ),
    column(
      'hash',
      { type: 'string', block: 'fixed' },
      cells(() => hex(32)),
    ),
    column(
      'mail',
      { type: 'string' },
      cells(() => `${KINDS[below(6)]}.${below(1e6)}@example.com`),
    ),
    column(
      'seldom',
      { ...int, lattice: { low: 0, step: 1, count: 100 } },
      cells(() => (below(50) === 0 ? below(100) : null)),
    ),
    column(
      'mostly',
      { type: 'string', block: 'fixed' },
      cells(() => (below(20) === 0 ? null : hex(8))),
    ),
    column(
      'runs',
      { ...int, lattice: { low: 0, step: 1, count: 200 } },
      cells((row) => Math.floor(row / 900) % 200),
    ),
  ]
}

const copyByDuckdb = async (from: string, to: string, compression: string): Promise<void> => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(
    `copy (from '${from}') to '${to}' (format parquet, compression ${compression}, row_group_size 122880)`,
  )
  connection.closeSync()
  instance.closeSync()
}

describe.each(['none', 'snappy'] as const)('with compression %s', (compression) => {
  const columns = sample()

  test('a file is at most a tenth larger than DuckDB’s', async () => {
    const codec = await loadCodec(compression)
    const { bytes } = encode(columns, {
      blockRows: 16384,
      ...(codec === undefined ? {} : { codec }),
    })
    const ours = join(folder, `ours-${compression}.parquet`)
    const theirs = join(folder, `theirs-${compression}.parquet`)
    writeFileSync(ours, bytes)
    await copyByDuckdb(ours, theirs, compression === 'none' ? 'uncompressed' : compression)
    const size = statSync(theirs).size
    expect(size).toBeGreaterThan(5e6)
    expect(bytes.length / size).toBeLessThan(1.1)
    expect((await readMetadata(bytes)).row_groups[0]?.columns).toHaveLength(columns.length)
  })
})
