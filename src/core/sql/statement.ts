import type { Dialect } from './dialect.ts'
import type { List } from './ladder.ts'
import {
  type ListView,
  type NamedList,
  packed,
  type View,
  type ViewPlaces,
  viewOf,
} from './views.ts'

/** A named query of a statement: `label` is part of its name, `note` its comment. */
export interface Query {
  readonly label: string
  readonly note: string
  readonly text: Select
  /** Whether it must be evaluated once, since others number or join its rows. */
  readonly once?: boolean
}

/** Writes a SELECT, given how a query that it reads from is written after FROM, with its name or an alias. */
export type Select = (from: From) => string

/** What stands after FROM or JOIN for a query or any other source of rows. */
export type From = (source: string, alias?: string) => string

/** Collects the named queries and constant lists of one statement. */
export interface Statement {
  /** A name that no other call has given, in whatever case. */
  readonly name: (prefix: string) => string
  /** Adds a query and gives its name. */
  readonly query: (query: Query) => string
  /** The text that stands for a list; a large one is a column of the query `lists`. */
  readonly list: (list: List) => string
  /** The whole statement around the last SELECT. */
  readonly text: (select: Select, places?: ViewPlaces) => Written
}

/** A statement, and the views that it reads from. */
export interface Written {
  readonly text: string
  readonly views: readonly View[]
}

/** Lists of up to so many values stand where they are used. */
const SMALL_LIST = 8

/** Whether a list is bound once for the whole statement. */
const isLarge = ({ values }: List): boolean => values.length > SMALL_LIST

/** Joins the one row of large lists. */
export const JOIN_LISTS = '\nCROSS JOIN lists'

/** Whether a list is a column that has to be joined. */
export const isJoined = (dialect: Dialect, list: List): boolean =>
  dialect.rows.lists === 'joined' && isLarge(list)

/** An empty statement. */
export const createStatement = (dialect: Dialect): Statement => {
  const queries: Named[] = []
  const texts = new Map<List['values'], string>()
  const lists = new Map<string, string>()
  const counts = new Map<string, number>()
  const name = (prefix: string): string => {
    const id = prefix.toLowerCase()
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    return `${prefix}${count}`
  }
  return {
    name,
    query: (query) => {
      const named = name(`${query.label}_`)
      queries.push({ ...query, name: named })
      return named
    },
    list: (list) => {
      const text = texts.get(list.values) ?? listText(dialect, list)
      texts.set(list.values, text)
      if (!isLarge(list)) return text
      const known = lists.get(text) ?? `list_${lists.size + 1}`
      lists.set(text, known)
      return isJoined(dialect, list) ? known : `(TABLE ${known})`
    },
    text: (select, places) => {
      const bound = [...lists].map(([text, each]) => ({ name: each, text }))
      const text = pieceText({ dialect, queries, select, bound: inStatement(dialect, bound) })
      return places === undefined || text.length <= places.most
        ? { text, views: [] }
        : inPieces({ dialect, queries, select, bound }, places)
    },
  }
}

interface Named extends Query {
  readonly name: string
}

/** Queries that bind the lists which a text names. */
type Binding = (text: string) => readonly string[]

/** What a SELECT of a statement is written from. */
interface Piece {
  readonly dialect: Dialect
  readonly queries: readonly Named[]
  readonly select: Select
  readonly bound: Binding
  /** The views that stand for queries. */
  readonly views?: ReadonlyMap<string, string>
}

/** How much of the length that is allowed a piece may take before the query on top of it becomes a view. */
const PIECE = 0.75

/** A statement that reads its lists, and its inner layers, from views. */
const inPieces = (
  {
    dialect,
    queries,
    select,
    bound,
  }: Omit<Piece, 'bound'> & { readonly bound: readonly NamedList[] },
  places: ViewPlaces,
): Written => {
  const constants = packed(bound, places)
  const views: View[] = constants.map(({ view }) => view)
  const names = new Map<string, string>()
  const binding = fromViews(dialect, constants)
  const write = (each: Select): string =>
    pieceText({ dialect, queries, select: each, bound: binding, views: names })
  const pieces = new Map<string, ReadonlyMap<string, number>>()
  for (const { name, text } of queries) {
    const piece = lengthsIn({ name, text }, pieces)
    pieces.set(name, piece)
    const length = [...piece.values()].reduce((sum, each) => sum + each, 0)
    if (length <= places.most * PIECE) continue
    const view = viewOf(write(text), places)
    views.push(view)
    names.set(name, view.name)
    pieces.set(name, new Map())
  }
  return { text: write(select), views }
}

