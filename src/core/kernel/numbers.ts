import { fail } from '../errors.ts'
import type { FunctionName } from '../expr/expr.ts'
import type { Shape } from '../expr/types.ts'
import type { Node, NodeId } from '../plan/graph.ts'
import { emitComparedAny } from './case-tables.ts'
import {
  anyNull,
  asFloat64,
  asInt32,
  type Block,
  type Compiler,
  fitsInt32,
  int32,
  nodeOf,
  numberRegister,
  run,
} from './emit.ts'
import type { InstructionName } from './instructions/names.ts'
import { type Argument, BLOCK_ROWS, type Register, type Slot } from './program.ts'
import { asViews, sourcesOfAll } from './strings.ts'

type CallNode = Extract<Node, { readonly op: 'call' }>

/** Emits a function whose result is a number, boolean, date or timestamp. */
export const emitNumberCall = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id)
  if (node.op !== 'call') return fail('internal', `node ${id} is no call`)
  const emit = EMITTERS[node.function]
  return emit === undefined
    ? fail('internal', `${node.function} makes no number`)
    : emit({ c, block, node })
}

type Emitter = (work: Work) => Register

const comparison =
  (name: Comparison): Emitter =>
  (work) =>
    isString(work, 0) ? compareStrings(work, name) : compareNumbers(work, name)

const ofDate =
  (instruction: 'year' | 'month' | 'day' | 'weekday'): Emitter =>
  (work) => {
    const [date] = argumentsOf(work)
    return intoInt32(work, instruction, [asInt32(work.c, work.block, date!)])
  }

const EMITTERS: Readonly<Partial<Record<FunctionName, Emitter>>> = {
  add: (work) =>
    withConstant(work, 'add', 0) ?? withConstant(work, 'add', 1) ?? elementwise(work, 'add'),
  mul: (work) =>
    withConstant(work, 'mul', 0) ?? withConstant(work, 'mul', 1) ?? elementwise(work, 'mul'),
  sub: (work) => withConstant(work, 'sub', 1) ?? elementwise(work, 'sub'),
  div: (work) => withConstant(work, 'div', 1) ?? elementwise(work, 'div'),
  mod: (work) => withConstant(work, 'mod', 1) ?? elementwise(work, 'mod'),
  least: (work) => elementwise(work, 'least'),
  greatest: (work) => elementwise(work, 'greatest'),
  neg: (work) => elementwise(work, 'neg'),
  abs: (work) => elementwise(work, 'abs'),
  eq: comparison('eq'),
  ne: comparison('ne'),
  lt: comparison('lt'),
  le: comparison('le'),
  gt: comparison('gt'),
  ge: comparison('ge'),
  and: (work) => kleene(work, 'and'),
  or: (work) => anyEqual(work) ?? kleene(work, 'or'),
  not: (work) => {
    const [only] = argumentsOf(work)
    return intoInt32(work, 'not_i', [asInt32(work.c, work.block, only!)])
  },
  isNull: (work) => isNull(work),
  reinterpret: (work) => reshape(work, argumentsOf(work)[0]!),
  rescale: (work) => rescale(work),
  ratio: (work) => ratio(work),
  dateOf: (work) => fromTime(work, 'date_of'),
  hour: (work) => fromTime(work, 'hour_of'),
  timestampOf: (work) => {
    const [day] = argumentsOf(work)
    return finish(work, 'day_start', [asInt32(work.c, work.block, day!)])
  },
  year: ofDate('year'),
  month: ofDate('month'),
  day: ofDate('day'),
  weekday: ofDate('weekday'),
  length: (work) => {
    const [text] = argumentsOf(work)
    return fromViews(work, 'points', { texts: [text!] })
  },
  codeAt: (work) => {
    const [text, position] = argumentsOf(work)
    const ascii = shapesOf(work)[0]!.ascii ? 1 : 0
    const places = asInt32(work.c, work.block, position!)
    return fromViews(work, 'code_at', { texts: [text!], more: [places, ascii] })
  },
  scaleDraw: (work) => {
    const [bits, n] = argumentsOf(work)
    const lane = asFloat64(work.c, work.block, bits!)
    return intoInt32(work, 'scale_d', [lane, asInt32(work.c, work.block, n!)])
  },
}

interface Work {
  readonly c: Compiler
  readonly block: Block
  readonly node: CallNode
}

const argumentsOf = ({ c, block, node }: Work): readonly Register[] =>
  node.args.map((each) => c.value(block, each))

const shapesOf = ({ c, node }: Work): readonly Shape[] =>
  node.args.map((each) => nodeOf(c, each).shape)

