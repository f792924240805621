import { fail } from '../errors.ts'
import type { NodeId } from '../plan/graph.ts'
import { sumOf } from '../random/math.ts'
import {
  type CaseNode,
  constantOf,
  emitComparedChoice,
  emitConstantResults,
} from './case-tables.ts'
import {
  asFloat64,
  asInt32,
  type Block,
  type Compiler,
  int32,
  newBlock,
  nodeOf,
  numberRegister,
  run,
} from './emit.ts'
import { BLOCK_ROWS, type Register, type Slot, type Step } from './program.ts'
import { PARTITIONED } from './regions.ts'
import {
  asBytes,
  mostBytes,
  newPointing,
  pointAt,
  type Pointing,
  recode,
  sourcesOfAll,
  zeros,
} from './strings.ts'
import { stringForm } from './words.ts'

/** Emits a choice between results; branches that are dear run only on the rows that take them. */
export const emitCase = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id) as CaseNode
  return (
    emitFlag(c, block, node) ?? choose({ c, block, id, node, choice: emitChoice(c, block, node) })
  )
}

/** 1 where a condition holds, else 0, is how the condition itself is held. */
const emitFlag = (c: Compiler, block: Block, node: CaseNode): Register | undefined => {
  const [yes, no, ...more] = node.results.map((each) => constantOf(c, each))
  if (yes !== 1 || no !== 0 || more.length > 0) return undefined
  const condition = c.value(block, node.conditions[0]!)
  return condition.form === 'int32' && condition.nulls === undefined ? condition : undefined
}

/** Emits the first argument that is not null. */
export const emitCoalesce = (c: Compiler, block: Block, id: NodeId): Register => {
  const node = nodeOf(c, id)
  if (node.op !== 'call') return fail('internal', `node ${id} is no call`)
  const choice = filled(c, block, node.args.length - 1)
  const known = node.args.slice(0, -1).map((each) => {
    const { nulls } = c.value(block, each)
    const out = int32(c, 'i').at
    if (nulls === undefined) run(block, 'fill_i', [out, 1])
    else run(block, 'known_i', [nulls, out])
    return out
  })
  for (let which = known.length - 1; which >= 0; which--)
    run(block, 'choose', [known[which]!, 0, which, choice])
  const asCase: CaseNode = {
    op: 'case',
    scope: node.scope,
    shape: node.shape,
    conditions: [],
    results: node.args,
  }
  return choose({ c, block, id, node: asCase, choice })
}

/**
 * A register with the result each row chooses; the rows of many branches are found in one pass, before the first of
 * their bodies.
 */
const choose = (choosing: Choosing): Register => {
  const { c, block, node, choice } = choosing
  const first = block.steps.length
  const out = chooseOneByOne(choosing)
  const branches = block.steps.slice(first).filter((step) => isBranchOf(step, choice))
  if (branches.length < PARTITIONED) return out
  const lists = node.results.map((_, which) => {
    const found = branches.find((step) => step.which === which)
    return found === undefined
      ? { branch: c.newBranch(), index: int32(c, 'rows').at }
      : { branch: found.id, index: found.index }
  })
  const state = c.slot(4 * lists.length, 'ends')
  for (const step of block.steps.splice(first)) {
    if (step === branches[0]) block.steps.push({ kind: 'partition', choice, state, lists })
    const isBody = isBranchOf(step, choice)
    block.steps.push(isBody ? { kind: 'within', branch: step.id, body: step.body } : step)
  }
  return out
}

const isBranchOf = (step: Step, choice: Slot): step is Branch =>
  step.kind === 'branch' && step.choice === choice

type Branch = Extract<Step, { readonly kind: 'branch' }>

/** A register in the form that `stringForm` foretells, or of the number's shape, with the result each row chooses. */
const chooseOneByOne = (choosing: Choosing): Register => {
  const { c, id, node } = choosing
  if (node.shape.type.kind !== 'string') return chooseInto(choosing, numberRegister(c, node.shape))
  const form = stringForm(c, id)
  switch (form.form) {
    case 'codes': {
      const words = form.words.length > 0 ? form.words : ['']
      const out: Register = { ...int32(c, 'codes'), form: 'codes', dictionary: c.dictionary(words) }
      return chooseInto(choosing, out)
    }
    case 'fixed': {
      const at = c.slot(BLOCK_ROWS * (form.width + 4), 'fixed')
      return chooseInto(choosing, { form: 'fixed', at, width: form.width, nulls: undefined })
    }
    case 'bytes':
      return chooseBytes(choosing)
  }
}