/** The lengths of a query and of those that it rests on, by name. */
const lengthsIn = (
  { name, text }: Pick<Named, 'name' | 'text'>,
  pieces: ReadonlyMap<string, ReadonlyMap<string, number>>,
): ReadonlyMap<string, number> => {
  const lengths = new Map<string, number>()
  const own = text((source) => {
    for (const [each, length] of pieces.get(source) ?? []) lengths.set(each, length)
    return source
  })
  return lengths.set(name, own.length)
}

/** Lists in front of the statement that names them. */
const inStatement =
  ({ rows }: Dialect, bound: readonly NamedList[]): Binding =>
  () => {
    if (rows.lists === 'selected')
      return bound.map(({ name, text }) => `${name} AS (SELECT ${text} AS items)`)
    if (bound.length === 0) return []
    const list = columns(bound.map(({ name, text }) => column(text, name)))
    return [`-- constants\nlists AS ${rows.once}(\n${indent(`SELECT\n${list}`)}\n)`]
  }

/** Lists that are columns of views, of which each is read once. */
const fromViews =
  ({ rows }: Dialect, constants: readonly ListView[]): Binding =>
  (text) => {
    const named = new Set(text.match(/\blist_\d+\b/g))
    const used = constants
      .map(({ view, names }) => ({ view, names: names.filter((name) => named.has(name)) }))
      .filter(({ names }) => names.length > 0)
    if (rows.lists === 'selected')
      return used.flatMap(({ view, names }, i) => [
        `lists_${i + 1} AS (SELECT * FROM ${view.name})`,
        ...names.map((name) => `${name} AS (SELECT ${name} FROM lists_${i + 1})`),
      ])
    if (used.length === 0) return []
    const all = used.map(({ view }) => view.name).join(' CROSS JOIN ')
    return [`lists AS ${rows.once}(SELECT * FROM ${all})`]
  }

const named: From = (source, alias = source) =>
  alias === source ? source : `${source} AS ${alias}`

/** A SELECT with the queries and lists that it reads from: named in front, or where they are used. */
const pieceText = ({ dialect, queries, select, bound, views = new Map() }: Piece): string => {
  const { rows } = dialect
  const uses = usesIn(queries, select, views)
  const inner = new Map<string, string>()
  const from: From = (source, alias = source) => {
    const text = inner.get(source)
    if (text !== undefined) return `(\n${text}\n) AS ${alias}`
    return named(views.get(source) ?? source, alias)
  }
  const front: string[] = []
  for (const query of queries) {
    const count = uses.get(query.name) ?? 0
    if (count === 0) continue
    if (rows.nested && count === 1)
      inner.set(query.name, `${comment(query.note)}\n${query.text(from)}`)
    else front.push(frontText(rows, query, from))
  }
  const last = select(from)
  const all = [...bound([...front, last].join('\n')), ...front]
  return all.length === 0 ? last : `WITH\n${all.join(',\n')}\n${last}`
}

/** How often a SELECT and what it rests on read from each query that is no view. */
const usesIn = (
  queries: readonly Named[],
  select: Select,
  views: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> => {
  const uses = new Map<string, number>()
  const count: From = (source) => {
    if (!views.has(source)) uses.set(source, (uses.get(source) ?? 0) + 1)
    return source
  }
  select(count)
  for (const { name, text } of queries.toReversed()) if (uses.has(name)) text(count)
  return uses
}

const frontText = (
  { once: isOnce, inline }: Dialect['rows'],
  { note, name, text, once = false }: Named,
  from: From,
): string => `${comment(note)}\n${name} AS ${once ? isOnce : inline}(\n${indent(text(from))}\n)`

const listText = (dialect: Dialect, { type, values }: List): string =>
  dialect.list(
    type,
    Array.from(values, (value) =>
      typeof value === 'number' ? dialect.integer(value) : dialect.quoteString(value),
    ),
    values,
  )

/** A column of a SELECT list with its comment. */
export interface Column {
  readonly text: string
  readonly note: string | undefined
}

/** An expression under a name. */
export const column = (text: string, name: string, note?: string): Column => ({
  text: text === name ? name : `${text} AS ${name}`,
  note,
})

/** The lines of a SELECT list, comments at their ends. */
export const columns = (list: readonly Column[]): string =>
  list
    .map(({ text, note }, i) => {
      const comma = i < list.length - 1 ? ',' : ''
      return `  ${text}${comma}${note === undefined ? '' : ` -- ${oneLine(note)}`}`
    })
    .join('\n')

/** A line of its own that engines pass over. */
export const comment = (note: string): string => `-- ${oneLine(note)}`

// A line break of any kind would end the comment, and Spark puts variables into comments too.
const oneLine = (note: string): string =>
  note.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('${', '$ {')

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
