import { describe, expect, test } from 'vitest'
import { promiseProbes } from '../../src/core/report/files-probes.ts'
import { structureProbes } from '../../src/core/report/files-structure.ts'
import { landedTables } from '../../src/core/run/landed.ts'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { typedIdentity } from './identity-rows.ts'

describe('the files of identity show', () => {
  test.each([
    ['as it comes', {}],
    ['with truth and contacts', { withTruth: 1, withContacts: 1 }],
    ['of few campaigns and a short time', { campaigns: 5, start: 20_000, asOf: 20_092 }],
  ])('every promise, %s', (_, changed) => {
    const plan = typedIdentity(changed)
    const landed = landedTables(plan)
    expect(landed).toHaveLength('withTruth' in changed ? 8 : 6)
    const probes = landed.flatMap((table) => [
      ...structureProbes(plan, DUCKDB, table).map(({ probe }) => probe),
      ...promiseProbes(plan, DUCKDB, table),
    ])
    expect(probes.length).toBeGreaterThan(50)
    expect(probes.filter(({ missing }) => missing.length > 0)).toEqual([])
  })
})
