import { expect, test } from 'vitest'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { kernelRows } from '../support/kernel-rows.ts'
import { typedMdm } from './mdm-rows.ts'

const plan = typedMdm({ uniqueCustomers: 150 })

test.each([...plan.tables.keys()])('the kernel makes %s as the interpreter does', (name) => {
  const rows = kernelRows(plan, { name, parts: 3 })
  expect(rows.length).toBeGreaterThan(3)
  expect(rows).toEqual([...interpretTable(plan, name, { hidden: true })])
})

test('one customer has the records that the rates give it, and nobody else is there', () => {
  const alone = typedMdm({ uniqueCustomers: 1 })
  for (const name of alone.tables.keys())
    expect(kernelRows(alone, { name }), name).toEqual([
      ...interpretTable(alone, name, { hidden: true }),
    ])
  expect(kernelRows(alone, { name: 'truth_xref' }).map((row) => row['entity_id'])).toContain(1)
})
