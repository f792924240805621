import { fail } from '../errors.ts'
import type { FunctionName } from '../expr/expr.ts'
import type { Shape } from '../expr/types.ts'
import type { Node, NodeId } from '../plan/graph.ts'
import {
  anyNull,
  asFloat64,
  asInt32,
  type Block,
  type Compiler,
  int32,
  nodeOf,
  registerId,
  run,
} from './emit.ts'
import type { InstructionName } from './instructions/names.ts'
import {
  type Argument,
  BLOCK_ROWS,
  type PlacedDictionary,
  type Register,
  type Slot,
} from './program.ts'

/** A string register in the form of bytes behind offsets. */
export type BytesRegister = Extract<Register, { readonly form: 'bytes' }>

/** A string register in the form of views. */
export type ViewsRegister = Extract<Register, { readonly form: 'views' }>

/** A new register for strings that take at most `bytes` bytes in a full block. */
export const newBytes = (c: Compiler, bytes: number, nulls: Slot | undefined): BytesRegister => ({
  form: 'bytes',
  at: c.slot(bytes, 'bytes'),
  offsets: c.slot(BLOCK_ROWS * 4 + 4, 'offsets'),
  nulls,
})

/** The most bytes that a full block of strings of this shape takes: one byte a code point if ASCII, else three. */
export const mostBytes = (shape: Shape): number => {
  const bytes = BLOCK_ROWS * Math.max(1, shape.maxLength) * (shape.ascii ? 1 : 3)
  if (bytes > LARGEST_BLOCK) {
    fail(
      'kernel.unsupported',
      `strings of up to ${shape.maxLength} characters are too long for the native engine`,
      {
        hint: 'shorten the expression with slice, or run the plan with --engine duckdb',
      },
    )
  }
  return bytes
}

const LARGEST_BLOCK = 64 * 1024 * 1024

/** Strings of several registers on their way into one: for each row where its string is, and how long. */
export interface Pointing {
  readonly at: Slot
  readonly lengths: Slot
}

/** Rows that point at a register's strings, all or those in `index`; where `same`, these are its rows, too. */
export interface PointingRows {
  readonly index: Slot | 0
  readonly same: boolean
}

/** Points rows at the strings of a register; those of views that are at hand for all rows are merged instead. */
export const pointAt = (block: Block, register: Register, into: Pointing & PointingRows): void => {
  const last = [into.index, into.same ? 1 : 0, into.at, into.lengths]
  switch (register.form) {
    case 'codes': {
      const { offsets, bytes, dictionary } = register.dictionary
      return run(block, 'point_codes', [register.at, offsets, bytes, dictionary.count, ...last])
    }
    case 'fixed':
      return run(block, 'point_fixed', [register.at, register.width, ...last])
    case 'bytes':
      return run(block, 'point_bytes', [register.offsets, register.at, ...last])
    case 'views':
      return pointAgain(block, register, into)
    case 'int32':
    case 'float64':
      return fail('internal', 'a number has no bytes')
  }
}

/** Points rows at what a register points at already. */
const pointAgain = (
  block: Block,
  register: ViewsRegister,
  { at, lengths, index, same }: Pointing & PointingRows,
): void => {
  if (same) return fail('internal', 'views of all rows are merged')
  const instruction = index === 0 ? 'copy_i' : 'scatter_i'
  const rows = index === 0 ? [] : [index]
  run(block, instruction, [register.at, ...rows, at])
  run(block, instruction, [register.lengths, ...rows, lengths])
}

/** Where the strings of a register are that is pointed at: an argument of whatever reads them, so that they still are. */
const sourcesOf = (register: Register): readonly Slot[] => {
  switch (register.form) {
    case 'codes':
      return []
    case 'views':
      return register.sources
    case 'fixed':
    case 'bytes':
    case 'int32':
    case 'float64':
      return [register.at]
  }
}

/** The same of several registers. */
export const sourcesOfAll = (registers: readonly Register[]): readonly Slot[] => [
  ...new Set(registers.flatMap(sourcesOf)),
]

/** A pointing of its own, of no rows yet. */
export const newPointing = (c: Compiler): Pointing => ({
  at: int32(c, 'from').at,
  lengths: int32(c, 'lengths').at,
})

const JOINS = ['gather_bytes', 'join_2', 'join_3', 'join_4'] as const

