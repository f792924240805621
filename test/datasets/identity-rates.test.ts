import { describe, expect, test } from 'vitest'
import { compileLaw } from '../../src/core/random/laws.ts'
import { interpretRows } from '../../src/core/plan/interpret.ts'
import { sizeLaw } from '../../src/datasets/identity/households.ts'
import { defaultParameters } from '../../src/datasets/definition.ts'
import { identity } from '../../src/datasets/identity/identity.ts'
import type { Settings } from '../../src/datasets/identity/parameters.ts'
import { vocabularyColumn } from '../../src/core/plan/vocabulary.ts'
import {
  allRows,
  correlation,
  DAY,
  groupBy,
  indexBy,
  meanWithError,
  num,
  ratioWithError,
  type Row,
  str,
  typedIdentity,
  VOCABULARIES,
} from './identity-rows.ts'

const HOUSEHOLDS = 2000
const plan = typedIdentity({ households: HOUSEHOLDS })
const tables = allRows(plan)
const table = (name: string): readonly Row[] => tables[name] ?? []
const households = table('households')
const individuals = table('individuals')
const people = groupBy(individuals, 'household_id')
const identifiers = groupBy(table('identity_mappings'), 'individual_id')
const householdOf = new Map(
  individuals.map((row) => [num(row, 'individual_id'), num(row, 'household_id')]),
)

/** Holds a share among the rows to what was asked, within 6 standard errors over households. */
const expectShare = (
  asked: number,
  rows: readonly Row[],
  holds: (row: Row) => boolean | number,
): void => {
  const units = new Map<number, { part: number; whole: number }>()
  for (const row of rows) {
    const home = num({ home: householdOf.get(num(row, 'individual_id')) ?? null }, 'home')
    const unit = units.get(home) ?? { part: 0, whole: 0 }
    units.set(home, { part: unit.part + Number(holds(row)), whole: unit.whole + 1 })
  }
  const { mean, error } = ratioWithError([...units.values()])
  expect(units.size).toBeGreaterThan(200)
  expect(error).toBeGreaterThan(0)
  expect(Math.abs(mean - asked), `${mean} for ${asked}`).toBeLessThan(6 * error)
}

/** Holds the shares of words or numbers to their probabilities, each within 6 standard errors. */
const expectShares = (values: readonly unknown[], asked: ReadonlyMap<unknown, number>): void => {
  for (const [value, p] of asked) {
    const share = values.filter((each) => each === value).length / values.length
    expect(Math.abs(share - p), `${String(value)}: ${share} for ${p}`).toBeLessThan(
      6 * Math.sqrt((p * (1 - p)) / values.length),
    )
  }
}

describe('households', () => {
  test('sizes follow the rounded and cut normal law', () => {
    const { from, probability } = compileLaw(
      sizeLaw(defaultParameters(identity) as Settings),
      () => [],
    ).asked
    expect(probability.map((p) => Math.round(p * 1000) / 1000)).toEqual([
      0.202, 0.298, 0.298, 0.155, 0.042, 0.006,
    ])
    expectShares(
      households.map((row) => row['size']),
      new Map(from.map((size, i) => [size, probability[i] ?? 0])),
    )
  })

  test('incomes have the asked shares', () => {
    const asked = new Map([
      ['<30K', 0.2],
      ['30-60K', 0.3],
      ['60-100K', 0.3],
      ['100K+', 0.2],
    ])
    expectShares(
      households.map((row) => row['income_bracket']),
      asked,
    )
  })

  test('incomes follow education, age and region', () => {
    const share = (rows: readonly Row[]): number => {
      expect(rows.length).toBeGreaterThan(50)
      return rows.filter((row) => row['income_bracket'] === '100K+').length / rows.length
    }
    const first = new Map([...people].map(([home, members]) => [home, members[0]] as const))
    const educated = (levels: readonly string[]): readonly Row[] =>
      households.filter((row) =>
        levels.includes(str(first.get(num(row, 'household_id')), 'education')),
      )
    const aged = (from: number, to: number): readonly Row[] =>
      households.filter((row) => {
        const age = num(first.get(num(row, 'household_id')), 'age')
        return age >= from && age < to
      })
    expect(share(educated(['master', 'doctorate']))).toBeGreaterThan(
      2 * share(educated(['high_school'])),
    )
    expect(share(aged(45, 60))).toBeGreaterThan(1.3 * share(aged(75, 101)))
  })

  test('live where people live', () => {
    const places = VOCABULARIES.get('us_places')!
    const weights = vocabularyColumn(places, 'weight').values.map(Number)
    const states = vocabularyColumn(places, 'state').values
    const all = weights.reduce((sum, each) => sum + each, 0)
    const asked = new Map<unknown, number>()
    states.forEach((state, i) =>
      asked.set(state, (asked.get(state) ?? 0) + (weights[i] ?? 0) / all),
    )
    expect(asked.size).toBe(51)
    expectShares(
      households.map((row) => row['state']),
      asked,
    )
  })
})

