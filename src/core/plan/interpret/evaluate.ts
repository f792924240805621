import { fail } from '../../errors.ts'
import type { DrawForm } from '../../expr/expr.ts'
import { FUNCTIONS } from '../../expr/functions.ts'
import type { Value } from '../../expr/types.ts'
import { highWord, type Lanes, lowWord, uniform, wide } from '../../random/mixer.ts'
import { outcome } from '../../random/outcome.ts'
import { crossKey } from '../cross-key.ts'
import type { Stream, TypedExpr } from '../typed.ts'
import { childrenOf, type Row, type World } from './row.ts'

/** The value of an expression at a row: the meaning of the plan language, one case for each kind of node. */
export const evaluate = (world: World, row: Row, expr: TypedExpr): Value =>
  valueOf(expr, { world, row, locals: new Map() })

/** The value of a row's column, computed when first asked for. */
export const columnValue = (world: World, row: Row, name: string): Value => {
  const known = row.known.get(name)
  if (known !== undefined) return known
  const column = row.table.columns.find((each) => each.name === name)
  if (column === undefined) return fail('internal', `${row.table.name} has no column ${name}`)
  const value = evaluate(world, row, column.expr)
  row.known.set(name, value)
  return value
}

interface Scope {
  readonly world: World
  readonly row: Row
  readonly locals: ReadonlyMap<string, Value>
}

type Kind<K extends TypedExpr['kind']> = Extract<TypedExpr, { readonly kind: K }>

const valueOf = (expr: TypedExpr, scope: Scope): Value => {
  const { world, row, locals } = scope
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'let': {
      const value = valueOf(expr.value, scope)
      return valueOf(expr.in, { ...scope, locals: new Map([...locals, [expr.name, value]]) })
    }
    case 'local':
      return locals.get(expr.name) ?? null
    case 'key':
      return row.key
    case 'ordinal':
      return row.ordinal
    case 'column':
      return columnValue(world, row, expr.name)
    case 'parent': {
      const parent = row.parent(expr.table)
      return expr.column === undefined ? parent.key : columnValue(world, parent, expr.column)
    }
    case 'lookup': {
      const found = existingRow(expr.table, expr.key, scope)
      return found === null ? null : columnValue(world, found, expr.column)
    }
    case 'cell': {
      const index = numberOf(expr.index, scope)
      return index === null ? null : world.cell(expr.vocabulary, expr.column, index)
    }
    case 'pick':
      return pick(expr, scope)
    case 'at':
      return at(expr, scope)
    case 'draw':
      return drawValue(lanes(expr.stream, row), expr.form)
    case 'sample':
      return sample(expr, scope)
    case 'call':
      return FUNCTIONS[expr.function].apply(
        expr.args.map((arg) => valueOf(arg, scope)),
        { args: expr.args.map((arg) => arg.shape), result: expr.shape },
      )
    case 'case': {
      const branch = expr.branches.find(({ when }) => valueOf(when, scope) === 1)
      return valueOf(branch === undefined ? expr.else : branch.then, scope)
    }
    case 'fold':
      return fold(expr, scope)
    case 'keyOf':
      return keyOf(expr, scope)
    case 'tally':
      return world.tally(expr.tally, row)
  }
}

/** A uniformly chosen child of the parent, by the stream at this row's own key; null without parent or child. */
const pick = ({ table, parent, stream }: Kind<'pick'>, scope: Scope): Value => {
  const { world, row } = scope
  const { of, capacity } = childrenOf(world.tableOf(table))
  const found = existingRow(of, parent, scope)
  if (found === null) return null
  const count = world.childCount(found, table)
  return count === 0 ? null : found.key * capacity + uniform(lanes(stream, row)[0], count)
}

/** The last child that has begun by the time; null without parent, time or such a child. */
const at = ({ table, parent, from, time }: Kind<'at'>, scope: Scope): Value => {
  const { world } = scope
  const found = existingRow(childrenOf(world.tableOf(table)).of, parent, scope)
  const now = numberOf(time, scope)
  if (found === null || now === null) return null
  const begun = [...world.children(found, table)].filter((child) => {
    const start = columnValue(world, child, from)
    return start !== null && Number(start) <= now
  })
  return begun.at(-1)?.key ?? null
}

const sample = ({ laws, given, stream }: Kind<'sample'>, scope: Scope): Value => {
  const choice = given === undefined ? 0 : numberOf(given, scope)
  if (choice === null) return null
  const law = laws[choice] ?? fail('internal', `there is no law ${choice}`)
  const [first, second, third] = lanes(stream, scope.row)
  const result = outcome(law.table, [first, second, third])
  return law.words === undefined ? result : (law.words[result] ?? null)
}

const fold = ({ operation, table, value, where }: Kind<'fold'>, scope: Scope): Value => {
  const { world, row } = scope
  const children = [...world.children(row, table)].filter(
    (child) => where === undefined || evaluate(world, child, where) === 1,
  )
  if (value === undefined) return children.length
  const values = children
    .map((child) => evaluate(world, child, value))
    .filter((each) => each !== null)
  if (operation === 'count') return values.length
  const amounts = values.map(Number)
  if (operation === 'sum') return amounts.reduce((sum, each) => sum + each, 0)
  if (amounts.length === 0) return null
  return operation === 'min' ? Math.min(...amounts) : Math.max(...amounts)
}

/** The mixed-radix key of the row of a cross at these keys; null where one of them is. */
const keyOf = ({ table, of }: Kind<'keyOf'>, scope: Scope): Value => {
  const { rows } = scope.world.tableOf(table)
  if (rows.kind !== 'cross') return fail('internal', `${table} is not a cross`)
  const keys = of.map((each) => numberOf(each, scope)).filter((key) => key !== null)
  return keys.length < of.length ? null : crossKey(rows.of, keys)
}

/** The row that a key expression points at, which the compiler has proven to exist; null for a null key. */
const existingRow = (table: string, key: TypedExpr, scope: Scope): Row | null => {
  const value = numberOf(key, scope)
  if (value === null) return null
  return scope.world.rowAt(table, value) ?? fail('internal', `${table} has no row ${value}`)
}

const numberOf = (expr: TypedExpr, scope: Scope): number | null => {
  const value = valueOf(expr, scope)
  return typeof value === 'string' ? fail('internal', `"${value}" is no number`) : value
}

const lanes = ({ constants }: Stream, { key }: Row): Lanes =>
  wide(constants, lowWord(key), highWord(key))

const drawValue = (bits: Lanes, form: DrawForm): Value => {
  if (form === 'bits') return bits[0]
  const hex = bits.map((lane) => lane.toString(16).padStart(8, '0')).join('')
  return form === 'hex' ? hex : uuid(hex)
}

/** A version-4 UUID (RFC 9562, 5.4) of 32 random hex digits: version and variant overwrite six of the bits. */
const uuid = (hex: string): string => {
  const variant = (8 + (Number.parseInt(hex.charAt(16), 16) % 4)).toString(16)
  const group4 = variant + hex.slice(17, 20)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, group4, hex.slice(20)].join(
    '-',
  )
}
