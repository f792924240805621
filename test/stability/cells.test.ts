import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/core/plan/plan.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import type { Vocabulary } from '../../src/core/plan/vocabulary.ts'
import { defaultParameters } from '../../src/datasets/definition.ts'
import { identity } from '../../src/datasets/identity/identity.ts'
import { readVocabularies } from '../../src/node/run/load-plan.ts'
import { listVocabularies } from '../../src/node/store/assets.ts'
import { goldenNames, readGolden } from '../support/golden.ts'
import { randomPlan, RANDOM_VOCABULARIES, resolveRandom } from '../support/random-plans.ts'
import { shopPlan } from '../support/shop-plan.ts'
import { allChanges, CHANGES, compareCells, tenTimes, withKeys } from './changed-plans.ts'

const vocabularies: ReadonlyMap<string, Vocabulary> = new Map([
  ...(await readVocabularies(await listVocabularies())),
  ...RANDOM_VOCABULARIES,
])

const resolved = (plan: Plan): TypedPlan =>
  resolvePlan(JSON.parse(JSON.stringify(withKeys(plan))), vocabularies)

const identityPlan = identity.build(
  { ...defaultParameters(identity), households: 25, withTruth: 1, withContacts: 1 },
  { seed: 42, vocabularies },
)

const PLANS: Readonly<Record<string, Plan>> = {
  identity: identityPlan,
  shop: shopPlan(20),
  ...Object.fromEntries(
    goldenNames().flatMap((name) => {
      const plan = readGolden(name, 'plan.json') as Plan | undefined
      return plan === undefined ? [] : [[`golden ${name}`, plan]]
    }),
  ),
}

const hasSize = ({ parameters = {} }: Plan): boolean =>
  Object.values(parameters).some(({ role }) => role === 'size')

describe.each(Object.entries(PLANS))('the cells of %s', (_, plan) => {
  const before = resolved(plan)

  test.each(Object.entries(CHANGES))('survive %s', (__, change) => {
    const { cells, differences } = compareCells(before, resolved(change(plan)), { grown: false })
    expect(differences).toEqual([])
    expect(cells).toBeGreaterThan(100)
  })

  if (hasSize(plan))
    test('survive sizes ten times as large', () => {
      const after = resolved(tenTimes(plan))
      const { cells, rowsAfter, differences } = compareCells(before, after, { grown: true })
      expect(differences).toEqual([])
      expect(cells).toBeGreaterThan(100)
      expect(rowsAfter).toBeGreaterThan(cells / 100)
    })
})

const RANDOM = 50

describe('the cells of random plans', () => {
  const plans = Array.from({ length: RANDOM }, (_, seed) => withKeys(randomPlan(1000 + seed)))
  const typed = plans.map(resolveRandom)

  test.each(
    Object.entries({ 'all changes at once': allChanges, 'sizes ten times as large': tenTimes }),
  )(
    'survive %s',
    (name, change) => {
      let compared = 0
      let cells = 0
      for (const [i, plan] of plans.entries()) {
        const before = typed[i]
        const after = resolveRandom(change(plan))
        // A larger size may leave a capacity, which is refused.
        if (before === undefined || after === undefined) continue
        const found = compareCells(before, after, { grown: name.startsWith('sizes') })
        expect(found.differences, `seed ${String(plan.seed)}`).toEqual([])
        compared += 1
        cells += found.cells
      }
      expect(compared).toBeGreaterThan(RANDOM / 2)
      expect(cells).toBeGreaterThan(100 * RANDOM)
    },
    60_000,
  )
})

test('a comparison sees another seed, a lost row and another law', () => {
  const plan = shopPlan(20)
  const before = resolved(plan)
  const against = (other: Plan): number =>
    compareCells(before, resolved(other), { grown: false }).differences.length
  expect(against(plan)).toBe(0)
  expect(against({ ...plan, seed: 8 })).toBeGreaterThan(100)
  expect(against(shopPlan(19))).toBeGreaterThan(5)
})