/** A string register as views. */
export const asViews = (c: Compiler, block: Block, register: Register): ViewsRegister => {
  if (register.form === 'views') return register
  const word = register.form === 'codes' && register.dictionary.words.length === 1
  const [home, source] = word
    ? [c.constants, { ...register, at: zeros(c), nulls: undefined }]
    : [block, register]
  const id = `${word ? register.dictionary.bytes.label : registerId(register)}:views`
  const known = home.converted.get(id)
  if (known?.form === 'views') return { ...known, nulls: register.nulls }
  const into = newPointing(c)
  pointAt(home, source, { ...into, index: 0, same: false })
  const [most, sources] = [mostRegisterBytes(register), sourcesOf(register)]
  const out: ViewsRegister = { form: 'views', ...into, most, sources, nulls: register.nulls }
  home.converted.set(id, out)
  return out
}

/** A register of zeros. */
export const zeros = (c: Compiler): Slot => {
  const known = c.constants.converted.get('zeros')
  if (known !== undefined) return known.at
  const out = int32(c, 'zeros')
  run(c.constants, 'fill_i', [out.at, 0])
  c.constants.converted.set('zeros', out)
  return out.at
}

/** A string register as bytes behind offsets. */
export const asBytes = (c: Compiler, block: Block, register: Register): BytesRegister => {
  if (register.form === 'bytes') return register
  const id = `${registerId(register)}:bytes`
  const known = block.converted.get(id)
  if (known?.form === 'bytes') return known
  const out = joined(c, block, {
    parts: [register],
    bytes: mostRegisterBytes(register),
    nulls: register.nulls,
  })
  block.converted.set(id, out)
  return out
}

const mostRegisterBytes = (register: Register): number => {
  if (register.form === 'fixed') return BLOCK_ROWS * register.width
  if (register.form === 'views') return register.most
  if (register.form !== 'codes') return register.at.bytes
  const { offsets } = register.dictionary.dictionary
  let longest = 1
  for (let i = 1; i < offsets.length; i++)
    longest = Math.max(longest, offsets[i]! - offsets[i - 1]!)
  return BLOCK_ROWS * longest
}

/** The parts of strings to join, the most bytes the result takes, and its mask. */
export interface Joining {
  readonly parts: readonly Register[]
  readonly bytes: number
  readonly nulls: Slot | undefined
}

/** The strings of several registers, one after another. */
export const joined = (
  c: Compiler,
  block: Block,
  { parts, bytes, nulls }: Joining,
): BytesRegister => {
  const rest = parts.slice(JOINS.length)
  if (rest.length > 0) {
    const first = joined(c, block, { parts: parts.slice(0, JOINS.length), bytes, nulls: undefined })
    return joined(c, block, { parts: [first, ...rest], bytes, nulls })
  }
  const instruction = JOINS[parts.length - 1] ?? fail('internal', 'nothing to join')
  const out = newBytes(c, bytes, nulls)
  const views = parts.map((part) => asViews(c, block, part))
  const pieces = views.flatMap(({ at, lengths }) => [at, lengths])
  run(block, instruction, [...pieces, out.offsets, out.at, ...sourcesOfAll(views)])
  return out
}

/** Emits a string function over arguments that are no longer constants. */
export const emitStringCall = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id)
  if (node.op !== 'call') return fail('internal', `node ${id} is no call`)
  const emit = EMITTERS[node.function]
  if (emit === undefined) return fail('internal', `${node.function} makes no string`)
  const args = node.args.map((each) => c.value(block, each))
  const nulls = anyNull(
    c,
    block,
    args.map((each) => each.nulls),
  )
  return emit({
    c,
    block,
    node,
    args,
    nulls,
    bytes: () => asBytes(c, block, args[0]!),
    out: () => newBytes(c, mostBytes(node.shape), nulls),
  })
}

/** A string call being emitted: its arguments, the first one as bytes, and a register for its result. */
interface Work {
  readonly c: Compiler
  readonly block: Block
  readonly node: Extract<Node, { readonly op: 'call' }>
  readonly args: readonly Register[]
  readonly nulls: Slot | undefined
  readonly bytes: () => BytesRegister
  readonly out: () => BytesRegister
}