const nullsOf = (work: Work): Slot | undefined =>
  anyNull(
    work.c,
    work.block,
    argumentsOf(work).map((each) => each.nulls),
  )

const isString = (work: Work, at: number): boolean => shapesOf(work)[at]?.type.kind === 'string'

/** An instruction whose result is a new int32 register. */
const intoInt32 = (
  work: Work,
  instruction: InstructionName,
  args: readonly Argument[],
): Register => {
  const out = int32(work.c, 'i', nullsOf(work))
  run(work.block, instruction, [...args, out.at])
  return out
}

/** An instruction that reads strings, and whose result is a new int32 register. */
const fromViews = (
  work: Work,
  instruction: InstructionName,
  {
    texts,
    more = [],
  }: { readonly texts: readonly Register[]; readonly more?: readonly Argument[] },
): Register => {
  const views = texts.map((each) => asViews(work.c, work.block, each))
  const out = int32(work.c, 'i', nullsOf(work))
  const read = [...views.flatMap(({ at, lengths }) => [at, lengths]), ...more]
  run(work.block, instruction, [...read, out.at, ...sourcesOfAll(views)])
  return out
}

/** An instruction whose result is float64, narrowed where the shape fits 32 bits. */
const finish = (work: Work, instruction: InstructionName, args: readonly Argument[]): Register => {
  const { c, block, node } = work
  const at = c.slot(BLOCK_ROWS * 8, 'd')
  const nulls = nullsOf(work)
  run(block, instruction, [...args, at])
  const out: Register = { form: 'float64', at, nulls }
  return fitsInt32(node.shape) ? { form: 'int32', at: asInt32(c, block, out), nulls } : out
}

/** Whether 32-bit arithmetic holds all arguments and the result. */
const allInt32 = (work: Work, registers: readonly Register[]): boolean =>
  fitsInt32(work.node.shape) && registers.every((each) => each.form === 'int32')

const elementwise = (work: Work, name: Extract<FunctionName, Elementwise>): Register => {
  const { c, block } = work
  const args = argumentsOf(work)
  const narrow = allInt32(work, args)
  const slots = args.map((each) => (narrow ? each.at : asFloat64(c, block, each)))
  const instruction: InstructionName = `${name}${narrow ? '_i' : '_d'}`
  const step = (operands: readonly Slot[]): Slot => {
    const at = c.slot(BLOCK_ROWS * (narrow ? 4 : 8), narrow ? 'i' : 'd')
    run(block, instruction, [...operands, at])
    return at
  }
  const at =
    slots.length === 1 && (name === 'neg' || name === 'abs')
      ? step(slots)
      : slots.reduce((a, b) => step([a, b]))
  const nulls = nullsOf(work)
  if (narrow) return { form: 'int32', at, nulls }
  return reshape(work, { form: 'float64', at, nulls })
}

type Elementwise = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'least' | 'greatest' | 'neg' | 'abs'

/** An operation with a constant operand at `position`; undefined when that operand is not a constant. */
const withConstant = (
  work: Work,
  name: 'add' | 'sub' | 'mul' | 'div' | 'mod',
  position: number,
): Register | undefined => {
  const { c, block, node } = work
  const constant = numberConstant(c, node.args[position]!)
  if (constant === undefined || ((name === 'div' || name === 'mod') && constant <= 0))
    return undefined
  const other = c.value(block, node.args[1 - position]!)
  const narrow = allInt32(work, [other]) && Math.abs(constant) <= 2147483647
  const operand = narrow ? other.at : asFloat64(c, block, other)
  const at = c.slot(BLOCK_ROWS * (narrow ? 4 : 8), narrow ? 'i' : 'd')
  const [operation, value] =
    name === 'sub' ? ['addk' as const, -constant] : [`${name}k` as const, constant]
  run(block, `${operation}${narrow ? '_i' : '_d'}`, [operand, value, at])
  const out: Register = { form: narrow ? 'int32' : 'float64', at, nulls: other.nulls }
  return narrow ? out : reshape(work, out)
}

const numberConstant = (c: Compiler, id: NodeId): number | undefined => {
  const node = nodeOf(c, id)
  return node.op === 'constant' && typeof node.value === 'number' ? node.value : undefined
}

/** A register of the same numbers in the form that the node's shape asks for. */
const reshape = ({ c, block, node }: Work, register: Register): Register => {
  const { nulls } = register
  if (fitsInt32(node.shape)) return { form: 'int32', at: asInt32(c, block, register), nulls }
  return { form: 'float64', at: asFloat64(c, block, register), nulls }
}

