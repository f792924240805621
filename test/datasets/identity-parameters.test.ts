import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLakewrightError, type LakewrightError } from '../../src/core/errors.ts'
import { parseDate } from '../../src/core/expr/civil.ts'
import { defaultParameters, type NumberParameter } from '../../src/datasets/definition.ts'
import { identity } from '../../src/datasets/identity/identity.ts'
import {
  allRows,
  buildIdentity,
  DAY,
  groupBy,
  num,
  type Row,
  resolved,
  typedIdentity,
} from './identity-rows.ts'

/** All parameters of this dataset are numbers. */
const parameters = identity.parameters as readonly NumberParameter[]

type Changed = Readonly<Record<string, number>>

const refusal = (changed: Changed): LakewrightError => {
  try {
    buildIdentity(changed)
  } catch (error) {
    if (isLakewrightError(error)) return error
    throw error
  }
  throw new Error(`${JSON.stringify(changed)} was accepted`)
}

describe('parameters', () => {
  test('have defaults inside their ranges, names and options of their own, and a sentence', () => {
    expect(identity.parameters.length).toBeGreaterThan(20)
    for (const each of parameters) {
      expect(each.default).toBeGreaterThanOrEqual(each.min)
      expect(each.default).toBeLessThanOrEqual(each.max)
      expect(each.flag).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      expect(each.description).toMatch(/^[A-Z].*\.$/)
      if (each.kind !== 'number') expect(Number.isInteger(each.default)).toBe(true)
    }
    for (const of of ['name', 'flag'] as const)
      expect(new Set(identity.parameters.map((each) => each[of])).size).toBe(
        identity.parameters.length,
      )
  })

  test('include every number that the issue gives, with its default', () => {
    const flags = Object.fromEntries(identity.parameters.map((each) => [each.flag, each.default]))
    expect(flags).toMatchObject({
      'size-mean': 2.5,
      'size-deviation': 1.2,
      'income-under-30k': 0.2,
      'income-30-60k': 0.3,
      'income-60-100k': 0.3,
      'income-over-100k': 0.2,
      'email-rate': 0.6,
      'mobile-rate': 0.8,
      'ctv-rate': 0.4,
      'identifiers-mean': 4,
      campaigns: 200,
      'exposures-mean': 4,
      'response-rate': 0.02,
      'with-truth': 0,
      'with-contacts': 0,
    })
  })

  test('stand in the plan with their role, value and range', () => {
    const plan = buildIdentity({ households: 77 })
    expect(plan.parameters?.['households']).toMatchObject({ role: 'size', value: 77, min: 1 })
    expect(plan.parameters?.['emailRate']).toMatchObject({
      role: 'law',
      value: 0.6,
      min: 0,
      max: 1,
    })
  })
})

describe('what cannot hold together is refused by the name of the option', () => {
  test('fewer identifiers than the coverage needs', () => {
    const error = refusal({ identifiersMean: 2 })
    expect(error.code).toBe('plan.infeasible')
    expect(error.message).toContain('--identifiers-mean 2 ')
    expect(error.message).toContain('2.192 to 14.192')
    expect(error.message).toContain('--email-rate 0.6')
    expect(() => buildIdentity({ identifiersMean: 2.192 })).not.toThrow()
    expect(() => buildIdentity({ identifiersMean: 14.192 })).not.toThrow()
  })

  test('more identifiers than anybody may have', () => {
    expect(refusal({ identifiersMean: 14.5 }).message).toContain('--identifiers-mean 14.5 ')
  })

  test('a time that is too short', () => {
    const error = refusal({ asOf: parseDate('2023-03-01') })
    expect(error.message).toContain('--as-of 2023-03-01')
    expect(error.message).toContain('--start 2023-01-01')
    expect(error.message).toContain('2023-04-03 to ')
    expect(() => buildIdentity({ asOf: parseDate('2023-04-03') })).not.toThrow()
  })

  test('income shares that do not sum to one', () => {
    const error = refusal({ incomeOver100k: 0.3 })
    expect(error.message).toContain('sum to 1.1')
    expect(error.hint).toContain('--income-over-100k')
  })

  test('more responses than a channel can give', () => {
    const error = refusal({ responseRate: 0.9 })
    expect(error.message).toContain('--response-rate 0.9')
    const largest = Number(/0 to ([0-9.]+)$/.exec(error.message)?.[1])
    expect(largest).toBeGreaterThan(0.1)
    expect(() => buildIdentity({ responseRate: largest })).not.toThrow()
  })

  test('responses where no channel answers', () => {
    const silent = {
      responseDisplay: 0,
      responseMobile: 0,
      responseCtv: 0,
      responseEmail: 0,
      responseSms: 0,
    }
    expect(refusal(silent).message).toContain('--response-rate 0.02')
    expect(() => buildIdentity({ ...silent, responseRate: 0 })).not.toThrow()
  })
})