const EMITTERS: Readonly<Partial<Record<FunctionName, (work: Work) => Register>>> = {
  concat: ({ c, block, node, args, nulls }) =>
    joined(c, block, { parts: args, bytes: mostBytes(node.shape), nulls }),
  sha256: ({ c, block, nulls, bytes }) => {
    const [source, at] = [bytes(), c.slot(BLOCK_ROWS * 68, 'fixed')]
    run(block, 'sha256', [source.offsets, source.at, at])
    return { form: 'fixed', at, width: 64, nulls }
  },
  upper: (work) => changeCase(work, 'ascii_upper'),
  lower: (work) => changeCase(work, 'ascii_lower'),
  slice: ({ c, block, node, args, nulls }) => {
    const source = asViews(c, block, args[0]!)
    const ascii = nodeOf(c, node.args[0]!).shape.ascii ? 1 : 0
    const places = [asInt32(c, block, args[1]!), asInt32(c, block, args[2]!)]
    const into = newPointing(c)
    const read = [source.at, source.lengths, ...places, ascii]
    run(block, 'slice', [...read, into.at, into.lengths, ...source.sources])
    return { ...source, ...into, nulls }
  },
  replace: ({ block, args, bytes, out }) => {
    const [source, result] = [bytes(), out()]
    const [from, to] = [constantWord(args[1]!), constantWord(args[2]!)]
    run(block, 'replace', [source.offsets, source.at, ...from, ...to, result.offsets, result.at])
    return result
  },
  padLeft: ({ c, block, args, bytes, out }) => {
    const [source, result, width] = [bytes(), out(), asInt32(c, block, args[1]!)]
    const fill = constantWord(args[2]!)
    run(block, 'pad_left', [source.offsets, source.at, width, ...fill, result.offsets, result.at])
    return result
  },
  text: (work) => emitText(work),
  base36: ({ block, args, out }) => {
    const [result, source] = [out(), args[0]!]
    const instruction = source.form === 'float64' ? 'base36_d' : 'base36_i'
    run(block, instruction, [source.at, result.offsets, result.at])
    return result
  },
}

const changeCase = (
  { c, block, bytes }: Work,
  instruction: 'ascii_upper' | 'ascii_lower',
): Register => {
  const source = bytes()
  const at = c.slot(source.at.bytes, 'bytes')
  run(block, instruction, [source.offsets, source.at, at])
  return { ...source, at }
}

/** Address and length of the one word of a constant. */
const constantWord = (register: Register): readonly [Slot, number] => {
  if (register.form !== 'codes') return fail('internal', 'expected a constant string')
  const { bytes, dictionary } = register.dictionary
  return [bytes, dictionary.offsets[1] ?? 0]
}

const emitText = ({ c, block, node, args, out }: Work): Register => {
  const { type } = nodeOf(c, node.args[0]!).shape
  const source = args[0]!
  const into = (instruction: InstructionName, head: readonly Argument[]): Register => {
    const result = out()
    run(block, instruction, [...head, result.offsets, result.at, source.nulls ?? 0])
    return result
  }
  switch (type.kind) {
    case 'string':
      return source
    case 'integer':
      return into(source.form === 'float64' ? 'text_d' : 'text_i', [source.at])
    case 'boolean':
      return booleanText(c, block, source)
    case 'date':
      return into('text_date', [asInt32(c, block, source)])
    case 'timestamp':
      return into('text_timestamp', [asFloat64(c, block, source)])
    case 'decimal':
      return into('text_decimal', [asFloat64(c, block, source), type.scale])
  }
}

const BOOLEANS = ['false', 'true']

/** `false` stands before `true` in byte order, so a boolean is its own code. */
const booleanText = (c: Compiler, block: Block, register: Register): Register => ({
  form: 'codes',
  at: asInt32(c, block, register),
  dictionary: c.dictionary(BOOLEANS),
  nulls: register.nulls,
})

/** The codes of a register, as codes into another dictionary that has all its words. */
export const recode = (c: Compiler, block: Block, { register, into }: Recoding): Slot => {
  if (register.form !== 'codes') return fail('internal', 'expected codes')
  const { dictionary, at } = register
  if (dictionary === into || dictionary.words.length === 0) return at
  const codes = new Int32Array(dictionary.words.map((word) => into.codes.get(word) ?? 0))
  const out = int32(c, 'codes').at
  run(block, 'cell_i', [c.place(new Uint8Array(codes.buffer), 'recode'), codes.length, at, out])
  return out
}

/** A register of codes and the dictionary wanted. */
export interface Recoding {
  readonly register: Register
  readonly into: PlacedDictionary
}
