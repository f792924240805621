import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ColumnBlock } from '../../../src/core/columns/block.ts'
import { sample } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { interpretRows } from '../../../src/core/plan/interpret.ts'
import {
  column,
  plan as planOf,
  range as rangeOf,
  table as tableOf,
} from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { interpretedGenerator } from '../../../src/core/run/interpreted.ts'
import { judgeTable } from '../../../src/core/report/judge.ts'
import {
  addTallies,
  createMeasurer,
  type Tallies,
  type Tally,
} from '../../../src/core/report/measure.ts'
import { wantedColumns } from '../../../src/core/run/landed.ts'
import { plainHost } from '../../support/kernel-rows.ts'
import { promisePlan, type PromisePlanOptions } from '../../support/promise-plan.ts'

const ROWS = 400

interface Range {
  readonly lo: number
  readonly hi: number
}

const EVERYTHING: Range = { lo: 0, hi: Infinity }

const measured = (
  options: PromisePlanOptions,
  { name = 'makers', range = EVERYTHING }: { readonly name?: string; readonly range?: Range } = {},
): Tallies => {
  const plan = resolvePlan(promisePlan({ rows: ROWS, ...options }), new Map())
  const table = plan.tables.get(name)!
  const measurer = createMeasurer(table)
  const generator = createGenerator(
    plan,
    { table, wanted: [...wantedColumns(table), ...measurer.expressions] },
    plainHost,
  )
  const hi = Math.min(range.hi, table.maxKey + 1)
  generator.generate({ variant: 0, lo: range.lo, hi }, measurer.add)
  return measurer.tallies()
}

const plan = resolvePlan(promisePlan({ rows: ROWS }), new Map())
const makers = plan.tables.get('makers')!

/** What the interpreter gives the measurer: its blocks of strings hold bytes. */
const interpretedBlocks = (): readonly ColumnBlock[] => {
  const wanted = [...wantedColumns(makers), ...createMeasurer(makers).expressions]
  const all: ColumnBlock[] = []
  interpretedGenerator(plan, { table: makers, wanted }).generate(
    { variant: 0, lo: 0, hi: makers.maxKey + 1 },
    (blocks) => all.push(...blocks),
  )
  return all
}

const tallyOf = (blocks: readonly ColumnBlock[]): Tallies => {
  const measurer = createMeasurer(makers)
  measurer.add(blocks, ROWS)
  return measurer.tallies()
}

const rows = [...interpretRows(plan, 'makers', { hidden: true })].map(({ values }) => values)

