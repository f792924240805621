import type { DrawForm, Expr, FunctionName } from './expr.ts'
import type { Law, Quantity } from './law.ts'
import type { DataType } from './types.ts'

/** An expression, or a bare value that stands for its literal. */
export type Operand = Expr | number | string | boolean | null

/** Where a draw takes its bits from; without `stream`, from the column it stands in. */
export interface StreamOptions {
  readonly stream?: string
  readonly index?: number
}

/** The expression of an operand. */
export const toExpr = (operand: Operand): Expr =>
  typeof operand === 'object' && operand !== null ? operand : { kind: 'literal', value: operand }

/** The type of whole numbers. */
export const INTEGER: DataType = { kind: 'integer' }
/** The type of BMP text. */
export const STRING: DataType = { kind: 'string' }
/** The type of true and false. */
export const BOOLEAN: DataType = { kind: 'boolean' }
/** The type of days since 1970. */
export const DATE: DataType = { kind: 'date' }
/** The type of UTC microseconds since 1970. */
export const TIMESTAMP: DataType = { kind: 'timestamp' }
/** The type of exact numbers with `scale` digits after the point and `precision` (at most 15) in all. */
export const decimalType = (precision: number, scale: number): DataType => ({
  kind: 'decimal',
  precision,
  scale,
})

/** A constant; a date, timestamp, decimal or null takes its type. */
export const lit = (value: number | string | boolean | null, type?: DataType): Expr =>
  type === undefined ? { kind: 'literal', value } : { kind: 'literal', value, type }

/** A date by ISO text, or `start` or `asOf` for the plan's anchor. */
export const date = (text: string): Expr => lit(text, DATE)
/** A UTC instant by ISO text, or `start` or `asOf` for the plan's anchor. */
export const timestamp = (text: string): Expr => lit(text, TIMESTAMP)
/** A typed null. */
export const nothing = (type: DataType): Expr => lit(null, type)

/** A parameter of the plan as a quantity, for laws and counts. */
export const quantity = (parameter: string): Quantity => ({ parameter })

/** A parameter of the plan as an expression; without a type, an integer. */
export const param = (parameter: string, type?: DataType): Expr =>
  type === undefined
    ? { kind: 'literal', value: { parameter } }
    : { kind: 'literal', value: { parameter }, type }

/** Names `value` within `inside`, where `local(name)` refers to it. */
export const letIn = (name: string, value: Operand, inside: Operand): Expr => ({
  kind: 'let',
  name,
  value: toExpr(value),
  in: toExpr(inside),
})
/** The value that an enclosing `letIn` has named. */
export const local = (name: string): Expr => ({ kind: 'local', name })

/** This row's entity key. */
export const key = (): Expr => ({ kind: 'key' })
/** This row's number among its siblings, from 0. */
export const ordinal = (): Expr => ({ kind: 'ordinal' })
/** Another column of this row. */
export const col = (name: string): Expr => ({ kind: 'column', name })
/** A column of the parent row; of a union, of the member row. */
export const parent = (column: string): Expr => ({ kind: 'parent', column })
/** The key of the parent row. */
export const parentKey = (): Expr => ({ kind: 'parent' })
/** A column of the row of a cross's dimension; without column, its key. */
export const dimension = (table: string, column?: string): Expr =>
  column === undefined ? { kind: 'parent', table } : { kind: 'parent', table, column }

/** A column of the row of `table` at `at`, a key that provably exists; or a vocabulary's cell at a row number from 0. */
export const lookup = (table: string, at: Operand, column: string): Expr => ({
  kind: 'lookup',
  table,
  key: toExpr(at),
  column,
})
/** The key of a uniformly chosen child in `table` of the row of its parent table with key `of`. */
export const pick = (
  table: string,
  of: Operand,
  options: Pick<StreamOptions, 'stream'> = {},
): Expr => ({
  kind: 'pick',
  table,
  parent: toExpr(of),
  ...options,
})

/** Which entity, and at what time. */
export interface AtOptions {
  readonly parent: Operand
  readonly from: string
  readonly time: Operand
}
/** The key of the last child in `table` of `parent` whose column `from` is at most `time`. */
export const at = (table: string, { parent: of, from, time }: AtOptions): Expr => ({
  kind: 'at',
  table,
  parent: toExpr(of),
  from,
  time: toExpr(time),
})

/** Uniform bits: an integer below 2^32, 32 hex digits or a UUID. */
export const draw = (form: DrawForm = 'bits', options: StreamOptions = {}): Expr => ({
  kind: 'draw',
  form,
  ...options,
})
/** A draw pushed through a law; `type` says what its integers are. */
export const sample = (
  law: Law,
  options: StreamOptions & { readonly type?: DataType } = {},
): Expr => ({
  kind: 'sample',
  law,
  ...options,
})
/** A draw pushed through the law that `given`, an integer from 0, selects. */
export const sampleGiven = (
  given: Operand,
  laws: readonly Law[],
  options: StreamOptions & { readonly type?: DataType } = {},
): Expr => ({ kind: 'sample', law: laws, given: toExpr(given), ...options })

/** A function of the function table. */
export const call = (name: FunctionName, args: readonly Operand[], type?: DataType): Expr => {
  const node = { kind: 'call', function: name, args: args.map(toExpr) } as const
  return type === undefined ? node : { ...node, type }
}

