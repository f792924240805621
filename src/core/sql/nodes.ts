import { fail } from '../errors.ts'
import { FUNCTIONS } from '../expr/functions.ts'
import { EXACT_LIMIT, type Shape, type Value } from '../expr/types.ts'
import { type Node, type NodeId, type RowGraph, type Scope, type ScopeId } from '../plan/graph.ts'
import { type Vocabulary, vocabularyColumn } from '../plan/vocabulary.ts'
import { choice } from './choice.ts'
import type { Dialect } from './dialect.ts'
import { type Drawing, drawTerm, sampleTerm } from './draws.ts'
import { clipped, contains, isNarrowedCall, totalArguments, withinShape } from './narrowed.ts'
import { STANDARD_SPELLINGS } from './spellings.ts'
import { cellType, integer, literal, numberOf, plus, sql, sum, type Term, times } from './term.ts'

/** What terms are made from. */
export interface Source {
  readonly graph: RowGraph
  readonly dialect: Dialect
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
}

/** The terms of a graph's nodes, each in its own scope. */
export interface GraphTerms {
  readonly term: (node: NodeId) => Term
  /** The entity key of a scope's rows. */
  readonly key: (scope: ScopeId) => Term
}

/** The column in which the rows of a scope start: of a range the key, of a cross the position, of children the ordinal. */
const START: Readonly<Record<Scope['kind'], string>> = {
  range: 'key',
  cross: 'position',
  children: 'ordinal',
}

/** Makes the terms of a graph, each when it is first asked for. */
export const createTerms = (source: Source): GraphTerms => {
  const known = new Map<NodeId, Term>()
  const work: Work = { ...source, term: (id) => termOf(id) }
  const termOf = (id: NodeId): Term => {
    const before = known.get(id)
    if (before !== undefined) return before
    const made = nodeTerm(work, nodeOf(work, id))
    known.set(id, made)
    return made
  }
  return {
    term: termOf,
    key: (scope) => keyTerm(work, scope),
  }
}

interface Work extends Source {
  readonly term: (node: NodeId) => Term
}

const nodeOf = ({ graph }: Source, id: NodeId): Node =>
  graph.nodes[id] ?? fail('internal', `no node ${id}`)

const nodeTerm = (work: Work, node: Node): Term => {
  switch (node.op) {
    case 'constant':
      return literal(node.value, node.shape.type)
    case 'key':
      return keyTerm(work, node.scope)
    case 'ordinal':
      return ordinalTerm(work, node.scope)
    case 'outer':
      return outer(work.term(node.node))
    case 'draw':
      return drawTerm(drawing(work, node), node.form)
    case 'sample':
      return sampled(work, node)
    case 'cell':
      return cellTerm(work, node)
    case 'call':
      return callTerm(work, node)
    case 'case':
      return caseTerm(work, node)
    case 'fold':
      return foldTerm(work, node)
    case 'tally':
      return { kind: 'tally', tally: node.tally, key: work.term(node.key) }
  }
}

type Kind<K extends Node['op']> = Extract<Node, { readonly op: K }>

const outer = (of: Term): Term => (of.kind === 'literal' ? of : { kind: 'outer', of })

const scopeOf = ({ graph }: Source, scope: ScopeId): Scope =>
  graph.scopes[scope] ?? fail('internal', `no scope ${scope}`)

const start = (work: Work, scope: ScopeId): Term => {
  const { kind, table } = scopeOf(work, scope)
  return { kind: 'row', name: startName(kind, table, scope) }
}

/** The name of the column in which the rows of a scope start. */
export const startName = (kind: Scope['kind'], table: string, scope: ScopeId): string =>
  `${table}_${START[kind]}_${scope}`

const keyTerm = (work: Work, scope: ScopeId): Term => {
  const found = scopeOf(work, scope)
  const first = start(work, scope)
  switch (found.kind) {
    case 'range':
      return first
    case 'cross':
      return crossKey(work, found, first)
    case 'children':
      return sum(times(outer(parentKey(work, found)), found.capacity), first)
  }
}

/** The parent's key, null where no child's key would be exact: a key in a case may be proven to be smaller. */
const parentKey = (work: Work, { parentKey: id, capacity }: Children): Term => {
  const { min, max } = nodeOf(work, id).shape
  const most = Math.floor(EXACT_LIMIT / capacity)
  const key = work.term(id)
  return min >= -most && max <= most ? key : clipped(key, -most, most)
}

type Children = Extract<Scope, { readonly kind: 'children' }>