describe('individuals', () => {
  test('ages follow the US population in bands of five years', () => {
    const ages = VOCABULARIES.get('us_ages')!
    const weights = vocabularyColumn(ages, 'weight').values.map(Number)
    const all = weights.reduce((sum, each) => sum + each, 0)
    for (let from = 20; from <= 85; from += 5) {
      const asked = weights.slice(from - 18, from - 13).reduce((sum, each) => sum + each, 0) / all
      expectShare(
        asked,
        individuals,
        (row) => num(row, 'age') >= from && num(row, 'age') < from + 5,
      )
    }
  })

  test('women are as many as in the population, and more among the old', () => {
    expectShare(0.512 * 0.99, individuals, (row) => row['gender'] === 'F')
    expectShare(
      0.573 * 0.99,
      individuals.filter((row) => num(row, 'age') >= 75),
      (row) => row['gender'] === 'F',
    )
  })

  test('partners are of about one age and mostly a man and a woman', () => {
    const firstTwo = [...people.values()].filter((members) => members.length > 1)
    const pairs = firstTwo.map(([a, b]) => [num(a, 'age'), num(b, 'age')] as const)
    expect(pairs.length).toBeGreaterThan(500)
    expect(correlation(pairs)).toBeGreaterThan(0.6)
    const mixed = firstTwo.filter(([a, b]) => a?.['gender'] !== b?.['gender']).length
    expect(mixed / firstTwo.length).toBeGreaterThan(0.75)
  })

  test('education depends on age', () => {
    const graduates = (from: number, to: number): number => {
      const rows = individuals.filter((row) => num(row, 'age') >= from && num(row, 'age') < to)
      expect(rows.length).toBeGreaterThan(100)
      return (
        rows.filter((row) => ['master', 'doctorate'].includes(str(row, 'education'))).length /
        rows.length
      )
    }
    expect(graduates(30, 60)).toBeGreaterThan(1.5 * graduates(18, 30))
  })
})

describe('identifiers', () => {
  const has = (type: string) => (row: Row) =>
    (identifiers.get(num(row, 'individual_id')) ?? []).some(
      (each) => each['identifier_type'] === type,
    )

  test.each([
    ['email_hash', 0.6],
    ['mobile_ad_id', 0.8],
    ['ctv_id', 0.4],
  ] as const)('%s is had by a share of %d of the people', (type, asked) => {
    expectShare(asked, individuals, has(type))
  })

  test('a person has four on average', () => {
    expectShare(4, individuals, (row) => identifiers.get(num(row, 'individual_id'))?.length ?? 0)
  })

  test('are cookies, devices and phones beyond the covered ones', () => {
    const types = table('identity_mappings').map((row) => str(row, 'identifier_type'))
    const count = (type: string): number => types.filter((each) => each === type).length
    expect(count('cookie_id')).toBeGreaterThan(1.5 * count('device_id'))
    expect(count('device_id')).toBeGreaterThan(count('hashed_phone'))
    expect(count('hashed_phone')).toBeGreaterThan(200)
  })

  test('three in ten households share a cookie, when they have one to share', () => {
    const shared = [...interpretRows(plan, 'households', { hidden: true })].map((row) =>
      Number(row.values['has_shared_cookie']),
    )
    const { mean, error } = meanWithError(shared)
    expect(Math.abs(mean - 0.3)).toBeLessThan(6 * error)
  })
})

