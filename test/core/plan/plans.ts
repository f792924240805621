import type { Expr } from '../../../src/core/expr/expr.ts'
import type * as e from '../../../src/core/expr/build.ts'
import { isLakewrightError } from '../../../src/core/errors.ts'
import * as p from '../../../src/core/plan/build.ts'
import type { PlanIssue } from '../../../src/core/plan/issues.ts'
import type { Column, Plan, Table } from '../../../src/core/plan/plan.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedColumn, TypedPlan } from '../../../src/core/plan/typed.ts'
import { parseVocabulary } from '../../../src/core/plan/vocabulary.ts'

/** A vocabulary of three towns. */
export const TOWNS = parseVocabulary(
  'towns',
  '# towns 1\nname:string\tpeople:integer\nAix\t30\nBern\t50\nCôme\t20\n',
)

/** The vocabularies that the tests' plans may use. */
export const VOCABULARIES = new Map([['towns', TOWNS]])

/** A plan of a size `n` of 100 and a law `rate` of 0.25 with these tables. */
export const planOf = (...tables: readonly Table[]): Plan =>
  p.plan({
    name: 'small',
    seed: 1,
    start: '2024-01-01',
    asOf: '2024-12-31T12:00:00Z',
    parameters: { n: p.size(100), rate: p.lawParameter(0.25) },
    tables,
  })

/** Resolves with the tests' vocabularies. */
export const resolve = (plan: unknown): TypedPlan => resolvePlan(plan, VOCABULARIES)

/** A plan of one table of 100 rows, keys 1 to 100, with these columns. */
export const oneTable = (columns: readonly Column[], parts: Partial<Table> = {}): Plan =>
  planOf(p.table('things', { rows: p.range({ parameter: 'n' }), columns, ...parts }))

/** The typed column of a one-column plan whose other columns are `others`. */
export const typedColumn = (expr: e.Operand, others: readonly Column[] = []): TypedColumn => {
  const table = resolve(oneTable([...others, p.column('it', expr)])).tables.get('things')
  const column = table?.columns.find(({ name }) => name === 'it')
  if (column === undefined) throw new Error('no column it')
  return column
}

/** The mistakes of a plan, each as `path: message`; none when it is valid. */
export const mistakesOf = (plan: unknown): readonly string[] =>
  issuesOf(plan).map(({ path, message }) => `${path}: ${message}`)

/** The mistakes of a plan as data. */
export const issuesOf = (plan: unknown): readonly PlanIssue[] => {
  try {
    resolve(plan)
    return []
  } catch (error) {
    if (!isLakewrightError(error) || error.code !== 'plan.invalid') throw error
    return error.details['errors'] as readonly PlanIssue[]
  }
}

/** The mistakes of a column `it` with this expression, without the path of the column. */
export const mistakesIn = (expr: Expr, others: readonly Column[] = []): readonly string[] =>
  mistakesOf(oneTable([...others, p.column('it', expr)])).map((text) =>
    text.replace(`tables[0].columns[${others.length}].expr`, 'it'),
  )
