import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Manifest, MANIFEST_FILE, parseManifest } from '../../../src/core/report/manifest.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()

const made = async (args: readonly string[], engine: string): Promise<Manifest> => {
  const lake = folder()
  const [dataset = ''] = args
  const { code, stderr } = await call(['generate', ...args, '--engine', engine, '--to', lake], {
    cwd: lake,
  })
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const path = join(lake, 'lakewright', dataset, MANIFEST_FILE)
  return parseManifest(readFileSync(path, 'utf8'), path)
}

/** What of a manifest does not name the engine. */
const facts = ({ tables }: Manifest) =>
  tables.map(({ name, rows, parts, measures, promises }) => ({
    name,
    rows,
    files: parts.flatMap(({ files }) => files.map(({ rowsSha256 }) => rowsSha256)),
    measures,
    promises,
  }))

describe('rows that DuckDB makes', () => {
  it.each([
    ['identity --households 150 --parts 3'],
    ['mdm --unique-customers 60 --no-truth'],
    ['retail --scale small --days 3 --stores 2 --products 30 --customers 60 --orders 40'],
  ])(
    'land as the very files of the kernel, measured and judged alike: %s',
    async (text) => {
      const args = text.split(' ')
      const native = facts(await made(args, 'native'))
      expect(native.every(({ files }) => files.every((hash) => hash.length === 64))).toBe(true)
      expect(facts(await made(args, 'duckdb'))).toEqual(native)
    },
    120_000,
  )

  it('land as text too', async () => {
    const args = 'identity --households 20 --format csv --catalog lakewright'.split(' ')
    expect(facts(await made(args, 'duckdb'))).toEqual(facts(await made(args, 'native')))
  }, 120_000)
})
