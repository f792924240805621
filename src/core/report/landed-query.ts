import type { Shape, Value } from '../expr/types.ts'
import type {
  Tally,
  TypedColumn,
  TypedExpr,
  TypedPlan,
  TypedRows,
  TypedTable,
} from '../plan/typed.ts'
import type { Dialect } from '../sql/dialect.ts'
import { STANDARD_SPELLINGS } from '../sql/spellings.ts'
import { call, type CellType, choose, integer, literal, plus, sql, type Term } from '../sql/term.ts'
import { type Chance, chanceOf, replayOf, type Told, toldTerm } from './ledger-cells.ts'

/**
 * A query under construction over the landed rows of one table, which stand in a view of physical values named
 * `viewName(table)`. Translating an expression adds the joins that it needs, and the reasons why it cannot be seen in
 * the files.
 */
export interface LandedQuery {
  readonly plan: TypedPlan
  readonly dialect: Dialect
  readonly row: LandedRow
  /** Join clauses by the text of what they join, in the order in which they must stand. */
  readonly joins: Map<string, { readonly alias: string; readonly clause: string }>
  /** What an expression needs that never landed. */
  readonly missing: Set<string>
  /** Hidden columns that a ledger told of, and draws that count by their chances, each by its name. */
  readonly told: Set<string>
  readonly chances: Map<string, Chance>
}

/** A row of a landed table and the name by which the query calls it. */
export interface LandedRow {
  readonly table: TypedTable
  readonly alias: string
}

/** An empty query over a table's rows. */
export const landedQuery = (plan: TypedPlan, dialect: Dialect, table: TypedTable): LandedQuery => ({
  plan,
  dialect,
  row: { table, alias: 'r' },
  joins: new Map(),
  missing: new Set(),
  told: new Set(),
  chances: new Map(),
})

/** The view that shows a table's landed columns as physical values under their logical names. */
export const viewName = ({ name }: TypedTable): string => `rows of ${name}`

/** What stands after FROM: the table's view and the joins so far. */
export const fromClause = ({ dialect, row, joins }: LandedQuery): string =>
  [
    `${dialect.quoteIdentifier(viewName(row.table))} AS ${row.alias}`,
    ...[...joins.values()].map(({ clause }) => clause),
  ].join('\n')

/** An expression of the query's row as SQL text; when something it needs never landed, `missing` says what. */
export const landedSql = (query: LandedQuery, expr: TypedExpr): string =>
  render(query.dialect, term(expr, { query, row: query.row, locals: new Map() }))

/** A landed column of the query's row. */
export const landedColumnSql = ({ dialect, row }: LandedQuery, name: string): string =>
  columnText(dialect, row, name)

interface Place {
  readonly query: LandedQuery
  readonly row: LandedRow
  readonly locals: ReadonlyMap<string, Term>
}

type Kind<K extends TypedExpr['kind']> = Extract<TypedExpr, { readonly kind: K }>

const term = (expr: TypedExpr, place: Place): Term => {
  switch (expr.kind) {
    case 'literal':
      return literal(expr.value, expr.shape.type)
    case 'let':
      return term(expr.in, {
        ...place,
        locals: new Map([...place.locals, [expr.name, term(expr.value, place)]]),
      })
    case 'local':
      return place.locals.get(expr.name) ?? unseen(place, `the name ${expr.name}`)
    case 'key':
      return ownKey(place) ?? unseen(place, `the key of ${place.row.table.name}`)
    case 'ordinal':
      return ordinal(place)
    case 'column':
      return column(expr.name, place)
    case 'parent':
      return parent(expr, place)
    case 'lookup':
      return joinedColumn({ name: expr.table, key: term(expr.key, place) }, expr.column, place)
    case 'call':
      return calling(expr, place)
    case 'case': {
      const branches = expr.branches.map(({ when, then }) => ({
        when: term(when, place),
        then: term(then, place),
      }))
      return choose(branches, term(expr.else, place))
    }
    case 'fold':
      return fold(expr, place)
    case 'cell':
      return cell(expr, place)
    case 'keyOf':
      return keyOf(expr, place)
    case 'tally':
      return tally(expr.tally, place)
    case 'at':
      return at(expr, place)
    case 'pick':
      return unseen(place, `a row of ${expr.table} that was chosen`)
    case 'draw':
    case 'sample':
      return unseen(place, `the draw ${expr.stream.name}`)
  }
}

const NOTHING: Term = { kind: 'literal', type: 'integer', value: null }

