import { fail } from '../errors.ts'
import type { Shape } from '../expr/types.ts'
import type { Node, NodeId } from '../plan/graph.ts'
import type { InstructionName } from './instructions/names.ts'
import {
  type Argument,
  BLOCK_ROWS,
  type PlacedDictionary,
  type Register,
  type Slot,
  type Step,
} from './program.ts'
import type { Region, RegionPlan } from './regions.ts'
import type { WordSource } from './words.ts'

/** What the emitters of a program share. */
export interface Compiler extends WordSource {
  readonly regions: RegionPlan
  /** A slot whose address is found when all steps are known. */
  readonly slot: (bytes: number, label: string) => Slot
  /** Constant bytes, placed at once. */
  readonly place: (bytes: Uint8Array, label: string) => Slot
  /** The same list of words is the same dictionary. */
  readonly dictionary: (words: readonly string[]) => PlacedDictionary
  /** Steps that run once, before the first block. */
  readonly constants: Block
  readonly newBranch: () => number
  /** Folds whose emission has begun and waits for what they are made from. */
  readonly openFolds: Set<NodeId>
  /** The register of a node in a block, emitted where the node is at home and carried to the block if need be. */
  readonly value: (block: Block, node: NodeId) => Register
}

/** The steps of one region. `outer` is the region around it, or the rows its scope's rows come from. */
export interface Block {
  readonly region: Region
  readonly steps: Step[]
  readonly registers: Map<NodeId, Register>
  /** Forms of registers that were converted already, by label. */
  readonly converted: Map<string, Register>
  readonly outer: Block | undefined
  /** For each row of this block its row in `outer`. */
  readonly index: Slot | undefined
}

/** An empty block. */
export const newBlock = (region: Region, outer?: Block, index?: Slot): Block => ({
  region,
  steps: [],
  registers: new Map(),
  converted: new Map(),
  outer,
  index,
})

/** Appends an instruction to a block. */
export const run = (
  block: Block,
  instruction: InstructionName,
  args: readonly Argument[],
): void => {
  block.steps.push({ kind: 'run', instruction, args })
}

/** The node of an id. */
export const nodeOf = (c: Compiler, id: NodeId): Node =>
  c.graph.nodes[id] ?? fail('internal', `no node ${id}`)

/** Whether every value of the shape fits a signed 32-bit integer. */
export const fitsInt32 = (shape: Shape): boolean =>
  shape.min >= -2147483648 && shape.max <= 2147483647

/** A mask that is null where any of the given ones is; undefined when none can be. */
export const anyNull = (
  c: Compiler,
  block: Block,
  masks: readonly (Slot | undefined)[],
): Slot | undefined => {
  const distinct = [...new Set(masks.filter((each) => each !== undefined))]
  return distinct.reduce<Slot | undefined>((sum, mask) => {
    if (sum === undefined) return mask
    const out = c.slot(BLOCK_ROWS, 'nulls')
    run(block, 'or_mm', [sum, mask, out])
    return out
  }, undefined)
}

/** A new int32 register. */
export const int32 = (
  c: Compiler,
  label: string,
  nulls?: Slot,
): Register & { readonly form: 'int32' } => ({
  form: 'int32',
  at: c.slot(BLOCK_ROWS * 4, label),
  nulls,
})

/** A new float64 register. */
export const float64 = (
  c: Compiler,
  label: string,
  nulls?: Slot,
): Register & { readonly form: 'float64' } => ({
  form: 'float64',
  at: c.slot(BLOCK_ROWS * 8, label),
  nulls,
})

/** A new register in the form that the shape of a number asks for. */
export const numberRegister = (c: Compiler, shape: Shape, nulls?: Slot): Register =>
  fitsInt32(shape) ? int32(c, 'i', nulls) : float64(c, 'd', nulls)

/** The slot of a number as float64. */
export const asFloat64 = (c: Compiler, block: Block, register: Register): Slot =>
  register.form === 'float64' ? register.at : convert(c, block, { register, form: 'float64' }).at

/** The slot of a number as int32; only for values that are known to fit. */
export const asInt32 = (c: Compiler, block: Block, register: Register): Slot =>
  register.form === 'float64' ? convert(c, block, { register, form: 'int32' }).at : register.at

const convert = (
  c: Compiler,
  block: Block,
  { register, form }: { readonly register: Register; readonly form: 'int32' | 'float64' },
): Register => {
  const id = `${registerId(register)}:${form}`
  const known = block.converted.get(id)
  if (known !== undefined) return known
  const out = form === 'int32' ? int32(c, 'i', register.nulls) : float64(c, 'd', register.nulls)
  run(block, form === 'int32' ? 'narrow' : 'widen', [register.at, out.at])
  block.converted.set(id, out)
  return out
}

/** A name of a register that only the same slots have, within one program. */
export const registerId = ({ at, nulls }: Register): string => `${at.label}/${nulls?.label ?? ''}`
