import {
  add,
  cases,
  col,
  draw,
  eq,
  greatest,
  least,
  lookup,
  mul,
  ordinal,
  parent,
  parentKey,
  reinterpret,
  DATE,
  sample,
  scaleDraw,
  sub,
  timestamp,
  when,
} from '../../../core/expr/build.ts'
import type { Operand } from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { column, hidden } from '../../../core/plan/build.ts'
import type { Column } from '../../../core/plan/plan.ts'
import { ADDRESSES, CHANGES, eventsBy, IDENTITIES, MOVES } from '../events.ts'
import { MALE } from '../names.ts'
import { DAY_SECONDS, SECOND } from '../../expressions.ts'
import { BUSINESS_HOURS, phoneNumber } from '../parts.ts'
import type { PersonField } from '../person.ts'
import { type Recipe, SHORTEST_LIFE } from '../recipe.ts'
import { cleanName } from '../source.ts'

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
export const personAt = (
  { customer, customerKey, address, identity }: Moment,
  { settings }: Recipe,
): Readonly<Record<PersonField, Expr>> => {
  const residence = (name: string): Expr =>
    lookup('residences', add(mul(customer('household'), ADDRESSES), address), name)
  const of = (name: string): Expr =>
    lookup('identities', add(mul(customerKey, IDENTITIES), identity), name)
  return {
    first_name: customer('first_name'),
    middle_name: customer('middle_name'),
    last_name: of('last_name'),
    suffix: customer('suffix'),
    birth_date: reinterpret(sub(settings.asOf, customer('age')), DATE),
    sex: when(eq(customer('sex'), MALE), 'M', 'F'),
    email: of('email'),
    phone: phoneAt({ customer, customerKey, address }),
    address_line1: residence('address_line1'),
    address_line2: residence('address_line2'),
    city: residence('city'),
    state: residence('state'),
    zip_code: residence('zip_code'),
  }
}

/** The telephone number of a customer at an address: of the household, kept from the first home, or a line of its own. */
export const phoneAt = ({ customer, customerKey, address }: Omit<Moment, 'identity'>): Expr => {
  const residence = (name: string): Expr =>
    lookup('residences', add(mul(customer('household'), ADDRESSES), address), name)
  const line = lookup('lines', add(mul(customerKey, ADDRESSES), address), 'number')
  const number = cases(
    [
      [customer('uses_landline'), residence('landline')],
      [residence('is_home'), customer('number')],
    ],
    line,
  )
  return phoneNumber(residence('area_code'), number)
}

/** The hidden clean columns of a record: the person as known on the day when it was updated. */
export const cleanColumns = (recipe: Recipe): readonly Column[] => {
  const fields = personAt(
    {
      customer: parent,
      customerKey: parentKey(),
      address: col('address'),
      identity: col('identity'),
    },
    recipe,
  )
  return [
    hidden('address', eventsBy(col('updated_day'), MOVES, parent)),
    hidden('identity', eventsBy(col('updated_day'), CHANGES, parent)),
    ...Object.entries(fields).map(([field, expr]) => hidden(cleanName(field as PersonField), expr)),
  ]
}

/** The instant of a day after start and a second of that day (UTC). */
export const instant = (day: Operand, second: Operand): Expr =>
  add(timestamp('start'), mul(add(mul(day, DAY_SECONDS), second), SECOND))

/** When a record was made and last updated: the first one of a customer soon, others at any time. */
export const timeColumns = ({ days }: Recipe): readonly Column[] => [
  column('created_at', stamp('created'), { description: 'When the record was made (UTC).' }),
  column('updated_at', stamp('updated'), {
    description: 'When the record was last updated (UTC); it shows what was true on that day.',
  }),
  hidden('room', sub(days - SHORTEST_LIFE / 2, parent('created_day'))),
  hidden('anywhen', scaleDraw(draw(), col('room'))),
  hidden(
    'created_day',
    least(
      add(
        parent('created_day'),
        when(
          eq(ordinal(), 0),
          scaleDraw(draw('bits', { index: 1 }), greatest(col('anywhen'), 1)),
          col('anywhen'),
        ),
      ),
      days - SHORTEST_LIFE / 2,
    ),
  ),
  hidden('updated_day', add(col('created_day'), scaleDraw(draw(), sub(days, col('created_day'))))),
  hidden(
    'created_second',
    when(
      eq(col('created_day'), parent('created_day')),
      greatest(parent('created_second'), sample(BUSINESS_HOURS)),
      sample(BUSINESS_HOURS),
    ),
  ),
  hidden(
    'updated_second',
    when(
      eq(col('updated_day'), col('created_day')),
      greatest(col('created_second'), sample(BUSINESS_HOURS)),
      sample(BUSINESS_HOURS),
    ),
  ),
]

const stamp = (of: string): Expr => instant(col(`${of}_day`), col(`${of}_second`))
