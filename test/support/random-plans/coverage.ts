import { FUNCTION_NAMES } from '../../../src/core/expr/expr.ts'
import type { Shape } from '../../../src/core/expr/types.ts'
import type { Tally, TypedExpr, TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'

/**
 * What a typed plan exercises, as words: `case decimal nullable` for a kind of node with its type and whether it may be
 * null, `rows cross`, `call slice`, `law alias`, `draw uuid`, `fold sum`.
 */
export const coverage = (plan: TypedPlan): ReadonlySet<string> => {
  const seen = new Set<string>()
  for (const table of plan.tables.values()) {
    seen.add(`rows ${table.rows.kind}`)
    for (const expr of rootsOf(table)) for (const word of wordsOf(expr)) seen.add(word)
  }
  return seen
}

/** Every word that a sound collection of random plans covers. */
export const everything = (): readonly string[] => [
  ...['range', 'children', 'cross', 'union'].map((kind) => `rows ${kind}`),
  ...FUNCTION_NAMES.map((name) => `call ${name}`),
  ...['uniform', 'steps', 'alias', 'words', 'given'].map((kind) => `law ${kind}`),
  ...['bits', 'hex', 'uuid'].map((form) => `draw ${form}`),
  ...['sum', 'count', 'min', 'max'].map((operation) => `fold ${operation}`),
  ...['sum', 'count', 'of all rows', 'with a window', 'with a lag', 'where', 'by null'].map(
    (kind) => `tally ${kind}`,
  ),
  ...Object.entries(POSSIBLE).flatMap(([kind, { types, nullable }]) =>
    types.flatMap((type) => nullable.map((each) => `${kind} ${type} ${each}`)),
  ),
]

interface Possible {
  readonly types: readonly string[]
  readonly nullable: readonly ('nullable' | 'present')[]
}

const ALL = ['integer', 'decimal', 'string', 'boolean', 'date', 'timestamp']
const BOTH = ['nullable', 'present'] as const

/** The types and nullabilities that each kind of node can have. */
const POSSIBLE: Readonly<Record<TypedExpr['kind'], Possible>> = {
  literal: { types: ALL, nullable: BOTH },
  let: { types: ALL, nullable: BOTH },
  local: { types: ALL, nullable: BOTH },
  key: { types: ['integer'], nullable: ['present'] },
  ordinal: { types: ['integer'], nullable: ['present'] },
  column: { types: ALL, nullable: BOTH },
  parent: { types: ALL, nullable: BOTH },
  lookup: { types: ALL, nullable: BOTH },
  cell: { types: ['integer', 'string'], nullable: BOTH },
  pick: { types: ['integer'], nullable: BOTH },
  at: { types: ['integer'], nullable: ['nullable'] },
  draw: { types: ['integer', 'string'], nullable: ['present'] },
  sample: { types: ['integer', 'decimal', 'string', 'date', 'timestamp'], nullable: BOTH },
  call: { types: ALL, nullable: BOTH },
  case: { types: ALL, nullable: BOTH },
  fold: { types: ['integer', 'decimal', 'boolean', 'date', 'timestamp'], nullable: BOTH },
  keyOf: { types: ['integer'], nullable: BOTH },
  tally: { types: ['integer', 'decimal'], nullable: ['present'] },
}

const rootsOf = ({ rows, columns, checks }: TypedTable): readonly TypedExpr[] => [
  ...(rows.kind === 'children' ? [rows.count] : []),
  ...columns.map(({ expr }) => expr),
  ...checks.map(({ that }) => that),
]

function* wordsOf(expr: TypedExpr): Generator<string> {
  yield `${expr.kind} ${typeAndNull(expr.shape)}`
  yield* detailsOf(expr)
  for (const part of partsOf(expr)) yield* wordsOf(part)
}

const typeAndNull = ({ type, nullable }: Shape): string =>
  `${type.kind} ${nullable ? 'nullable' : 'present'}`

function* detailsOf(expr: TypedExpr): Generator<string> {
  if (expr.kind === 'call') yield `call ${expr.function}`
  if (expr.kind === 'draw') yield `draw ${expr.form}`
  if (expr.kind === 'fold') yield `fold ${expr.operation}`
  if (expr.kind === 'tally') yield* tallyWords(expr.tally)
  if (expr.kind !== 'sample') return
  if (expr.given !== undefined) yield 'law given'
  for (const { table, words } of expr.laws)
    yield words === undefined ? `law ${table.kind}` : 'law words'
}

function* tallyWords({ operation, window, where, key }: Tally): Generator<string> {
  yield `tally ${operation}`
  yield window === undefined ? 'tally of all rows' : 'tally with a window'
  if (window !== undefined && window.high > 0) yield 'tally with a lag'
  if (where !== undefined) yield 'tally where'
  if (key.shape.nullable) yield 'tally by null'
}

/** The expressions that a node is made of. */
export const partsOf = (expr: TypedExpr): readonly TypedExpr[] => {
  switch (expr.kind) {
    case 'let':
      return [expr.value, expr.in]
    case 'lookup':
      return [expr.key]
    case 'cell':
      return [expr.index]
    case 'pick':
      return [expr.parent]
    case 'at':
      return [expr.parent, expr.time]
    case 'sample':
      return expr.given === undefined ? [] : [expr.given]
    case 'call':
      return expr.args
    case 'case':
      return [...expr.branches.flatMap(({ when, then }) => [when, then]), expr.else]
    case 'fold':
      return [expr.value, expr.where].filter((part) => part !== undefined)
    case 'keyOf':
      return expr.of
    case 'tally':
      return [expr.tally.key, expr.tally.value, expr.tally.where].filter(
        (part) => part !== undefined,
      )
    case 'literal':
    case 'local':
    case 'key':
    case 'ordinal':
    case 'column':
    case 'parent':
    case 'draw':
      return []
  }
}
