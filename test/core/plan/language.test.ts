import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { isLakewrightError } from '../../../src/core/errors.ts'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import * as p from '../../../src/core/plan/build.ts'
import { collectIssues } from '../../../src/core/plan/issues.ts'
import { planJsonSchema } from '../../../src/core/plan/language/json-schema.ts'
import { parsePlan } from '../../../src/core/plan/language/parse.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { mistakesOf, oneTable, planOf, resolve } from './plans.ts'

const file = new URL('../../../src/core/plan/plan.schema.json', import.meta.url)
const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(planJsonSchema())

const accepts = (plan: unknown): boolean => {
  const issues = collectIssues(plan)
  parsePlan(plan, issues)
  return issues.count() === 0
}

const rich: Plan = planOf(
  p.table('orders', {
    as: 'orders-landed',
    description: 'what was bought',
    rows: p.range(e.quantity('n')),
    columns: [
      p.column('id', e.key(), { as: 'order-id', description: 'the key' }),
      p.column(
        'at',
        e.sample(law.calendar({ start: 'start', days: 30, weekdays: [1, 1, 1, 1, 1, 2, 2] })),
      ),
      p.column('size', e.sample(law.normal(2, e.quantity('rate'), { low: 1, high: 4 })), {
        range: [1, 4],
      }),
      p.column('kind', e.sample(law.weighted({ a: 1, b: e.quantity('rate') })), { nullRate: 0.1 }),
      p.column('cents', e.rescale(e.col('size'), e.decimalType(9, 2))),
      p.column('note', e.cases([[e.isNull(e.col('kind')), null]], 'x')),
      p.column('named', e.letIn('x', e.draw('bits', { stream: 's', index: 0 }), e.local('x'))),
      p.column('total', e.fold.sum('items', e.key(), true)),
    ],
    key: ['id'],
    checks: [p.check('sizes', e.gt(e.col('size'), 0))],
    promises: [
      { kind: 'rate', name: 'share of b', of: e.eq(e.col('kind'), 'b'), asked: 0.2, tolerance: 1 },
      { kind: 'unique', name: 'ids', columns: ['id'] },
      { kind: 'independent', name: 'no link', columns: ['size', 'kind'], below: 0.1 },
    ],
    layout: { fileRows: 1000 },
  }),
  p.table('items', {
    rows: p.children('orders', 4, e.col('size')),
    columns: [p.column('order', e.parentKey()), p.column('other', e.pick('items', e.parentKey()))],
    references: [{ columns: ['order'], table: 'orders', to: ['id'] }],
  }),
  p.virtualTable('cells', {
    rows: p.cross(['days', 100]),
    columns: [p.column('d', e.dimension('days'))],
  }),
  p.virtualTable('days', { rows: p.range(30), columns: [] }),
  p.virtualTable('all', { rows: p.union(3, ['days', 1], ['orders', 2]), columns: [] }),
)

/** Plans that differ from a valid one in one value somewhere. */
const mutants = (plan: unknown): fc.Arbitrary<unknown> => {
  const paths: (readonly string[])[] = []
  const visit = (value: unknown, path: readonly string[]): void => {
    paths.push(path)
    if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) visit(item, [...path, key])
  }
  visit(plan, [])
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...paths.map((path) => path.reduce(step, plan))),
    fc.constantFrom(NaN, -0, Infinity, 2 ** 53, -1, 0.5, '', '__proto__', '\ud800', undefined),
  )
  return fc.tuple(fc.constantFrom(...paths), value).map(([path, to]) => replaced(plan, path, to))
}

const step = (value: unknown, key: string): unknown =>
  (value as Readonly<Record<string, unknown>> | undefined)?.[key]

const replaced = (plan: unknown, path: readonly string[], to: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return to
  const copy: unknown = Array.isArray(plan) ? [...(plan as unknown[])] : { ...(plan as object) }
  const target = copy as Record<string, unknown>
  target[key] = replaced(target[key], rest, to)
  return copy
}

/** Whether JSON can say the value at all. */
const isJson = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return value !== undefined
  return Object.values(value).every(isJson)
}

describe('the JSON Schema', () => {
  test('is the one that is shipped (npm run docs:schema rewrites it)', () => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(planJsonSchema())
  })

  test('and the parser accept a plan of every part', () => {
    expect(mistakesOf(rich)).toEqual([])
    expect(validate(rich)).toBe(true)
    expect(accepts(rich)).toBe(true)
  })

  test('and the parser agree on thousands of changed plans', () => {
    let refused = 0
    fc.assert(
      fc.property(mutants(rich).filter(isJson), (plan) => {
        const accepted = accepts(plan)
        if (!accepted) refused += 1
        expect(validate(plan)).toBe(accepted)
      }),
      { numRuns: 3500, seed: 7 },
    )
    expect(refused).toBeGreaterThan(300)
    expect(refused).toBeLessThan(3400)
  })
})

/** Runs something that may fail, and gives the code of its error. */
const codeOf = (run: () => unknown): string => {
  try {
    run()
    return 'none'
  } catch (error) {
    if (isLakewrightError(error)) return error.code
    throw error
  }
}

