import { fail } from '../errors.ts'
import type { ScopeId } from '../plan/graph.ts'
import type { Tally } from '../plan/typed.ts'
import { type Draft, isColumn, lateLayersOf, layersOf, repeatLight } from './drafts.ts'
import type { Literal, Term } from './term.ts'

/**
 * A term of one scope after equal terms have become one. `layer` is the number of the sub-select that has computed all
 * it is made from; an item with a `column` is computed there once and is only a name from then on.
 */
export type Item = {
  readonly id: number
  readonly layer: number
  readonly column: string | undefined
} & (
  | {
      readonly kind: 'text'
      readonly parts: readonly (string | Item)[]
      readonly atomic: boolean
      readonly note: string | undefined
    }
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'row' }
  | { readonly kind: 'outer'; readonly of: Term }
  | { readonly kind: 'list'; readonly list: List }
  | { readonly kind: 'fold'; readonly fold: Fold; readonly needs: readonly Item[] }
  | { readonly kind: 'tally'; readonly tally: Tally; readonly needs: readonly Item[] }
)

export type Fold = Extract<Term, { readonly kind: 'fold' }>
export type List = Extract<Term, { readonly kind: 'list' }>
export type ItemOf<K extends Item['kind']> = Extract<Item, { readonly kind: K }>

/** Folds over one scope that are computed from one expansion, and are columns from `layer` on. */
export interface FoldGroup {
  readonly over: ScopeId
  readonly layer: number
  readonly folds: readonly ItemOf<'fold'>[]
}

/** All that one scope computes, in layers. */
export interface Ladder {
  readonly item: (term: Term) => Item
  readonly items: readonly Item[]
  readonly groups: readonly FoldGroup[]
  /** The last layer. */
  readonly height: number
}

/** What a ladder must offer: `roots` as text on top of it, `columns` as columns of it. */
export interface LadderWants {
  readonly roots: readonly Term[]
  readonly columns: readonly Term[]
}

/** What the terms of a graph need of their folds, and names for columns. */
export interface LadderContext {
  readonly needs: (fold: Fold) => readonly Term[]
  readonly name: () => string
  /** Whether a few operators are written again where their result is used, rather than take a layer of their own. */
  readonly repeats: boolean
}

/** Orders the terms of one scope into layers. */
export const createLadder = (context: LadderContext, { roots, columns }: LadderWants): Ladder => {
  const drafts = collect(context, [...roots, ...columns])
  for (const term of roots) drafts.draft(term).uses += 1
  for (const term of columns) drafts.draft(term).forced = true
  if (context.repeats) repeatLight(drafts.all)
  const layers = context.repeats
    ? lateLayersOf(drafts.all, [...roots, ...columns].map(drafts.draft))
    : layersOf(drafts.all)
  const items = place(drafts.all, layers, context)
  const height = Math.max(0, ...items.map(({ layer }) => layer))
  return {
    item: (term) => items[drafts.draft(term).id] ?? fail('internal', 'a term without an item'),
    items,
    groups: groupFolds(items, height),
    height,
  }
}

/** The terms of the outer scope that terms of an inner one refer to, and what the folds among them need. */
export const createNeeds = (countOf: (scope: ScopeId) => Term): LadderContext['needs'] => {
  const known = new Map<Fold, readonly Term[]>()
  const needs = (fold: Fold): readonly Term[] => {
    const before = known.get(fold)
    if (before !== undefined) return before
    const inner = [fold.value, fold.where].filter((each) => each !== undefined)
    const found = [countOf(fold.over), ...outersOf(inner, needs)]
    known.set(fold, found)
    return found
  }
  return needs
}

/** The distinct terms of the outer scope that terms refer to, also through the folds among them. */
export const outersOf = (
  terms: readonly Term[],
  needs: LadderContext['needs'],
): readonly Term[] => {
  const found = new Set<Term>()
  const seen = new Set<Term>()
  const visit = (term: Term): void => {
    if (seen.has(term)) return
    seen.add(term)
    if (term.kind === 'outer') found.add(term.of)
    if (term.kind === 'text')
      for (const part of term.parts) if (typeof part !== 'string') visit(part)
    if (term.kind === 'fold') needs(term).forEach(visit)
    if (term.kind === 'tally') visit(term.key)
  }
  terms.forEach(visit)
  return [...found]
}

interface Drafts {
  readonly all: readonly Draft[]
  readonly draft: (term: Term) => Draft
}

/** Makes equal terms one, arguments first, and counts how often each is used. */
const collect = (context: LadderContext, roots: readonly Term[]): Drafts => {
  const all: Draft[] = []
  const byTerm = new Map<Term, Draft>()
  const byKey = new Map<string, Draft>()
  const identities = new Map<object, number>()
  const identity = (object: object): number => {
    const number = identities.get(object) ?? identities.size
    identities.set(object, number)
    return number
  }
  const draft = (term: Term): Draft => {
    const before = byTerm.get(term)
    if (before !== undefined) return before
    const parts =
      term.kind === 'text'
        ? term.parts.map((part) => (typeof part === 'string' ? part : draft(part)))
        : []
    const needs = neededBy(context, term).map(draft)
    const key = keyOf(term, { parts, needs, identity })
    const found = byKey.get(key) ?? add(term, parts, needs)
    byKey.set(key, found)
    byTerm.set(term, found)
    return found
  }
  const add = (term: Term, parts: Draft['parts'], needs: Draft['needs']): Draft => {
    const added = { id: all.length, term, parts, needs, uses: 0, forced: false, light: false }
    for (const part of parts) if (typeof part !== 'string') part.uses += 1
    for (const need of needs) need.forced = true
    all.push(added)
    return added
  }
  roots.forEach(draft)
  return { all, draft }
}

