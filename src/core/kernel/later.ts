import type { NodeId, RowGraph } from '../plan/graph.ts'

/** A table's graph without some outputs, in whose places the row's key stands, and a graph of its own for each. */
export interface SplitGraph {
  readonly now: RowGraph
  /** In the places of the outputs; undefined for those that `now` makes. */
  readonly later: readonly (RowGraph | undefined)[]
}

/** Splits off the outputs that `may` be made later and are wide bits drawn at the key of the table's own row. */
export const splitGraph = (graph: RowGraph, may: (output: number) => boolean): SplitGraph => {
  const later = graph.outputs.map(({ node }, i) => (may(i) ? keyedGraph(graph, node) : undefined))
  const outputs = graph.outputs.map((output, i) =>
    later[i] === undefined ? output : { name: output.name, node: graph.key },
  )
  return { now: { ...graph, outputs }, later }
}

const keyedGraph = (graph: RowGraph, id: NodeId): RowGraph | undefined => {
  const node = graph.nodes[id]!
  const key = graph.nodes[graph.key]!
  if (node.op !== 'draw' || node.form === 'bits' || node.key !== graph.key || key.op !== 'key')
    return undefined
  const { table } = graph
  return {
    table,
    scopes: [{ kind: 'range', table, count: key.shape.max }],
    nodes: [
      { ...key, scope: 0 },
      { ...node, scope: 0, key: 0 },
    ],
    rows: 0,
    key: 0,
    outputs: [{ name: table, node: 1 }],
    tallies: new Map(),
  }
}
