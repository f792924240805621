import type { DrawForm, FoldOperation, FunctionName, TallyOperation } from '../expr/expr.ts'
import type { DataType, Shape, Value } from '../expr/types.ts'
import type { CompiledLaw } from '../random/compiled-law.ts'
import type { Layout, Plan, Reference, ReplayPromise } from './plan.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A stream of the seed: the logical name that was hashed, and its five 32-bit constants. */
export interface Stream {
  readonly name: string
  readonly constants: readonly [number, number, number, number, number]
}

/**
 * An expression with names resolved, laws compiled, streams hashed and its shape known. Every reading starts here; the
 * interpreter evaluates it as it stands. A null rate has become a `case` over a draw of the column's null stream.
 */
export type TypedExpr = { readonly shape: Shape } & (
  | { readonly kind: 'literal'; readonly value: Value }
  | {
      readonly kind: 'let'
      readonly name: string
      readonly value: TypedExpr
      readonly in: TypedExpr
    }
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'key' }
  | { readonly kind: 'ordinal' }
  | { readonly kind: 'column'; readonly name: string }
  /** `table` is the parent, dimension or (in a union) undefined for the member row; no column means the key. */
  | {
      readonly kind: 'parent'
      readonly table: string | undefined
      readonly column: string | undefined
    }
  | {
      readonly kind: 'lookup'
      readonly table: string
      readonly key: TypedExpr
      readonly column: string
    }
  /** A cell of a vocabulary, by row number from 0. */
  | {
      readonly kind: 'cell'
      readonly vocabulary: string
      readonly column: string
      readonly index: TypedExpr
    }
  | {
      readonly kind: 'pick'
      readonly table: string
      readonly parent: TypedExpr
      readonly stream: Stream
    }
  | {
      readonly kind: 'at'
      readonly table: string
      readonly parent: TypedExpr
      readonly from: string
      readonly time: TypedExpr
    }
  | { readonly kind: 'draw'; readonly form: DrawForm; readonly stream: Stream }
  | {
      readonly kind: 'sample'
      readonly laws: readonly CompiledLaw[]
      readonly given: TypedExpr | undefined
      readonly stream: Stream
    }
  | { readonly kind: 'call'; readonly function: FunctionName; readonly args: readonly TypedExpr[] }
  | {
      readonly kind: 'case'
      readonly branches: readonly { readonly when: TypedExpr; readonly then: TypedExpr }[]
      readonly else: TypedExpr
    }
  | {
      readonly kind: 'fold'
      readonly operation: FoldOperation
      readonly table: string
      readonly value: TypedExpr | undefined
      readonly where: TypedExpr | undefined
    }
  | { readonly kind: 'keyOf'; readonly table: string; readonly of: readonly TypedExpr[] }
  | { readonly kind: 'tally'; readonly tally: Tally }
)

/** A sum or count over the rows of a table that name a row of a cross; all of it that is not about the asking row. */
export interface Tally {
  /** Equal tallies have equal numbers within a plan. */
  readonly number: number
  /** The table and column that asked first, for messages. */
  readonly place: string
  readonly operation: TallyOperation
  readonly cross: string
  readonly table: string
  /** Of a counted row, the key of the cross that it names (a `keyOf`); null where it names none. */
  readonly key: TypedExpr
  readonly value: TypedExpr | undefined
  readonly where: TypedExpr | undefined
  /** The bound that the plan promises, in physical units. */
  readonly most: number
  /**
   * Where the counted rows descend from the range table that is the cross's first dimension, and each names a row of it
   * that lies `low` to `high` above its own root: so few roots can count towards one row.
   */
  readonly window: { readonly low: number; readonly high: number } | undefined
  readonly shape: Shape
}

/** A column ready to evaluate: its shape, where it lands, and the size parameters its cells depend on. */
export interface TypedColumn {
  readonly name: string
  readonly landedName: string
  readonly description: string | undefined
  readonly expr: TypedExpr
  readonly shape: Shape
  readonly hidden: boolean
  /** Whether an integer lands as 64 bits. */
  readonly long: boolean
  readonly sizes: readonly string[]
}

/** A row space with its parameters resolved. */
export type TypedRows =
  | { readonly kind: 'range'; readonly count: number }
  | {
      readonly kind: 'children'
      readonly of: string
      readonly capacity: number
      readonly count: TypedExpr
      /** About how many children a parent has, as the plan says. */
      readonly mean?: number
    }
  | {
      readonly kind: 'cross'
      readonly of: readonly {
        readonly table: string
        readonly capacity: number
        readonly count: number
      }[]
    }
  | {
      readonly kind: 'union'
      readonly capacity: number
      readonly of: readonly { readonly table: string; readonly number: number }[]
    }

export interface TypedCheck {
  readonly name: string
  readonly that: TypedExpr
}

/** A promise with its expressions typed; `asked` of a distribution is the compiled law. */
export type TypedPromise =
  | {
      readonly kind: 'rate' | 'mean'
      readonly name: string
      readonly of: TypedExpr
      readonly among: TypedExpr | undefined
      readonly asked: number
      readonly tolerance: number
      readonly unit: string
    }
  | {
      readonly kind: 'distribution'
      readonly name: string
      readonly column: string
      readonly law: CompiledLaw
      readonly tolerance: number
      readonly unit: string
    }
  | {
      readonly kind: 'unique'
      readonly name: string
      readonly columns: readonly string[]
      readonly where: TypedExpr | undefined
    }
  | {
      readonly kind: 'disjoint'
      readonly name: string
      readonly by: readonly string[]
      readonly from: string
      readonly to: string
      readonly where: TypedExpr | undefined
    }
  | {
      readonly kind: 'independent'
      readonly name: string
      readonly columns: readonly [string, string]
      readonly below: number
    }
  | ReplayPromise

/** A table ready to generate. Keys lie in minKey..maxKey. */
export interface TypedTable {
  readonly name: string
  readonly landedName: string
  readonly description: string | undefined
  readonly virtual: boolean
  readonly rows: TypedRows
  readonly minKey: number
  readonly maxKey: number
  /** Size parameters that decide which rows exist. */
  readonly sizes: readonly string[]
  /** Those of them that a fan-out depends on: raising one may add and remove rows among those that exist. */
  readonly fanOutSizes: readonly string[]
  readonly columns: readonly TypedColumn[]
  readonly key: readonly string[]
  readonly references: readonly Reference[]
  readonly checks: readonly TypedCheck[]
  readonly promises: readonly TypedPromise[]
  readonly layout: Layout
}

/** A checked plan: every name resolved, every law compiled, every interval proven. Tables stand in the plan's order. */
export interface TypedPlan {
  readonly plan: Plan
  /** SHA-256 of the canonical JSON of the plan with its vocabularies' hashes, lower-case hex. */
  readonly hash: string
  readonly tables: ReadonlyMap<string, TypedTable>
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
}

/** Looks a table up that resolution has proven to exist. */
export type TableOf = (name: string) => TypedTable

/** The type of a landed column, for writers and catalogues. */
export interface ColumnType {
  readonly type: DataType
  readonly long: boolean
}