describe('hostile input', () => {
  test('any JSON at all gives an error of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(codeOf(() => resolve(value))).toBe('plan.invalid')
      }),
      { numRuns: 2000, seed: 7 },
    )
  })

  test('any change of a plan gives a plan or an error of ours', () => {
    const codes = new Map<string, number>()
    fc.assert(
      fc.property(mutants(rich), mutants(rich), (a, b) => {
        const tables = [a, b].flatMap((plan) => step(plan, 'tables') ?? [])
        for (const plan of [a, { ...rich, tables }]) {
          const code = codeOf(() => resolve(plan))
          codes.set(code, (codes.get(code) ?? 0) + 1)
        }
      }),
      { numRuns: 700, seed: 11 },
    )
    expect([...codes.keys()].toSorted()).toEqual(['none', 'plan.invalid'])
    expect(codes.get('none')).toBeGreaterThan(20)
  })

  const nested = (depth: number): unknown =>
    Array.from({ length: depth }).reduce<unknown>(
      (inner) => ({ kind: 'call', function: 'neg', args: [inner] }),
      1,
    )
  const withExpr = (expr: unknown): unknown => ({
    ...oneTable([]),
    tables: [{ name: 't', rows: { kind: 'range', count: 1 }, columns: [{ name: 'a', expr }] }],
  })

  test('expressions may nest 63 calls deep and no deeper', () => {
    expect(codeOf(() => resolve(withExpr(nested(63))))).toBe('none')
    expect(codeOf(() => resolve(withExpr(nested(64))))).toBe('plan.json')
    expect(codeOf(() => resolve(withExpr(nested(5000))))).toBe('plan.json')
  })

  test('lists have limits, and so has the whole', () => {
    const many = Array.from({ length: 200_000 }, () => 1)
    const sample = { kind: 'sample', law: { kind: 'histogram', edges: [1, 2], weights: many } }
    expect(mistakesOf(withExpr(sample))[0]).toContain('expected 1 to 100000 items, not 200000')
    const call = { kind: 'call', function: 'concat', args: Array.from({ length: 100 }, () => 'x') }
    const deep = { ...call, args: Array.from({ length: 100 }, () => call) }
    const columns = Array.from({ length: 100 }, (_, i) => ({ name: `c${i}`, expr: deep }))
    const table = { name: 't', rows: { kind: 'range', count: 1 }, columns }
    expect(codeOf(() => resolve({ ...oneTable([]), tables: [table] }))).toBe('plan.json')
  })

  test('names of prototypes are names like others or refused', () => {
    const text = JSON.stringify(rich).replace(
      '"name":"small"',
      '"name":"small","__proto__":{"seed":2}',
    )
    expect(mistakesOf(JSON.parse(text)).join()).toContain('the property "__proto__" is not known')
    const columns = ['constructor', '__proto__', 'toString'].map((name) => p.column(name, e.key()))
    expect(mistakesOf(oneTable(columns))).toEqual([])
    expect(mistakesOf(oneTable([p.column('a', e.col('constructor'))]))).toHaveLength(1)
    expect(mistakesOf(oneTable([p.column('a', e.param('constructor'))]))).toHaveLength(1)
    const kind = {
      ...oneTable([]),
      tables: [{ name: 't', rows: { kind: 'toString' }, columns: [] }],
    }
    expect(mistakesOf(kind)[0]).toContain('"toString" is not known')
    const parameters = JSON.parse(
      '{"__proto__":{"role":"law","value":3}}',
    ) as Plan['parameters'] & {}
    const plan = {
      ...oneTable([p.column('a', e.param('__proto__'))]),
      parameters: { ...parameters, n: p.size(1) },
    }
    expect(mistakesOf(plan)).toEqual([])
  })

  test.each([
    ['nothing', undefined],
    ['a list', []],
    ['text', 'plan'],
    ['a function', () => 1],
    ['a big integer', { ...rich, seed: 3n }],
    ['NaN as seed', { ...rich, seed: NaN }],
    ['a fraction as seed', { ...rich, seed: 1.5 }],
    ['a seed of 2^53', { ...rich, seed: 2 ** 53 }],
    ['no tables', { ...rich, tables: [] }],
    ['a newer generator', { ...rich, lakewright: 99 }],
    ['half a surrogate', { ...rich, description: '\ud800' }],
    ['a name with a slash', { ...rich, name: 'a/b' }],
    ['asOf before start', { ...rich, start: '2025-01-01', asOf: '2024-01-01' }],
    [
      'a parameter above its maximum',
      { ...rich, parameters: { n: p.size(5, { max: 4 }), rate: p.lawParameter(1) } },
    ],
    ['a fractional size', { ...rich, parameters: { n: p.size(1.5), rate: p.lawParameter(1) } }],
    [
      'a vocabulary that is not at hand',
      { ...rich, vocabularies: { streets: { version: '1', sha256: 'a'.repeat(64) } } },
    ],
    [
      'a vocabulary of other content',
      { ...rich, vocabularies: { towns: { version: '1', sha256: 'a'.repeat(64) } } },
    ],
  ])('%s is refused', (_, plan) => {
    expect(codeOf(() => resolve(plan))).toBe('plan.invalid')
  })
})

describe('a read plan', () => {
  test('is a fresh frozen copy with bare values as literals', () => {
    const { plan } = resolve({
      ...oneTable([]),
      tables: [
        { name: 't', rows: { kind: 'range', count: 1 }, columns: [{ name: 'a', expr: -0 }] },
      ],
    })
    const expr = plan.tables[0]?.columns[0]?.expr
    expect(expr).toEqual({ kind: 'literal', value: 0 })
    expect([plan, plan.tables, plan.tables[0], expr].every((part) => Object.isFrozen(part))).toBe(
      true,
    )
  })
})
