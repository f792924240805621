import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/core/plan/plan.ts'
import { allRows, buildIdentity, num, type Row, resolved, typedIdentity } from './identity-rows.ts'

const few = allRows(typedIdentity({ households: 40 }))

const names = ['households', 'individuals', 'identity_mappings', 'exposures', 'response_events']

test('ten times the households leave the first rows and the campaigns as they were', () => {
  const many = allRows(typedIdentity({ households: 400 }))
  for (const name of names) {
    const rows = few[name] ?? []
    expect(rows.length, name).toBeGreaterThan(0)
    expect((many[name] ?? []).slice(0, rows.length), name).toEqual(rows)
    expect(many[name]?.length, name).toBeGreaterThan(5 * rows.length)
  }
  expect(many['campaigns']).toEqual(few['campaigns'])
})

test('the order of tables and columns changes nothing', () => {
  const plan = buildIdentity({ households: 40 })
  const turned: Plan = {
    ...plan,
    tables: plan.tables
      .toReversed()
      .map((table) => ({ ...table, columns: table.columns.toReversed() })),
  }
  expect(allRows(resolved(turned))).toEqual(few)
})

test('a column and a table more change nothing', () => {
  const plan = buildIdentity({ households: 40 })
  const grown: Plan = {
    ...plan,
    tables: [
      ...plan.tables.map((table) => ({
        ...table,
        columns: [
          ...table.columns,
          { name: 'luck', expr: { kind: 'draw' } as const, hidden: true },
        ],
      })),
      {
        name: 'visits',
        rows: {
          kind: 'children',
          of: 'individuals',
          capacity: 3,
          count: { kind: 'literal', value: 3 },
        },
        columns: [{ name: 'visit_id', expr: { kind: 'key' } }],
      },
    ],
  }
  const { visits, ...rest } = allRows(resolved(grown))
  expect(visits?.length).toBe(3 * (few['individuals']?.length ?? 0))
  expect(rest).toEqual(few)
})

test('another seed makes other people', () => {
  const other = allRows(resolved(buildIdentity({ households: 40 }, 'another')))
  expect(other['individuals']).not.toEqual(few['individuals'])
})

test('the same parameters make the same plan, to the letter', () => {
  expect(JSON.stringify(buildIdentity())).toBe(JSON.stringify(buildIdentity()))
})

describe('another law changes only what depends on it', () => {
  const cells = (rows: readonly Row[] | undefined, column: string): readonly unknown[] =>
    (rows ?? []).map((row) => row[column])

  test('the rate of e-mail addresses leaves people as they are', () => {
    const other = allRows(typedIdentity({ households: 40, emailRate: 0.3 }))
    expect(other['households']).toEqual(few['households'])
    expect(other['individuals']).toEqual(few['individuals'])
    expect(other['identity_mappings']).not.toEqual(few['identity_mappings'])
  })

  test('who has an e-mail address at a lower rate has it at a higher one', () => {
    const owners = (emailRate: number): ReadonlySet<number> =>
      new Set(
        (allRows(typedIdentity({ households: 40, emailRate }))['identity_mappings'] ?? [])
          .filter((row) => row['identifier_type'] === 'email_hash')
          .map((row) => num(row, 'individual_id')),
      )
    const [low, high] = [owners(0.3), owners(0.7)]
    expect(low.size).toBeGreaterThan(5)
    expect([...low].filter((person) => !high.has(person))).toEqual([])
  })

  test('the shares of incomes leave all else', () => {
    const other = allRows(typedIdentity({ households: 40, incomeUnder30k: 0.4, incomeOver100k: 0 }))
    expect(cells(other['households'], 'income_bracket')).not.toContain('100K+')
    expect(cells(other['households'], 'postal_code')).toEqual(
      cells(few['households'], 'postal_code'),
    )
    expect(other['exposures']).toEqual(few['exposures'])
  })
})
