import { expect, test } from 'vitest'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { kernelRows } from '../support/kernel-rows.ts'
import { typedRetail } from './retail-rows.ts'

const plan = typedRetail({
  stores: 4,
  products: 90,
  customers: 150,
  promotions: 400,
  orders: 260,
  days: 6,
  withTruth: 1,
})

test.each([...plan.tables.keys()])('the kernel makes %s as the interpreter does', (name) => {
  const rows = kernelRows(plan, { name, parts: 3 })
  expect(rows.length).toBeGreaterThan(3)
  expect(rows).toEqual([...interpretTable(plan, name, { hidden: true })])
})
