import type { CompiledLaw } from '../random/compiled-law.ts'
import type { Node, NodeId, Scope, ScopeId } from './graph.ts'

/** Collects scopes and nodes; the same node asked for twice is the same node. */
export interface GraphBuilder {
  readonly nodes: readonly Node[]
  readonly scopes: readonly Scope[]
  readonly scope: (scope: Scope) => ScopeId
  readonly node: (node: Node) => NodeId
}

/** An empty graph to build. */
export const createGraph = (): GraphBuilder => {
  const nodes: Node[] = []
  const scopes: Scope[] = []
  const known = new Map<string, NodeId>()
  const laws = new Map<CompiledLaw, number>()
  const lawNumber = (law: CompiledLaw): number => {
    const number = laws.get(law) ?? laws.size
    laws.set(law, number)
    return number
  }
  return {
    nodes,
    scopes,
    scope: (scope) => scopes.push(scope) - 1,
    node: (node) => {
      const identity = nodeIdentity(node, lawNumber)
      const id = known.get(identity) ?? nodes.push(node) - 1
      known.set(identity, id)
      return id
    },
  }
}

const nodeIdentity = (node: Node, lawNumber: (law: CompiledLaw) => number): string =>
  JSON.stringify(
    node.op === 'sample'
      ? { ...node, laws: node.laws.map(lawNumber), stream: node.stream.name }
      : node.op === 'draw'
        ? { ...node, stream: node.stream.name }
        : node.op === 'tally'
          ? { ...node, tally: node.tally.number }
          : node,
  )