/** Breaks of what must hold whatever the parameters are. */
const breaks = (
  tables: Readonly<Record<string, readonly Row[]>>,
  asOf: number,
): readonly string[] => {
  const campaigns = groupBy(tables['campaigns'] ?? [], 'campaign_id')
  const mappings = groupBy(tables['identity_mappings'] ?? [], 'mapping_id')
  const out: string[] = []
  for (const own of groupBy(tables['identity_mappings'] ?? [], 'individual_id').values()) {
    if (own.length < 2 || own.length > 15) out.push(`${own.length} identifiers`)
    own
      .filter((row) => row['identifier_type'] === 'cookie_id')
      .forEach((row, i, cookies) => {
        if (num(row, 'last_seen') - num(row, 'first_seen') < 4 * DAY) out.push('a short cookie')
        if (i > 0 && num(row, 'first_seen') < num(cookies[i - 1], 'last_seen')) out.push('overlap')
      })
  }
  for (const row of tables['exposures'] ?? []) {
    const at = num(row, 'exposure_timestamp')
    const [campaign] = campaigns.get(num(row, 'campaign_id')) ?? []
    const [mapping] = mappings.get(num(row, 'mapping_id')) ?? []
    if (campaign?.['channel'] !== row['channel']) out.push('another channel')
    if (at < num(campaign, 'start_at') || at >= num(campaign, 'end_at')) out.push('out of flight')
    if (at < num(mapping, 'first_seen') || at >= num(mapping, 'last_seen')) out.push('out of life')
    if (at >= asOf) out.push('after the end')
  }
  for (const row of tables['response_events'] ?? [])
    if (num(row, 'response_timestamp') <= num(row, 'exposure_timestamp')) out.push('too early')
  return out
}

const extremes: readonly (readonly [string, Changed])[] = [
  ['one household', { households: 1 }],
  ['everybody has everything', { emailRate: 1, mobileRate: 1, ctvRate: 1, sharedCookieRate: 1 }],
  ['nobody has anything', { emailRate: 0, mobileRate: 0, ctvRate: 0, sharedCookieRate: 0 }],
  ['the most identifiers', { identifiersMean: 14.192 }],
  ['the fewest identifiers', { identifiersMean: 2.192 }],
  ['the shortest time', { asOf: parseDate('2023-04-03'), identifiersMean: 13 }],
  ['forty years', { start: parseDate('2060-01-02'), asOf: parseDate('2100-01-01') }],
  ['a campaign a channel', { campaigns: 5 }],
  ['six campaigns', { campaigns: 6 }],
  ['eleven campaigns', { campaigns: 11 }],
  ['more campaigns than days', { campaigns: 20_000 }],
  ['no ads', { exposuresMean: 0 }],
  ['very many ads', { exposuresMean: 40, exposuresSpread: 2 }],
  ['ads for everybody alike', { exposuresMean: 4, exposuresSpread: 0.2 }],
  ['no responses', { responseRate: 0 }],
  ['late responses', { responseMinutes: 10_080, responseSpread: 4 }],
  ['single people', { sizeMean: 1, sizeDeviation: 0.1 }],
  ['large families', { sizeMean: 6, sizeDeviation: 0.1 }],
  ['one income', { incomeUnder30k: 1, income30To60k: 0, income60To100k: 0, incomeOver100k: 0 }],
]

test.each(extremes)('%s: the dataset stays coherent', (_name, changed) => {
  const households = changed['households'] ?? 25
  const asOf = changed['asOf'] ?? Number(defaultParameters(identity)['asOf'])
  const tables = allRows(typedIdentity({ households, withTruth: 1, withContacts: 1, ...changed }))
  expect(tables['households']?.length).toBe(households)
  expect(tables['individuals']?.length).toBeGreaterThanOrEqual(households)
  expect(breaks(tables, asOf * DAY).slice(0, 5)).toEqual([])
})

test('any values within the ranges give a valid plan or name what cannot hold', () => {
  const seen = { valid: 0, infeasible: 0 }
  const values = fc.record(
    Object.fromEntries(
      parameters
        .filter((each) => !each.name.startsWith('income'))
        .map((each) => [
          each.name,
          each.kind === 'number'
            ? fc.double({ min: each.min, max: each.max, noNaN: true })
            : fc.integer({ min: each.min, max: each.max }),
        ]),
    ),
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(values, (changed) => {
      try {
        resolved(buildIdentity(changed as Changed))
        seen.valid += 1
      } catch (error) {
        if (!isLakewrightError(error) || error.code !== 'plan.infeasible') throw error
        expect(error.message).toMatch(/--[a-z]/)
        seen.infeasible += 1
      }
    }),
    { numRuns: 60, seed: 7 },
  )
  expect(seen.valid).toBeGreaterThan(3)
  expect(seen.infeasible).toBeGreaterThan(3)
})
