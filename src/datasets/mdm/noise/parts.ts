import {
  add,
  col,
  eq,
  lookup,
  mul,
  nothing,
  parent,
  parentKey,
  STRING,
  when,
} from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { ListedName } from '../../../core/noise/operators/names.ts'
import { hidden } from '../../../core/plan/build.ts'
import type { Column } from '../../../core/plan/plan.ts'
import { ADDRESSES, IDENTITIES } from '../events.ts'
import { MALE } from '../names.ts'

/** Whether a record is of a man. */
export const IS_MALE = eq(parent('sex'), MALE)

const given = (cell: string): Expr => col(`given_${cell}`)
const family = (cell: string): Expr => col(`family_${cell}`)
/** What name and e-mail address are made from. */
export const identity = (cell: string): Expr => col(`identity_${cell}`)
/** What an address is made from. */
export const residence = (cell: string): Expr => col(`residence_${cell}`)

/** Hidden columns with what names and addresses are made from, as of when the record was updated. */
export const partColumns = (): readonly Column[] => [
  ...columnsOf('identity', ['surname', 'email_local', 'email_domain'], (cell) =>
    lookup('identities', add(mul(parentKey(), IDENTITIES), col('identity')), cell),
  ),
  ...columnsOf('residence', ADDRESS_PARTS, (cell) =>
    lookup('residences', add(mul(parent('household'), ADDRESSES), col('address')), cell),
  ),
  ...columnsOf('given', [...NICKNAMES, ...SOUNDS], (cell) =>
    when(
      IS_MALE,
      lookup('given_variants_male', parent('given'), cell),
      lookup('given_variants_female', parent('given'), cell),
    ),
  ),
  ...columnsOf('family', SOUNDS, (cell) => lookup('surname_variants', identity('surname'), cell)),
]

const columnsOf = (
  prefix: string,
  cells: readonly string[],
  of: (cell: string) => Expr,
): readonly Column[] => cells.map((cell) => hidden(`${prefix}_${cell}`, of(cell)))

const ADDRESS_PARTS = ['house_number', 'direction', 'street', 'street_type', 'unit_number', 'place']
const NICKNAMES = ['nicknames', 'nickname_1', 'nickname_2', 'nickname_3']
const SOUNDS = ['sounds', 'sound_1', 'sound_2', 'accent']

/** First and last names with the spellings that lists have of them. */
export const FIRST: ListedName = { column: 'first_name', variant: given }
export const LAST: ListedName = { column: 'last_name', variant: family }

/** The surname before a wedding, null for who has had one name only. */
export const OWN_SURNAME = when(
  parent('has_maiden_name'),
  lookup('surnames', parent('own_surname'), 'name'),
  nothing(STRING),
)
