import { fail } from '../errors.ts'
import type { CompiledLaw, LawTable } from '../random/compiled-law.ts'
import type { Node, NodeId } from '../plan/graph.ts'
import type { Stream } from '../plan/typed.ts'
import {
  anyNull,
  asInt32,
  type Block,
  type Compiler,
  float64,
  int32,
  nodeOf,
  numberRegister,
  registerId,
  run,
} from './emit.ts'
import { writeLaw } from './instructions/laws.ts'
import {
  type Argument,
  BLOCK_ROWS,
  type PlacedDictionary,
  type Register,
  type Slot,
} from './program.ts'
import { stringForm } from './words.ts'

type DrawNode = Extract<Node, { readonly op: 'draw' }>
type SampleNode = Extract<Node, { readonly op: 'sample' }>

/** Emits the uniform bits of a stream at a key: as an integer, as hex digits or as a UUID. */
export const emitDraw = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id) as DrawNode
  const key = c.value(block, node.key)
  const words = keyWords(c, block, key)
  const { nulls } = key
  switch (node.form) {
    case 'bits': {
      const out = float64(c, 'd', nulls)
      run(block, 'bits_d', [firstLane(c, block, { words, stream: node.stream }), out.at])
      return out
    }
    case 'hex':
    case 'uuid': {
      const width = node.form === 'hex' ? 32 : 36
      const at = c.slot(BLOCK_ROWS * (width + 4), node.form)
      run(block, node.form, [...words, ...signed(node.stream), at])
      return { form: 'fixed', at, width, nulls }
    }
  }
}

/** Emits an outcome of a law, or of the law that another integer selects. */
export const emitSample = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id) as SampleNode
  const key = c.value(block, node.key)
  const given = node.given === undefined ? undefined : c.value(block, node.given)
  const nulls = anyNull(c, block, [key.nulls, given?.nulls])
  const isWords = node.shape.type.kind === 'string'
  const dictionary = isWords ? wordsDictionary(c, id) : undefined
  const out = isWords ? int32(c, 'codes', nulls) : numberRegister(c, node.shape, nulls)
  const tables = node.laws.map((law) =>
    dictionary === undefined ? law.table : recoded(law, dictionary),
  )
  const sampling: Sampling = { c, block, out, words: keyWords(c, block, key), stream: node.stream }
  if (given === undefined) sampleOne(sampling, tables[0]!)
  else sampleGiven(sampling, tables, asInt32(c, block, given))
  return dictionary === undefined ? out : { form: 'codes', at: out.at, dictionary, nulls }
}

interface Sampling {
  readonly c: Compiler
  readonly block: Block
  readonly out: Register
  readonly words: readonly [Slot, Slot | 0]
  readonly stream: Stream
}

/** The low and high words of a key; high 0 where all keys fit 31 bits. */
const keyWords = (c: Compiler, block: Block, key: Register): readonly [Slot, Slot | 0] => {
  if (key.form !== 'float64') return [key.at, 0]
  const id = `${registerId(key)}:words`
  const known = block.converted.get(id)
  const low = known ?? int32(c, 'lo')
  const high = block.converted.get(`${id}:high`) ?? int32(c, 'hi')
  if (known === undefined) {
    run(block, 'split', [key.at, low.at, high.at])
    block.converted.set(id, low).set(`${id}:high`, high)
  }
  return [low.at, high.at]
}

const signed = (stream: Stream): readonly number[] => stream.constants.map((each) => each | 0)

const firstLane = (
  c: Compiler,
  block: Block,
  { words, stream }: { readonly words: readonly Argument[]; readonly stream: Stream },
): Slot => {
  const out = c.slot(BLOCK_ROWS * 4, 'lane')
  run(block, 'draw', [...words, ...signed(stream).slice(0, 2), out])
  return out
}

const lanes = ({ c, block, words, stream }: Sampling, count: 2 | 3): readonly Slot[] => {
  const out = Array.from({ length: count }, () => c.slot(BLOCK_ROWS * 4, 'lane'))
  run(block, count === 2 ? 'lanes2' : 'lanes3', [
    ...words,
    ...signed(stream).slice(0, count + 1),
    ...out,
  ])
  return out
}

