import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FUNCTION_NAMES } from '../../../src/core/expr/expr.ts'
import { LANGUAGE } from '../../../src/core/plan/language/language.ts'
import type { Plan, Table } from '../../../src/core/plan/plan.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { parseVocabulary } from '../../../src/core/plan/vocabulary.ts'

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

const page = read('docs/plan.md')
const surnames = parseVocabulary('surnames', read('assets/vocabularies/surnames.tsv'))

interface Example {
  readonly what: string
  readonly table: string
  readonly json: Readonly<Record<string, unknown>>
}

const examples: readonly Example[] = [
  ...page.matchAll(/^```json(?: (?!in )(\w+))?(?: in (\w+))?\n([\s\S]*?)^```$/gm),
].map(([, what = 'expression', table = '', json = '']) => ({
  what,
  table,
  json: JSON.parse(json) as Example['json'],
}))

const plan = examples.find(({ what }) => what === 'plan')?.json as unknown as Plan

const changed = (name: string, change: (table: Table) => object): unknown => ({
  ...plan,
  tables: plan.tables.map((table) =>
    table.name === name ? { ...table, ...change(table) } : table,
  ),
})

const added = (list: readonly unknown[] | undefined, item: unknown): readonly unknown[] => [
  ...(list ?? []),
  item,
]

/** The page's plan with an example put in its place. */
const planWith = ({ what, table, json }: Example): unknown => {
  const expr = { name: 'example', expr: json }
  switch (what) {
    case 'plan':
      return json
    case 'rows':
      return { ...plan, tables: added(plan.tables, { name: 'example', rows: json, columns: [] }) }
    case 'law':
      return changed('products', ({ columns }) => ({
        columns: added(columns, { name: 'example', expr: { kind: 'sample', law: json } }),
      }))
    case 'type':
      return changed('products', ({ columns }) => ({
        columns: added(columns, {
          name: 'example',
          expr: { kind: 'literal', value: null, type: json },
        }),
      }))
    case 'reference':
      return changed(table, ({ references }) => ({ references: added(references, json) }))
    case 'check':
      return changed(table, ({ checks }) => ({ checks: added(checks, json) }))
    case 'promise':
      return changed(table, ({ promises }) => ({ promises: added(promises, json) }))
    case 'expression':
      return changed(table, ({ columns }) => ({ columns: added(columns, expr) }))
    default:
      throw new Error(`an example of ${what} on the page`)
  }
}

const kindsOf = (what: string): readonly unknown[] =>
  examples.filter((example) => example.what === what).map(({ json }) => json['kind'])

const kindsIn = (rule: string): readonly string[] => {
  const found = LANGUAGE[rule]
  return found?.rule === 'kinds' ? Object.keys(found.kinds) : []
}

describe('docs/plan.md', () => {
  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(50)
  })

  test.each(examples.map((example, i) => [i, example.what, example.table, example] as const))(
    'example %i, %s %s, is valid',
    (...[, , , example]) => {
      expect(resolvePlan(planWith(example), new Map([['surnames', surnames]])).hash).toMatch(
        /^\w+$/,
      )
    },
  )

  test.each([
    ['node', 'expression'],
    ['law', 'law'],
    ['rows', 'rows'],
    ['type', 'type'],
    ['promise', 'promise'],
  ])('has an example of every %s', (rule, what) => {
    const shown = new Set([...kindsOf(what), ...(rule === 'node' ? ['local'] : [])])
    expect(kindsIn(rule).length).toBeGreaterThan(3)
    expect(kindsIn(rule).filter((kind) => !shown.has(kind))).toEqual([])
  })

  test('names every function', () => {
    const table = page.slice(page.indexOf('## Functions'), page.indexOf('## Laws'))
    expect(FUNCTION_NAMES.filter((name) => !table.includes(`\`${name}\``))).toEqual([])
  })
})
