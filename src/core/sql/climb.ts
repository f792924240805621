import type { ScopeId } from '../plan/graph.ts'
import { directReferences, type Item, type ItemOf, type Ladder, references } from './ladder.ts'
import type { Column } from './statement.ts'
import type { Term } from './term.ts'
import { itemText, type Writing } from './text.ts'

/** Rows of a scope that are to get what their ladder computes. */
export interface Climb extends Writing {
  readonly scope: ScopeId
  readonly ladder: Ladder
  readonly source: string
  readonly roots: readonly Term[]
  /** What numbers the rows of the source, each otherwise. */
  readonly identity: string
  /** Columns that must stay, when these are children to fold. */
  readonly keep?: readonly string[]
}

/** The columns below a layer that must stay or that a later one names, as one line. */
export const stillNeeded = (
  on: Climb,
  { rowId, layer }: { readonly rowId: string | undefined; readonly layer: number },
): readonly Column[] => {
  const { items } = on.ladder
  const own = items.filter((item) => isComputedAt(item, layer) || isTallyAt(item, layer))
  const added = new Set(own.map((item) => item.column))
  const names = keptNames(on, layer + 1).filter((name) => !added.has(name))
  const all = rowId === undefined ? names : [...new Set([rowId, ...names])]
  return all.length === 0 ? [] : [{ text: all.join(', '), note: undefined }]
}

/** The columns that must stay, and those that this layer or a later one names. */
export const keptNames = (on: Climb, layer: number): readonly string[] => {
  const names = [...neededFrom(on, layer)].map((item) => itemText(on, item)).filter(isName)
  return [...new Set([...(on.keep ?? []), ...names])]
}

const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text)

/** Columns and outer values that this layer or a later one names, and that are there already. */
const neededFrom = ({ ladder, roots }: Climb, layer: number): ReadonlySet<Item> => {
  const found = new Set<Item>()
  const add = (items: ReadonlySet<Item>): void => {
    for (const item of items) if (isAvailable(item, ladder, layer)) found.add(item)
  }
  for (const root of roots) add(references(ladder.item(root)))
  for (const item of ladder.items) {
    if (isComputed(item) && item.layer >= layer) add(directReferences(item))
  }
  for (const group of ladder.groups)
    if (group.layer >= layer) for (const fold of group.folds) add(directReferences(fold))
  return found
}

const isComputed = (item: Item): boolean =>
  item.kind === 'tally' || (item.kind === 'text' && item.column !== undefined)

const isAvailable = (item: Item, ladder: Ladder, layer: number): boolean => {
  if (item.kind === 'list' || item.kind === 'literal') return false
  if (item.kind !== 'fold') return item.layer < layer
  return ladder.groups.some((group) => group.layer < layer && group.folds.includes(item))
}

/** Whether an item is a column that a layer computes. */
export const isComputedAt = (item: Item, layer: number): item is ItemOf<'text'> =>
  item.kind === 'text' && item.column !== undefined && item.layer === layer

/** Whether an item is a tally that a layer joins. */
export const isTallyAt = (item: Item, layer: number): item is ItemOf<'tally'> =>
  item.kind === 'tally' && item.layer === layer
