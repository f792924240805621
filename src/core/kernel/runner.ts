import type { ColumnBlock } from '../columns/block.ts'
import { fail } from '../errors.ts'
import type { Instruction, InstructionName } from './instructions/names.ts'
import {
  type Argument,
  BLOCK_ROWS,
  type BlockSink,
  type Expand,
  type Level,
  type ProgramOutput,
  type Register,
  type Slot,
  type Step,
  type TallyReaders,
  type VectorProgram,
} from './program.ts'

/** A memory and the instructions that work on it. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer
  readonly instructions: Readonly<Record<InstructionName, Instruction>>
}

/** Keys lo <= key < hi of the table's own rows. */
export interface KeyRange {
  readonly lo: number
  readonly hi: number
}

/**
 * Runs a program for a range of keys, a block of rows at each step of the iteration; the sink receives the rows in key
 * order and may throw to stop.
 */
export type Runner = (range: KeyRange, sink: BlockSink) => Iterable<void>

/** Puts a program's data into memory and makes it ready to run. */
export const createRunner = (
  program: VectorProgram,
  memory: KernelMemory,
  tallies: TallyReaders,
): Runner => {
  const { machine, levels, outputs } = linkProgram(program, memory, tallies)
  return (range, sink) => {
    const emit = (rows: number): void =>
      sink(
        outputs.map((view) => view(rows)),
        rows,
      )
    return runLevels({ program, machine, levels, emit }, range)
  }
}

/** Makes the one output of a program without inner levels, for up to BLOCK_ROWS rows of any keys. */
export const createKeyedRunner = (
  program: VectorProgram,
  memory: KernelMemory,
  tallies: TallyReaders,
): ((keys: ColumnBlock) => ColumnBlock) => {
  const { machine, levels, outputs } = linkProgram(program, memory, tallies)
  const { level, steps } = levels[0]!
  const { form, at } = level.key
  const place =
    form === 'float64'
      ? machine.float64.subarray(at.address >> 3)
      : machine.int32.subarray(at.address >> 2)
  return (keys) => {
    if (keys.kind !== 'int32' && keys.kind !== 'float64')
      return fail('internal', `keys are numbers, not ${keys.kind}`)
    if (keys.rows > BLOCK_ROWS) return fail('internal', `${keys.rows} keys are more than a block`)
    place.set(keys.values)
    machine.ready(keys.rows)
    steps(keys.rows)
    return outputs[0]!(keys.rows)
  }
}

type Linked = (rows: number) => void

interface Machine extends KernelMemory {
  readonly int32: Int32Array
  readonly float64: Float64Array
  /** How many rows each branch had last. */
  readonly counts: number[]
  readonly tallies: TallyReaders
  /** Sees to it that registers of constants hold them for so many rows. */
  readonly ready: (rows: number) => void
}

const createMachine = (
  { buffer, instructions }: KernelMemory,
  tallies: TallyReaders,
  constants: readonly Step[],
): Machine => {
  let filled = 0
  const ready = (rows: number): void => {
    if (rows <= filled) return
    filled = Math.min(BLOCK_ROWS, 2 * rows)
    fill(filled)
  }
  const machine: Machine = {
    buffer,
    instructions,
    tallies,
    int32: new Int32Array(buffer),
    float64: new Float64Array(buffer),
    counts: [],
    ready,
  }
  const fill = linkSteps(machine, constants)
  return machine
}

const addressOf = (argument: Argument): number =>
  typeof argument === 'number' ? argument : argument.address

interface LinkedProgram {
  readonly machine: Machine
  readonly levels: readonly LinkedLevel[]
  readonly outputs: readonly ((rows: number) => ColumnBlock)[]
}

const linkProgram = (
  program: VectorProgram,
  memory: KernelMemory,
  tallies: TallyReaders,
): LinkedProgram => {
  const bytes = new Uint8Array(memory.buffer)
  for (const { slot, bytes: source } of program.data) bytes.set(source, slot.address)
  const machine = createMachine(memory, tallies, program.constants)
  return {
    machine,
    levels: program.levels.map((level) => linkLevel(machine, level)),
    outputs: program.outputs.map((output) => outputView(memory.buffer, output)),
  }
}

/** Looks instructions up and turns arguments into addresses, once. */
const linkSteps = (machine: Machine, steps: readonly Step[]): Linked => {
  const linked = steps.map((step) => linkStep(machine, step))
  return (rows) => {
    for (const step of linked) step(rows)
  }
}

