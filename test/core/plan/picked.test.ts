import { describe, expect, test } from 'vitest'
import {
  add,
  col,
  key,
  lookup,
  ordinal,
  parent,
  parentKey,
  pick,
  sample,
} from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { children, column, plan, range, table } from '../../../src/core/plan/build.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { lowerTable } from '../../../src/core/plan/lower.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { kernelRows } from '../../support/kernel-rows.ts'

const uniform = (low: number, high: number) => sample(law.uniform(low, high))

/** People with devices, and visits through one of the person's devices; `fewest` devices a person. */
const visits = (fewest: number) =>
  resolvePlan(
    plan({
      name: 'visits',
      seed: 5,
      tables: [
        table('people', {
          rows: range(40),
          columns: [column('born', uniform(1, 900)), column('devices', uniform(fewest, 4))],
        }),
        table('devices', {
          rows: children('people', 8, col('devices')),
          columns: [
            column('device_id', key()),
            column('number', ordinal()),
            column('since', add(parent('born'), uniform(0, 99))),
          ],
        }),
        table('visits', {
          rows: children('people', 4, 3),
          columns: [
            column('device', pick('devices', parentKey())),
            column('number', lookup('devices', col('device'), 'number')),
            column('since', lookup('devices', col('device'), 'since')),
          ],
        }),
      ],
    }),
    new Map(),
  )

describe('a child picked of the own parent', () => {
  test.each([1, 0])(
    'shows the row that landed, when parents have %i children or more',
    (fewest) => {
      const typed = visits(fewest)
      const rows = [...interpretTable(typed, 'visits')]
      const devices = [...interpretTable(typed, 'devices')]
      const byId = new Map(devices.map((device) => [device['device_id'], device]))
      expect(rows).toHaveLength(120)
      for (const { device, number, since } of rows) {
        const known = byId.get(device)
        expect({ number, since }).toEqual({
          number: known?.['number'] ?? null,
          since: known?.['since'] ?? null,
        })
      }
      expect(rows.some(({ device }) => device === null)).toBe(fewest === 0)
      expect(kernelRows(typed, { name: 'visits' })).toEqual(rows)
    },
  )

  test('finds parent and number as they were, without taking its key apart', () => {
    const typed = visits(1)
    const { columns } = typed.tables.get('visits')!
    const wanted = columns.map(({ name, shape }) => ({
      name,
      expr: { kind: 'column' as const, name, shape },
    }))
    const [graph] = lowerTable(typed, 'visits', wanted)
    const calls = graph!.nodes.flatMap((node) => (node.op === 'call' ? [node.function] : []))
    expect(calls).toContain('scaleDraw')
    expect(calls.filter((name) => name === 'div' || name === 'mod')).toEqual([])
  })
})