describe('exposures', () => {
  const exposures = table('exposures')
  const hidden = [...interpretRows(plan, 'exposures', { hidden: true, limit: 8000 })]

  test('a person sees four ads on average, some see very many, some none', () => {
    const seen = groupBy(exposures, 'individual_id')
    const counts = individuals.map((row) => seen.get(num(row, 'individual_id'))?.length ?? 0)
    const { mean, error } = meanWithError(counts)
    expect(Math.abs(mean - 4), `${mean}`).toBeLessThan(6 * error)
    expect(Math.max(...counts)).toBeGreaterThan(40)
    expect(Math.max(...counts)).toBeLessThanOrEqual(127)
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(100)
    const median = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)]
    expect(median).toBeLessThan(mean)
  })

  test('follow the hours of the local clock', () => {
    const shifts = new Map(
      [...interpretRows(plan, 'households', { hidden: true })].map((row) => [
        row.key,
        Number(row.values['utc_shift']),
      ]),
    )
    expect(new Set(shifts.values()).size).toBeGreaterThan(3)
    const local = (row: Row): number => {
      const home = householdOf.get(num(row, 'individual_id')) ?? 0
      const shifted = num(row, 'exposure_timestamp') - (shifts.get(home) ?? 0) * 1e6
      return Math.floor((((shifted % DAY) + DAY) % DAY) / 3_600_000_000)
    }
    const weights = [
      14, 8, 5, 4, 5, 10, 22, 36, 44, 46, 46, 48, 54, 52, 48, 48, 52, 60, 72, 88, 96, 88, 60, 32,
    ]
    const all = weights.reduce((sum, each) => sum + each, 0)
    expectShares(exposures.map(local), new Map(weights.map((weight, hour) => [hour, weight / all])))
  })

  test('are answered at the asked rate, some channels more readily', () => {
    const units = [
      ...groupBy(
        hidden.map((row) => row.values),
        'individual_id',
      ).values(),
    ].map((rows) => ({
      part: rows.filter((row) => row['responds'] === 1).length,
      whole: rows.length,
    }))
    const { mean, error } = ratioWithError(units)
    expect(Math.abs(mean - 0.02), `${mean}`).toBeLessThan(6 * error)
    const rate = (channel: string): number => {
      const rows = hidden.filter((row) => row.values['channel'] === channel)
      expect(rows.length).toBeGreaterThan(200)
      return rows.filter((row) => row.values['responds'] === 1).length / rows.length
    }
    expect(rate('email')).toBeGreaterThan(2 * rate('display'))
  })

  test('responses take a log-normal time', () => {
    const delays = hidden.map((row) => Number(row.values['delay'])).toSorted((a, b) => a - b)
    const at = (p: number): number => delays[Math.floor(p * delays.length)] ?? 0
    expect(at(0.5) / 2700).toBeGreaterThan(0.9)
    expect(at(0.5) / 2700).toBeLessThan(1.1)
    expect(at(0.8413) / at(0.5) / Math.exp(1.5)).toBeGreaterThan(0.9)
    expect(at(0.8413) / at(0.5) / Math.exp(1.5)).toBeLessThan(1.1)
  })
})

test('campaigns run in five channels, start over the whole time and last weeks', () => {
  const campaigns = [...indexBy(table('campaigns'), 'campaign_id').values()]
  expect(campaigns.length).toBe(200)
  campaigns.forEach((row, i) =>
    expect(row['channel']).toBe(['display', 'mobile', 'ctv', 'email', 'sms'][i % 5]),
  )
  const starts = campaigns.map((row) => num(row, 'start_at'))
  expect(starts).toEqual(starts.toSorted((a, b) => a - b))
  const flights = campaigns.map((row) => (num(row, 'end_at') - num(row, 'start_at')) / DAY)
  expect(Math.min(...flights)).toBeGreaterThan(20)
  expect(Math.max(...flights)).toBeLessThan(70)
  expect(new Set(flights).size).toBeGreaterThan(10)
})