type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'

const compareNumbers = (work: Work, name: Comparison): Register => {
  const { c, block, node } = work
  const constant = numberConstant(c, node.args[1]!)
  const [left, right] = argumentsOf(work)
  const narrow = left!.form === 'int32' && (right!.form === 'int32' || constant !== undefined)
  const fits = constant !== undefined && (!narrow || Math.abs(constant) <= 2147483647)
  if (fits) {
    const operand = narrow ? left!.at : asFloat64(c, block, left!)
    return intoInt32(work, `${name}k${narrow ? '_i' : '_d'}`, [operand, constant])
  }
  if (left!.form === 'int32' && right!.form === 'int32')
    return intoInt32(work, `${name}_i`, [left!.at, right!.at])
  return intoInt32(work, `${name}_d`, [asFloat64(c, block, left!), asFloat64(c, block, right!)])
}

const compareStrings = (work: Work, name: Comparison): Register => {
  const texts = argumentsOf(work)
  switch (name) {
    case 'eq':
      return fromViews(work, 'eq_text', { texts })
    case 'lt':
      return fromViews(work, 'lt_text', { texts })
    case 'le':
      return fromViews(work, 'le_text', { texts })
    case 'gt':
      return fromViews(work, 'lt_text', { texts: texts.toReversed() })
    case 'ge':
      return fromViews(work, 'le_text', { texts: texts.toReversed() })
    case 'ne':
      return intoInt32(work, 'not_i', [fromViews(work, 'eq_text', { texts }).at])
  }
}

/** Whether one value equals any of several constants, where that is one look-up. */
const anyEqual = ({ c, block, node }: Work): Register | undefined => {
  const at = emitComparedAny(c, block, node.args)
  return at && { form: 'int32', at, nulls: undefined }
}

/** Three-valued and/or: null unless the known arguments decide. */
const kleene = (work: Work, name: 'and' | 'or'): Register => {
  const { c, block } = work
  return argumentsOf(work).reduce((a, b) => {
    const nullable = a.nulls !== undefined || b.nulls !== undefined
    const nulls = nullable ? c.slot(BLOCK_ROWS, 'nulls') : undefined
    const out = int32(c, 'i', nulls)
    const [x, y] = [asInt32(c, block, a), asInt32(c, block, b)]
    if (nulls !== undefined) run(block, `${name}_m`, [x, a.nulls ?? 0, y, b.nulls ?? 0, nulls])
    run(block, `${name}_i`, [x, y, out.at])
    return out
  })
}

const isNull = (work: Work): Register => {
  const { c, block } = work
  const [only] = argumentsOf(work)
  const out = int32(c, 'i')
  if (only!.nulls === undefined) run(block, 'fill_i', [out.at, 0])
  else run(block, 'mask_i', [only!.nulls, out.at])
  return out
}

const scaleOf = (shape: Shape): number => (shape.type.kind === 'decimal' ? shape.type.scale : 0)

const rescale = (work: Work): Register => {
  const { c, block, node } = work
  const [only] = argumentsOf(work)
  const up = scaleOf(node.shape) - scaleOf(shapesOf(work)[0]!)
  if (up === 0) return reshape(work, only!)
  const factor = Number(`1e${Math.abs(up)}`)
  return finish(work, up > 0 ? 'rescale_up' : 'rescale_down', [asFloat64(c, block, only!), factor])
}

const ratio = (work: Work): Register => {
  const { c, block, node } = work
  const [a, b] = argumentsOf(work)
  const factor = Number(`1e${scaleOf(node.shape)}`)
  return finish(work, 'ratio', [asFloat64(c, block, a!), asFloat64(c, block, b!), factor])
}

const fromTime = (work: Work, instruction: 'date_of' | 'hour_of'): Register => {
  const [time] = argumentsOf(work)
  return intoInt32(work, instruction, [asFloat64(work.c, work.block, time!)])
}

/** A register for a number given for each word of a dictionary. */
export const emitMapped = (c: Compiler, block: Block, { id, codes, values }: Mapping): Register => {
  const { shape } = nodeOf(c, id)
  const out = numberRegister(c, shape, codes.nulls)
  const wide = out.form === 'float64'
  const table = wide ? new Float64Array(values) : new Int32Array(values)
  const place = c.place(new Uint8Array(table.buffer), 'map')
  run(block, wide ? 'cell_d' : 'cell_i', [place, values.length, codes.at, out.at])
  return out
}

/** The value of a node for each code of a register. */
export interface Mapping {
  readonly id: NodeId
  readonly codes: Register
  readonly values: readonly number[]
}