/** The widest range that one lane places an outcome in; wider ones take 48 bits of two. */
const ONE_LANE = 2 ** 20

const sampleOne = (sampling: Sampling, table: LawTable): void => {
  const { c, block, out, words, stream } = sampling
  const form = out.form === 'float64' ? '_d' : '_i'
  switch (table.kind) {
    case 'uniform': {
      const { low, step, count } = table
      if (count <= ONE_LANE) {
        return run(block, `uniform${form}`, [
          ...words,
          ...signed(stream).slice(0, 2),
          count,
          low,
          step,
          out.at,
        ])
      }
      return run(block, `uniform48${form}`, [...lanes(sampling, 2), count, low, step, out.at])
    }
    case 'steps':
      return sampleSteps(sampling, table)
    case 'alias': {
      const count = lanesNeeded(table)
      const [first, second, third] =
        count === 1 ? [firstLane(c, block, sampling)] : lanes(sampling, count === 2 ? 2 : 3)
      run(block, `alias${form}`, [first!, second ?? 0, third ?? 0, placeLaw(c, table), out.at])
    }
  }
}

const sampleSteps = (
  { c, block, out, words, stream }: Sampling,
  table: Extract<LawTable, { kind: 'steps' }>,
): void => {
  const { thresholds, values } = table
  const limits = c.place(new Uint8Array(new Uint32Array(thresholds).buffer), 'thresholds')
  const head = [...words, ...signed(stream).slice(0, 2), limits, thresholds.length]
  const low = values[0] ?? 0
  const dense = values.every((value, i) => value === low + i)
  if (dense && out.form === 'int32') return run(block, 'steps', [...head, low, out.at])
  const code = int32(c, 'codes').at
  run(block, 'steps', [...head, 0, code])
  const table32 = out.form === 'float64' ? new Float64Array(values) : new Int32Array(values)
  const cells = c.place(new Uint8Array(table32.buffer), 'outcomes')
  run(block, out.form === 'float64' ? 'cell_d' : 'cell_i', [cells, values.length, code, out.at])
}

const sampleGiven = (sampling: Sampling, tables: readonly LawTable[], given: Slot): void => {
  const { c, block, out } = sampling
  const addresses = new Int32Array(tables.map((table) => placeLaw(c, table)))
  const directory = c.place(new Uint8Array(addresses.buffer), 'laws')
  const instruction = out.form === 'float64' ? 'given_d' : 'given_i'
  const count = Math.max(...tables.map(lanesNeeded))
  const [first, second, third] =
    count === 1 ? [firstLane(c, block, sampling)] : lanes(sampling, count === 2 ? 2 : 3)
  const rest = [second ?? first!, third ?? first!]
  run(block, instruction, [given, first!, ...rest, directory, tables.length, out.at])
}

/** How many lanes of a stream an outcome of a table takes. */
const lanesNeeded = (table: LawTable): number => {
  switch (table.kind) {
    case 'steps':
      return 1
    case 'uniform':
      return table.count <= ONE_LANE ? 1 : 2
    case 'alias':
      return table.widest === 1 ? 1 : table.widest <= ONE_LANE ? 2 : 3
  }
}

const placeLaw = (c: Compiler, table: LawTable): number =>
  writeLaw(table, (bytes) => c.place(bytes, 'law').address)

const wordsDictionary = (c: Compiler, id: NodeId): PlacedDictionary => {
  const form = stringForm(c, id)
  return form.form === 'codes'
    ? c.dictionary(form.words)
    : fail('internal', 'a sample of words has no dictionary')
}

/** The table of a law over words, its outcomes as codes of the dictionary. */
const recoded = (law: CompiledLaw, { codes }: PlacedDictionary): LawTable => {
  const { table } = law
  const code = (outcome: number): number => codes.get(law.words?.[outcome] ?? '') ?? 0
  switch (table.kind) {
    case 'steps':
      return { ...table, values: table.values.map(code) }
    case 'alias':
      return { ...table, low: table.low.map(code) }
    case 'uniform': {
      const values = Array.from({ length: table.count }, (_, i) => code(table.low + table.step * i))
      return table.count === 1
        ? { ...table, low: values[0]! }
        : fail('internal', 'a law over words is uniform over one word only')
    }
  }
}