/** The digits of a position over the counts, each plus one, as digits over the capacities. */
const crossKey = (
  { dialect }: Work,
  { of }: Extract<Scope, { readonly kind: 'cross' }>,
  position: Term,
): Term => {
  const { quotient, remainder } = dialect.operators
  let radix = 1
  let below = 1
  let key: Term | undefined
  for (const [i, { capacity, count }] of [...of.entries()].toReversed()) {
    const shifted = below === 1 ? position : quotient(position, integer(below))
    const digit = i === 0 ? shifted : remainder(shifted, integer(Math.max(1, count)))
    const part = times(plus(digit, 1), radix)
    key = key === undefined ? part : sum(part, key)
    radix *= capacity
    below *= Math.max(1, count)
  }
  return key ?? fail('internal', 'a cross of nothing')
}

const ordinalTerm = (work: Work, scope: ScopeId): Term => {
  const first = start(work, scope)
  return scopeOf(work, scope).kind === 'range' ? plus(first, -1) : first
}

const drawing = (work: Work, node: Kind<'draw' | 'sample'>): Drawing => {
  const { shape } = nodeOf(work, node.key)
  return {
    dialect: work.dialect,
    stream: node.stream,
    key: work.term(node.key),
    wide: shape.min < 0 || shape.max >= 2 ** 32,
    nullable: shape.nullable,
  }
}

/** An outcome; a boolean's 0 or 1 as a boolean. */
const sampled = (work: Work, node: Kind<'sample'>): Term => {
  const given = node.given === undefined ? undefined : work.term(node.given)
  const outcome = sampleTerm(drawing(work, node), node.laws, given)
  return node.shape.type.kind === 'boolean' ? sql`${outcome} = ${integer(1)}` : outcome
}

const cellTerm = (
  { dialect, vocabularies, term }: Work,
  { vocabulary: name, column, index }: Kind<'cell'>,
): Term => {
  const vocabulary = vocabularies.get(name) ?? fail('internal', `no vocabulary ${name}`)
  const { kind, values } = vocabularyColumn(vocabulary, column)
  const known = numberOf(term(index))
  if (known !== undefined) return { kind: 'literal', type: kind, value: values[known] ?? null }
  return dialect.element({ kind: 'list', type: kind, values }, term(index))
}

const foldTerm = (
  { term }: Work,
  { operation, over, value, where, shape }: Kind<'fold'>,
): Term => ({
  kind: 'fold',
  over,
  operation,
  type: cellType(shape.type),
  value: value === undefined ? undefined : term(value),
  where: where === undefined ? undefined : term(where),
})

const caseTerm = (work: Work, { conditions, results, shape }: Kind<'case'>): Term => {
  const { dialect, term } = work
  const branches = conditions.map((when, i) => ({ when: term(when), then: term(results[i]!) }))
  const chosen = choice(dialect, branches, term(results.at(-1)!))
  const isProven = results.every((each) => {
    const result = nodeOf(work, each)
    return (result.op === 'constant' && result.value === null) || contains(shape, result.shape)
  })
  return isProven ? chosen : withinShape(chosen, shape)
}

/** Functions that may have a value although an argument is null. */
const NULL_BLIND: ReadonlySet<string> = new Set(['and', 'or', 'isNull', 'coalesce'])

/** A call of known values. Where no row comes to it, as to a remainder by nothing, it may be no number. */
const folded = (value: Value, { type }: Shape): Term =>
  literal(Number.isNaN(value) ? null : value, type)

const callTerm = (work: Work, node: Kind<'call'>): Term => {
  const { dialect, term } = work
  const { function: name, shape } = node
  const args = node.args.map(term)
  const shapes = node.args.map((each) => nodeOf(work, each).shape)
  const values = args.flatMap((each) => (each.kind === 'literal' ? [each.value] : []))
  if (values.length === args.length)
    return folded(FUNCTIONS[name].apply(values, { args: shapes, result: shape }), shape)
  if (values.includes(null) && !NULL_BLIND.has(name)) return literal(null, shape.type)
  const spelling = dialect.spellings[name] ?? STANDARD_SPELLINGS[name]
  const call = { dialect, args, shapes, result: shape }
  if (typeof spelling === 'function')
    return isNarrowedCall(name, shapes, shape)
      ? withinShape(spelling({ ...call, args: totalArguments(name, call) }), shape)
      : spelling(call)
  return fail('sql.unsupported', `${dialect.name} cannot say ${name}: ${spelling.unsupported}`)
}
