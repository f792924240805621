import { fail } from '../errors.ts'
import type { Value } from '../expr/types.ts'
import { vocabularyColumn } from '../plan/vocabulary.ts'
import type { Node, NodeId } from '../plan/graph.ts'
import { carryIn, takeRows } from './carry.ts'
import { emitCase, emitCoalesce } from './choice.ts'
import { emitDraw, emitSample } from './draws.ts'
import { asInt32, type Block, type Compiler, int32, nodeOf, numberRegister, run } from './emit.ts'
import { emitFold } from './folds.ts'
import { emitMapped, emitNumberCall } from './numbers.ts'
import { BLOCK_ROWS, type Register, type Slot } from './program.ts'
import { emitStringCall } from './strings.ts'
import { rowsOf, valuesByRow, vocabularyRow } from './vocabulary-rows.ts'
import { cellWords, mapWords, onlyWords, pays, stringForm } from './words.ts'

/** The register of a node in a block: emitted where the node is at home, carried in from the block around elsewhere. */
export const valueIn = (c: Compiler, block: Block, id: NodeId): Register => {
  const known = block.registers.get(id)
  if (known !== undefined) return known
  const register = isAtHome(c, block, id) ? emitNode(c, block, id) : carryIn(c, block, id)
  block.registers.set(id, register)
  return register
}

const isAtHome = (c: Compiler, block: Block, id: NodeId): boolean => {
  const { op } = nodeOf(c, id)
  if (op === 'constant') return true
  if (op === 'key' || op === 'ordinal') return false
  return c.regions.home(id) === block.region || c.regions.isRepeated(id)
}

const emitNode = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id)
  switch (node.op) {
    case 'constant':
      return emitConstant(c, node, id)
    case 'key':
    case 'ordinal':
      return fail('internal', `${node.op} of scope ${node.scope} is written with its rows`)
    case 'outer':
      return emitOuter(c, block, node.node)
    case 'draw':
      return emitDraw(c, block, id)
    case 'sample':
      return emitSample(c, block, id)
    case 'cell':
      return emitCell(c, block, id)
    case 'call':
      return emitCall(c, block, id)
    case 'case':
      return emitCase(c, block, id)
    case 'fold':
      return emitFold(c, block, id)
    case 'tally':
      return emitTally(c, block, node)
  }
}

const emitTally = (
  c: Compiler,
  block: Block,
  { tally, ordinal, shape }: Extract<Node, { readonly op: 'tally' }>,
): Register => {
  const out = numberRegister(c, shape)
  block.steps.push({ kind: 'tally', tally, ordinal: c.value(block, ordinal), out })
  return out
}

/** A constant fills its register once, before the first block; it is the same in every block of rows. */
const emitConstant = (
  c: Compiler,
  { shape, value }: Extract<Node, { readonly op: 'constant' }>,
  id: NodeId,
): Register => {
  const known = c.constants.registers.get(id)
  if (known !== undefined) return known
  const nulls = value === null ? c.slot(BLOCK_ROWS, 'nulls') : undefined
  if (nulls !== undefined) run(c.constants, 'fill_m', [nulls, 1])
  const register = constantRegister(c, { shape, value, nulls })
  c.constants.registers.set(id, register)
  return register
}

type Filling = Pick<Extract<Node, { readonly op: 'constant' }>, 'shape' | 'value'> & {
  readonly nulls: Slot | undefined
}

const constantRegister = (c: Compiler, { shape, value, nulls }: Filling): Register => {
  if (shape.type.kind === 'string') {
    const { at } = int32(c, 'codes')
    run(c.constants, 'fill_i', [at, 0])
    return {
      form: 'codes',
      at,
      dictionary: c.dictionary(typeof value === 'string' ? [value] : []),
      nulls,
    }
  }
  const out = numberRegister(c, shape, nulls)
  run(c.constants, out.form === 'float64' ? 'fill_d' : 'fill_i', [
    out.at,
    typeof value === 'number' ? value : 0,
  ])
  return out
}

/** The value of a node of the outer scope at each row's parent. */
const emitOuter = (c: Compiler, block: Block, node: NodeId): Register => {
  const { root, index } = rootIndex(c, block)
  if (root.outer === undefined) return fail('internal', `node ${node} has no outer rows`)
  return takeRows(c, block, { register: c.value(root.outer, node), index })
}

