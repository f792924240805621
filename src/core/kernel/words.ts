import type { Dictionary } from '../columns/block.ts'
import { fail } from '../errors.ts'
import { FUNCTIONS } from '../expr/functions.ts'
import type { Value } from '../expr/types.ts'
import type { Node, NodeId, RowGraph } from '../plan/graph.ts'
import { type Vocabulary, vocabularyColumn } from '../plan/vocabulary.ts'
import { rowsOf, SEES_NULLS, valuesByRow, vocabularyRow } from './vocabulary-rows.ts'

/** How the strings of a node are held, found before any step is emitted. */
export type StringForm =
  /** Codes into these words, distinct and in byte order. */
  | { readonly form: 'codes'; readonly words: readonly string[] }
  | { readonly form: 'fixed'; readonly width: number }
  | { readonly form: 'bytes' }

/** What is known of words, shared by the programs of a thread: many tables use the same vocabularies. */
export interface WordStore {
  /** Lists of words put in order so far, by the lists they came from, so that equal ones are one dictionary. */
  readonly ordered: {
    readonly from: readonly (readonly string[])[]
    readonly words: readonly string[]
  }[]
  /** Dictionaries of ordered lists. */
  readonly dictionaries: Map<readonly string[], CodedWords>
  /** What calls make of lists, by the list and then by the call. */
  readonly mapped: Map<readonly string[], Map<string, MappedWords>>
}

/** The value of a call for each word of a list, and those that are texts in order. */
export interface MappedWords {
  readonly values: readonly Value[]
  readonly words: readonly string[]
}

/** A dictionary, and the code of each word in it. */
export interface CodedWords {
  readonly dictionary: Dictionary
  readonly codes: ReadonlyMap<string, number>
}

/** Knows nothing yet. */
export const createWordStore = (): WordStore => ({
  ordered: [],
  dictionaries: new Map(),
  mapped: new Map(),
})

/** What string forms are found with. */
export interface WordSource {
  readonly graph: RowGraph
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
  /** Whether a node is computed for some of the rows only, those that take a branch. */
  readonly isRare: (node: NodeId) => boolean
  readonly store: WordStore
  /** Forms found so far. */
  readonly forms: Map<NodeId, StringForm>
}

/** The form in which a string node's values are held. */
export const stringForm = (source: WordSource, id: NodeId): StringForm => {
  const form = source.forms.get(id) ?? findForm(source, id)
  source.forms.set(id, form)
  return form
}

const findForm = (source: WordSource, id: NodeId): StringForm => {
  const node = source.graph.nodes[id]!
  switch (node.op) {
    case 'constant':
      return { form: 'codes', words: typeof node.value === 'string' ? [node.value] : [] }
    case 'outer':
      return stringForm(source, node.node)
    case 'draw':
      return { form: 'fixed', width: node.form === 'uuid' ? 36 : 32 }
    case 'sample':
      return { form: 'codes', words: inOrder(node.laws.flatMap((law) => law.words ?? [])) }
    case 'cell':
      return { form: 'codes', words: together(source, [cellWords(source, node)]) }
    case 'case':
      return commonForm(
        source,
        node.results.map((each) => stringForm(source, each)),
      )
    case 'call':
      return callForm(source, id, node)
    case 'key':
    case 'ordinal':
    case 'fold':
    case 'tally':
      return fail('internal', `${node.op} is no string`)
  }
}

/** Distinct words in the order of their UTF-8 bytes, which for BMP text is the order of code units. */
// Without a comparison of its own, sort takes the order of code units, in much less time.
export const inOrder = (words: readonly string[]): readonly string[] =>
  [...new Set(words)].toSorted()

/** The distinct words of some lists in order; the same lists give the same list. */
const together = (
  { store: { ordered } }: WordSource,
  from: readonly (readonly string[])[],
): readonly string[] => {
  const isSame = (other: readonly (readonly string[])[]): boolean =>
    other.length === from.length && other.every((list, i) => list === from[i])
  const known = ordered.find((each) => isSame(each.from))
  if (known !== undefined) return known.words
  const words = inOrder(from.flat())
  ordered.push({ from, words })
  return words
}

