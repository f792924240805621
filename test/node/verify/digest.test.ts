import { describe, expect, test } from 'vitest'
import { createDigest } from '../../../src/core/plan/digest.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { digestQuery } from '../../../src/core/sql/digest.ts'
import { parseTypeName } from '../../../src/core/report/physical-sql.ts'
import { landedColumns } from '../../../src/core/run/landed.ts'
import type { Format } from '../../../src/core/run/spec.ts'
import { generate } from '../../../src/node/run/generate.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { digestSource } from '../../../src/node/verify/digest.ts'
import { withDuckDb } from '../../../src/node/verify/session.ts'
import { tableSource } from '../../../src/node/verify/source.ts'
import { sqlExample } from '../../support/digest-doc.ts'
import { temporaryFolders, testHost } from '../../support/lake.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const folder = temporaryFolders()

const LIMITS = { memoryMb: 256, threads: 1 }

const expected = async (): Promise<ReadonlyMap<string, string>> => {
  const plan = await loadPlan(shopPlan(30))
  return new Map(
    [...plan.tables.values()].map((table) => {
      const digest = createDigest()
      const columns = landedColumns(table)
      for (const row of interpretTable(plan, table.name))
        digest.add(columns.map(({ name }) => row[name] ?? null))
      return [table.name, digest.hex()]
    }),
  )
}

describe('the digest of files', () => {
  test.each(['delta', 'parquet', 'csv', 'jsonl'] as const)(
    'in %s is that of the interpreted rows, for every type',
    async (format: Format) => {
      const lake = folder()
      const { manifest } = await generate(
        {
          lake,
          catalog: 'c',
          plan: await loadPlan(shopPlan(30)),
          mode: undefined,
          options: { format, compression: 'none', checksums: true, engine: 'native', parts: 2 },
          workers: 1,
        },
        testHost(),
      )
      const digests = await expected()
      expect(manifest.tables.length).toBeGreaterThan(6)
      for (const table of manifest.tables) {
        const source = await tableSource({ root: lake, folder: 'c/shop' }, manifest, table)
        const { rows, digest } = await digestSource(source, LIMITS)
        expect([table.name, rows, digest]).toEqual([
          table.name,
          table.rows,
          digests.get(table.name),
        ])
      }
    },
  )

  test('is what the SQL in the docs computes', async () => {
    const rows = `SELECT * FROM (VALUES
      (1::BIGINT, 'a|b\\c', DATE '2024-02-29', true), (-5, NULL, DATE '1969-12-31', false), (0, '', NULL, NULL)
    ) AS v(id, name, born, ok)`
    const columns = (['integer', 'string', 'date', 'boolean'] as const).map((kind, i) => ({
      name: ['id', 'name', 'born', 'ok'][i]!,
      type: { kind },
    }))
    await withDuckDb(LIMITS, async (duckDb) => {
      await duckDb.run(`CREATE TABLE t AS ${rows}`)
      const [documented] = await duckDb.rows(sqlExample())
      const [ours] = await duckDb.rows(digestQuery('duckdb', columns, 'SELECT * FROM t'))
      expect(ours?.['digest']).toBe(documented?.['digest'])
      expect(String(ours?.['digest'])).toMatch(/^00000003[0-9a-f]{64}$/)
    })
  })

  test('of no rows is 72 zeros', async () => {
    const columns = [{ name: 'id', type: { kind: 'integer' } as const }]
    const outcome = await digestSource({ columns, sql: 'SELECT 1 AS id WHERE false' }, LIMITS)
    expect(outcome).toEqual({ rows: 0, digest: '0'.repeat(72) })
  })
})

test('type names are read back, and floating point is refused', () => {
  expect(parseTypeName('decimal(9,2)')).toEqual({ kind: 'decimal', precision: 9, scale: 2 })
  expect(parseTypeName('long')).toEqual({ kind: 'integer' })
  expect(() => parseTypeName('double')).toThrow(/double/)
})