/** For each row of a block, its row among those its whole scope comes from. */
const rootIndex = (c: Compiler, block: Block): { readonly root: Block; readonly index: Slot } => {
  if (block.region.caseNode === undefined) {
    return {
      root: block,
      index: block.index ?? fail('internal', 'the outermost rows have no parents'),
    }
  }
  if (block.outer === undefined || block.index === undefined)
    return fail('internal', 'a branch without rows')
  const { root, index } = rootIndex(c, block.outer)
  const known = block.converted.get('rows')
  if (known !== undefined) return { root, index: known.at }
  const out = int32(c, 'rows')
  run(block, 'take_i', [index, block.index, out.at])
  block.converted.set('rows', out)
  return { root, index: out.at }
}

const emitCell = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id)
  if (node.op !== 'cell') return fail('internal', `node ${id} is no cell`)
  const index = c.value(block, node.index)
  const rows = asInt32(c, block, index)
  const codes: Register = { form: 'int32', at: rows, nulls: index.nulls }
  if (node.shape.type.kind === 'string') {
    const form = stringForm(c, id)
    if (form.form !== 'codes') return fail('internal', 'a vocabulary is always a dictionary')
    const { codes: known } = c.dictionary(form.words)
    const values = cellWords(c, node).map((word) => known.get(word) ?? 0)
    const out = int32(c, 'codes', index.nulls)
    run(block, 'cell_i', [placeInt32(c, values), values.length, rows, out.at])
    return { form: 'codes', at: out.at, dictionary: c.dictionary(form.words), nulls: index.nulls }
  }
  const vocabulary =
    c.vocabularies.get(node.vocabulary) ?? fail('internal', `no vocabulary ${node.vocabulary}`)
  const column = vocabularyColumn(vocabulary, node.column)
  if (column.kind !== 'integer')
    return fail('internal', `${node.vocabulary}.${node.column} is no integer`)
  return emitMapped(c, block, { id, codes, values: column.values })
}

const placeInt32 = (c: Compiler, values: readonly number[]): Slot =>
  c.place(new Uint8Array(new Int32Array(values).buffer), 'cells')

/** A function of one dictionary string, or of one vocabulary row, is a table over it; others run row by row. */
const emitCall = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id)
  if (node.op !== 'call') return fail('internal', `node ${id} is no call`)
  if (node.function === 'coalesce') return emitCoalesce(c, block, id)
  const isText = node.shape.type.kind === 'string'
  const only = onlyWords(c, id)
  if (only !== undefined) {
    const from = c.value(block, node.args[only.position]!)
    return emitTable(c, block, { id, from, values: mapWords(c, node, only).values })
  }
  const row = isText ? vocabularyRow(c, id) : undefined
  if (row === undefined || !pays(c, id, rowsOf(c, row)))
    return isText ? emitStringCall(c, block, id) : emitNumberCall(c, block, id)
  const index = c.value(block, row.index)
  const from: Register = { form: 'int32', at: asInt32(c, block, index), nulls: index.nulls }
  return emitTable(c, block, { id, from, values: valuesByRow(c, id, row) })
}

/** A node's value for each code or row number in a register. */
interface Tabulated {
  readonly id: NodeId
  readonly from: Register
  readonly values: readonly Value[]
}

const emitTable = (c: Compiler, block: Block, { id, from, values }: Tabulated): Register => {
  const isText = nodeOf(c, id).shape.type.kind === 'string'
  if (!isText) {
    const numbers = values.map((value) => (typeof value === 'number' ? value : 0))
    return emitMapped(c, block, { id, codes: from, values: numbers })
  }
  const form = stringForm(c, id)
  if (form.form !== 'codes') return emitStringCall(c, block, id)
  const out = int32(c, 'codes', from.nulls)
  const dictionary = c.dictionary(form.words)
  const codes = values.map(
    (value) => dictionary.codes.get(typeof value === 'string' ? value : '') ?? 0,
  )
  run(block, 'cell_i', [placeInt32(c, codes), codes.length, from.at, out.at])
  return { form: 'codes', at: out.at, dictionary, nulls: from.nulls }
}
