import type { Dialect } from './dialect.ts'
import type { List } from './ladder.ts'

/** A named query of a statement: `label` is part of its name, `note` its comment. */
export interface Query {
  readonly label: string
  readonly note: string
  readonly text: string
  /** Whether it must be evaluated once, since others number or join its rows. */
  readonly once?: boolean
}

/** Collects the named queries and constant lists of one statement. */
export interface Statement {
  /** A name that no other call has given, in whatever case. */
  readonly name: (prefix: string) => string
  /** Adds a query and gives its name. */
  readonly query: (query: Query) => string
  /** The text that stands for a list; a large one is a column of the query `lists`. */
  readonly list: (list: List) => string
  /** The whole statement around the last SELECT. */
  readonly text: (select: string) => string
}

/** Lists of up to so many values stand where they are used. */
const SMALL_LIST = 8

/** Whether a list is a column that has to be joined. */
export const isLarge = ({ values }: List): boolean => values.length > SMALL_LIST

/** Joins the one row of large lists. */
export const JOIN_LISTS = '\nCROSS JOIN lists'

/** An empty statement. */
export const createStatement = (dialect: Dialect): Statement => {
  const queries: string[] = []
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
    query: ({ label, note, text, once = false }) => {
      const named = name(`${label}_`)
      const kind = once ? dialect.rows.once : dialect.rows.inline
      queries.push(`${comment(note)}\n${named} AS ${kind}(\n${indent(text)}\n)`)
      return named
    },
    list: (list) => {
      const text = texts.get(list.values) ?? listText(dialect, list)
      texts.set(list.values, text)
      if (!isLarge(list)) return text
      const known = lists.get(text) ?? `list_${lists.size + 1}`
      lists.set(text, known)
      return known
    },
    text: (select) => {
      const bound = [...lists].map(([text, named]) => column(text, named))
      const first =
        bound.length === 0
          ? []
          : [
              `-- constants\nlists AS ${dialect.rows.once}(\n${indent(`SELECT\n${columns(bound)}`)}\n)`,
            ]
      const all = [...first, ...queries]
      return all.length === 0 ? select : `WITH\n${all.join(',\n')}\n${select}`
    },
  }
}

const listText = (dialect: Dialect, { type, values }: List): string =>
  dialect.list(
    type,
    Array.from(values, (value) =>
      typeof value === 'number' ? dialect.integer(value) : dialect.quoteString(value),
    ),
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

// A line break of any kind would end the comment.
const oneLine = (note: string): string => note.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
