import type { Node, NodeId, RowGraph, ScopeId } from '../plan/graph.ts'

/**
 * A set of rows that a node is worth computing for: all rows of a scope (`caseNode` undefined), or those of them that
 * take one branch of a `case`.
 */
export interface Region {
  readonly scope: ScopeId
  readonly caseNode: NodeId | undefined
  readonly which: number
}

/** Where every node is computed: the smallest region that contains all its uses and is worth a compaction. */
export interface RegionPlan {
  readonly root: (scope: ScopeId) => Region
  /** Undefined for nodes that nothing wanted needs. */
  readonly home: (node: NodeId) => Region | undefined
  /** Whether a node is made in every branch that needs it: what is brought from an outer row, and no other needs. */
  readonly isRepeated: (node: NodeId) => boolean
  /** The region of a branch, when its rows are compacted. */
  readonly branch: (caseNode: NodeId, which: number) => Region | undefined
  /** Where the folds over a scope are computed. */
  readonly fold: (scope: ScopeId) => Region | undefined
}

/** Finds each node's region; `roots` are the nodes wanted for all rows of the graph's own scope. */
export const planRegions = (graph: RowGraph, roots: readonly NodeId[]): RegionPlan => {
  const tree = createTree(graph)
  findHomes({ graph, tree }, roots)
  const places = placesOf(graph, tree, roots)
  const costs = new Map<Region, number>()
  places.forEach((regions, id) => {
    const cost = nodeCost(graph, graph.nodes[id]!)
    for (const region of regions)
      for (let at: Region | undefined = region; at !== undefined; at = tree.parent(at))
        costs.set(at, (costs.get(at) ?? 0) + cost)
  })
  const kept = (region: Region): Region => {
    const parent = tree.parent(region)
    return parent === undefined || (costs.get(region) ?? 0) >= compactionCost(graph, region)
      ? region
      : kept(parent)
  }
  const folds = foldRegions(graph, tree)
  const keptOr = (region: Region | undefined): Region | undefined =>
    region === undefined ? undefined : kept(region)
  return {
    root: tree.root,
    home: (node) => keptOr(tree.homes[node]),
    isRepeated: (node) => {
      const home = keptOr(tree.homes[node])
      const regions = places[node]!
      return regions.length > 1 && regions.every((each) => kept(each) !== home)
    },
    branch: (caseNode, which) => {
      const region = tree.branch(caseNode, which)
      return kept(region) === region ? region : undefined
    },
    fold: (scope) => keptOr(folds.get(scope)),
  }
}

/** Below this many nanoseconds a row, computing a branch for all rows is cheaper than compacting its rows. */
const COMPACTION_COST = 8

/** The rows of all of many branches are found in one pass, and few rows take each. */
const compactionCost = ({ nodes }: RowGraph, { caseNode = -1 }: Region): number => {
  const node = nodes[caseNode]
  return node?.op === 'case' && node.results.length >= PARTITIONED ? 1 : COMPACTION_COST
}

/** From so many branches on their rows are found in one pass. */
export const PARTITIONED = 6

/** About how many nanoseconds a row a node takes; element-wise arithmetic is 1. */
const nodeCost = ({ nodes }: RowGraph, node: Node): number => {
  switch (node.op) {
    case 'constant':
    case 'key':
    case 'ordinal':
      return 0
    case 'outer':
      return node.shape.type.kind === 'string' ? 10 : 1
    case 'draw':
      return node.form === 'bits' ? 2 : 20
    case 'sample':
      return node.given === undefined ? 3 : 15
    case 'case':
      return node.shape.type.kind === 'string' ? 15 : 3
    case 'cell':
    case 'tally':
      return 2
    case 'call':
      if (node.function === 'sha256') return 200
      if (node.shape.type.kind === 'string') return 20
      return node.args.length > 1 && node.args.every((each) => isVaryingText(nodes[each]!))
        ? COMPACTION_COST
        : 1
    case 'fold':
      return 100
  }
}

/** Whether a node is a string that differs from row to row: to compare two of them reads both, as bytes. */
const isVaryingText = ({ op, shape }: Node): boolean =>
  op !== 'constant' && shape.type.kind === 'string'

/** Regions by identity; a branch lies where its case is computed, so its parent moves with the case. */
interface RegionTree {
  readonly homes: (Region | undefined)[]
  readonly root: (scope: ScopeId) => Region
  readonly branch: (caseNode: NodeId, which: number) => Region
  readonly parent: (region: Region) => Region | undefined
}

const createTree = (graph: RowGraph): RegionTree => {
  const homes: (Region | undefined)[] = graph.nodes.map(() => undefined)
  const roots = graph.scopes.map((_, scope): Region => ({ scope, caseNode: undefined, which: 0 }))
  const branches = new Map<string, Region>()
  return {
    homes,
    root: (scope) => roots[scope]!,
    branch: (caseNode, which) => {
      const id = `${caseNode}.${which}`
      const region = branches.get(id) ?? { scope: graph.nodes[caseNode]!.scope, caseNode, which }
      branches.set(id, region)
      return region
    },
    parent: ({ caseNode }) => (caseNode === undefined ? undefined : homes[caseNode]),
  }
}