/** The words of a vocabulary's string column, row by row. */
export const cellWords = (
  { vocabularies }: WordSource,
  { vocabulary, column }: { readonly vocabulary: string; readonly column: string },
): readonly string[] => {
  const found = vocabularies.get(vocabulary) ?? fail('internal', `no vocabulary ${vocabulary}`)
  const cells = vocabularyColumn(found, column)
  return cells.kind === 'string'
    ? cells.values
    : fail('internal', `${vocabulary}.${column} is no string`)
}

/** The one argument of a call that is held as codes while all others are constants other than null, and its words. */
export const onlyWords = (
  source: WordSource,
  id: NodeId,
): { readonly position: number; readonly words: readonly string[] } | undefined => {
  const node = source.graph.nodes[id]!
  if (node.op !== 'call' || SEES_NULLS.has(node.function)) return undefined
  const varying = node.args.flatMap((arg, at) => (isKnown(source, arg) ? [] : [at]))
  const [position, ...more] = varying
  if (position === undefined || more.length > 0) return undefined
  const arg = source.graph.nodes[node.args[position]!]!
  if (arg.shape.type.kind !== 'string') return undefined
  const form = stringForm(source, node.args[position]!)
  return form.form === 'codes' && form.words.length > 0 && pays(source, id, form.words.length)
    ? { position, words: form.words }
    : undefined
}

/** What a call makes of each word of its only varying argument. */
export const mapWords = (
  { graph, store }: WordSource,
  node: CallNode,
  { position, words }: { readonly position: number; readonly words: readonly string[] },
): MappedWords => {
  const shapes = { args: node.args.map((each) => graph.nodes[each]!.shape), result: node.shape }
  const args = node.args.map((each) => constantOf(graph.nodes[each]!))
  const calls = store.mapped.get(words) ?? new Map<string, MappedWords>()
  store.mapped.set(words, calls)
  const call = JSON.stringify([node.function, position, args, shapes])
  const known = calls.get(call)
  if (known !== undefined) return known
  const { apply } = FUNCTIONS[node.function]
  const values = words.map((word) => {
    args[position] = word
    return apply(args, shapes)
  })
  const mapped = { values, words: inOrder(values.filter((each) => typeof each === 'string')) }
  calls.set(call, mapped)
  return mapped
}

type CallNode = Extract<Node, { readonly op: 'call' }>

const isKnown = ({ graph }: WordSource, id: NodeId): boolean => {
  const node = graph.nodes[id]!
  return node.op === 'constant' && node.value !== null
}

const constantOf = (node: Node): Value => (node.op === 'constant' ? node.value : null)

/** Whether a table over so many words or rows is made sooner than the values of the rows. */
export const pays = ({ isRare }: WordSource, id: NodeId, words: number): boolean =>
  words <= (isRare(id) ? LARGEST_RARE : LARGEST_MAPPED)

const LARGEST_MAPPED = 65536
const LARGEST_RARE = 256

const callForm = (source: WordSource, id: NodeId, node: CallNode): StringForm => {
  const only = onlyWords(source, id)
  if (only !== undefined) return { form: 'codes', words: mapWords(source, node, only).words }
  const row = vocabularyRow(source, id)
  if (row !== undefined && pays(source, id, rowsOf(source, row))) {
    const values = valuesByRow(source, id, row)
    return { form: 'codes', words: inOrder(values.filter((each) => typeof each === 'string')) }
  }
  if (node.function === 'coalesce')
    return commonForm(
      source,
      node.args.map((each) => stringForm(source, each)),
    )
  return node.function === 'sha256' ? { form: 'fixed', width: 64 } : { form: 'bytes' }
}

const commonForm = (source: WordSource, forms: readonly StringForm[]): StringForm => {
  const real = forms.filter((each) => each.form !== 'codes' || each.words.length > 0)
  const [first] = real
  if (first === undefined) return { form: 'codes', words: [] }
  if (
    first.form === 'codes' &&
    real.every((each) => each.form === 'codes' && each.words === first.words)
  )
    return first
  if (real.every((each) => each.form === 'codes')) {
    const lists = real.flatMap((each) => (each.form === 'codes' ? [each.words] : []))
    return { form: 'codes', words: together(source, [...new Set(lists)]) }
  }
  const same =
    first.form === 'fixed' &&
    real.every((each) => each.form === 'fixed' && each.width === first.width)
  return same ? first : { form: 'bytes' }
}
