import { describe, expect, test } from 'vitest'
import type { ColumnBlock } from '../../../src/core/columns/block.ts'
import { draw, key, parent } from '../../../src/core/expr/build.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { children, column, plan, range, table } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { cellOf, plainHost } from '../../support/kernel-rows.ts'

const resolved = resolvePlan(
  plan({
    name: 'later',
    seed: 5,
    start: '2024-01-01',
    asOf: '2025-01-01',
    parameters: {},
    tables: [
      table('people', {
        rows: range(700),
        columns: [column('person_id', key()), column('code', draw('hex'))],
      }),
      table('devices', {
        rows: children('people', 40, 37),
        columns: [
          column('device_id', key()),
          column('token', draw('uuid')),
          column('code', draw('hex')),
          column('owner', parent('code')),
        ],
      }),
    ],
  }),
  new Map(),
)

/** The cells of a table's columns, and the names of those that were made later. */
const cells = (name: string, later: boolean) => {
  const found = resolved.tables.get(name)!
  const wanted = found.columns.map(({ name: each, shape }) => ({
    name: each,
    expr: { kind: 'column' as const, name: each, shape },
    later,
  }))
  const generator = createGenerator(resolved, { table: found, wanted }, plainHost)
  const specs = generator.columns(0)
  const rows: unknown[][] = []
  generator.generate({ variant: 0, lo: 0, hi: found.maxKey + 1 }, (blocks, count) => {
    const from = rows.length
    for (let row = 0; row < count; row++) rows.push([])
    blocks.forEach((block: ColumnBlock, i) => {
      const made = specs[i]!.later?.of(block) ?? block
      for (let row = 0; row < count; row++) rows[from + row]!.push(cellOf(made, row))
    })
  })
  return { rows, later: specs.flatMap((spec) => (spec.later === undefined ? [] : [spec.name])) }
}

describe('columns that may be made later', () => {
  test('are those drawn at the key of their own row', () => {
    expect(cells('people', true).later).toEqual(['code'])
    expect(cells('devices', true).later).toEqual(['token', 'code'])
    expect(cells('devices', false).later).toEqual([])
  })

  test('have the cells that they have when made at once', () => {
    const { rows } = cells('devices', true)
    expect(rows).toHaveLength(700 * 37)
    expect(rows).toEqual(cells('devices', false).rows)
  })
})
