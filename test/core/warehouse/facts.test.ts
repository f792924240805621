import { describe, expect, it } from 'vitest'
import { createDigest } from '../../../src/core/plan/digest.ts'
import {
  factProperties,
  factsIn,
  factsOf,
  joinedDigest,
  lawDifferences,
  planWithSizes,
} from '../../../src/core/warehouse/facts.ts'
import { defaultParameters } from '../../../src/datasets/definition.ts'
import { DATASETS, findDataset } from '../../../src/node/cli/datasets.ts'
import { loadPlan, readVocabularies } from '../../../src/node/run/load-plan.ts'
import { salesPlan } from '../../support/sales-plan.ts'

const RUN = { fingerprint: 'f', run: 'r', number: 2 }

describe('what a table says of itself', () => {
  it('comes back from its properties', async () => {
    const facts = { ...factsOf(await loadPlan(salesPlan({ days: 3 })), RUN), rows: 4, digest: 'd' }
    expect(factsIn(factProperties(facts))).toEqual(facts)
  })

  it.each([
    {},
    { 'lakewright.plan': 'x', 'lakewright.run': 'r' },
    { 'lakewright.plan': 'x', 'lakewright.run': 'r', 'lakewright.parameters': '{' },
  ])('is nothing on a table of others: %j', (properties) => {
    expect(factsIn(properties)).toBeUndefined()
  })

  it.each(Object.keys(DATASETS))(
    'fits into the properties of every engine for %s',
    async (name) => {
      const dataset = (await findDataset(name))!
      const vocabularies = await readVocabularies(dataset.vocabularies)
      const plan = dataset.build(defaultParameters(dataset), { seed: dataset.seed, vocabularies })
      const facts = factProperties(factsOf(await loadPlan(plan, vocabularies), RUN))
      for (const value of Object.values(facts)) expect(value.length).toBeLessThan(4000)
    },
    60_000,
  )

  it('gives back the plan that it was made by', async () => {
    const before = salesPlan({ days: 3 })
    const facts = factsOf(await loadPlan(before), RUN)
    expect(planWithSizes(salesPlan({ days: 9, stores: 5 }), facts)).toEqual(before)
  })

  it('tells in words which laws differ', async () => {
    const facts = factsOf(await loadPlan(salesPlan({ days: 3 })), RUN)
    expect(lawDifferences(salesPlan({ days: 9 }), facts)).toEqual([])
    expect(lawDifferences(salesPlan({ days: 3, dearest: 901, seed: 8 }), facts)).toEqual([
      'the seed differs',
      'parameter dearest was 900 and is 901',
    ])
    const other = { ...salesPlan({ days: 3 }), asOf: '2024-12-30' }
    expect(lawDifferences(other, facts)).toEqual(['the plan differs in more than sizes'])
  })
})

it('the digest of two sets of rows is that of them together', () => {
  const digestOf = (rows: readonly number[]): string => {
    const digest = createDigest()
    for (const row of rows) digest.add([row, 'x'])
    return digest.hex()
  }
  expect(joinedDigest(digestOf([1, 2]), digestOf([3]))).toBe(digestOf([3, 1, 2]))
  expect(joinedDigest(undefined, digestOf([3]))).toBeUndefined()
})
