import { fail } from '../errors.ts'
import type { NodeId, Scope, ScopeId } from '../plan/graph.ts'
import {
  asInt32,
  type Block,
  type Compiler,
  fitsInt32,
  float64,
  int32,
  newBlock,
  numberRegister,
  run,
} from './emit.ts'
import type { Expand, Register, Root, Slot } from './program.ts'

/** The rows of an inner scope: an empty block in which key and ordinal are known, and how its rows come about. */
export interface OpenLevel {
  readonly inner: Block
  readonly expand: Expand
  readonly key: Register
}

/** Opens the scope of the children of a block's rows. */
export const openLevel = (c: Compiler, outer: Block, scope: ScopeId): OpenLevel => {
  const children = c.graph.scopes[scope]
  if (children?.kind !== 'children') return fail('internal', `scope ${scope} has no outer rows`)
  const count = asInt32(c, outer, c.value(outer, children.count))
  const parent = c.value(outer, children.parentKey)
  const index = int32(c, 'parent').at
  const ordinal = int32(c, 'ordinal')
  const inner = newBlock(c.regions.root(scope), outer, index)
  const key = keyNode(c, scope)
  const register = childKey(c, inner, { children, parent, ordinal, key })
  setIfKnown(inner, key, register)
  setIfKnown(inner, ordinalNode(c, scope), ordinal)
  const expand: Expand = {
    count,
    state: c.slot(64, 'state'),
    index,
    ordinal: ordinal.at,
    capacity: children.capacity,
  }
  return { inner, expand, key: register }
}

/** The outermost rows, whose keys (of a cross, positions) the runner writes. */
export interface OpenRoot {
  readonly inner: Block
  readonly key: Register
  readonly root: Root
}

/** Opens the outermost scope. */
export const openRoot = (c: Compiler, scope: ScopeId): OpenRoot => {
  const found = c.graph.scopes[scope]
  const inner = newBlock(c.regions.root(scope))
  if (found?.kind === 'range') return openRange(c, inner, { scope, count: found.count })
  if (found?.kind === 'cross') return openCross(c, inner, { scope, of: found.of })
  return fail('internal', `scope ${scope} is not outermost`)
}

const openRange = (
  c: Compiler,
  inner: Block,
  { scope, count }: { readonly scope: ScopeId; readonly count: number },
): OpenRoot => {
  const key = newKey(c, scope)
  setIfKnown(inner, keyNode(c, scope), key)
  const ordinal = ordinalNode(c, scope)
  if (ordinal !== undefined) {
    const out: Register = key.form === 'float64' ? float64(c, 'd') : int32(c, 'i')
    run(inner, key.form === 'float64' ? 'addk_d' : 'addk_i', [key.at, -1, out.at])
    inner.registers.set(ordinal, out)
  }
  return { inner, key, root: { kind: 'range', count } }
}

type CrossScope = Extract<Scope, { readonly kind: 'cross' }>

/** The key of position p: digits of p over the counts, each plus one, as digits over the capacities. */
const openCross = (
  c: Compiler,
  inner: Block,
  { scope, of }: { readonly scope: ScopeId; readonly of: CrossScope['of'] },
): OpenRoot => {
  const position = float64(c, 'position')
  let rest = position.at
  let sum: Slot | undefined
  let radix = 1
  const step = (name: 'modk_d' | 'divk_d' | 'mulk_d' | 'addk_d', a: Slot, k: number): Slot => {
    const { at } = float64(c, 'd')
    run(inner, name, [a, k, at])
    return at
  }
  for (const { count, capacity } of of.toReversed()) {
    const digit = step('mulk_d', step('addk_d', step('modk_d', rest, Math.max(1, count)), 1), radix)
    rest = step('divk_d', rest, Math.max(1, count))
    const before: Slot | undefined = sum
    sum = before === undefined ? digit : float64(c, 'd').at
    if (before !== undefined) run(inner, 'add_d', [before, digit, sum])
    radix *= capacity
  }
  if (sum === undefined) return fail('internal', 'a cross of nothing')
  const wide: Register = { form: 'float64', at: sum, nulls: undefined }
  const node = keyNode(c, scope)
  const narrow = node !== undefined && fitsInt32(c.graph.nodes[node]!.shape)
  const key: Register = narrow
    ? { form: 'int32', at: asInt32(c, inner, wide), nulls: undefined }
    : wide
  setIfKnown(inner, node, key)
  setOrdinal(c, inner, { scope, position })
  return { inner, key, root: { kind: 'cross', of, position } }
}

const setOrdinal = (
  c: Compiler,
  inner: Block,
  { scope, position }: { readonly scope: ScopeId; readonly position: Register },
): void => {
  const node = ordinalNode(c, scope)
  if (node === undefined) return
  const narrow = fitsInt32(c.graph.nodes[node]!.shape)
  const at = narrow ? asInt32(c, inner, position) : position.at
  inner.registers.set(node, { form: narrow ? 'int32' : 'float64', at, nulls: undefined })
}

const newKey = (c: Compiler, scope: ScopeId): Register => {
  const node = keyNode(c, scope)
  return node === undefined ? float64(c, 'key') : numberRegister(c, c.graph.nodes[node]!.shape)
}

interface ChildKey {
  readonly children: Extract<Scope, { readonly kind: 'children' }>
  readonly parent: Register
  readonly ordinal: Register
  readonly key: NodeId | undefined
}

/** parent's key · capacity + ordinal. */
const childKey = (
  c: Compiler,
  inner: Block,
  { children, parent, ordinal, key }: ChildKey,
): Register => {
  const out = key === undefined ? float64(c, 'key') : numberRegister(c, c.graph.nodes[key]!.shape)
  const instruction =
    parent.form === 'float64'
      ? ('childkey_dd' as const)
      : out.form === 'float64'
        ? ('childkey_id' as const)
        : ('childkey_ii' as const)
  if (parent.form === 'float64' && out.form === 'int32') {
    const wide = float64(c, 'key')
    run(inner, instruction, [parent.at, inner.index!, ordinal.at, children.capacity, wide.at])
    return { form: 'int32', at: asInt32(c, inner, wide), nulls: undefined }
  }
  run(inner, instruction, [parent.at, inner.index!, ordinal.at, children.capacity, out.at])
  return out
}

const keyNode = (c: Compiler, scope: ScopeId): NodeId | undefined => scopeNode(c, scope, 'key')

const ordinalNode = (c: Compiler, scope: ScopeId): NodeId | undefined =>
  scopeNode(c, scope, 'ordinal')

const scopeNode = (c: Compiler, scope: ScopeId, op: 'key' | 'ordinal'): NodeId | undefined => {
  const id = c.graph.nodes.findIndex((node) => node.scope === scope && node.op === op)
  return id < 0 ? undefined : id
}

const setIfKnown = (block: Block, node: NodeId | undefined, register: Register): void => {
  if (node !== undefined) block.registers.set(node, register)
}
