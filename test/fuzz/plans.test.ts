import { describe, expect, test } from 'vitest'
import { isLakewrightError } from '../../src/core/errors.ts'
import { createGenerator } from '../../src/core/kernel/generator.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import { readVocabularies } from '../../src/node/run/load-plan.ts'
import { listVocabularies } from '../../src/node/store/assets.ts'
import { goldenNames, readGolden } from '../support/golden.ts'
import { kernelRows, plainHost } from '../support/kernel-rows.ts'
import { createChance, type Chance } from '../support/random-plans/chance.ts'

// Thousands of mutants of one plan, and any JSON at all, are in test/core/plan/language.test.ts. Here golden plans
// are changed, and what is accepted has to run.

const MUTANTS = 2000

const vocabularies = await readVocabularies(await listVocabularies())
// The plan of laws takes too long to compile a thousand times.
const plans = goldenNames()
  .filter((name) => name !== 'laws')
  .map((name) => readGolden(name, 'plan.json'))
  .filter((plan) => plan !== undefined)

type Json = { [name: string]: unknown } | unknown[]

/** Every object and list within a value. */
const nodesOf = (value: unknown): readonly Json[] =>
  typeof value !== 'object' || value === null
    ? []
    : [value as Json, ...Object.values(value).flatMap(nodesOf)]

// prettier-ignore
const SCALARS = [
  null, true, '', 'a', 'key', 'id', 0, -1, 0.5, 1e300, 2 ** 31, 2 ** 53, -(2 ** 53),
  '__proto__', 'toString', '\ud800', '\u0000', '9999-99-99', 'start',
]

const VALUES: readonly unknown[] = [
  [],
  {},
  [[]],
  { kind: 'key' },
  { kind: 'column', name: 'id' },
  { parameter: 'rows' },
  ...SCALARS,
]

/** Changes a plan in place somewhere: a value, a property gone, two things exchanged, one thing twice. */
const mutate = (chance: Chance, plan: unknown): void => {
  const nodes = nodesOf(plan)
  const node = chance.one(nodes) as Record<string, unknown>
  const keys = Object.keys(node)
  if (keys.length === 0) return
  const key = chance.one(keys)
  const other = chance.one(nodes) as Record<string, unknown>
  const names = Object.keys(other)
  switch (chance.below(5)) {
    case 0:
      node[key] = chance.one(VALUES)
      return
    case 1:
      if (Array.isArray(node)) node.splice(Number(key), 1)
      else delete node[key]
      return
    case 2:
      if (names.length > 0) node[key] = structuredClone(other[chance.one(names)])
      return
    case 3:
      if (Array.isArray(node)) node.push(structuredClone(node[Number(key)]))
      else node[`${key}s`] = node[key]
      return
    default:
      if (typeof node[key] === 'number') node[key] = chance.one([node[key] + 1, -node[key], 0])
      else if (typeof node[key] === 'string') node[key] = `${node[key]}x`
  }
}

/** The plan ready to run, or the code of the error that refuses it. */
const read = (plan: unknown): TypedPlan | string => {
  try {
    return resolvePlan(plan, vocabularies)
  } catch (error) {
    if (isLakewrightError(error)) return error.code
    throw error
  }
}

const FEW = 2000

/** Runs what is small enough with both engines, compiles the rest; gives the number of rows compared. */
const run = (plan: TypedPlan): number => {
  let rows = 0
  const isSmall = [...plan.tables.values()].every(({ maxKey }) => maxKey < FEW)
  for (const table of plan.tables.values()) {
    const wanted = table.columns.map(({ name, shape }) => ({
      name,
      expr: { kind: 'column' as const, name, shape },
    }))
    createGenerator(plan, { table, wanted }, plainHost)
    if (!isSmall) continue
    const expected = [...interpretTable(plan, table.name, { hidden: true })]
    expect(kernelRows(plan, { name: table.name }), table.name).toEqual(expected)
    rows += expected.length
  }
  return rows
}

describe('a golden plan with changes', () => {
  test('is refused by an error of ours, or runs alike in both engines', () => {
    const codes = new Map<string, number>()
    let rows = 0
    for (let seed = 0; seed < MUTANTS; seed++) {
      const chance = createChance(seed)
      const plan = structuredClone(chance.one(plans))
      for (let changes = chance.between(1, 3); changes > 0; changes--) mutate(chance, plan)
      const found = read(plan)
      const code = typeof found === 'string' ? found : 'accepted'
      codes.set(code, (codes.get(code) ?? 0) + 1)
      // Every third that is accepted runs: most differ little from one another.
      if (typeof found !== 'string' && (codes.get('accepted') ?? 0) % 3 === 0) rows += run(found)
    }
    const known = ['accepted', 'plan.infeasible', 'plan.invalid', 'plan.json']
    expect([...codes.keys()].filter((code) => !known.includes(code))).toEqual([])
    expect(codes.get('plan.invalid')).toBeGreaterThan(MUTANTS / 3)
    expect(codes.get('accepted')).toBeGreaterThan(MUTANTS / 20)
    expect(rows).toBeGreaterThan(100)
  }, 600_000)
})