interface Choosing {
  readonly c: Compiler
  readonly block: Block
  readonly id: NodeId
  readonly node: CaseNode
  readonly choice: Slot
}

const filled = (c: Compiler, block: Block, which: number): Slot => {
  const choice = int32(c, 'choice').at
  run(block, 'fill_i', [choice, which])
  return choice
}

/** For each row the number of the first condition that holds, else the number of conditions. */
const emitChoice = (c: Compiler, block: Block, node: CaseNode): Slot => {
  const compared = emitComparedChoice(c, block, node)
  if (compared !== undefined) return compared
  const conditions = node.conditions.map((each) => c.value(block, each))
  const [first] = conditions
  if (first?.form === 'int32' && first.nulls === undefined && conditions.length === 1) {
    const choice = int32(c, 'choice').at
    run(block, 'not_i', [first.at, choice])
    return choice
  }
  const choice = filled(c, block, conditions.length)
  for (let which = conditions.length - 1; which >= 0; which--) {
    const { at, nulls } = conditions[which]!
    run(block, 'choose', [at, nulls ?? 0, which, choice])
  }
  return choice
}

/** A result's value: for all rows, or for the compacted rows of its branch. */
interface Taken {
  readonly value: Register
  readonly branch: { readonly id: number; readonly inner: Block } | undefined
}

/** Emits a result; one with a region of its own in a branch, whose body `use` ends. */
const takeResult = (
  choosing: Choosing,
  which: number,
  use: (inner: Block, value: Register) => void,
): Taken => {
  const { c, block, node, id } = choosing
  const region = c.regions.branch(id, which)
  const result = node.results[which]!
  if (region === undefined) {
    const value = c.value(block, result)
    return { value, branch: undefined }
  }
  return openBranch(choosing, { inner: newBlock(region, block, int32(c, 'rows').at), which, use })
}

interface Opening {
  readonly inner: Block
  readonly which: number
  readonly use: (inner: Block, value: Register) => void
}

const openBranch = (
  { c, block, node, choice }: Choosing,
  { inner, which, use }: Opening,
): Taken => {
  const value = c.value(inner, node.results[which]!)
  use(inner, value)
  const id = c.newBranch()
  block.steps.push({ kind: 'branch', id, choice, which, index: inner.index!, body: inner.steps })
  return { value, branch: { id, inner } }
}

/** Chooses between results that share a form of fixed size a row: numbers, codes or fixed strings. */
const chooseInto = (choosing: Choosing, out: Register): Register => {
  const { c, block, choice, node } = choosing
  const constants = emitConstantResults(c, block, { node, choice, out })
  const rest = constants.size > 0 ? undefined : copyRest(choosing, out)
  const taken = node.results.map((_, which): Taken => {
    if (constants.has(which)) return { value: out, branch: undefined }
    if (which === node.results.length - 1 && rest !== undefined) return rest
    const result = takeResult(choosing, which, (inner, value) => {
      if (hasValues(value))
        copyValue(choosing, inner, { value, out, by: 'scatter', last: [inner.index!] })
    })
    if (result.branch === undefined && hasValues(result.value)) {
      copyValue(choosing, block, { value: result.value, out, by: 'merge', last: [choice, which] })
    }
    return result
  })
  return { ...out, nulls: mergeNulls(choosing, taken) }
}

/** Copies the last result, where it is at hand for all rows, before the others take theirs. */
const copyRest = ({ c, block, id, node }: Choosing, out: Register): Taken | undefined => {
  const which = node.results.length - 1
  if (out.form !== 'int32' || c.regions.branch(id, which) !== undefined) return undefined
  const value = c.value(block, node.results[which]!)
  run(block, 'copy_i', [asInt32(c, block, value), out.at])
  return { value, branch: undefined }
}

/** False for the constant null of strings, which has no words to copy. */
const hasValues = (value: Register): boolean =>
  value.form !== 'codes' || value.dictionary.words.length > 0

interface Copying {
  readonly value: Register
  readonly out: Register
  readonly by: 'scatter' | 'merge'
  /** What follows the value: the rows, or the choice and the branch's number. */
  readonly last: readonly (Slot | number)[]
}

