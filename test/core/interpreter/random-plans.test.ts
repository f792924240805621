import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Shape, Value } from '../../../src/core/expr/types.ts'
import { createDigest } from '../../../src/core/plan/digest.ts'
import { interpretRows, interpretTable, rowAt } from '../../../src/core/plan/interpret.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import { plans, randomPlan, resolveRandom } from '../../support/random-plans.ts'
import { coverage, everything } from '../../support/random-plans/coverage.ts'

const PLANS = 700

const holds = ({ type, nullable, min, max, maxLength, ascii }: Shape, value: Value): boolean => {
  if (value === null) return nullable
  if (typeof value === 'number')
    return type.kind !== 'string' && Number.isSafeInteger(value) && value >= min && value <= max
  const short = Array.from(value).length <= maxLength
  return type.kind === 'string' && short && (!ascii || /^[ -~]*$/.test(value))
}

/** Cells whose value leaves the shape that the compiler proved for the column, and the number of rows. */
const strayCells = (plan: TypedPlan): { readonly stray: string[]; readonly rows: number } => {
  const stray: string[] = []
  let rows = 0
  for (const { name, columns } of plan.tables.values())
    for (const { key, values } of interpretRows(plan, name, { hidden: true })) {
      rows++
      for (const column of columns)
        if (!holds(column.shape, values[column.name] ?? null))
          stray.push(`${name} ${key} ${column.name}: ${values[column.name]}`)
    }
  return { stray, rows }
}

describe('random plans', () => {
  test('resolve, cover every node, type and nullability, and stay inside proven shapes', () => {
    const missing = new Set(everything())
    let refused = 0
    let rows = 0
    for (let seed = 0; seed < PLANS; seed++) {
      const plan = resolveRandom(randomPlan(seed))
      if (plan === undefined) {
        refused++
        continue
      }
      for (const word of coverage(plan)) missing.delete(word)
      const found = strayCells(plan)
      expect(found.stray, `seed ${seed}`).toEqual([])
      rows += found.rows
    }
    expect([...missing]).toEqual([])
    expect(refused).toBeLessThan(PLANS / 50)
    expect(rows).toBeGreaterThan(10 * PLANS)
  }, 120_000)

  test('are the same for the same seed, and JSON', () => {
    const plan = randomPlan(11)
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
    expect(randomPlan(11)).toEqual(plan)
    expect(randomPlan(12)).not.toEqual(plan)
  })
})

const digestOf = (rows: Iterable<{ readonly values: Readonly<Record<string, Value>> }>): string => {
  const digest = createDigest()
  for (const { values } of rows) digest.add(Object.values(values))
  return digest.hex()
}

const onPlans = (check: (plan: TypedPlan) => void): void => {
  const resolved = plans()
    .map(resolveRandom)
    .filter((plan) => plan !== undefined)
  fc.assert(fc.property(resolved, check), { seed: 7, numRuns: 40 })
}

describe('the rows of random plans', () => {
  test('have unique keys within the proven bounds, in order but for unions', () => {
    onPlans((plan) => {
      for (const { name, minKey, maxKey } of plan.tables.values()) {
        const keys = [...interpretRows(plan, name)].map(({ key }) => key)
        expect(new Set(keys).size).toBe(keys.length)
        expect(keys.every((key) => key >= minKey && key <= maxKey)).toBe(true)
        if (!restsOnUnion(plan, name)) expect(keys).toEqual(keys.toSorted((a, b) => a - b))
      }
    })
  })

  test('are found again by their keys, and between them there is nothing', () => {
    onPlans((plan) => {
      for (const { name } of plan.tables.values()) {
        const rows = [...interpretRows(plan, name, { hidden: true })]
        const keys = new Set(rows.map(({ key }) => key))
        for (const { key, values } of rows.slice(0, 12)) {
          expect(rowAt(plan, name, key)?.values).toEqual(values)
          for (const near of [key - 1, key + 1])
            expect(rowAt(plan, name, near) !== undefined).toBe(keys.has(near))
        }
      }
    })
  })

  test('are the union of the rows of any parts', () => {
    onPlans((plan) => {
      for (const { name, minKey, maxKey } of plan.tables.values()) {
        const cut = minKey + Math.floor((maxKey - minKey) / 3)
        const whole = createDigest()
        whole.merge(digestOf(interpretRows(plan, name, { toKey: cut })))
        whole.merge(digestOf(interpretRows(plan, name, { fromKey: cut })))
        expect(whole.hex()).toBe(digestOf(interpretRows(plan, name)))
      }
    })
  })

  test('satisfy the checks of their table', () => {
    let checked = 0
    onPlans((plan) => {
      for (const { name, checks } of plan.tables.values())
        for (const row of interpretRows(plan, name))
          for (const { that } of checks) {
            checked++
            expect(row.evaluate(that)).toBe(1)
          }
    })
    expect(checked).toBeGreaterThan(50)
  })

  test('do not depend on the order of tables and columns, nor on tables and columns beside them', () => {
    let compared = 0
    for (let seed = 0; seed < 40; seed++) {
      const plan = randomPlan(seed)
      const typed = resolveRandom(plan)
      const extra = { name: 'extra', expr: { kind: 'draw', form: 'hex' } as const }
      const tables = plan.tables.toReversed().map((table) => ({
        ...table,
        columns: [extra, ...table.columns.toReversed()],
      }))
      const another = { name: 'more', rows: { kind: 'range', count: 3 } as const, columns: [extra] }
      const changed = resolveRandom({ ...plan, tables: [another, ...tables] })
      if (typed === undefined || changed === undefined) continue
      for (const { name } of plan.tables) {
        const before = [...interpretTable(typed, name)]
        const after = [...interpretTable(changed, name)].map((row) => {
          const { extra: _, ...rest } = row
          return rest
        })
        expect(after).toEqual(before)
        compared += before.length
      }
    }
    expect(compared).toBeGreaterThan(400)
  })
})

const restsOnUnion = (plan: TypedPlan, name: string): boolean => {
  const rows = plan.tables.get(name)?.rows
  return rows?.kind === 'union' || (rows?.kind === 'children' && restsOnUnion(plan, rows.of))
}
