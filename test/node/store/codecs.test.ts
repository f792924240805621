import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadCodec } from '../../../src/node/store/codecs.ts'
import { everyColumn } from '../../core/parquet/every-column.ts'
import {
  expectedCells,
  readDuckdb,
  readHyparquet,
  readMetadata,
  readPyarrow,
} from '../../core/parquet/readers.ts'
import { column, encode, repeatable } from '../../core/parquet/tables.ts'
import { requireService, servicePath } from '../../support/services.ts'

const folder = mkdtempSync(join(tmpdir(), 'codecs-'))
const python = requireService('python')

afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('no codec is loaded for no compression', async () => {
  expect(await loadCodec('none')).toBeUndefined()
})

describe.each(['snappy', 'zstd'] as const)('%s', (name) => {
  const columns = everyColumn(3000)
  const path = join(folder, `${name}.parquet`)

  const encoded = async () => {
    const codec = await loadCodec(name)
    if (codec === undefined) throw new Error('a codec was expected')
    return encode(columns, { codec, crc: true, pageRows: 1000 }).bytes
  }

  test('makes a smaller file that reads back the same', async () => {
    const bytes = await encoded()
    writeFileSync(path, bytes)
    expect(bytes.length).toBeLessThan(0.9 * encode(columns, { pageRows: 1000 }).bytes.length)
    expect(await readDuckdb(path, columns)).toEqual(expectedCells(columns))
  })

  test('makes the same bytes each time it is loaded', async () => {
    expect(Buffer.compare(await encoded(), await encoded())).toBe(0)
  })

  test.skipIf(python.kind === 'missing')('can be read by PyArrow, checksums and all', async () => {
    writeFileSync(path, await encoded())
    const found = await readPyarrow(servicePath(python), path, 'crc')
    expect(found).toEqual(expectedCells(columns))
  })

  test('is left out where a column does not shrink', async () => {
    const random = repeatable(1)
    const half = () => Math.floor(random() * 65536)
    const cells = Array.from({ length: 5000 }, () => 65536 * half() + half() - 2 ** 31)
    const noise = column('noise', { type: 'integer', block: 'int32' }, cells)
    const same = column(
      'same',
      { type: 'string' },
      Array.from(cells, () => 'again and again'),
    )
    const codec = await loadCodec(name)
    const { bytes } = encode([noise, same], codec === undefined ? {} : { codec })
    const [group] = (await readMetadata(bytes)).row_groups
    expect(group?.columns.map((each) => each.meta_data?.codec)).toEqual([
      'UNCOMPRESSED',
      name.toUpperCase(),
    ])
  })
})

test('snappy can be read by hyparquet', async () => {
  const columns = everyColumn(200)
  const codec = await loadCodec('snappy')
  if (codec === undefined) throw new Error('a codec was expected')
  expect(await readHyparquet(encode(columns, { codec }).bytes, columns)).toEqual(
    expectedCells(columns),
  )
})
