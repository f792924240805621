import { fail } from '../errors.ts'
import type { NodeId } from '../plan/graph.ts'
import { type Block, type Compiler, run } from './emit.ts'
import { BLOCK_ROWS, type Register, type Slot } from './program.ts'
import { newPointing } from './strings.ts'

/** The register of a node of the enclosing block, brought to the rows of this one. */
export const carryIn = (c: Compiler, block: Block, node: NodeId): Register => {
  const { outer, index } = block
  if (outer === undefined || index === undefined)
    return fail('internal', `node ${node} is out of reach`)
  return takeRows(c, block, { register: c.value(outer, node), index })
}

/** Rows of a register, chosen by their numbers. */
export interface Taking {
  readonly register: Register
  readonly index: Slot
}

/** A register of a block whose rows are chosen from another register by `index`; strings stay where they are. */
export const takeRows = (c: Compiler, block: Block, { register, index }: Taking): Register => {
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
      const into = newPointing(c)
      run(block, 'take_views', [register.offsets, register.at, index, into.at, into.lengths])
      return { form: 'views', ...into, most: register.at.bytes, sources: [register.at], nulls }
    }
    case 'views': {
      const into = newPointing(c)
      run(block, 'take_i', [register.at, index, into.at])
      run(block, 'take_i', [register.lengths, index, into.lengths])
      return { ...register, ...into, nulls }
    }
  }
}
