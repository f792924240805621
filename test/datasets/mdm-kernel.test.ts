import { expect, test } from 'vitest'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { kernelRows } from '../support/kernel-rows.ts'
import { typedMdm } from './mdm-rows.ts'

const plan = typedMdm({ uniqueCustomers: 60 })

test.each([...plan.tables.keys()])('the kernel makes %s as the interpreter does', (name) => {
  const rows = kernelRows(plan, { name, parts: 3 })
  expect(rows.length).toBeGreaterThan(3)
  expect(rows).toEqual([...interpretTable(plan, name, { hidden: true })])
})

test('one customer alone has records, and truth of nobody else', () => {
  const alone = typedMdm({ uniqueCustomers: 1, difficulty: 0 })
  const xref = kernelRows(alone, { name: 'truth_xref' })
  expect(xref).toEqual([...interpretTable(alone, 'truth_xref', { hidden: true })])
  expect(new Set(xref.map((row) => row['entity_id']))).toEqual(new Set([1]))
  expect(
    kernelRows(alone, { name: 'truth_hard_pairs' }).filter((row) => row['is_same'] === 0),
  ).toEqual([])
})
