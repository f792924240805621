import { fail } from '../errors.ts'
import type { Node, NodeId, ScopeId } from '../plan/graph.ts'
import { asFloat64, asInt32, type Block, type Compiler, fitsInt32, nodeOf, run } from './emit.ts'
import type { InstructionName } from './instructions/names.ts'
import { openLevel } from './levels.ts'
import { BLOCK_ROWS, type Register } from './program.ts'

type FoldNode = Extract<Node, { readonly op: 'fold' }>

/**
 * Emits a fold, and with it all others over the same children that are wanted of the same rows; but a fold that rests on
 * another one over these children is on its own, and one that rests on a fold whose emission waits for this one comes
 * later.
 */
export const emitFold = (c: Compiler, block: Block, id: NodeId): Register => {
  const { over } = nodeOf(c, id) as FoldNode
  const folds = restsOnFold(c, id, over) ? [id] : independentFolds(c, block, over)
  for (const each of folds) c.openFolds.add(each)
  const { inner, expand } = openLevel(c, block, over)
  const results = folds.map(
    (each) => [each, emitReduction(c, block, { inner, id: each, index: expand.index })] as const,
  )
  block.steps.push({ kind: 'fold', table: tableOf(c, over), expand, body: inner.steps })
  for (const [each, register] of results) {
    c.openFolds.delete(each)
    block.registers.set(each, settle(c, block, { id: each, register }))
  }
  return block.registers.get(id) ?? fail('internal', `fold ${id} was not emitted`)
}

const independentFolds = (c: Compiler, block: Block, over: ScopeId): readonly NodeId[] =>
  c.graph.nodes.flatMap((node, id) => {
    const isHere = node.op === 'fold' && node.over === over && c.regions.home(id) === block.region
    const waits = c.openFolds.size > 0 && restsOn(c, id, (each) => c.openFolds.has(each))
    return isHere && !waits && !restsOnFold(c, id, over) ? [id] : []
  })

/** Whether a fold's own value needs the result of another fold over the same children. */
const restsOnFold = (c: Compiler, fold: NodeId, over: ScopeId): boolean =>
  restsOn(c, fold, (_, node) => node.op === 'fold' && node.over === over)

/** Whether a node is made from another one that is looked for. */
const restsOn = (
  c: Compiler,
  from: NodeId,
  isWanted: (id: NodeId, node: Node) => boolean,
): boolean => {
  const seen = new Set<NodeId>()
  const reaches = (id: NodeId): boolean => {
    if (seen.has(id)) return false
    seen.add(id)
    const node = nodeOf(c, id)
    return (id !== from && isWanted(id, node)) || argumentsOf(c, node).some(reaches)
  }
  return reaches(from)
}

const argumentsOf = (c: Compiler, node: Node): readonly NodeId[] => {
  switch (node.op) {
    case 'constant':
    case 'key':
    case 'ordinal':
      return []
    case 'outer':
      return [node.node]
    case 'draw':
      return [node.key]
    case 'sample':
      return node.given === undefined ? [node.key] : [node.key, node.given]
    case 'cell':
      return [node.index]
    case 'call':
      return node.args
    case 'case':
      return [...node.conditions, ...node.results]
    case 'tally':
      return [node.ordinal]
    case 'fold': {
      const scope = c.graph.scopes[node.over]!
      const rows = scope.kind === 'children' ? [scope.parentKey, scope.count] : []
      return [...rows, ...[node.value, node.where].filter((each) => each !== undefined)]
    }
  }
}

const tableOf = (c: Compiler, scope: ScopeId): string => c.graph.scopes[scope]!.table

interface Reducing {
  readonly inner: Block
  readonly id: NodeId
  readonly index: Block['index']
}

/** The accumulator of one fold: started in the outer block, added to by every block of children. */
const emitReduction = (c: Compiler, block: Block, { inner, id, index }: Reducing): Register => {
  const { operation, value, where } = nodeOf(c, id) as FoldNode
  const at = c.slot(BLOCK_ROWS * 8, 'sum')
  run(block, 'fill_d', [at, 0])
  const kept = where === undefined ? undefined : c.value(inner, where)
  const keep = [kept === undefined ? 0 : asInt32(c, inner, kept), kept?.nulls ?? 0, index!] as const
  const source = value === undefined ? undefined : c.value(inner, value)
  const mask = source?.nulls ?? 0
  if (operation === 'count') {
    run(inner, 'reduce_count', [mask, ...keep, at])
    return { form: 'float64', at, nulls: undefined }
  }
  if (source === undefined) return fail('internal', `fold ${id} has no value`)
  const number = asFloat64(c, inner, source)
  if (operation === 'sum') {
    run(inner, 'reduce_sum', [number, mask, ...keep, at])
    return { form: 'float64', at, nulls: undefined }
  }
  const none = c.slot(BLOCK_ROWS, 'nulls')
  run(block, 'fill_m', [none, 1])
  const instruction: InstructionName = operation === 'min' ? 'reduce_min' : 'reduce_max'
  run(inner, instruction, [number, mask, ...keep, at, none])
  return { form: 'float64', at, nulls: none }
}

/** A finished accumulator in the form that its shape asks for. */
const settle = (
  c: Compiler,
  block: Block,
  { id, register }: { readonly id: NodeId; readonly register: Register },
): Register =>
  fitsInt32(nodeOf(c, id).shape)
    ? { form: 'int32', at: asInt32(c, block, register), nulls: register.nulls }
    : register