const unseen = ({ query }: Place, what: string): Term => {
  query.missing.add(what)
  return NOTHING
}

const isKey = (expr: TypedExpr): boolean => expr.kind === 'key'

/** A landed column whose expression is just that. */
const landedAs = (
  { query, row }: Place,
  matches: (expr: TypedExpr) => boolean,
): Term | undefined => {
  const found = row.table.columns.find(({ hidden, expr }) => !hidden && matches(expr))
  return found && call`${columnText(query.dialect, row, found.name)}`
}

/** The key of a row that landed, or that the landed keys of a cross's dimensions make up. */
const ownKey = (place: Place): Term | undefined => {
  const { rows } = place.row.table
  const landed = landedAs(place, isKey)
  if (landed !== undefined || rows.kind !== 'cross') return landed
  const keys = rows.of.map(({ table }) => landedAs(place, isParentKey(table)))
  const sound = keys.filter((key) => key !== undefined)
  return sound.length === keys.length ? crossKey(rows.of, sound) : undefined
}

const isParentKey =
  (table: string | undefined) =>
  (expr: TypedExpr): boolean =>
    expr.kind === 'parent' && expr.column === undefined && expr.table === table

const crossKey = (of: Cross['of'], keys: readonly Term[]): Term =>
  keys.reduce((all, key, i) => sql`${all} * ${integer(of[i]?.capacity ?? 1)} + ${key}`)

type Cross = Extract<TypedRows, { readonly kind: 'cross' }>

const columnText = (dialect: Dialect, { alias }: LandedRow, name: string): string =>
  `${alias}.${dialect.quoteIdentifier(name)}`

/** A landed column as it is; a hidden one by its expression, as far as that rests on landed ones. */
const column = (name: string, place: Place): Term => {
  const { query, row } = place
  const found = row.table.columns.find((each) => each.name === name)
  if (found === undefined) return unseen(place, `${row.table.name}.${name}`)
  if (!found.hidden) return call`${columnText(query.dialect, row, name)}`
  return toldByLedger(found, place) ?? term(found.expr, { ...place, locals: new Map() })
}

/** A hidden column that a ledger shows, or that only a draw decides of which files need to know no more. */
const toldByLedger = (found: TypedColumn, { query, row }: Place): Term | undefined => {
  const promise = replayOf(row.table)
  const ledger = promise && query.plan.tables.get(promise.ledger)
  if (promise?.steps === undefined || ledger === undefined || ledger.virtual) return undefined
  const told: Told = {
    ...row,
    dialect: query.dialect,
    ledger: viewName(ledger),
    promise,
    joinOnce: (what, clause) => joinOnce(query, what, clause),
  }
  const shown = toldTerm(told, found.name)
  if (shown !== undefined) query.told.add(found.name)
  if (shown !== undefined || query.told.size === 0) return shown
  const chance =
    query.chances.get(found.name) ?? chanceOf(told, found, (expr) => landedSql(query, expr))
  if (chance !== undefined) query.chances.set(found.name, chance)
  return chance?.value
}

/** The longest vocabulary that stands in a query as a list. */
const LONGEST_LIST = 1024

const cell = ({ vocabulary: name, column: wanted, index }: Kind<'cell'>, place: Place): Term => {
  const vocabulary = place.query.plan.vocabularies.get(name)
  const values = vocabulary?.columns.find((each) => each.name === wanted)?.values
  if (vocabulary === undefined || values === undefined || vocabulary.rows > LONGEST_LIST)
    return unseen(place, `the vocabulary ${name}`)
  const type = typeof values[0] === 'string' ? 'string' : 'integer'
  return call`${{ kind: 'list', type, values }}[${plus(term(index, place), 1)}]`
}

/** The capacity by which keys of the table are multiples of another table's. */
const capacityOf = ({ rows }: TypedTable): number | undefined =>
  rows.kind === 'children' || rows.kind === 'union' ? rows.capacity : undefined

const ordinal = (place: Place): Term => {
  const { table } = place.row
  const landed = landedAs(place, (expr) => expr.kind === 'ordinal')
  if (landed !== undefined) return landed
  const capacity = capacityOf(table)
  const key = landedAs(place, isKey)
  return key === undefined || capacity === undefined
    ? unseen(place, `the number of a row of ${table.name}`)
    : place.query.dialect.operators.remainder(key, call`${String(capacity)}`)
}

