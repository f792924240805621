import { fail } from '../errors.ts'
import type { NodeId } from '../plan/graph.ts'
import { type Block, type Compiler, int32, registerId, run } from './emit.ts'
import { BLOCK_ROWS, type Register, type Slot } from './program.ts'
import { type BytesRegister, newBytes } from './strings.ts'

/** The register of a node of the enclosing block, brought to the rows of this one. */
export const carryIn = (c: Compiler, block: Block, node: NodeId): Register => {
  const { outer, index } = block
  if (outer === undefined || index === undefined)
    return fail('internal', `node ${node} is out of reach`)
  return takeRows(c, block, { from: outer, register: c.value(outer, node), index })
}

/** Rows of a register, chosen by their numbers. */
export interface Taking {
  /** The block whose rows they are. */
  readonly from: Block
  readonly register: Register
  readonly index: Slot
}

/** A register of a block whose rows are chosen from another register by `index`. */
export const takeRows = (
  c: Compiler,
  block: Block,
  { from, register, index }: Taking,
): Register => {
  const nulls = register.nulls === undefined ? undefined : c.slot(BLOCK_ROWS, 'nulls')
  if (register.nulls !== undefined && nulls !== undefined)
    run(block, 'take_m', [register.nulls, index, nulls])
  switch (register.form) {
    case 'int32':
    case 'codes': {
      const at = c.slot(BLOCK_ROWS * 4, 'i')
      run(block, 'take_i', [register.at, index, at])
      return { ...register, at, nulls }
    }
    case 'float64': {
      const at = c.slot(BLOCK_ROWS * 8, 'd')
      run(block, 'take_d', [register.at, index, at])
      return { ...register, at, nulls }
    }
    case 'fixed': {
      const stride = register.width + 4
      const at = c.slot(BLOCK_ROWS * stride, 'fixed')
      run(block, 'take_fixed', [register.at, index, at, stride])
      return { ...register, at, nulls }
    }
    case 'bytes': {
      const out = newBytes(c, register.at.bytes, nulls)
      const lengths = lengthsIn(c, from, register)
      const taken = c.slot(BLOCK_ROWS * 4, 'lengths')
      run(block, 'take_i', [lengths, index, taken])
      run(block, 'prefix', [taken, out.offsets])
      run(block, 'take_bytes', [register.offsets, register.at, index, out.offsets, out.at])
      return out
    }
  }
}

/** The lengths of all strings of a block, found where all its rows are at hand. */
const lengthsIn = (c: Compiler, from: Block, register: BytesRegister): Slot => {
  const id = `${registerId(register)}:lengths`
  const known = from.converted.get(id)
  if (known !== undefined) return known.at
  const lengths = int32(c, 'lengths')
  run(from, 'length_bytes', [register.offsets, lengths.at])
  from.converted.set(id, lengths)
  return lengths.at
}