const neededBy = (context: LadderContext, term: Term): readonly Term[] => {
  if (term.kind === 'tally') return [term.key]
  return term.kind === 'fold' ? context.needs(term) : []
}

interface Keying extends Pick<Draft, 'parts' | 'needs'> {
  readonly identity: (object: object) => number
}

const keyOf = (term: Term, { parts, needs, identity }: Keying): string => {
  switch (term.kind) {
    case 'text':
      return `text ${JSON.stringify(parts.map((part) => (typeof part === 'string' ? part : part.id)))}`
    case 'literal':
      return `literal ${term.type} ${JSON.stringify(term.value)}`
    case 'row':
      return `row ${term.name}`
    case 'outer':
      return `outer ${identity(term.of)}`
    case 'list':
      return `list ${identity(term.values)}`
    case 'fold':
      return `fold ${identity(term)}`
    case 'tally':
      return `tally ${term.tally.number} ${needs.map(({ id }) => id).join()}`
  }
}

const place = (
  drafts: readonly Draft[],
  layers: readonly number[],
  { name }: LadderContext,
): readonly Item[] => {
  const items: Item[] = []
  const itemOf = (draft: Draft): Item => items[draft.id] ?? fail('internal', 'out of order')
  for (const draft of drafts) items.push(itemFrom(draft, { itemOf, name, layers }))
  return items
}

interface Placing {
  readonly itemOf: (draft: Draft) => Item
  readonly layers: readonly number[]
  readonly name: () => string
}

const itemFrom = (draft: Draft, { itemOf, name, layers }: Placing): Item => {
  const { id, term } = draft
  switch (term.kind) {
    case 'text': {
      const parts = draft.parts.map((part) => (typeof part === 'string' ? part : itemOf(part)))
      const isOwn = isColumn(draft)
      return {
        kind: 'text',
        id,
        parts,
        atomic: term.atomic,
        note: term.note,
        layer: isOwn
          ? (layers[id] ?? 0)
          : topLayer(parts.filter((part) => typeof part !== 'string')),
        column: isOwn ? name() : undefined,
      }
    }
    case 'literal':
      return { kind: 'literal', id, literal: term, layer: 0, column: undefined }
    case 'row':
      return { kind: 'row', id, layer: 0, column: term.name }
    case 'outer':
      return { kind: 'outer', id, of: term.of, layer: 0, column: undefined }
    case 'list':
      return { kind: 'list', id, list: term, layer: 0, column: undefined }
    case 'fold': {
      const needs = draft.needs.map(itemOf)
      return { kind: 'fold', id, fold: term, needs, layer: topLayer(needs) + 1, column: name() }
    }
    case 'tally': {
      const { tally } = term
      const needs = draft.needs.map(itemOf)
      return { kind: 'tally', id, tally, needs, layer: topLayer(needs) + 1, column: name() }
    }
  }
}

const topLayer = (items: readonly Item[]): number => Math.max(0, ...items.map(({ layer }) => layer))

/**
 * Folds over one scope share an expansion when they are ready in the same layer, or can wait for a later one of the
 * others without making anything else wait.
 */
const groupFolds = (items: readonly Item[], height: number): readonly FoldGroup[] => {
  const folds = items.filter((item) => item.kind === 'fold')
  const groups = new Map<string, { over: ScopeId; layer: number; folds: ItemOf<'fold'>[] }>()
  for (const item of folds) {
    const { over } = item.fold
    const latest = latestLayer(item, items, height)
    const later = folds.filter(
      (each) => each.fold.over === over && each.layer > item.layer && each.layer <= latest,
    )
    const layer = Math.max(item.layer, ...later.map((each) => each.layer))
    const group = groups.get(`${over} ${layer}`) ?? { over, layer, folds: [] }
    group.folds.push(item)
    groups.set(`${over} ${layer}`, group)
  }
  return [...groups.values()].toSorted((a, b) => a.layer - b.layer)
}

const latestLayer = (item: Item, items: readonly Item[], height: number): number =>
  items.reduce(
    (latest, user) =>
      user.column !== undefined && directReferences(user).has(item)
        ? Math.min(latest, user.layer - 1)
        : latest,
    height,
  )

/** The columns, outer values and lists that the text of an item names when it is computed. */
export const directReferences = (item: Item): ReadonlySet<Item> => {
  const found = new Set<Item>()
  const visit = (part: Item): void => {
    if (part.column !== undefined || part.kind !== 'text') found.add(part)
    else partsOf(part).forEach(visit)
  }
  madeOf(item).forEach(visit)
  return found
}

const madeOf = (item: Item): readonly Item[] => {
  if (item.kind === 'text') return partsOf(item)
  return item.kind === 'fold' || item.kind === 'tally' ? item.needs : [item]
}

/** The same of an item that is used: its own name when it has one. */
export const references = (item: Item): ReadonlySet<Item> =>
  item.kind === 'text' && item.column === undefined ? directReferences(item) : new Set([item])

const partsOf = (item: ItemOf<'text'>): readonly Item[] =>
  item.parts.filter((part) => typeof part !== 'string')