const parent = ({ table, column: name }: Kind<'parent'>, place: Place): Term => {
  const key = parentKey(table, place)
  if (name === undefined) return key
  const { rows } = place.row.table
  const target = table ?? (rows.kind === 'children' ? rows.of : undefined)
  return target === undefined
    ? unseen(place, `the member of ${place.row.table.name}`)
    : joinedColumn({ name: target, key }, name, place)
}

const parentKey = (table: string | undefined, place: Place): Term => {
  const { query, row } = place
  const { rows } = row.table
  const landed = landedAs(
    place,
    isParentKey(table ?? (rows.kind === 'children' ? rows.of : undefined)),
  )
  if (landed !== undefined) return landed
  const capacity = capacityOf(row.table)
  const key = landedAs(place, isKey)
  if (key !== undefined && rows.kind === 'cross') return dimensionKey(query, rows, { table, key })
  return key === undefined || capacity === undefined
    ? unseen(place, `the parent of a row of ${row.table.name}`)
    : query.dialect.operators.quotient(key, call`${String(capacity)}`)
}

/** The key of a dimension as a digit of the key of a cross. */
const dimensionKey = (
  { dialect }: LandedQuery,
  { of }: Cross,
  { table, key }: { readonly table: string | undefined; readonly key: Term },
): Term => {
  const { quotient, remainder } = dialect.operators
  const at = of.findIndex((each) => each.table === table)
  const radix = of.slice(at + 1).reduce((product, { capacity }) => product * capacity, 1)
  const shifted = radix === 1 ? key : quotient(key, integer(radix))
  return at === 0 ? shifted : remainder(shifted, integer(of[at]?.capacity ?? 1))
}

const keyOf = (expr: Kind<'keyOf'>, place: Place): Term => {
  const rows = place.query.plan.tables.get(expr.table)?.rows
  return rows?.kind === 'cross'
    ? crossKey(
        rows.of,
        expr.of.map((each) => term(each, place)),
      )
    : unseen(place, `the rows of ${expr.table}`)
}

interface Target {
  readonly name: string
  readonly key: Term
}

/** A column of the row of another table with that key. */
const joinedColumn = ({ name, key }: Target, wanted: string, place: Place): Term => {
  const { query } = place
  const table = query.plan.tables.get(name)
  if (table === undefined || table.virtual) return unseen(place, `the rows of ${name}`)
  const keyAt = (alias: string): Term | undefined =>
    ownKey({ query, row: { table, alias }, locals: new Map() })
  if (keyAt('') === undefined) return unseen(place, `the rows of ${name}`)
  const { quoteIdentifier } = query.dialect
  const alias = joinOnce(query, `${name} ${render(query.dialect, key)}`, (as) =>
    [
      `LEFT JOIN ${quoteIdentifier(viewName(table))} AS ${as}`,
      `ON ${render(query.dialect, keyAt(as) ?? NOTHING)} = ${render(query.dialect, key)}`,
    ].join(' '),
  )
  return column(wanted, { query, row: { table, alias }, locals: new Map() })
}

const joinOnce = (
  { joins, row }: LandedQuery,
  what: string,
  clause: (alias: string) => string,
): string => {
  const known = joins.get(what)
  if (known !== undefined) return known.alias
  const alias = `${row.alias}${joins.size + 1}`
  joins.set(what, { alias, clause: clause(alias) })
  return alias
}

const calling = (expr: Kind<'call'>, place: Place): Term => {
  const { dialect } = place.query
  const spelling = dialect.spellings[expr.function] ?? STANDARD_SPELLINGS[expr.function]
  if (typeof spelling !== 'function') return unseen(place, `the function ${expr.function}`)
  return spelling({
    dialect,
    args: expr.args.map((arg) => term(arg, place)),
    shapes: expr.args.map((arg) => arg.shape),
    result: expr.shape,
  })
}

