import { decimalText } from '../delta/stats.ts'
import { formatDate, formatTimestamp } from '../expr/civil.ts'
import type { FunctionName } from '../expr/expr.ts'
import type { DataType, Value } from '../expr/types.ts'
import type { TypedCheck, TypedExpr, TypedTable } from '../plan/typed.ts'

/**
 * A check as Spark SQL over the table's landed columns, as Delta constraints want it; undefined when it rests on more
 * than these. A Delta constraint must be true, a plan's check may also be null, so one that can be null is wrapped.
 */
export const sparkCheck = (table: TypedTable, { that }: TypedCheck): string | undefined => {
  const sql = render(table, that)
  return sql !== undefined && that.shape.nullable ? `coalesce(${sql}, true)` : sql
}

const render = (table: TypedTable, expr: TypedExpr): string | undefined => {
  switch (expr.kind) {
    case 'literal':
      return literal(expr.value, expr.shape.type)
    case 'column':
      return column(table, expr.name)
    case 'call': {
      const args = expr.args.map((arg) => render(table, arg))
      return args.every((arg) => arg !== undefined)
        ? CALLS[expr.function]?.(args, expr.args)
        : undefined
    }
    case 'case': {
      const parts = expr.branches.map(({ when, then }) => [
        render(table, when),
        render(table, then),
      ])
      const otherwise = render(table, expr.else)
      if (otherwise === undefined || parts.flat().includes(undefined)) return undefined
      const branches = parts.map(([when, then]) => `WHEN ${when} THEN ${then}`).join(' ')
      return `CASE ${branches} ELSE ${otherwise} END`
    }
    case 'let':
    case 'local':
    case 'key':
    case 'ordinal':
    case 'parent':
    case 'lookup':
    case 'cell':
    case 'pick':
    case 'at':
    case 'draw':
    case 'sample':
    case 'fold':
    case 'keyOf':
    case 'tally':
      return undefined
  }
}

const column = (table: TypedTable, name: string): string | undefined => {
  const found = table.columns.find((each) => each.name === name && !each.hidden)
  return found && `\`${found.landedName}\``
}

/** Spark reads a backslash in a text as an escape, other engines do not: such texts are left out. */
const PLAIN_TEXT = /^[^'\\]*$/

const literal = (value: Value, type: DataType): string | undefined => {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return PLAIN_TEXT.test(value) ? `'${value}'` : undefined
  switch (type.kind) {
    case 'integer':
      return String(value)
    case 'decimal':
      return decimalText(value, type.scale)
    case 'boolean':
      return value === 0 ? 'false' : 'true'
    case 'date':
      return `DATE '${formatDate(value)}'`
    case 'timestamp':
      return `TIMESTAMP '${formatTimestamp(value)}'`
    case 'string':
      return undefined
  }
}

type CallSql = (args: readonly string[], exprs: readonly TypedExpr[]) => string | undefined

const operator =
  (text: string): CallSql =>
  (args) =>
    `(${args.join(` ${text} `)})`

const named =
  (name: string): CallSql =>
  (args) =>
    `${name}(${args.join(', ')})`

/** Of integers alone: other types have operators of their own in Spark. */
const ofIntegers =
  (sql: CallSql): CallSql =>
  (args, exprs) =>
    exprs.every(({ shape }) => shape.type.kind === 'integer') ? sql(args, exprs) : undefined

/** Spark's least and greatest pass over nulls, ours do not. */
const ofKnown =
  (sql: CallSql): CallSql =>
  (args, exprs) =>
    exprs.every(({ shape }) => !shape.nullable) ? sql(args, exprs) : undefined

const CALLS: Readonly<Partial<Record<FunctionName, CallSql>>> = {
  eq: operator('='),
  ne: operator('<>'),
  lt: operator('<'),
  le: operator('<='),
  gt: operator('>'),
  ge: operator('>='),
  and: operator('AND'),
  or: operator('OR'),
  not: ([a]) => `(NOT ${a})`,
  isNull: ([a]) => `(${a} IS NULL)`,
  coalesce: named('coalesce'),
  least: ofKnown(named('least')),
  greatest: ofKnown(named('greatest')),
  add: ofIntegers(operator('+')),
  sub: ofIntegers(operator('-')),
  mul: ofIntegers(operator('*')),
  neg: ofIntegers(([a]) => `(0 - ${a})`),
  abs: ofIntegers(named('abs')),
  length: named('length'),
  concat: named('concat'),
  year: named('year'),
  month: named('month'),
  day: named('day'),
}
