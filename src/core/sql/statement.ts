import type { Dialect } from './dialect.ts'
import type { List } from './ladder.ts'
import {
  cutToViews,
  mentioned,
  type Movable,
  movedToViews,
  type View,
  type ViewPlaces,
  withTexts,
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
      const whole = placed(dialect, queries, { select })
      if (dialect.rows.lists === 'joined')
        return { text: statementText(constants(dialect, lists), whole), views: [] }
      const bound = [...lists].map(([text, each]) => ({
        name: each,
        select: `SELECT ${text} AS items`,
      }))
      const isLong = places !== undefined && statementText([], whole).length > places.most * PIECE
      const most = isLong ? places.most * PIECE : undefined
      const pieces = isLong ? placed(dialect, queries, { select, most }) : whole
      const { length } = statementText(withTexts(bound), whole)
      const moved = movedToViews(bound, length, places)
      const cut = cutToViews(moved, pieces.cuts, places)
      const front = mentioned(cut.queries, statementText([], pieces))
      return { text: statementText(withTexts(front), pieces), views: cut.views }
    },
  }
}

interface Named extends Query {
  readonly name: string
}

/** The query that binds large lists. */
const constants = ({ rows }: Dialect, lists: ReadonlyMap<string, string>): readonly string[] => {
  const bound = [...lists].map(([text, named]) => column(text, named))
  if (bound.length === 0) return []
  return [`-- constants\nlists AS ${rows.once}(\n${indent(`SELECT\n${columns(bound)}`)}\n)`]
}

/** How much of the length that is allowed a piece may take, so that constants have room beside it. */
const PIECE = 0.75

interface Placed {
  readonly front: readonly string[]
  readonly last: string
  /** Queries that are to become views, since what they are part of would be too long. */
  readonly cuts: readonly Movable[]
}

const statementText = (bound: readonly string[], { front, last }: Placed): string =>
  bound.length + front.length === 0 ? last : `WITH\n${[...bound, ...front].join(',\n')}\n${last}`

interface Placing {
  readonly select: Select
  /** The length from which a query becomes a view, where no other is named in front. */
  readonly most?: number | undefined
}

const named: From = (source, alias = source) =>
  alias === source ? source : `${source} AS ${alias}`

/** The queries that are named in front of a SELECT, and it with all others where they are used. */
const placed = (
  { rows }: Dialect,
  queries: readonly Named[],
  { select, most = Infinity }: Placing,
): Placed => {
  if (!rows.nested) {
    const front = queries.map((each) => frontText(rows, each, named))
    return { front, last: select(named), cuts: [] }
  }
  const uses = new Map<string, number>()
  const count: From = (source) => {
    uses.set(source, (uses.get(source) ?? 0) + 1)
    return source
  }
  for (const { text } of [...queries, { text: select }]) text(count)
  const inner = new Map<string, string>()
  const from: From = (source, alias = source) => {
    const text = inner.get(source)
    return text === undefined ? named(source, alias) : `(\n${text}\n) AS ${alias}`
  }
  const front: string[] = []
  const cuts: Movable[] = []
  for (const query of queries) {
    const text = `${comment(query.note)}\n${query.text(from)}`
    if (uses.get(query.name) !== 1) front.push(frontText(rows, query, from))
    else if (text.length > most && front.length === 0) cuts.push({ name: query.name, select: text })
    else inner.set(query.name, text)
  }
  return { front, last: select(from), cuts }
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