const copyValue = ({ c }: Choosing, block: Block, { value, out, by, last }: Copying): void => {
  switch (out.form) {
    case 'int32':
      return run(block, `${by}_i`, [asInt32(c, block, value), ...last, out.at])
    case 'float64':
      return run(block, `${by}_d`, [asFloat64(c, block, value), ...last, out.at])
    case 'codes':
      return run(block, `${by}_i`, [
        recode(c, block, { register: value, into: out.dictionary }),
        ...last,
        out.at,
      ])
    case 'fixed':
      return run(block, `${by}_fixed`, [value.at, ...last, out.at, out.width + 4])
    case 'bytes':
    case 'views':
      return fail('internal', 'strings of varying length are pointed at, not copied')
  }
}

/** The mask of a choice: that of the result taken; undefined when no result can be null. */
const mergeNulls = ({ c, block, choice }: Choosing, taken: readonly Taken[]): Slot | undefined => {
  if (taken.every(({ value }) => value.nulls === undefined)) return undefined
  const out = c.slot(BLOCK_ROWS, 'nulls')
  run(block, 'fill_m', [out, 0])
  taken.forEach(({ value, branch }, which) => {
    if (value.nulls === undefined) return
    if (branch === undefined) return run(block, 'merge_m', [value.nulls, choice, which, out])
    const body = newBlock(branch.inner.region, block, branch.inner.index)
    run(body, 'scatter_m', [value.nulls, branch.inner.index!, out])
    block.steps.push({ kind: 'within', branch: branch.id, body: body.steps })
  })
  return out
}

/** Chooses between strings of varying length: every result points the rows that take it at its strings. */
const chooseBytes = (choosing: Choosing): Register => {
  const { c, block, node } = choosing
  const into = newPointing(c)
  const last = node.results.length - 1
  const rest = pointAll(choosing, last, into)
  const taken = node.results.map((_, which) =>
    which === last && rest !== undefined ? rest : pointSome(choosing, which, into),
  )
  const sources = sourcesOfAll(taken.map(({ value }) => value))
  const nulls = mergeNulls(choosing, taken)
  const views = { form: 'views', ...into, most: mostBytes(node.shape), sources, nulls } as const
  return sumOf(sources.map(({ bytes }) => bytes)) > LARGEST_SOURCES
    ? asBytes(c, block, views)
    : views
}

/** Registers beyond so many bytes are copied rather than kept for what points at them. */
const LARGEST_SOURCES = 64 * 1024 * 1024

/** Points all rows at a result that is at hand for all, before the others take theirs. */
const pointAll = (
  { c, block, id, node }: Choosing,
  which: number,
  into: Pointing,
): Taken | undefined => {
  if (c.regions.branch(id, which) !== undefined) return undefined
  const value = c.value(block, node.results[which]!)
  if (hasValues(value)) pointAt(block, value, { ...into, index: 0, same: false })
  else run(block, 'fill_i', [into.lengths, 0])
  return { value, branch: undefined }
}

/** Points the rows that take a result at its strings. */
const pointSome = (choosing: Choosing, which: number, into: Pointing): Taken => {
  const { c, block, id, node, choice } = choosing
  const region = c.regions.branch(id, which)
  const index = int32(c, 'rows').at
  if (region !== undefined) {
    const use = (inner: Block, value: Register): void => {
      if (hasValues(value)) pointAt(inner, value, { ...into, index, same: false })
      else run(inner, 'scatter_i', [zeros(c), index, into.lengths])
    }
    return openBranch(choosing, { inner: newBlock(region, block, index), which, use })
  }
  const value = c.value(block, node.results[which]!)
  const merge = (from: Slot, to: Slot): void => run(block, 'merge_i', [from, choice, which, to])
  if (!hasValues(value)) merge(zeros(c), into.lengths)
  else if (value.form === 'views') {
    merge(value.at, into.at)
    merge(value.lengths, into.lengths)
  } else {
    const body = newBlock({ scope: node.scope, caseNode: id, which }, block, index)
    pointAt(body, value, { ...into, index, same: true })
    block.steps.push({ kind: 'branch', id: c.newBranch(), choice, which, index, body: body.steps })
  }
  return { value, branch: undefined }
}
