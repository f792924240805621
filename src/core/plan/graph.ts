import type { DrawForm, FoldOperation, FunctionName } from '../expr/expr.ts'
import type { Shape, Value } from '../expr/types.ts'
import type { CompiledLaw } from '../random/compiled-law.ts'
import type { Stream, Tally } from './typed.ts'

/** Index of a node in its graph; a node's arguments have smaller numbers, so the array is in evaluation order. */
export type NodeId = number

/** Index of a scope in its graph; an outer scope has a smaller number. */
export type ScopeId = number

/**
 * A set of rows that nodes are computed over. `range`: keys 1..count. `cross`: every mixed-radix key of the dimensions.
 * `children`: for each row of the outer scope, `count` (a node there) rows with keys parentKey·capacity + k.
 */
export type Scope =
  | { readonly kind: 'range'; readonly table: string; readonly count: number }
  | {
      readonly kind: 'cross'
      readonly table: string
      readonly of: readonly { readonly capacity: number; readonly count: number }[]
    }
  | {
      readonly kind: 'children'
      readonly table: string
      readonly outer: ScopeId
      readonly parentKey: NodeId
      readonly count: NodeId
      readonly capacity: number
    }

/**
 * One value a row, over the rows of `scope`. Lookups, parents of looked-up rows, picks, unions and `at` have been
 * rewritten into arithmetic on keys; the nodes of a graph are distinct, so what is shared is evaluated once.
 */
export type Node = { readonly scope: ScopeId; readonly shape: Shape } & (
  | { readonly op: 'constant'; readonly value: Value }
  /** The entity key of the scope's row, and its number among its siblings. */
  | { readonly op: 'key' }
  | { readonly op: 'ordinal' }
  /** The value that a node of the outer scope has at this row's parent. */
  | { readonly op: 'outer'; readonly node: NodeId }
  /** Uniform bits of the stream at the entity key that `key` holds. */
  | { readonly op: 'draw'; readonly stream: Stream; readonly form: DrawForm; readonly key: NodeId }
  /** An outcome of the law (of laws[given]) from the stream's lanes at `key`; an index into `words` for word laws. */
  | {
      readonly op: 'sample'
      readonly laws: readonly CompiledLaw[]
      readonly given: NodeId | undefined
      readonly stream: Stream
      readonly key: NodeId
    }
  | {
      readonly op: 'cell'
      readonly vocabulary: string
      readonly column: string
      readonly index: NodeId
    }
  | { readonly op: 'call'; readonly function: FunctionName; readonly args: readonly NodeId[] }
  /** results has one more entry than conditions: the else. */
  | {
      readonly op: 'case'
      readonly conditions: readonly NodeId[]
      readonly results: readonly NodeId[]
    }
  /** Combines `value` over the rows of the scope `over` that belong to this row and satisfy `where` (nodes of `over`). */
  | {
      readonly op: 'fold'
      readonly operation: FoldOperation
      readonly over: ScopeId
      readonly value: NodeId | undefined
      readonly where: NodeId | undefined
    }
  /** What a tally comes to at the row of its cross that has this key and, among the cross's present rows, this number. */
  | {
      readonly op: 'tally'
      readonly tally: Tally
      readonly key: NodeId
      readonly ordinal: NodeId
    }
)

/** Named values wanted of a table's rows. */
export interface Output {
  readonly name: string
  readonly node: NodeId
}

/**
 * The rows of a table (of one member, for a union) as a graph: `rows` is the scope whose rows they are, `key` their
 * entity key there, `outputs` what is wanted of them.
 */
export interface RowGraph {
  readonly table: string
  readonly scopes: readonly Scope[]
  readonly nodes: readonly Node[]
  readonly rows: ScopeId
  readonly key: NodeId
  readonly outputs: readonly Output[]
  /** What the tally nodes rest on, by the tally's number. */
  readonly tallies: ReadonlyMap<number, CountedRows>
}

/**
 * The rows that a tally counts, one graph for each variant of their table. Their outputs are the `key` of the row of the
 * cross that each names (null for none), the `value` of a sum, and the condition `where` if the tally has one.
 */
export interface CountedRows {
  readonly tally: Tally
  readonly graphs: readonly RowGraph[]
}