/** Homes only ever move towards the root, so passing until nothing moves ends. */
const findHomes = (
  { graph, tree }: Pick<Walk, 'graph' | 'tree'>,
  roots: readonly NodeId[],
): void => {
  const { homes } = tree
  let moved = true
  const use = (node: NodeId, region: Region): void => {
    const before = homes[node]
    const after = before === undefined ? region : common(tree, before, region)
    if (after === before) return
    moved = true
    homes[node] = after
  }
  useOutright({ graph, tree, use }, roots)
  while (moved) {
    moved = false
    const folds = foldRegions(graph, tree)
    for (let id = graph.nodes.length - 1; id >= 0; id--) {
      const home = homes[id]
      if (home !== undefined) useArguments({ graph, tree, folds, use }, id, home)
    }
  }
}

/** Uses that no node makes: what is wanted of all rows, and what the rows of inner scopes come from. */
const useOutright = (
  { graph, tree, use }: Pick<Walk, 'graph' | 'tree' | 'use'>,
  roots: readonly NodeId[],
): void => {
  for (const root of roots) use(root, tree.root(graph.rows))
  for (let at: ScopeId | undefined = graph.rows; at !== undefined; at = outerScope(graph, at))
    for (const [node, scope] of pipelineUses(graph, at)) use(node, tree.root(scope))
}

/**
 * Where each node is to be made: at its home, or, where it is brought from outer rows and wanted in branches alone, in
 * each of these, since more rows are at home than in all of them.
 */
const placesOf = (
  graph: RowGraph,
  tree: RegionTree,
  roots: readonly NodeId[],
): readonly (readonly Region[])[] => {
  const { homes } = tree
  const uses = graph.nodes.map(() => new Set<Region>())
  const folds = foldRegions(graph, tree)
  const use = (node: NodeId, region: Region): void => void uses[node]!.add(region)
  useOutright({ graph, tree, use }, roots)
  const isBrought = broughtNodes(graph)
  const places: (readonly Region[])[] = graph.nodes.map(() => [])
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    const home = homes[id]
    if (home === undefined) continue
    const wanted = uses[id]!
    places[id] = isBrought[id]! && !wanted.has(home) ? [...wanted] : [home]
    for (const region of places[id]!) useArguments({ graph, tree, folds, use }, id, region)
  }
  return places
}

/** Which nodes are values of outer rows, or made of one such value and constants. */
const broughtNodes = ({ nodes }: RowGraph): readonly boolean[] => {
  const brought: boolean[] = []
  for (const node of nodes) {
    const args = node.op === 'call' ? node.args : []
    const varying = args.filter((each) => nodes[each]!.op !== 'constant')
    brought.push(node.op === 'outer' || (varying.length === 1 && brought[varying[0]!] === true))
  }
  return brought
}

const outerScope = (graph: RowGraph, scope: ScopeId): ScopeId | undefined => {
  const found = graph.scopes[scope]!
  return found.kind === 'children' ? found.outer : undefined
}

const pipelineUses = (graph: RowGraph, scope: ScopeId): readonly (readonly [NodeId, ScopeId])[] => {
  const found = graph.scopes[scope]!
  if (found.kind !== 'children') return []
  return [
    [found.parentKey, found.outer],
    [found.count, found.outer],
  ]
}

/** For each scope, where the folds over it are computed. */
const foldRegions = (graph: RowGraph, tree: RegionTree): Map<ScopeId, Region> => {
  const regions = new Map<ScopeId, Region>()
  graph.nodes.forEach((node, id) => {
    const home = tree.homes[id]
    if (node.op !== 'fold' || home === undefined) return
    const before = regions.get(node.over)
    regions.set(node.over, before === undefined ? home : common(tree, before, home))
  })
  return regions
}

interface Walk {
  readonly graph: RowGraph
  readonly tree: RegionTree
  readonly folds: ReadonlyMap<ScopeId, Region>
  readonly use: (node: NodeId, region: Region) => void
}

const useArguments = (walk: Walk, id: NodeId, home: Region): void => {
  const { graph, tree, folds, use } = walk
  const node = graph.nodes[id]!
  switch (node.op) {
    case 'constant':
    case 'key':
    case 'ordinal':
      return
    case 'outer':
      return use(node.node, folds.get(node.scope) ?? tree.root(graph.nodes[node.node]!.scope))
    case 'draw':
      return use(node.key, home)
    case 'sample':
      use(node.key, home)
      if (node.given !== undefined) use(node.given, home)
      return
    case 'cell':
      return use(node.index, home)
    case 'tally':
      return use(node.ordinal, home)
    case 'call':
      return node.args.forEach((each) => use(each, home))
    case 'case':
      node.conditions.forEach((each) => use(each, home))
      return node.results.forEach((each, which) => use(each, tree.branch(id, which)))
    case 'fold':
      return useFold(walk, node)
  }
}

const useFold = (
  { graph, tree, folds, use }: Walk,
  node: Extract<Node, { readonly op: 'fold' }>,
): void => {
  const scope = graph.scopes[node.over]!
  const region = folds.get(node.over)
  if (scope.kind !== 'children' || region === undefined) return
  use(scope.parentKey, region)
  use(scope.count, region)
  if (node.value !== undefined) use(node.value, tree.root(node.over))
  if (node.where !== undefined) use(node.where, tree.root(node.over))
}

/** The smallest region of a scope that contains both. */
const common = (tree: RegionTree, a: Region, b: Region): Region => {
  const around = new Set<Region>()
  for (let at: Region | undefined = a; at !== undefined; at = tree.parent(at)) around.add(at)
  for (let at: Region | undefined = b; at !== undefined; at = tree.parent(at))
    if (around.has(at)) return at
  return tree.root(a.scope)
}
