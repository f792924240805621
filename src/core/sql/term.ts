import type { ScopeId } from '../plan/graph.ts'
import type { FoldOperation } from '../expr/expr.ts'
import type { Tally } from '../plan/typed.ts'
import type { DataType } from '../expr/types.ts'

/** A type that expressions have inside a statement: physical numbers are BIGINT whatever they stand for. */
export type CellType = 'integer' | 'string' | 'boolean'

/**
 * A piece of SQL over the rows of one scope. Terms are plain data and may share parts; the ladder finds equal ones and
 * gives what is used more than once a column of its own.
 */
export type Term =
  /** Text with terms in it; `atomic` text needs no parentheses around it. */
  | {
      readonly kind: 'text'
      readonly parts: readonly (string | Term)[]
      readonly atomic: boolean
      /** What the term is, for a comment. */
      readonly note?: string
      /** Whether it is cheaper to compute again than to keep in a column; without it, a few operators are. */
      readonly light?: boolean
    }
  | { readonly kind: 'literal'; readonly type: CellType; readonly value: number | string | null }
  /** A column that the rows of the scope start with. */
  | { readonly kind: 'row'; readonly name: string }
  /** The value that a term of the outer scope has at this row's parent. */
  | { readonly kind: 'outer'; readonly of: Term }
  /** A constant list, which large ones bind once for the whole statement; the same array is the same list. */
  | { readonly kind: 'list'; readonly type: CellType; readonly values: ArrayLike<number | string> }
  /** `value` (undefined counts rows) combined over the rows of the scope `over` that belong to this row. */
  | {
      readonly kind: 'fold'
      readonly over: ScopeId
      readonly operation: FoldOperation
      readonly type: CellType
      readonly value: Term | undefined
      readonly where: Term | undefined
    }
  /** What a tally comes to at the row of its cross that has this key. */
  | { readonly kind: 'tally'; readonly tally: Tally; readonly key: Term }

/** A literal term. */
export type Literal = Extract<Term, { readonly kind: 'literal' }>

/** An expression with operators outside of any parentheses, sql`${a} + 1`; strings stand for themselves. */
export const sql = (strings: TemplateStringsArray, ...terms: readonly (string | Term)[]): Term =>
  text(strings, terms, false)

/** An expression that needs no parentheses, such as the call of a function: call`abs(${a})`. */
export const call = (strings: TemplateStringsArray, ...terms: readonly (string | Term)[]): Term =>
  text(strings, terms, true)

const text = (
  strings: TemplateStringsArray,
  terms: readonly (string | Term)[],
  atomic: boolean,
): Term => ({
  kind: 'text',
  atomic,
  parts: strings.flatMap((part, i) => [part, terms[i] ?? '']).filter((part) => part !== ''),
})

/** Terms with a text between each two, such as ` AND `; put in parentheses where it is part of more. */
export const joined = (terms: readonly Term[], between: string): Term =>
  terms.length === 1 && terms[0] !== undefined
    ? terms[0]
    : {
        kind: 'text',
        atomic: false,
        parts: terms.flatMap((term, i) => (i === 0 ? [term] : [between, term])),
      }

/** The call of a function by name. */
export const invoke = (name: string, terms: readonly Term[]): Term => ({
  kind: 'text',
  atomic: true,
  parts: [`${name}(`, ...joinedParts(terms), ')'],
})

const joinedParts = (terms: readonly Term[]): readonly (string | Term)[] =>
  terms.flatMap((term, i) => (i === 0 ? [term] : [', ', term]))

/** The term with a comment for the column that it may become. */
export const noted = (term: Term, note: string): Term =>
  term.kind === 'text' ? { ...term, note } : term

/** The term as one that is cheaper to compute again than to keep in a column. */
export const light = (term: Term): Term => (term.kind === 'text' ? { ...term, light: true } : term)

/** The term as one that is not to be computed again, however little it looks. */
export const heavy = (term: Term): Term => (term.kind === 'text' ? { ...term, light: false } : term)

/** A whole number. */
export const integer = (value: number): Term => ({ kind: 'literal', type: 'integer', value })

/** A text. */
export const string = (value: string): Term => ({ kind: 'literal', type: 'string', value })

/** The type that a value of the plan language has inside a statement. */
export const cellType = ({ kind }: DataType): CellType =>
  kind === 'string' || kind === 'boolean' ? kind : 'integer'

/** A literal of a type of the plan language. */
export const literal = (value: number | string | null, type: DataType): Term => ({
  kind: 'literal',
  type: cellType(type),
  value,
})

/** The number of a literal number. */
export const numberOf = (term: Term): number | undefined =>
  term.kind === 'literal' && term.type === 'integer' && typeof term.value === 'number'
    ? term.value
    : undefined

/** term + n, without the sum where it is known. */
export const plus = (term: Term, n: number): Term => {
  const known = numberOf(term)
  if (known !== undefined) return integer(known + n)
  if (n === 0) return term
  const moved = movedBy(term)
  if (moved !== undefined) return plus(moved.term, moved.by + n)
  return n < 0 ? sql`${term} - ${integer(-n)}` : sql`${term} + ${integer(n)}`
}

/** A term that is another one and a number. */
const movedBy = (term: Term): { readonly term: Term; readonly by: number } | undefined => {
  if (term.kind !== 'text' || term.parts.length !== 3) return undefined
  const [first, sign, last] = term.parts
  const by = typeof last === 'object' ? numberOf(last) : undefined
  if (typeof first !== 'object' || by === undefined) return undefined
  if (sign === ' + ') return { term: first, by }
  return sign === ' - ' ? { term: first, by: -by } : undefined
}

/** term · n, without the product where it is known. */
export const times = (term: Term, n: number): Term => {
  const known = numberOf(term)
  if (known !== undefined) return integer(known * n)
  return n === 1 ? term : sql`${term} * ${integer(n)}`
}

/** The sum of two terms. */
export const sum = (a: Term, b: Term): Term => {
  const [left, right] = [numberOf(a), numberOf(b)]
  if (right !== undefined) return plus(a, right)
  return left === undefined ? sql`${a} + ${b}` : plus(b, left)
}

/** A result and when it is taken. */
export interface Branch {
  readonly when: Term
  readonly then: Term
}

/** The first result whose condition holds, else `otherwise` (or null). */
export const choose = (branches: readonly Branch[], otherwise: Term | undefined): Term => ({
  kind: 'text',
  atomic: true,
  parts: [
    'CASE',
    ...branches.flatMap(({ when, then }) => [' WHEN ', when, ' THEN ', then]),
    ...(otherwise === undefined ? [] : [' ELSE ', otherwise]),
    ' END',
  ],
})
