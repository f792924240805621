import { expect, test } from 'vitest'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { kernelRows } from '../support/kernel-rows.ts'
import { typedIdentity } from './identity-rows.ts'

const plan = typedIdentity({ households: 300, withTruth: 1, withContacts: 1 })

test.each([...plan.tables.keys()])('the kernel makes %s as the interpreter does', (name) => {
  const rows = kernelRows(plan, { name, parts: 3 })
  expect(rows.length).toBeGreaterThan(20)
  expect(rows).toEqual([...interpretTable(plan, name, { hidden: true })])
})