/** A fold is a join to the children grouped by their parent. */
const fold = ({ operation, table: name, value, where }: Kind<'fold'>, place: Place): Term => {
  const { query } = place
  const { dialect } = query
  const table = query.plan.tables.get(name)
  const key = term(KEY, place)
  if (table === undefined || table.virtual) return unseen(place, `the rows of ${name}`)
  const row = { table, alias: `c${query.joins.size}` }
  const inner: LandedQuery = { ...query, row, joins: new Map() }
  const child: Place = { query: inner, row, locals: new Map() }
  const group = render(dialect, parentKey(undefined, child))
  const amount = value === undefined ? '*' : render(dialect, term(value, child))
  const filter = where === undefined ? '' : ` WHERE ${render(dialect, term(where, child))}`
  const folded = `${operation}(${amount})`
  const result = operation === 'sum' ? `CAST(${folded} AS ${dialect.typeName('integer')})` : folded
  const rows = `SELECT ${group} AS parent, ${result} AS folded FROM ${fromClause(inner)}${filter} GROUP BY 1`
  const alias = joinOnce(
    query,
    `${rows} of ${render(dialect, key)}`,
    (as) => `LEFT JOIN (${rows}) AS ${as} ON ${as}.parent = ${render(dialect, key)}`,
  )
  return operation === 'sum' || operation === 'count'
    ? call`coalesce(${alias}.folded, 0)`
    : call`${alias}.folded`
}

/** The child that is valid at a time is the largest key among those of the parent that have begun. */
const at = ({ table: name, parent: of, from, time }: Kind<'at'>, place: Place): Term => {
  const { query } = place
  const { dialect } = query
  const table = query.plan.tables.get(name)
  if (table === undefined || table.virtual) return unseen(place, `the rows of ${name}`)
  const row = { table, alias: `v${query.joins.size}` }
  const inner: LandedQuery = { ...query, row, joins: new Map() }
  const child: Place = { query: inner, row, locals: new Map() }
  const text = (piece: Term): string => render(dialect, piece)
  const begun = [
    `${text(parentKey(undefined, child))} = ${text(term(of, place))}`,
    `${text(column(from, child))} <= ${text(term(time, place))}`,
  ]
  const rows = `SELECT max(${text(term(KEY, child))}) AS found FROM ${fromClause(inner)} WHERE ${begun.join(' AND ')}`
  const alias = joinOnce(query, rows, (as) => `LEFT JOIN LATERAL (${rows}) AS ${as} ON true`)
  return call`${alias}.found`
}

/** A tally is a join to the counted rows, grouped by the key of the cross that they name. */
const tally = ({ table: name, key, value, where }: Tally, place: Place): Term => {
  const { query } = place
  const { dialect } = query
  const table = query.plan.tables.get(name)
  const own = render(dialect, term(KEY, place))
  if (table === undefined || table.virtual) return unseen(place, `the rows of ${name}`)
  const row = { table, alias: `t${query.joins.size}` }
  const inner: LandedQuery = { ...query, row, joins: new Map() }
  const counted: Place = { query: inner, row, locals: new Map() }
  const group = render(dialect, term(key, counted))
  const amount = value === undefined ? '1' : render(dialect, term(value, counted))
  const filter = where === undefined ? '' : ` WHERE ${render(dialect, term(where, counted))}`
  const total = `CAST(sum(${amount}) AS ${dialect.typeName('integer')})`
  const rows = `SELECT ${group} AS named, ${total} AS total FROM ${fromClause(inner)}${filter} GROUP BY 1`
  const alias = joinOnce(
    query,
    `${rows} at ${own}`,
    (as) => `LEFT JOIN (${rows}) AS ${as} ON ${as}.named = ${own}`,
  )
  return call`coalesce(${alias}.total, 0)`
}

const INTEGER: Shape = {
  type: { kind: 'integer' },
  nullable: false,
  min: 0,
  max: 0,
  maxLength: 0,
  ascii: true,
}

const KEY: TypedExpr = { kind: 'key', shape: INTEGER }

/** The text of a term that knows only text, literals and lists. */
const render = (dialect: Dialect, piece: Term): string => {
  switch (piece.kind) {
    case 'text':
      return piece.parts
        .map((part) => {
          if (typeof part === 'string') return part
          const text = render(dialect, part)
          return part.kind === 'text' && !part.atomic ? `(${text})` : text
        })
        .join('')
    case 'literal':
      return literalText(dialect, piece.value, piece.type)
    case 'list':
      return dialect.list(
        piece.type,
        Array.from(piece.values, (value) => literalText(dialect, value, piece.type)),
      )
    case 'row':
      return dialect.quoteIdentifier(piece.name)
    case 'outer':
      return render(dialect, piece.of)
    case 'fold':
    case 'tally':
      return 'NULL'
  }
}

const literalText = (dialect: Dialect, value: Value, type: CellType): string => {
  if (value === null) return `CAST(NULL AS ${dialect.typeName(type)})`
  if (typeof value === 'string') return dialect.quoteString(value)
  if (type === 'boolean') return value === 0 ? 'false' : 'true'
  return value < 0 ? `(${value})` : String(value)
}
