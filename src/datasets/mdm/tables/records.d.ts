import type { Expr } from '../../../core/expr/expr.ts'
import type { Column } from '../../../core/plan/plan.ts'
import type { PersonField } from '../person.ts'
import { type Recipe } from '../recipe.ts'
/** What is true of a customer at a time: expressions of a row that says when. */
export interface Moment {
  /** A column of the customer. */
  readonly customer: (column: string) => Expr
  readonly customerKey: Expr
  /** The number of the address and of the identity of that time, from 0. */
  readonly address: Expr
  readonly identity: Expr
}
/** The person fields of a customer at a moment. */
export declare const personAt: (
  { customer, customerKey, address, identity }: Moment,
  { settings }: Recipe,
) => Readonly<Record<PersonField, Expr>>
/** The hidden clean columns of a record: the person as known on the day when it was updated. */
export declare const cleanColumns: (recipe: Recipe) => readonly Column[]
/** When a record was made and last updated: the first one of a customer soon, others at any time. */
export declare const timeColumns: ({ days }: Recipe) => readonly Column[]
