import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { requireService, servicePath } from '../../support/services.ts'
import { everyColumn } from './every-column.ts'
import { expectedCells, readDuckdb, readHyparquet, readPyarrow } from './readers.ts'
import { encode, type EncodeOptions } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'parquet-round-trip-'))
const python = requireService('python')

afterAll(() => {
  rmSync(folder, { recursive: true })
})

interface Case {
  readonly name: string
  readonly rows: number
  readonly options: EncodeOptions
}

const CASES: readonly Case[] = [
  { name: 'no rows', rows: 0, options: {} },
  { name: 'one row', rows: 1, options: {} },
  { name: 'an odd number of rows', rows: 333, options: { blockRows: 17 } },
  { name: 'several pages', rows: 20001, options: { crc: true } },
  { name: 'several row groups', rows: 2049, options: { pageRows: 100, rowGroupRows: 512 } },
]

describe.each(CASES)('a file of $name with every kind of column', ({ name, rows, options }) => {
  const columns = everyColumn(rows)
  const { bytes, summary } = encode(columns, options)
  const expected = expectedCells(columns)
  const path = join(folder, `${name.replaceAll(' ', '-')}.parquet`)
  writeFileSync(path, bytes)

  test('has the rows and bytes that its summary says', () => {
    expect(columns.length).toBeGreaterThan(60)
    expect(summary).toMatchObject({ rows, bytes: bytes.length })
  })

  test('reads back the same in DuckDB', async () => {
    expect(await readDuckdb(path, columns)).toEqual(expected)
  })

  test('reads back the same in hyparquet', async () => {
    expect(await readHyparquet(bytes, columns)).toEqual(expected)
  })

  test.skipIf(python.kind === 'missing')('reads back the same in PyArrow', async () => {
    const checksums = options.crc === true ? 'crc' : 'none'
    expect(await readPyarrow(servicePath(python), path, checksums)).toEqual(expected)
  })
})
