import type { NodeId, RowGraph, Scope } from '../plan/graph.ts'

/** Keys from `from` up to but not including `to`. */
export interface KeyRange {
  readonly from: number
  readonly to: number
}

/** The keys of its scope at which a node that is arithmetic on the scope's key lies in a range. */
export const scopeRange = (
  graph: RowGraph,
  node: NodeId,
  range: KeyRange,
): KeyRange | undefined => {
  const found = graph.nodes[node]
  if (found?.op === 'key') return range
  if (found?.op !== 'call') return undefined
  const [first, second] = found.args
  const constant = second === undefined ? undefined : graph.nodes[second]
  if (first === undefined || constant?.op !== 'constant' || typeof constant.value !== 'number')
    return undefined
  const { value } = constant
  if (found.function === 'add')
    return scopeRange(graph, first, { from: range.from - value, to: range.to - value })
  if (found.function !== 'mul') return undefined
  return scopeRange(graph, first, {
    from: Math.ceil(range.from / value),
    to: Math.ceil(range.to / value),
  })
}

/** The parent keys whose children may have keys in a range. */
export const parentRange = ({ from, to }: KeyRange, capacity: number): KeyRange => ({
  from: Math.floor(from / capacity),
  to: Math.ceil(to / capacity),
})

/** The keys of a range scope in a range. */
export const rangeKeys = (count: number, range: KeyRange | undefined): KeyRange =>
  ordered({ from: Math.max(1, range?.from ?? 1), to: Math.min(count + 1, range?.to ?? Infinity) })

/** The positions of a cross scope at which keys in a range may lie, by the first dimension alone. */
export const crossPositions = (
  of: Extract<Scope, { readonly kind: 'cross' }>['of'],
  range: KeyRange | undefined,
): KeyRange => {
  const [first, ...rest] = of
  const count = first?.count ?? 0
  const below = rest.reduce((product, each) => product * each.count, 1)
  if (range === undefined) return { from: 0, to: count * below }
  const radix = rest.reduce((product, each) => product * each.capacity, 1)
  const keys = rangeKeys(count, {
    from: Math.floor(range.from / radix),
    to: Math.ceil(range.to / radix),
  })
  return { from: (keys.from - 1) * below, to: (keys.to - 1) * below }
}

const ordered = ({ from, to }: KeyRange): KeyRange => ({ from, to: Math.max(from, to) })
