import { describe, expect, test } from 'vitest'
import type { ParameterValues } from '../../src/datasets/definition.ts'
import type { Row } from './identity-rows.ts'
import { kernelColumns, NO_NOISE, typedMdm } from './mdm-rows.ts'

const COLUMNS = [
  'member',
  'household',
  'role',
  'sex',
  'is_bride',
  'weds',
  'has_maiden_name',
  'is_twin',
  'uses_landline',
  'move_count',
  'changes',
  'created_day',
]
const HOME = [
  'size',
  'is_couple',
  'has_child',
  'has_landline',
  'is_double',
  'sex',
  'first_child_sex',
  'has_namesake',
]

interface People {
  readonly customers: readonly Row[]
  /** Households by the place of their first member. */
  readonly homes: readonly Row[]
}

const made = (changed: ParameterValues): People => {
  const plan = typedMdm({ uniqueCustomers: 20_000, ...NO_NOISE, ...changed })
  const customers = kernelColumns(plan, { name: 'customers', columns: COLUMNS })
  const homes = kernelColumns(plan, { name: 'households', columns: HOME })
  return { customers, homes: homes.filter((_, i) => customers[i]?.['member'] === 0) }
}

const people = made({
  moves: 0.08,
  emailChanges: 0.05,
  marriages: 0.3,
  twins: 0.4,
  namesakes: 0.5,
  doubles: 0.25,
  landlines: 0.35,
})

/** Holds a share of some rows to what was asked, within 5 standard errors. */
const expectShare = (rows: readonly Row[], holds: (row: Row) => boolean, asked: number): void => {
  expect(rows.length).toBeGreaterThan(200)
  const share = rows.filter(holds).length / rows.length
  const error = Math.sqrt((asked * (1 - asked)) / rows.length)
  expect(Math.abs(share - asked), `${share} for ${asked}`).toBeLessThan(5 * error)
}

const is =
  (column: string, value = 1): ((row: Row) => boolean) =>
  (row) =>
    row[column] === value

describe('parameters hold as they say', () => {
  const { customers, homes } = people

  test('twins among pairs of grown siblings', () => {
    expectShare(customers.filter(is('role', 3)), is('is_twin'), 0.4)
  })

  test('namesakes among fathers who come first and have a first son', () => {
    const fathers = homes.filter(
      (row) => row['has_child'] === 1 && row['sex'] === 1 && row['first_child_sex'] === 1,
    )
    expectShare(fathers, is('has_namesake'), 0.5)
    expect(homes.filter(is('has_namesake')).length).toBe(fathers.filter(is('has_namesake')).length)
  })

  test('landlines among households, of which two of three members give the number', () => {
    expectShare(homes, is('has_landline'), 0.35)
    expectShare(customers, is('uses_landline'), 0.35 * 0.65)
  })

  test('weddings among women who take the surname of their couple', () => {
    expectShare(customers.filter(is('has_maiden_name')), is('weds'), 0.3)
    expectShare(customers.filter(is('is_bride')), is('has_maiden_name'), 0.85)
    expect(customers.filter(is('weds')).every((row) => Number(row['changes']) > 0)).toBe(true)
  })

  test('women and men in equal shares', () => {
    expectShare(customers, is('sex'), 0.5)
  })

  const years = 1827 / 365.25
  const mean = (rows: readonly Row[], column: string): number =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0) / rows.length

  test('moves and changes a year, but for the few beyond the most', () => {
    const firsts = customers.filter(is('member', 0))
    expect(mean(firsts, 'move_count') / years).toBeGreaterThan(0.08 * 0.96)
    expect(mean(firsts, 'move_count') / years).toBeLessThan(0.08 * 1.04)
    const others = customers.filter(is('weds', 0))
    expect(mean(others, 'changes') / years).toBeGreaterThan(0.05 * 0.94)
    expect(mean(others, 'changes') / years).toBeLessThan(0.05 * 1.04)
  })

  test('doubles among every second group, where no child lives with the first member', () => {
    const seconds = homes.filter((_, i) => isSecondGroup[i] === true)
    expectShare(seconds.filter(is('has_child', 0)), is('is_double'), 0.25)
    expect(homes.filter(is('is_double'))).toHaveLength(seconds.filter(is('is_double')).length)
  })

  /** Of each household whether its first member is the first of an even group of four. */
  const isSecondGroup = customers.flatMap((row, i) => (row['member'] === 0 ? [i % 8 === 4] : []))
})

test('rates of nothing make nothing', () => {
  const { customers, homes } = made({
    uniqueCustomers: 2000,
    moves: 0,
    emailChanges: 0,
    marriages: 0,
    twins: 0,
    namesakes: 0,
    doubles: 0,
    landlines: 0,
  })
  for (const column of ['move_count', 'changes', 'weds', 'is_twin', 'uses_landline'])
    expect(
      customers.some((row) => row[column] !== 0),
      column,
    ).toBe(false)
  for (const column of ['has_namesake', 'is_double', 'has_landline'])
    expect(
      homes.some((row) => row[column] !== 0),
      column,
    ).toBe(false)
})
