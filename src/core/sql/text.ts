import type { Dialect } from './dialect.ts'
import type { Item, ItemOf } from './ladder.ts'
import type { Statement } from './statement.ts'
import type { Literal, Term } from './term.ts'

/** What the text of an item depends on: names of outer values, and where large lists are bound. */
export interface Writing {
  readonly dialect: Dialect
  readonly statement: Statement
  readonly outer: (term: Term) => string
}

/** The text that stands for an item: its name if it has one. */
export const itemText = (writing: Writing, item: Item): string => {
  if (item.column !== undefined) return item.column
  switch (item.kind) {
    case 'text':
      return definition(writing, item)
    case 'literal':
      return literalText(writing.dialect, item.literal)
    case 'outer':
      return writing.outer(item.of)
    case 'list':
      return writing.statement.list(item.list)
    case 'row':
    case 'fold':
    case 'tally':
      return item.column ?? ''
  }
}

/** The text that computes an item; operators inside of others are put in parentheses. */
export const definition = (writing: Writing, { parts }: ItemOf<'text'>): string =>
  parts
    .map((part, i) => {
      if (typeof part === 'string') return part
      const text = itemText(writing, part)
      const isOpen = part.kind === 'text' && part.column === undefined && !part.atomic
      return isOpen && !isEnclosed(parts[i - 1], parts[i + 1]) ? `(${text})` : text
    })
    .join('')

const OPENING = /(\(|, | WHEN | THEN | ELSE )$/
const CLOSING = /^(\)|, | AS | WHEN | THEN | ELSE | END)/

const isEnclosed = (before: string | Item | undefined, after: string | Item | undefined): boolean =>
  typeof before === 'string' &&
  typeof after === 'string' &&
  OPENING.test(before) &&
  CLOSING.test(after)

const literalText = (dialect: Dialect, { type, value }: Literal): string => {
  if (value === null) return `CAST(NULL AS ${dialect.typeName(type)})`
  if (type === 'boolean') return value === 0 ? 'FALSE' : 'TRUE'
  return typeof value === 'number' ? dialect.integer(value) : dialect.quoteString(value)
}