const linkStep = (machine: Machine, step: Step): Linked => {
  switch (step.kind) {
    case 'run': {
      const instruction = machine.instructions[step.instruction]
      const args = step.args.map(addressOf)
      return (rows) => {
        instruction(rows, args)
      }
    }
    case 'branch': {
      const { select } = machine.instructions
      const args = [step.choice.address, step.which, step.index.address]
      const body = linkSteps(machine, step.body)
      return (rows) => {
        const count = select(rows, args)
        machine.counts[step.id] = count
        if (count > 0) body(count)
      }
    }
    case 'partition': {
      const { partition } = machine.instructions
      const args = [step.choice.address, step.state.address]
      const starts = Int32Array.from(step.lists, ({ index }) => index.address)
      const ends = machine.int32.subarray(
        step.state.address >> 2,
        (step.state.address >> 2) + starts.length,
      )
      return (rows) => {
        ends.set(starts)
        partition(rows, args)
        step.lists.forEach(({ branch }, which) => {
          machine.counts[branch] = (ends[which]! - starts[which]!) >> 2
        })
      }
    }
    case 'within': {
      const body = linkSteps(machine, step.body)
      return () => {
        const count = machine.counts[step.branch] ?? 0
        if (count > 0) body(count)
      }
    }
    case 'tally': {
      const read = machine.tallies(step.tally)
      const ordinals = numbersAt(machine, step.ordinal)
      const out = numbersAt(machine, step.out)
      return (rows) => {
        read(ordinals, out, rows)
      }
    }
    case 'fold': {
      const body = linkSteps(machine, step.body)
      const next = linkExpand(machine, step.expand)
      return (rows) => {
        start(machine, step.expand.state)
        for (let count = next(rows); count > 0; count = next(rows)) {
          machine.ready(count)
          body(count)
        }
      }
    }
  }
}

/** The numbers that a register holds. */
const numbersAt = ({ buffer }: Machine, { form, at }: Register): Int32Array | Float64Array =>
  form === 'float64'
    ? new Float64Array(buffer, at.address, BLOCK_ROWS)
    : new Int32Array(buffer, at.address, BLOCK_ROWS)

const linkExpand = (
  machine: Machine,
  { count, state, index, ordinal }: Expand,
): ((rows: number) => number) => {
  const { expand } = machine.instructions
  const args = [count.address, state.address, index.address, ordinal.address]
  return (rows) => expand(rows, args)
}

/** Sets an expansion to its first row and child, without a limit. */
const start = ({ int32 }: Machine, state: Slot): void => {
  int32.set([0, 0, -1, 0, 0], state.address >> 2)
}

interface LinkedLevel {
  readonly level: Level
  readonly steps: Linked
  readonly next: ((rows: number) => number) | undefined
}

const linkLevel = (machine: Machine, level: Level): LinkedLevel => ({
  level,
  steps: linkSteps(machine, level.steps),
  next: level.expand === undefined ? undefined : linkExpand(machine, level.expand),
})

interface Running {
  readonly program: VectorProgram
  readonly machine: Machine
  readonly levels: readonly LinkedLevel[]
  readonly emit: (rows: number) => void
}

function* runLevels(running: Running, range: KeyRange): Iterable<void> {
  const ranges = levelRanges(running.levels, range)
  const { lo, hi } = ranges[0]!
  const { root } = running.program
  const key = root.kind === 'cross' ? root.position : running.levels[0]!.level.key
  const first = root.kind === 'cross' ? crossRank(root.of, lo) : Math.max(1, lo)
  const last = root.kind === 'cross' ? crossRank(root.of, hi) : Math.min(root.count + 1, hi)
  const seq = running.machine.instructions[key.form === 'float64' ? 'seq_d' : 'seq_i']
  for (let at = first; at < last; at += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, last - at)
    seq(rows, [key.at.address, at])
    yield* runLevel(running, ranges, { depth: 0, rows })
  }
}

/** For each level the keys of its own whose rows or descendants lie in the range of the last. */
const levelRanges = (levels: readonly LinkedLevel[], range: KeyRange): readonly KeyRange[] => {
  const ranges: KeyRange[] = []
  let shown = range
  for (const { level } of levels.toReversed()) {
    const { scale, offset, expand } = level
    const lo = Math.ceil((shown.lo - offset) / scale)
    const hi = Math.ceil((shown.hi - offset) / scale)
    ranges.unshift({ lo, hi })
    if (expand === undefined) break
    const { capacity } = expand
    shown = { lo: Math.floor(lo / capacity), hi: Math.floor((hi - 1) / capacity) + 1 }
  }
  return ranges
}

