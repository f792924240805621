import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FUNCTION_NAMES } from '../../src/core/expr/expr.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import type { TypedPlan, TypedTable } from '../../src/core/plan/typed.ts'
import { kernelHost } from '../../src/node/run/kernel-host.ts'
import {
  type Golden,
  goldenFile,
  goldenNames,
  goldenPlan,
  type GoldenTable,
  goldenTable,
  readGolden,
} from '../support/golden.ts'
import { kernelRows, plainHost } from '../support/kernel-rows.ts'
import { coverage } from '../support/random-plans/coverage.ts'

const plans = new Map(
  await Promise.all(goldenNames().map(async (name) => [name, await goldenPlan(name)] as const)),
)

const goldenOf = (
  plan: TypedPlan,
  make: (plan: TypedPlan, table: TypedTable) => GoldenTable,
): Golden =>
  Object.fromEntries(
    [...plan.tables.values()]
      .filter((table) => !table.virtual)
      .map((table) => [table.name, make(plan, table)]),
  )

/** Compares with what is pinned; what differs, or is new, lands beside it. */
const expectPinned = (name: string, actual: Golden): void => {
  const changed = goldenFile(name, 'expected-changed.json')
  const expected = readGolden(name, 'expected.json')
  if (JSON.stringify(actual) === JSON.stringify(expected)) rmSync(changed, { force: true })
  else writeFileSync(changed, `${JSON.stringify(actual, null, 2)}\n`)
  expect(actual, `see test/golden/${name}/expected-changed.json`).toEqual(expected)
}

describe.each([...plans])('the plan %s has the values that are pinned', (name, plan) => {
  test('by the interpreter', () => {
    const golden = goldenOf(plan, (_, table) =>
      goldenTable(table, interpretTable(plan, table.name)),
    )
    expect(Object.keys(golden).length).toBeGreaterThan(0)
    expectPinned(name, golden)
  })

  test.each([
    ['plain TypeScript', plainHost],
    ['its twins, where they are built', kernelHost],
  ])('by the kernel in %s', (_, host) => {
    expectPinned(
      name,
      goldenOf(plan, (typed, table) =>
        goldenTable(table, kernelRows(typed, { name: table.name, host, parts: 3 })),
      ),
    )
  })
})

const KINDS =
  'at call case cell column draw fold key keyOf law let literal local lookup ordinal parent pick rows sample tally'

test('together they cover every row space, kind of expression, function, form of law and type', () => {
  const seen = new Set([...plans.values()].flatMap((plan) => [...coverage(plan)]))
  const kinds = new Set([...seen].map((word) => word.split(' ')[0]))
  expect(kinds).toEqual(new Set(KINDS.split(' ')))
  const details = [
    ...['range', 'children', 'cross', 'union'].map((each) => `rows ${each}`),
    ...FUNCTION_NAMES.map((each) => `call ${each}`),
    ...['uniform', 'steps', 'alias', 'words', 'given'].map((each) => `law ${each}`),
    ...['bits', 'hex', 'uuid'].map((each) => `draw ${each}`),
    ...['sum', 'count', 'min', 'max'].map((each) => `fold ${each}`),
    ...['sum', 'count', 'of all rows', 'with a lag', 'where'].map((each) => `tally ${each}`),
    ...['integer', 'decimal', 'string', 'boolean', 'date', 'timestamp'].flatMap((type) => [
      `column ${type} nullable`,
      `column ${type} present`,
    ]),
  ]
  expect(details.filter((word) => !seen.has(word))).toEqual([])
})

test('the plan of laws uses every kind of law', () => {
  const kinds = JSON.stringify(readGolden('laws', 'plan.json')).match(/"law":\[?\{"kind":"\w+/g)
  expect(new Set(kinds?.map((each) => each.replace('[', ''))).size).toBe(12)
})
