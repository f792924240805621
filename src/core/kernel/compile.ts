import { fail } from '../errors.ts'
import type { Dictionary } from '../columns/block.ts'
import type { NodeId, RowGraph, Scope, ScopeId } from '../plan/graph.ts'
import type { Vocabulary } from '../plan/vocabulary.ts'
import { utf8, utf8Length } from '../utf8.ts'
import { placeSlots } from './allocate.ts'
import { type Block, type Compiler, newBlock } from './emit.ts'
import { openLevel, openRoot } from './levels.ts'
import { valueIn } from './nodes.ts'
import type {
  Level,
  PlacedDictionary,
  ProgramOutput,
  Root,
  Slot,
  VectorProgram,
} from './program.ts'
import { planRegions } from './regions.ts'
import { asBytes } from './strings.ts'
import type { CodedWords, WordStore } from './words.ts'

/** The words that a program may use, and what is known of them. */
export interface ProgramWords {
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
  readonly store: WordStore
}

/** Memory below this address belongs to the WebAssembly module. */
const BASE = 65536

/**
 * Compiles a table's row graph to a vector program in the memory from `base` on; the same graph gives the same program.
 */
export const compileProgram = (
  graph: RowGraph,
  words: ProgramWords,
  base = BASE,
): VectorProgram => {
  const { compiler, data, end } = createCompiler(graph, words, base)
  const scopes = scopeChain(graph)
  const { levels, root, last } = openLevels(compiler, scopes)
  const outputs = graph.outputs.map(({ name, node }): ProgramOutput => {
    const register = compiler.value(last, node)
    return {
      name,
      register: register.form === 'views' ? asBytes(compiler, last, register) : register,
      shape: graph.nodes[node]!.shape,
      increasing: isIncreasing(graph, node),
    }
  })
  const extra = root.kind === 'cross' ? [root.position.at] : []
  const constants = compiler.constants.steps
  const memoryBytes = placeSlots(end(), { levels, constants, outputs, extra })
  return { table: graph.table, root, levels, constants, data, outputs, memoryBytes }
}

const scopeChain = (graph: RowGraph): readonly ScopeId[] => {
  const chain: ScopeId[] = []
  for (let scope: ScopeId | undefined = graph.rows; scope !== undefined;) {
    chain.unshift(scope)
    const found: Scope = graph.scopes[scope]!
    scope = found.kind === 'children' ? found.outer : undefined
  }
  return chain
}

interface Opened {
  readonly levels: readonly Level[]
  readonly root: Root
  readonly last: Block
}

/** Opens the scopes from the root's to the table's own; their steps fill up as values are asked for. */
const openLevels = (c: Compiler, scopes: readonly ScopeId[]): Opened => {
  const [first, ...rest] = scopes
  if (first === undefined) return fail('internal', 'a table without rows')
  const { inner, key, root } = openRoot(c, first)
  const shown = [...rest.map((scope) => parentKeyOf(c.graph, scope)), c.graph.key]
  const levelOf = (scope: ScopeId, depth: number): Pick<Level, 'table' | 'scale' | 'offset'> => ({
    table: c.graph.scopes[scope]!.table,
    ...shownAs(c.graph, shown[depth]!),
  })
  const levels: Level[] = [{ ...levelOf(first, 0), key, expand: undefined, steps: inner.steps }]
  let last = inner
  for (const scope of rest) {
    const opened = openLevel(c, last, scope)
    const { key: own, expand } = opened
    levels.push({ ...levelOf(scope, levels.length), key: own, expand, steps: opened.inner.steps })
    last = opened.inner
  }
  return { levels, root, last }
}

const parentKeyOf = (graph: RowGraph, scope: ScopeId): NodeId => {
  const found = graph.scopes[scope]!
  return found.kind === 'children'
    ? found.parentKey
    : fail('internal', `scope ${scope} has no parent`)
}

