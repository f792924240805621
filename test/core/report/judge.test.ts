import { describe, expect, test } from 'vitest'
import { col, eq, reinterpret, sample } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { column, plan as planOf, range, table as tableOf } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedTable } from '../../../src/core/plan/typed.ts'
import { brokenLine, type Finding, totalsOf } from '../../../src/core/report/finding.ts'
import { judgeTable, STANDARD_ERRORS, unmeasured } from '../../../src/core/report/judge.ts'
import type { Tally } from '../../../src/core/report/measure.ts'
import { promisePlan } from '../../support/promise-plan.ts'

const plan = resolvePlan(promisePlan(), new Map())
const makers = plan.tables.get('makers')!
const goods = plan.tables.get('goods')!

const judged = (table: TypedTable, name: string, tally: Tally): Finding => {
  const rows = new Map([
    ['makers', 1_000_000],
    ['goods', 2_000_000],
  ])
  const findings = judgeTable(table, { tallies: { [name]: tally }, rows, proof: 'measured' })
  expect(findings).toHaveLength(1)
  return findings[0]!
}

const rate = (n: number, sum: number): Tally => ({ kind: 'moments', n, sum, squares: sum })

describe('a rate', () => {
  const n = 1_000_000
  const deviation = STANDARD_ERRORS * Math.sqrt(0.25 / n)

  test('holds up to six standard errors and breaks beyond', () => {
    const inside = judged(makers, 'low secrets', rate(n, Math.floor(n * (0.5 + deviation * 0.99))))
    const outside = judged(makers, 'low secrets', rate(n, Math.ceil(n * (0.5 + deviation * 1.01))))
    expect(inside).toMatchObject({ verdict: 'holds', kind: 'rate', n, unit: 'makers' })
    expect(inside.tolerance).toBeCloseTo(deviation, 6)
    expect(outside.verdict).toBe('broken')
  })

  test('of all rows breaks by a single one, however many there are', () => {
    expect(judged(makers, 'goods are as many as said', rate(n, n)).verdict).toBe('holds')
    const one = judged(makers, 'goods are as many as said', rate(n, n - 1))
    expect(one).toMatchObject({ verdict: 'broken', tolerance: 0 })
    expect(brokenLine(one)).toBe('makers: goods are as many as said: asked 1, found 0.999999')
  })

  test('of no rows holds', () => {
    expect(judged(makers, 'half of the red are low', rate(0, 0)).verdict).toBe('holds')
  })
})

describe('a mean', () => {
  const mean = (average: number, n: number): Tally => ({
    kind: 'moments',
    n,
    sum: average * n,
    squares: (average * average + 83_333) * n,
  })

  test('holds within its declared tolerance and breaks beyond', () => {
    expect(judged(makers, 'mean height', mean(501.5, 1e9)).verdict).toBe('holds')
    expect(judged(makers, 'mean height', mean(501.51, 1e9)).verdict).toBe('broken')
  })

  test('of few rows may deviate as far as chance does', () => {
    const few = judged(makers, 'mean height', mean(520, 10_000))
    expect(few.verdict).toBe('broken')
    expect(few.tolerance).toBeCloseTo(STANDARD_ERRORS * Math.sqrt(83_333 / 10_000), 1)
    expect(judged(makers, 'mean height', mean(515, 10_000)).verdict).toBe('holds')
  })
})

test('a rare rate holds when chance made it rarer still among few rows', () => {
  const asked = 0.0084
  const resolved = resolvePlan(
    planOf({
      name: 'slips',
      seed: 1,
      tables: [
        tableOf('slips', {
          rows: range(10),
          columns: [column('slip', sample(law.uniform(0, 1)))],
          promises: [{ kind: 'rate', name: 'slips', of: eq(col('slip'), 1), asked }],
        }),
      ],
    }),
    new Map(),
  )
  const slips = resolved.tables.get('slips')!
  const few = judged(slips, 'slips', rate(1341, 2))
  expect(few.verdict).toBe('holds')
  expect(few.tolerance).toBeCloseTo(STANDARD_ERRORS * Math.sqrt((asked * (1 - asked)) / 1341), 9)
  expect(judged(slips, 'slips', rate(100_000, 1100)).verdict).toBe('broken')
})

test('a mean of decimals is asked for and found in their own units', () => {
  const decimal = { kind: 'decimal', precision: 9, scale: 2 } as const
  const resolved = resolvePlan(
    planOf({
      name: 'prices',
      seed: 1,
      tables: [
        tableOf('prices', {
          rows: range(10),
          columns: [column('price', reinterpret(sample(law.uniform(100, 300)), decimal))],
          promises: [{ kind: 'mean', name: 'price', of: col('price'), asked: 2, tolerance: 0.01 }],
        }),
      ],
    }),
    new Map(),
  )
  const prices = resolved.tables.get('prices')!
  const n = 1_000_000
  const cents = (mean: number): Tally => ({
    kind: 'moments',
    n,
    sum: mean * n,
    squares: (mean * mean + 1) * n,
  })
  expect(judged(prices, 'price', cents(200.9))).toMatchObject({ verdict: 'holds', tolerance: 0.01 })
  expect(judged(prices, 'price', cents(201.1)).verdict).toBe('broken')
})

