import { fail } from '../errors.ts'
import { FUNCTIONS } from '../expr/functions.ts'
import type { Value } from '../expr/types.ts'
import type { NodeId, RowGraph } from '../plan/graph.ts'
import { type Vocabulary, vocabularyColumn } from '../plan/vocabulary.ts'

/** The row of a vocabulary that alone decides a value: the vocabulary, and the node that holds the row's number. */
export interface VocabularyRow {
  readonly vocabulary: string
  readonly index: NodeId
}

/** Functions that see nulls, which a table over words or rows would hide from them. */
export const SEES_NULLS: ReadonlySet<string> = new Set(['coalesce', 'isNull'])

/** What values are found with. */
interface Source {
  readonly graph: RowGraph
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
}

/** The one vocabulary row that a node's value follows from; undefined when it needs more, or is a constant. */
export const vocabularyRow = ({ graph }: Source, id: NodeId): VocabularyRow | undefined => {
  const behind = rowBehind(graph, id)
  return typeof behind === 'object' ? behind : undefined
}

/** The values of such a node for every row of its vocabulary. */
export const valuesByRow = (source: Source, id: NodeId, row: VocabularyRow): readonly Value[] => {
  return Array.from({ length: rowsOf(source, row) }, (_, at) => valueAt(source, id, at))
}

/** How many values there are. */
export const rowsOf = (source: Source, { vocabulary }: VocabularyRow): number =>
  vocabularyOf(source, vocabulary).rows

/** A constant follows from any row; what follows from no single row is `many`. */
const rowBehind = (graph: RowGraph, id: NodeId): VocabularyRow | 'any' | 'many' => {
  const node = graph.nodes[id]!
  if (node.op === 'constant') return node.value === null ? 'many' : 'any'
  if (node.op === 'cell') return { vocabulary: node.vocabulary, index: node.index }
  if (node.op !== 'call' || SEES_NULLS.has(node.function)) return 'many'
  return node.args.map((each) => rowBehind(graph, each)).reduce(together, 'any')
}

const together = (
  a: VocabularyRow | 'any' | 'many',
  b: VocabularyRow | 'any' | 'many',
): VocabularyRow | 'any' | 'many' => {
  if (a === 'any') return b
  if (b === 'any') return a
  if (a === 'many' || b === 'many') return 'many'
  return a.vocabulary === b.vocabulary && a.index === b.index ? a : 'many'
}

const valueAt = (source: Source, id: NodeId, row: number): Value => {
  const { graph } = source
  const node = graph.nodes[id]!
  if (node.op === 'constant') return node.value
  if (node.op === 'cell') {
    const { values } = vocabularyColumn(vocabularyOf(source, node.vocabulary), node.column)
    return values[row] ?? fail('internal', `${node.vocabulary} has no row ${row}`)
  }
  if (node.op !== 'call')
    return fail('internal', `node ${id} does not follow from a vocabulary row`)
  const shapes = { args: node.args.map((each) => graph.nodes[each]!.shape), result: node.shape }
  const args = node.args.map((each) => valueAt(source, each, row))
  return FUNCTIONS[node.function].apply(args, shapes)
}

const vocabularyOf = ({ vocabularies }: Source, name: string): Vocabulary =>
  vocabularies.get(name) ?? fail('internal', `no vocabulary ${name}`)