/** A union's key as scale and offset of its member's: the node is made of products and sums with constants. */
const shownAs = (graph: RowGraph, id: NodeId): Pick<Level, 'scale' | 'offset'> => {
  const node = graph.nodes[id]!
  if (node.op !== 'call') return { scale: 1, offset: 0 }
  const [inner, constant] = node.args.map((each) => graph.nodes[each]!)
  if (inner === undefined || constant?.op !== 'constant' || typeof constant.value !== 'number') {
    return fail('internal', 'the key of a union does not come from its member')
  }
  const { scale, offset } = shownAs(graph, node.args[0]!)
  const by = constant.value
  return node.function === 'mul'
    ? { scale: scale * by, offset: offset * by }
    : { scale, offset: offset + by }
}

/** Whether a node is the key of its row or of a row above: rows come in the order of all of these. */
const isIncreasing = (graph: RowGraph, id: number): boolean => {
  const node = graph.nodes[id]!
  if (id === graph.key || node.op === 'key') return true
  return node.op === 'outer' && isIncreasing(graph, node.node)
}

interface Creation {
  readonly compiler: Compiler
  readonly data: { readonly slot: Slot; readonly bytes: Uint8Array }[]
  readonly end: () => number
}

const createCompiler = (
  graph: RowGraph,
  { vocabularies, store }: ProgramWords,
  base: number,
): Creation => {
  const regions = planRegions(graph, [...graph.outputs.map((each) => each.node), graph.key])
  const data: { readonly slot: Slot; readonly bytes: Uint8Array }[] = []
  const dictionaries = new Map<readonly string[], PlacedDictionary>()
  let end = base
  let slots = 0
  let branches = 0
  const place = (bytes: Uint8Array, label: string): Slot => {
    const slot = { address: end, bytes: bytes.length, label: `${label}@${end}` }
    end += Math.ceil((bytes.length + 64) / 64) * 64
    data.push({ slot, bytes })
    return slot
  }
  const compiler: Compiler = {
    graph,
    regions,
    vocabularies,
    isRare: (node) => regions.home(node)?.caseNode !== undefined,
    store,
    forms: new Map(),
    place,
    slot: (bytes, label) => ({ address: -1, bytes, label: `${label}${slots++}` }),
    dictionary: (words) => {
      const dictionary =
        dictionaries.get(words) ?? placeDictionary(words, codedIn(store, words), place)
      dictionaries.set(words, dictionary)
      return dictionary
    },
    constants: newBlock({ scope: -1, caseNode: undefined, which: 0 }),
    newBranch: () => branches++,
    openFolds: new Set(),
    value: (block, node) => valueIn(compiler, block, node),
  }
  return { compiler, data, end: () => end }
}

const placeDictionary = (
  words: readonly string[],
  { dictionary, codes }: CodedWords,
  place: (bytes: Uint8Array, label: string) => Slot,
): PlacedDictionary => {
  const { offsets, bytes } = dictionary
  return {
    dictionary,
    words,
    codes,
    offsets: place(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength), 'words'),
    bytes: place(bytes, 'words'),
  }
}

const codedIn = ({ dictionaries }: WordStore, words: readonly string[]): CodedWords => {
  const known = dictionaries.get(words)
  if (known !== undefined) return known
  const coded = { dictionary: dictionaryOf(words), codes: codesOf(words) }
  dictionaries.set(words, coded)
  return coded
}

const codesOf = (words: readonly string[]): ReadonlyMap<string, number> => {
  const codes = new Map<string, number>()
  words.forEach((word, code) => codes.set(word, code))
  return codes
}

/** Words, distinct and in byte order, as a dictionary. */
const dictionaryOf = (words: readonly string[]): Dictionary => {
  const offsets = new Int32Array(words.length + 1)
  words.forEach((word, i) => (offsets[i + 1] = offsets[i]! + utf8Length(word)))
  return { count: words.length, offsets, bytes: utf8(words.join('')), sorted: true }
}