type Unary = (value: Operand) => Expr
type Binary = (left: Operand, right: Operand) => Expr
type Ternary = (first: Operand, second: Operand, third: Operand) => Expr
type Variadic = (...args: readonly Operand[]) => Expr
type Chain = (left: Operand, right: Operand, ...more: readonly Operand[]) => Expr

const unary =
  (name: FunctionName): Unary =>
  (value) =>
    call(name, [value])
const binary =
  (name: FunctionName): Binary =>
  (left, right) =>
    call(name, [left, right])
const ternary =
  (name: FunctionName): Ternary =>
  (first, second, third) =>
    call(name, [first, second, third])
const variadic =
  (name: FunctionName): Variadic =>
  (...args) =>
    call(name, args)

const chain =
  (name: FunctionName): Chain =>
  (left, right, ...more) =>
    more.reduce<Expr>((sum, each) => call(name, [sum, each]), call(name, [left, right]))

/** Functions of the function table under their own names; src/core/expr/functions.ts says what each means. */
export const add = chain('add')
export const sub = binary('sub')
export const mul = chain('mul')
export const div = binary('div')
export const mod = binary('mod')
export const neg = unary('neg')
export const abs = unary('abs')
export const least = variadic('least')
export const greatest = variadic('greatest')
export const eq = binary('eq')
export const ne = binary('ne')
export const lt = binary('lt')
export const le = binary('le')
export const gt = binary('gt')
export const ge = binary('ge')
export const and = variadic('and')
export const or = variadic('or')
export const not = unary('not')
export const isNull = unary('isNull')
export const coalesce = variadic('coalesce')
export const dateOf = unary('dateOf')
export const timestampOf = unary('timestampOf')
export const year = unary('year')
export const month = unary('month')
export const day = unary('day')
export const weekday = unary('weekday')
export const hour = unary('hour')
export const concat = variadic('concat')
export const length = unary('length')
export const slice = ternary('slice')
export const codeAt = binary('codeAt')
export const upper = unary('upper')
export const lower = unary('lower')
export const replace = ternary('replace')
export const padLeft = ternary('padLeft')
export const text = unary('text')
export const base36 = unary('base36')
export const sha256 = unary('sha256')
export const scaleDraw = binary('scaleDraw')

/** The same number with another scale, rounded half away from zero. */
export const rescale = (value: Operand, type: DataType): Expr => call('rescale', [value], type)
/** A quotient as a decimal, rounded half away from zero. */
export const ratio = (of: Operand, by: Operand, type: DataType): Expr =>
  call('ratio', [of, by], type)
/** The same physical integer taken as another type. */
export const reinterpret = (value: Operand, type: DataType): Expr =>
  call('reinterpret', [value], type)

/** The first `then` whose `when` is true, else `otherwise`. */
export const cases = (
  branches: readonly (readonly [when: Operand, then: Operand])[],
  otherwise: Operand,
): Expr => ({
  kind: 'case',
  branches: branches.map(([when, then]) => ({ when: toExpr(when), then: toExpr(then) })),
  else: toExpr(otherwise),
})
/** `then` where `when` is true, else `otherwise`. */
export const when = (condition: Operand, then: Operand, otherwise: Operand): Expr =>
  cases([[condition, then]], otherwise)

type Folding = (table: string, value: Operand, where?: Operand) => Expr

const folding =
  (operation: 'sum' | 'min' | 'max'): Folding =>
  (table, value, where) => {
    const node = { kind: 'fold', operation, table, value: toExpr(value) } as const
    return where === undefined ? node : { ...node, where: toExpr(where) }
  }

/** Folds over this row's children in a table; value and condition are expressions of the child row. */
export const fold = {
  sum: folding('sum'),
  min: folding('min'),
  max: folding('max'),
  count: (table: string, where?: Operand): Expr =>
    where === undefined
      ? { kind: 'fold', operation: 'count', table }
      : { kind: 'fold', operation: 'count', table, where: toExpr(where) },
} as const

/** The key of the row of a cross at these keys of its dimensions, in the cross's order. */
export const keyOf = (table: string, of: readonly Operand[]): Expr => ({
  kind: 'keyOf',
  table,
  of: of.map(toExpr),
})

/** Which row of the cross a counted row names, by the keys of its dimensions; and the bound that the plan promises. */
export interface TallyOptions {
  readonly by: readonly Operand[]
  readonly where?: Operand
  readonly most: number
}

/** Sums and counts, at a row of a cross, over the rows of a table that name it; see docs/plan.md. */
export const tally = {
  sum: (table: string, value: Operand, { by, where, most }: TallyOptions): Expr => {
    const node = { kind: 'tally', operation: 'sum', table, by: by.map(toExpr), most } as const
    const sum = { ...node, value: toExpr(value) }
    return where === undefined ? sum : { ...sum, where: toExpr(where) }
  },
  count: (table: string, { by, where, most }: TallyOptions): Expr => {
    const node = { kind: 'tally', operation: 'count', table, by: by.map(toExpr), most } as const
    return where === undefined ? node : { ...node, where: toExpr(where) }
  },
} as const
