import type { Term } from './term.ts'

/** A term of one scope, equal ones being one, before it has a place in a layer. */
export interface Draft {
  readonly id: number
  readonly term: Term
  readonly parts: readonly (string | Draft)[]
  readonly needs: readonly Draft[]
  uses: number
  forced: boolean
  /** Whether it is no column however often it is used. */
  light: boolean
}

/** Whether a draft is computed once, as a column of a layer. */
export const isColumn = ({ term, uses, forced, light }: Draft): boolean =>
  term.kind === 'text'
    ? forced || (uses > 1 && !light)
    : term.kind === 'fold' || term.kind === 'tally'

/** The layer of each draft by its id: a column is in the one above all that it is made from. */
export const layersOf = (drafts: readonly Draft[]): readonly number[] => {
  const layers: number[] = []
  for (const draft of drafts) {
    const below = Math.max(0, ...madeFrom(draft).map(({ id }) => layers[id] ?? 0))
    layers.push(isColumn(draft) ? below + 1 : below)
  }
  return layers
}

/**
 * Finds what is cheaper to compute again than to keep: terms that say so, and few operators on one value that is used not
 * often. What they are made from is used as often as they are.
 */
export const repeatLight = (drafts: readonly Draft[]): void => {
  const weights = new Map<Draft, number>()
  for (const draft of drafts) weights.set(draft, weightOf(draft, weights))
  for (const draft of drafts.toReversed()) {
    const { term, parts, uses, forced } = draft
    const weight = weights.get(draft) ?? 0
    const isSmall = weight > 0 && weight <= 3 && (uses - 1) * weight <= MOST_AGAIN
    draft.light = !forced && term.kind === 'text' && (term.light === true || isSmall)
    if (!draft.light) continue
    for (const part of parts) if (typeof part !== 'string') part.uses += uses - 1
  }
}

/** Operators that may be written again for the sake of a layer. */
const MOST_AGAIN = 8

/** How many operators stand on a single value; 0 for anything else. */
const weightOf = ({ term, parts }: Draft, weights: ReadonlyMap<Draft, number>): number => {
  if (term.kind !== 'text' || term.atomic || term.light === false) return 0
  if (parts.includes(' || ')) return 0
  const values = parts.filter((part) => typeof part !== 'string' && part.term.kind !== 'literal')
  const [only, another] = values
  if (typeof only !== 'object' || another !== undefined) return 0
  return 1 + (weights.get(only) ?? 0)
}

const madeFrom = ({ term, parts, needs }: Draft): readonly Draft[] =>
  term.kind === 'text' ? parts.filter((part) => typeof part !== 'string') : needs

const isName = (draft: Draft): boolean =>
  isColumn(draft) || draft.term.kind === 'row' || draft.term.kind === 'outer'

/**
 * The layers of drafts when each column is computed as late as it can be without more being carried up to it: a draw
 * from the key just below where it is used, not at the bottom with all others.
 */
export const lateLayersOf = (
  drafts: readonly Draft[],
  roots: readonly Draft[],
): readonly number[] => {
  const kept = new Set(roots.flatMap((root) => (isName(root) ? [root] : namesIn(root))))
  const layers = [...layersOf(drafts)]
  const height = Math.max(0, ...layers)
  const users = usersOf(drafts)
  const needed = (draft: Draft, but: Draft): number =>
    (users.get(draft) ?? []).reduce(
      (latest, user) => (user === but ? latest : Math.max(latest, layers[user.id] ?? 0)),
      kept.has(draft) || draft.forced ? height + 1 : 0,
    )
  for (const draft of drafts.toReversed()) {
    if (draft.term.kind !== 'text' || !isColumn(draft)) continue
    const now = layers[draft.id] ?? 0
    const limit = (users.get(draft) ?? []).reduce(
      (least, { id }) => Math.min(least, (layers[id] ?? 0) - 1),
      height,
    )
    const others = namesIn(draft).map((name) => needed(name, draft))
    layers[draft.id] = latestOf(others, now, limit)
  }
  return layers
}

/** The layer from `now` to `limit` that has the least carried: one column less a layer, but all that it names. */
const latestOf = (others: readonly number[], now: number, limit: number): number => {
  const cost = (layer: number): number =>
    others.reduce((sum, other) => sum + Math.max(other, layer), 0) - layer
  let best = now
  for (let layer = now + 1; layer <= limit; layer++) if (cost(layer) <= cost(best)) best = layer
  return best
}

/** The columns that name a column or a value that rows start with. */
const usersOf = (drafts: readonly Draft[]): ReadonlyMap<Draft, readonly Draft[]> => {
  const users = new Map<Draft, Draft[]>()
  for (const draft of drafts) {
    if (!isColumn(draft)) continue
    for (const name of namesIn(draft)) users.set(name, [...(users.get(name) ?? []), draft])
  }
  return users
}

/** What the text of a column names. */
const namesIn = (draft: Draft): readonly Draft[] => {
  const found = new Set<Draft>()
  const visit = (part: Draft): void => {
    if (isName(part)) found.add(part)
    else madeFrom(part).forEach(visit)
  }
  madeFrom(draft).forEach(visit)
  return [...found]
}
