import type { Node, NodeId } from '../plan/graph.ts'
import type { Value } from '../expr/types.ts'
import { type Block, type Compiler, int32, nodeOf, run } from './emit.ts'
import type { Register, Slot } from './program.ts'
import { stringForm } from './words.ts'

/** A case without the rows it is evaluated over. */
export type CaseNode = Extract<Node, { readonly op: 'case' }>

/**
 * The choice of a case that compares one value with constants, by one look-up of that value; undefined for other
 * cases.
 */
export const emitComparedChoice = (c: Compiler, block: Block, node: CaseNode): Slot | undefined => {
  const found = comparisonOf(c, node.conditions)
  if (found === undefined) return undefined
  const { value, candidates, constants } = found
  const cells = candidates.map((candidate) => {
    const which = constants.indexOf(candidate)
    return which < 0 ? constants.length : which
  })
  return emitLookUp(c, block, { value, cells })
}

/** Whether any of some conditions holds that compare one value with constants, likewise. */
export const emitComparedAny = (
  c: Compiler,
  block: Block,
  conditions: readonly NodeId[],
): Slot | undefined => {
  const found = comparisonOf(c, conditions)
  if (found === undefined) return undefined
  const { value, candidates, constants } = found
  const cells = candidates.map((candidate) => (constants.includes(candidate) ? 1 : 0))
  return emitLookUp(c, block, { value, cells })
}

/** A value that conditions compare with constants, all values that it may have, and the constants. */
interface Compared {
  readonly value: NodeId
  readonly candidates: readonly Value[]
  readonly constants: readonly Value[]
}

const comparisonOf = (c: Compiler, conditions: readonly NodeId[]): Compared | undefined => {
  const compared = conditions.flatMap((each) => comparedWith(c, each) ?? [])
  const value = compared[0]?.value
  if (value === undefined || compared.length < conditions.length) return undefined
  if (compared.some((each) => each.value !== value)) return undefined
  const candidates = candidatesOf(c, value)
  return candidates && { value, candidates, constants: compared.map(({ constant }) => constant) }
}

/** A value, and a number for each that it may have. */
interface LookUp {
  readonly value: NodeId
  readonly cells: readonly number[]
}

const emitLookUp = (c: Compiler, block: Block, { value, cells }: LookUp): Slot => {
  const out = int32(c, 'choice').at
  const table = placed(c, new Int32Array(cells))
  run(block, 'cell_i', [table, cells.length, c.value(block, value).at, out])
  return out
}

/** What constant results are put into, and by which choice. */
export interface ConstantResults {
  readonly node: CaseNode
  readonly choice: Slot
  readonly out: Register
}

/**
 * Puts all results that are constants into place by one look-up of the choice. Returns their numbers; the others have to
 * be put there afterwards.
 */
export const emitConstantResults = (
  c: Compiler,
  block: Block,
  { node, choice, out }: ConstantResults,
): ReadonlySet<number> => {
  const constants = node.results.map((each) => constantOf(c, each))
  const known = new Set(constants.flatMap((value, which) => (value === null ? [] : [which])))
  if (known.size < 2 || (out.form !== 'int32' && out.form !== 'float64' && out.form !== 'codes'))
    return new Set()
  const cells = constants.map((value) =>
    out.form === 'codes' && typeof value === 'string'
      ? out.dictionary.words.indexOf(value)
      : Number(value),
  )
  const isWide = out.form === 'float64'
  const table = isWide ? new Float64Array(cells) : new Int32Array(cells)
  run(block, isWide ? 'cell_d' : 'cell_i', [placed(c, table), cells.length, choice, out.at])
  return known
}

/** Values up to here have a cell each. */
const LARGEST_TABLE = 4096

interface Comparison {
  readonly value: NodeId
  readonly constant: Value
}

const comparedWith = (c: Compiler, id: NodeId): Comparison | undefined => {
  const node = nodeOf(c, id)
  if (node.op !== 'call' || node.function !== 'eq') return undefined
  const [left = -1, right = -1] = node.args
  const constant = constantOf(c, right)
  return constant === null ? undefined : { value: left, constant }
}

/** Every value that a node may have, by the number that its register holds; undefined when they are too many. */
const candidatesOf = (c: Compiler, id: NodeId): readonly Value[] | undefined => {
  const { shape } = nodeOf(c, id)
  if (shape.nullable) return undefined
  if (shape.type.kind === 'string') {
    const form = stringForm(c, id)
    return form.form === 'codes' && form.words.length > 0 ? form.words : undefined
  }
  if (shape.min < 0 || shape.max >= LARGEST_TABLE) return undefined
  return Array.from({ length: shape.max + 1 }, (_, value) => value)
}

/** The value of a constant; null for what is none. */
export const constantOf = (c: Compiler, id: NodeId): Value => {
  const node = nodeOf(c, id)
  return node.op === 'constant' ? node.value : null
}

const placed = (c: Compiler, table: Int32Array | Float64Array): Slot =>
  c.place(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), 'cases')
