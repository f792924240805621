import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Value } from '../../../src/core/expr/types.ts'
import { applyNoise } from '../../../src/core/noise/apply.ts'
import type { NoiseStep } from '../../../src/core/noise/model.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { kernelRows } from '../../support/kernel-rows.ts'
import { duckdbRows, duckdbText, firstDifference, interpretedRows } from '../sql/duckdb-rows.ts'
import { OPERATORS } from './operators.ts'
import { CLEAN, FOREIGN, typedPeople, TYPIST } from './people-plan.ts'

const step = (name: string, rate: number, ...operators: readonly string[]): NoiseStep => ({
  name,
  operators: operators.map((each) => OPERATORS[each]!(rate)),
  odds: [],
})

/** Every operator in one step or another. */
const ALL: readonly NoiseStep[] = [
  step(
    'name',
    0.08,
    'nickname',
    'initial',
    'order',
    'hyphen',
    'maiden',
    'suffix',
    'title',
    'spacing',
  ),
  step('style', 0.2, 'accents', 'capitals', 'small'),
  {
    ...step('slip', 0.07, 'insert', 'delete', 'substitute', 'transpose', 'ocr', 'truncate'),
    odds: [TYPIST, FOREIGN],
  },
  { ...step('again', 0.1, 'insert', 'phonetic'), odds: [TYPIST] },
  step('birth', 0.15, 'dayAndMonth', 'age', 'january', 'days', 'copy'),
  step('zip', 0.25, 'zipDigit', 'zipTranspose', 'replaced'),
  step('phone', 0.2, 'dots', 'spaces', 'parentheses', 'plus'),
  step('empty', 0.15, 'missing'),
  step('words', 0.3, 'split', 'merge', 'copyFound'),
  step('join', 0.4, 'merge'),
]

type Row = Readonly<Record<string, Value>>

describe('every reading', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb()
  })
  afterAll(() => db.close())

  const plan = typedPeople(ALL, 150)
  test.each(['people', 'people_changes', 'ledger'])(
    'of %s is the same: interpreter, kernel and DuckDB',
    async (name) => {
      const table = plan.tables.get(name)!
      const rows = [...interpretTable(plan, name, { hidden: true })]
      expect(rows.length).toBeGreaterThanOrEqual(150)
      expect(kernelRows(plan, { name, parts: 3 })).toEqual(rows)
      const actual = await duckdbRows(db, duckdbText(plan, table))
      const expected = interpretedRows(plan, table)
      expect(firstDifference(plan, table, { actual, expected })).toBeUndefined()
    },
    60_000,
  )
})

const asText = (value: Value | undefined, column: string): Value =>
  column === 'born' && typeof value === 'number'
    ? new Date(value * 86_400_000).toISOString().slice(0, 10)
    : (value ?? null)

