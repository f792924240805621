import type { DataType } from '../expr/types.ts'
import type { LedgerStep, ReplayPromise } from '../plan/plan.ts'
import type { TypedColumn, TypedExpr, TypedTable } from '../plan/typed.ts'
import type { Dialect } from '../sql/dialect.ts'
import { call, choose, integer, sql, type Term } from '../sql/term.ts'

/** A table of landed rows whose ledger tells of hidden columns, as a query sees it. */
export interface Told {
  readonly table: TypedTable
  readonly alias: string
  readonly dialect: Dialect
  /** The view of the ledger's rows. */
  readonly ledger: string
  readonly promise: ReplayPromise
  /** The alias of a join that is in the query once, whatever asks for it. */
  readonly joinOnce: (what: string, clause: (alias: string) => string) => string
}

/** The promise that says which hidden columns of a table its ledger shows. */
export const replayOf = ({ promises }: TypedTable): ReplayPromise | undefined =>
  promises.find((promise) => promise.kind === 'replay')

/**
 * A hidden column by the landed row and the ledger: which operator changed a row in a step, whether a cell changed, or
 * what it was before a step, which is what the next change of the cell calls its true value, or else what landed.
 * Undefined where the ledger tells nothing of it.
 */
export const toldTerm = (told: Told, name: string): Term | undefined => {
  for (const step of told.promise.steps ?? []) {
    if (step.struck === name) return struckTerm(told, step)
    const shown = step.cells.find(({ shows }) => shows === name)
    if (shown !== undefined)
      return choose([{ when: changed(told, step, shown.column), then: integer(1) }], integer(0))
    const cell = step.cells.find(({ before }) => before === name)
    if (cell !== undefined) return beforeTerm(told, step, cell.column)
  }
  return undefined
}

/** Values of a draw with their weights: `list` of them, and what one is worth and weighs where its variable is x. */
export interface Chance {
  readonly list: string
  readonly value: Term
  readonly weight: string
  readonly combine: 'list_avg' | 'list_sum'
}

/** The name that a drawn value has inside the lambda over its chances. */
const DRAWN = 'x'

/** How a column that only draws decide is distributed: evenly below a number, or by a law with few outcomes. */
export const chanceOf = (
  told: Told,
  { name, expr }: TypedColumn,
  sqlOf: (of: TypedExpr) => string,
): Chance | undefined => {
  if (told.promise.steps?.some(({ draws }) => draws.includes(name)) !== true) return undefined
  if (expr.kind === 'call' && expr.function === 'scaleDraw' && isDrawn(told.table, expr.args[0]))
    return {
      list: `range(0, ${sqlOf(expr.args[1]!)})`,
      value: call`${DRAWN}`,
      weight: '1',
      combine: 'list_avg',
    }
  const [law, ...others] = expr.kind === 'sample' ? expr.laws : []
  if (law === undefined || others.length > 0 || law.words !== undefined) return undefined
  const { from, probability } = law.asked
  const outcomes = from.map((value, i) => `{'v': ${value}, 'w': ${probability[i] ?? 0}}`)
  return {
    list: `[${outcomes.join(', ')}]`,
    value: call`${DRAWN}.v`,
    weight: `${DRAWN}.w`,
    combine: 'list_sum',
  }
}

/** The probability of a condition over the chances of a draw. */
export const chanceSql = ({ list, weight, combine }: Chance, condition: string): string =>
  `coalesce(${combine}(list_transform(${list}, lambda ${DRAWN}: CASE WHEN ${condition} THEN ${weight} ELSE 0 END)), 0)`

const isDrawn = ({ columns }: TypedTable, bits: TypedExpr | undefined): boolean =>
  bits?.kind === 'draw' ||
  (bits?.kind === 'column' && columns.find(({ name }) => name === bits.name)?.expr.kind === 'draw')

const struckTerm = (told: Told, step: LedgerStep): Term =>
  choose(
    step.operators.map(({ name, columns }, i) => ({
      when: call`(${columns
        .map(
          (column) =>
            `${changeOf(told, step, column)}.operator = ${told.dialect.quoteString(name)}`,
        )
        .join(' OR ')})`,
      then: integer(i + 1),
    })),
    integer(0),
  )

const changed = (told: Told, step: LedgerStep, column: string): Term =>
  sql`${changeOf(told, step, column)}.step IS NOT NULL`

const beforeTerm = (told: Told, { step }: LedgerStep, column: string): Term | undefined => {
  const type = told.table.columns.find(({ name }) => name === column)?.shape.type
  const read = type === undefined ? undefined : READ[type.kind]
  if (read === undefined) return undefined
  const later = (told.promise.steps ?? []).filter(
    (each) => each.step >= step && each.cells.some((cell) => cell.column === column),
  )
  return choose(
    later.map((each) => ({
      when: changed(told, each, column),
      then: call`${read(`${changeOf(told, each, column)}.true_value`)}`,
    })),
    call`${told.alias}.${told.dialect.quoteIdentifier(column)}`,
  )
}

/** How the text of a ledger is read as a physical value; types that no noise changes are left out. */
const READ: Readonly<Partial<Record<DataType['kind'], (text: string) => string>>> = {
  string: (text) => text,
  date: (text) => `CAST(TRY_CAST(${text} AS DATE) - DATE '1970-01-01' AS BIGINT)`,
  integer: (text) => `TRY_CAST(${text} AS BIGINT)`,
}

/** The join to the ledger's row about a cell in a step. */
const changeOf = (
  { alias, dialect, ledger, promise, joinOnce }: Told,
  { step }: LedgerStep,
  column: string,
): string => {
  const { quoteString, quoteIdentifier } = dialect
  const rows = [
    `SELECT record_id, step, operator, true_value FROM ${quoteIdentifier(ledger)}`,
    `WHERE source = ${quoteString(promise.source)} AND step = ${step} AND "column" = ${quoteString(column)}`,
  ].join(' ')
  return joinOnce(
    `${alias} ${rows}`,
    (as) =>
      `LEFT JOIN (${rows}) AS ${as} ON ${as}.record_id = ${alias}.${quoteIdentifier(promise.record)}`,
  )
}