describe('a distribution', () => {
  const bins = (counts: readonly number[]): Tally => ({ kind: 'bins', counts, width: 1 })
  // Words stand in the law's own order; the last bin holds what the law cannot give.
  const order = judged(makers, 'colours', bins([0, 0, 0, 0])).bins!.map(({ label }) => label)
  const counts = (shares: Readonly<Record<string, number>>, other = 0): Tally =>
    bins([...order.slice(0, 3).map((label) => shares[label]! * 1_000_000), other])

  test('holds near its law', () => {
    const finding = judged(makers, 'colours', counts({ red: 0.505, green: 0.298, blue: 0.197 }))
    expect(finding.verdict).toBe('holds')
    expect(finding.found).toBeCloseTo(0.005, 6)
    expect(finding.tolerance).toBe(0.01)
    expect(finding.bins).toHaveLength(3)
    expect(finding.bins).toContainEqual({
      label: 'red',
      span: 1,
      asked: expect.closeTo(0.5, 6),
      found: 0.505,
    })
  })

  test('breaks when a weight is biased', () => {
    expect(judged(makers, 'colours', counts({ red: 0.52, green: 0.28, blue: 0.2 })).verdict).toBe(
      'broken',
    )
  })

  test('breaks by one value that the law cannot give, and shows it', () => {
    const finding = judged(makers, 'colours', counts({ red: 0.5, green: 0.3, blue: 0.2 }, 1))
    expect(finding.verdict).toBe('broken')
    expect(finding.bins?.at(-1)).toMatchObject({ label: 'other', asked: 0 })
  })
})

describe('independence', () => {
  const cells = (counts: readonly number[]): Tally => ({ kind: 'bins', counts, width: 2 })

  test('holds for a product of shares', () => {
    const finding = judged(makers, 'colour and shade', cells([30_000, 20_000, 30_000, 20_000]))
    expect(finding).toMatchObject({ verdict: 'holds', found: 0, n: 100_000 })
  })

  test('breaks for a planted dependence', () => {
    const finding = judged(makers, 'colour and shade', cells([33_000, 17_000, 27_000, 23_000]))
    expect(finding.verdict).toBe('broken')
    expect(finding.found).toBeGreaterThan(finding.tolerance)
  })

  test('is 1 for two columns that are one', () => {
    expect(judged(makers, 'colour and shade', cells([50_000, 0, 0, 50_000])).found).toBeCloseTo(
      1,
      9,
    )
  })

  test('of few rows allows for the noise of a small table', () => {
    expect(judged(makers, 'colour and shade', cells([14, 11, 12, 13])).verdict).toBe('holds')
  })
})

describe('exact promises', () => {
  test.each([
    [makers, 'check height_positive'],
    [goods, 'number in maker'],
    [goods, 'one good at a time'],
  ] as const)('break by one violation: %#', (table, name) => {
    const tally = (violations: number): Tally => ({ kind: 'violations', rows: 100, violations })
    expect(judged(table, name, tally(0))).toMatchObject({ verdict: 'holds', tolerance: 0, n: 100 })
    expect(judged(table, name, tally(1)).verdict).toBe('broken')
  })

  test('refuse a tally of another kind', () => {
    expect(() => judged(goods, 'number in maker', rate(1, 1))).toThrow(/tally/)
  })
})

test('totals count verdicts', () => {
  const finding = judged(goods, 'number in maker', { kind: 'violations', rows: 1, violations: 0 })
  const open = { ...finding, verdict: 'unchecked' as const }
  expect(totalsOf([finding, finding, open])).toEqual({ all: 3, holds: 2, broken: 0, unchecked: 1 })
})

test('what no tally tells of is open, but for promises across rows', () => {
  const tallies = { 'mean height': rate(1, 1) }
  const open = unmeasured(makers, { tallies, rows: new Map(), proof: 'measured' })
  expect(open.map(({ name }) => name)).not.toContain('mean height')
  expect(open.map(({ name }) => name)).toContain('height_positive')
  expect(open.every(({ verdict, proof }) => verdict === 'unchecked' && proof === 'none')).toBe(true)
  const across = unmeasured(goods, { tallies: {}, rows: new Map(), proof: 'measured' })
  expect(across.map(({ name }) => name)).toEqual(['makers have heights'])
})
