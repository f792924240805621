/** How nodes depend on one another, and what to do with a cycle (its first node is repeated at the end). */
export interface Dependencies<T> {
  readonly of: (node: T) => Iterable<T>
  readonly onCycle: (cycle: readonly T[]) => void
}

/**
 * The nodes in an order in which each comes after what it depends on, by depth-first search without recursion. Every
 * edge that closes a cycle is reported and then taken as absent.
 */
export const dependencyOrder = <T>(nodes: Iterable<T>, dependencies: Dependencies<T>): T[] => {
  const order: T[] = []
  const done = new Set<T>()
  for (const root of nodes) {
    if (done.has(root)) continue
    const open = new Map<T, Iterator<T>>([[root, dependencies.of(root)[Symbol.iterator]()]])
    const stack = [root]
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const next = open.get(node)?.next()
      if (next === undefined || next.done === true) {
        stack.pop()
        open.delete(node)
        done.add(node)
        order.push(node)
      } else if (open.has(next.value)) {
        dependencies.onCycle([...stack.slice(stack.indexOf(next.value)), next.value])
      } else if (!done.has(next.value)) {
        open.set(next.value, dependencies.of(next.value)[Symbol.iterator]())
        stack.push(next.value)
      }
    }
  }
  return order
}