describe('the ledger', () => {
  const plan = typedPeople(ALL, 400)
  const people = kernelRows(plan, { name: 'people' })
  const ledger = kernelRows(plan, { name: 'ledger' })
  const of = (person: Row): readonly Row[] =>
    ledger.filter((row) => row['record_id'] === person['record_id'])

  test('undone backwards gives the true cells, played forwards the landed ones', () => {
    let changed = 0
    for (const person of people) {
      const cells = Object.keys(CLEAN)
      const dirty = Object.fromEntries(cells.map((name) => [name, asText(person[name], name)]))
      const clean = Object.fromEntries(
        Object.entries(CLEAN).map(([name, from]) => [name, asText(person[from], name)]),
      )
      const changes = of(person)
      const back = { ...dirty }
      for (const change of changes.toReversed()) {
        expect(back[String(change['column'])]).toBe(change['emitted_value'])
        back[String(change['column'])] = change['true_value'] ?? null
      }
      expect(back).toEqual(clean)
      const forth = { ...clean }
      for (const change of changes)
        forth[String(change['column'])] = change['emitted_value'] ?? null
      expect(forth).toEqual(dirty)
      changed += changes.length
    }
    expect(changed).toBe(ledger.length)
    expect(changed).toBeGreaterThan(800)
  })

  test('has only changes that show, in the order of the steps', () => {
    expect(ledger.filter((row) => row['true_value'] === row['emitted_value'])).toEqual([])
    for (const person of people) {
      const steps = of(person).map((row) => Number(row['step']))
      expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    }
  })

  test('has words split by one space inside them, and merged where the first space was', () => {
    const changes = (operator: string): readonly (readonly [string, string])[] =>
      ledger
        .filter((row) => row['operator'] === operator)
        .map((row) => [String(row['true_value']), String(row['emitted_value'])] as const)
    const [split, merged] = [changes('split'), changes('merge')]
    expect(split.length).toBeGreaterThan(30)
    for (const [before, after] of split) {
      const at = [...after].findIndex((each, i) => each !== before[i])
      expect([after[at], after.slice(0, at) + after.slice(at + 1)]).toEqual([' ', before])
      expect(after.slice(at - 1, at + 2)).toMatch(/^\S \S$/)
    }
    expect(merged.length).toBeGreaterThan(3)
    for (const [before, after] of merged) expect(after).toBe(before.replace(' ', ''))
  })

  test('is empty without noise, and the rows are true', () => {
    const none = ALL.map((each) => ({
      ...each,
      operators: each.operators.map((operator) => ({ ...operator, rate: 0 })),
    }))
    const quiet = typedPeople(none, 50)
    expect(kernelRows(quiet, { name: 'ledger' })).toEqual([])
    for (const person of kernelRows(quiet, { name: 'people' }))
      for (const [name, from] of Object.entries(CLEAN)) expect(person[name]).toBe(person[from])
  })
})

/** Six standard errors of a share of n. */
const allowed = (share: number, n: number): number => 6 * Math.sqrt((share * (1 - share)) / n)

describe('rates', () => {
  const COUNT = 20_000
  const shareOf = (rows: readonly Row[], column: string): number =>
    rows.filter((row) => row[column] !== 0).length / rows.length

  const slips = (rate: number): NoiseStep => ({
    ...step('slip', rate / 2, 'insert', 'substitute'),
    odds: [TYPIST, FOREIGN],
  })
  const zips = (rate: number): NoiseStep => ({ ...step('zip', rate, 'replaced'), odds: [TYPIST] })
  const rows = kernelRows(typedPeople([slips(0.1), zips(0.1)], COUNT), { name: 'people' })

  test('are those that were asked, whatever the odds', () => {
    expect(Math.abs(shareOf(rows, 'slip_struck') - 0.1)).toBeLessThan(allowed(0.1, COUNT))
    expect(Math.abs(shareOf(rows, 'zip_zip_shows') - 0.1)).toBeLessThan(allowed(0.1, COUNT))
  })

  test('of records typed badly are higher in every field', () => {
    const both = (row: Row): number => (row['slip_struck'] !== 0 && row['zip_struck'] !== 0 ? 1 : 0)
    const together = rows.reduce((sum, row) => sum + both(row), 0) / COUNT
    const alone = shareOf(rows, 'slip_struck') * shareOf(rows, 'zip_struck')
    expect(together / alone).toBeGreaterThan(1.3)
  })

  test('follow the Bayes factors', () => {
    const odds = (class_: number): number => {
      const some = rows.filter((row) => row['foreign'] === class_ && row['typist'] === 0)
      const share = shareOf(some, 'slip_struck')
      return share / (1 - share)
    }
    expect(odds(1) / odds(0)).toBeGreaterThan(1.5)
    expect(odds(1) / odds(0)).toBeLessThan(2.6)
  })

  test('that are higher strike the same records and more', () => {
    const more = kernelRows(typedPeople([slips(0.3), zips(0.3)], COUNT), { name: 'people' })
    const lost = rows.filter((row, i) => row['slip_struck'] !== 0 && more[i]!['slip_struck'] === 0)
    expect(lost).toEqual([])
    expect(shareOf(more, 'slip_struck')).toBeGreaterThan(0.28)
  })

  test('that add up to more than 1 are refused by the name of the step', () => {
    const model = { clean: CLEAN, steps: [step('slip', 0.6, 'insert', 'delete')] }
    expect(() => applyNoise(model)).toThrow(/the rates of slip add up to 1.2, more than 1/)
  })
})