/** How many keys of a cross are below `key`. */
const crossRank = (
  of: readonly { readonly capacity: number; readonly count: number }[],
  key: number,
): number => {
  let rank = 0
  let radix = of.reduce((product, each) => product * each.capacity, 1)
  let rows = of.reduce((product, each) => product * each.count, 1)
  let rest = key
  for (const { capacity, count } of of) {
    radix /= capacity
    rows = count === 0 ? 0 : rows / count
    const digit = Math.floor(rest / radix)
    rank += Math.min(count, Math.max(0, digit - 1)) * rows
    if (digit < 1) return rank
    if (digit > count) return rank
    rest -= digit * radix
  }
  return rank
}

function* runLevel(
  running: Running,
  ranges: readonly KeyRange[],
  { depth, rows }: { readonly depth: number; readonly rows: number },
): Iterable<void> {
  running.machine.ready(rows)
  running.levels[depth]!.steps(rows)
  const inner = running.levels[depth + 1]
  if (inner?.next === undefined || inner.level.expand === undefined) {
    yield running.emit(rows)
    return
  }
  const { level } = running.levels[depth]!
  begin(running.machine, inner.level.expand, {
    range: ranges[depth + 1]!,
    firstKey: shownKey(running.machine, level, 0),
    lastKey: shownKey(running.machine, level, rows - 1),
    rows,
  })
  for (let count = inner.next(rows); count > 0; count = inner.next(rows)) {
    yield* runLevel(running, ranges, { depth: depth + 1, rows: count })
  }
}

interface Beginning {
  readonly range: KeyRange
  readonly firstKey: number
  readonly lastKey: number
  readonly rows: number
}

/** Sets an expansion to begin and end within the range, which may cut the first and the last parent. */
const begin = (
  machine: Machine,
  { capacity, state }: Expand,
  { range, firstKey, lastKey, rows }: Beginning,
): void => {
  start(machine, state)
  const at = state.address >> 2
  if (firstKey * capacity < range.lo) machine.int32[at + 1] = range.lo - firstKey * capacity
  if ((lastKey + 1) * capacity > range.hi) {
    machine.int32[at + 2] = rows - 1
    machine.int32[at + 3] = range.hi - lastKey * capacity
  }
}

/** The key of a row as the level below knows it. */
const shownKey = (
  { int32, float64 }: Machine,
  { key, scale, offset }: Level,
  row: number,
): number => {
  const { form, at } = key
  const value =
    form === 'float64' ? float64[(at.address >> 3) + row] : int32[(at.address >> 2) + row]
  if (value === undefined) return fail('internal', 'a key lies outside the memory')
  return value * scale + offset
}

/** The cells of an output in the block that has just been made. */
const outputView = (
  buffer: ArrayBuffer,
  { register }: ProgramOutput,
): ((rows: number) => ColumnBlock) => {
  const { at } = register
  const nulls = (rows: number): Uint8Array | undefined =>
    register.nulls === undefined ? undefined : new Uint8Array(buffer, register.nulls.address, rows)
  switch (register.form) {
    case 'int32':
      return (rows) => ({
        kind: 'int32',
        rows,
        values: new Int32Array(buffer, at.address, rows),
        nulls: nulls(rows),
      })
    case 'float64':
      return (rows) => ({
        kind: 'float64',
        rows,
        values: new Float64Array(buffer, at.address, rows),
        nulls: nulls(rows),
      })
    case 'codes': {
      const { dictionary } = register.dictionary
      return (rows) => ({
        kind: 'codes',
        rows,
        codes: new Int32Array(buffer, at.address, rows),
        dictionary,
        nulls: nulls(rows),
      })
    }
    case 'fixed': {
      const { width } = register
      return (rows) => ({
        kind: 'fixed',
        rows,
        width,
        bytes: new Uint8Array(buffer, at.address, rows * (width + 4)),
        nulls: nulls(rows),
      })
    }
    case 'bytes': {
      const { offsets } = register
      return (rows) => ({
        kind: 'bytes',
        rows,
        offsets: new Int32Array(buffer, offsets.address, rows + 1),
        bytes: new Uint8Array(buffer, at.address, at.bytes),
        nulls: nulls(rows),
      })
    }
  }
}
