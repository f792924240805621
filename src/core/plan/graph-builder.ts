import type { Shape } from '../expr/types.ts'
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
      const before = known.get(identity)
      if (before !== undefined) return before
      known.set(identity, nodes.length)
      return nodes.push(node) - 1
    },
  }
}

/** What tells nodes apart, in an order of each kind's own; texts come last or in quotes. */
const nodeIdentity = (node: Node, lawNumber: (law: CompiledLaw) => number): string =>
  `${node.op} ${node.scope} ${shapeIdentity(node.shape)} ${ownIdentity(node, lawNumber)}`

const shapeIdentity = ({ type, nullable, min, max, maxLength, ascii, keyOf }: Shape): string => {
  const kind = type.kind === 'decimal' ? `${type.precision},${type.scale}` : type.kind
  return `${kind} ${nullable} ${min} ${max} ${maxLength} ${ascii} ${keyOf}`
}

const ownIdentity = (node: Node, lawNumber: (law: CompiledLaw) => number): string => {
  switch (node.op) {
    case 'constant':
      return JSON.stringify(node.value)
    case 'key':
    case 'ordinal':
      return ''
    case 'outer':
      return `${node.node}`
    case 'draw':
      return `${node.key} ${node.form} ${node.stream.name}`
    case 'sample':
      return `${node.key} ${node.given} ${node.laws.map(lawNumber).join()} ${node.stream.name}`
    case 'cell':
      return `${node.index} ${node.vocabulary} ${node.column}`
    case 'call':
      return `${node.function} ${node.args.join()}`
    case 'case':
      return `${node.conditions.join()} ${node.results.join()}`
    case 'fold':
      return `${node.operation} ${node.over} ${node.value} ${node.where}`
    case 'tally':
      return `${node.tally.number} ${node.key} ${node.ordinal}`
  }
}