describe('tallies', () => {
  const tallies = measured({})

  test('exist for every promise that one pass can measure', () => {
    expect(rows).toHaveLength(ROWS)
    expect(Object.keys(tallies)).toEqual([
      'check height_positive',
      'colours',
      'heights',
      'nicks',
      'mean height',
      'mean next',
      'low secrets',
      'half of the red are low',
      'goods are as many as said',
      'colour and shade',
      'colour and height',
      'shade follows its law',
      'goods follows its law',
    ])
    expect(Object.keys(measured({}, { name: 'goods' }))).toEqual(['makers have heights'])
  })

  test('of a mean are number, sum and squares of the values', () => {
    const heights = rows.map(({ height }) => Number(height))
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
    expect(tallies['mean height']).toEqual({
      kind: 'moments',
      n: ROWS,
      sum: sum(heights),
      squares: sum(heights.map((height) => height * height)),
    })
    expect(tallies['mean next']).toMatchObject({ sum: sum(heights) + ROWS })
  })

  test('of a rate count the rows asked about', () => {
    const red = rows.filter(({ colour }) => colour === 'red')
    const low = red.filter(({ height }) => Number(height) < 501).length
    expect(tallies['half of the red are low']).toEqual({
      kind: 'moments',
      n: red.length,
      sum: low,
      squares: low,
    })
  })

  test('of a distribution count each value, without nulls', () => {
    const counted = (name: string): number[] =>
      ['red', 'green', 'blue'].map((word) => rows.filter((row) => row[name] === word).length)
    const sorted = (tally: Tally | undefined): number[] =>
      tally?.kind === 'bins' ? [...tally.counts].toSorted((a, b) => a - b) : []
    expect(sorted(tallies['colours'])).toEqual([0, ...counted('colour').toSorted((a, b) => a - b)])
    expect(sorted(tallies['nicks'])).toEqual([0, ...counted('nick').toSorted((a, b) => a - b)])
    expect(rows.some(({ nick }) => nick === null)).toBe(true)
  })

  test('of two columns count every pair', () => {
    const tally = tallies['colour and shade']
    if (tally?.kind !== 'bins') throw new Error('no bins')
    const pairs = new Map<string, number>()
    for (const { colour, shade } of rows) {
      const pair = `${colour} ${shade}`
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    const found = tally.counts.filter((count) => count > 0)
    expect(found.toSorted((a, b) => a - b)).toEqual([...pairs.values()].toSorted((a, b) => a - b))
  })

  test('of parts add up to those of the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: ROWS }), (cut) => {
        const low = measured({}, { range: { lo: 0, hi: cut } })
        const high = measured({}, { range: { lo: cut, hi: Infinity } })
        for (const [name, whole] of Object.entries(tallies))
          expect(addTallies(low[name]!, high[name]!)).toEqual(whole)
      }),
      { numRuns: 5, seed: 1 },
    )
  })

  test('of different kinds do not add up', () => {
    expect(() => addTallies(tallies['colours']!, tallies['mean height']!)).toThrow(/added/)
    const days = (counts: readonly number[]) => ({ kind: 'bins' as const, counts, width: 1 })
    expect(addTallies(days([1, 2, 0]), days([0, 2, 1]))).toEqual(days([1, 4, 1]))
    expect(addTallies(days([1, 2, 0]), days([0, 0, 5, 0]))).toBeUndefined()
  })
})

describe('planted faults', () => {
  const brokenBy = (options: PromisePlanOptions): readonly string[] => {
    const { tables } = resolvePlan(promisePlan({ rows: 4000, ...options }), new Map())
    const findings = judgeTable(tables.get('makers')!, {
      tallies: measured({ rows: 4000, ...options }),
      rows: new Map([['makers', 4000]]),
      proof: 'measured',
    })
    expect(findings.length).toBeGreaterThan(9)
    return findings.flatMap(({ name, verdict }) => (verdict === 'broken' ? [name] : []))
  }

  test('none is found where there is none', () => {
    expect(brokenBy({})).toEqual([])
  })

  test('a biased weight breaks the distribution and nothing else', () => {
    expect(brokenBy({ red: 62 })).toEqual(['colours'])
  })

  test('a copied column breaks the independence', () => {
    expect(brokenBy({ entangled: true })).toEqual(['colour and shade'])
  })
})

test('texts that are no words of a dictionary are measured alike', () => {
  const blocks = interpretedBlocks()
  expect(blocks.map(({ kind }) => kind)).toContain('bytes')
  const tallies = tallyOf(blocks)
  for (const name of ['colours', 'nicks', 'low secrets'])
    expect(tallies[name]).toEqual(measured({})[name])
  const pairs = tallies['colour and shade']
  expect(pairs?.kind === 'bins' && pairs.counts.reduce((sum, count) => sum + count, 0)).toBe(ROWS)
})

test('bins of timestamps are labelled by their times', () => {
  const resolved = resolvePlan(
    planOf({
      name: 'times',
      seed: 1,
      tables: [
        tableOf('events', {
          rows: rangeOf(10),
          columns: [
            column(
              'at',
              sample(law.uniform(0, 3_000_000, 1_000_000), { type: { kind: 'timestamp' } }),
            ),
          ],
        }),
      ],
    }),
    new Map(),
  )
  const events = resolved.tables.get('events')!
  const counts = [1, 1, 1, 1, 0]
  const [finding] = judgeTable(events, {
    tallies: { 'at follows its law': { kind: 'bins', counts, width: 1 } },
    rows: new Map([['events', 4]]),
    proof: 'measured',
  })
  expect(finding?.bins?.map(({ label }) => label.split(' – ')[0])).toEqual([
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:01Z',
    '1970-01-01T00:00:02Z',
    '1970-01-01T00:00:03Z',
  ])
})
