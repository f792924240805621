import { law } from '../../../core/expr/build-law.ts'
import {
  cases,
  concat,
  eq,
  gt,
  isNull,
  lookup,
  ne,
  not,
  nothing,
  slice,
  STRING,
} from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { Operator } from '../../../core/noise/model.ts'
import {
  changeCase,
  prefixed,
  replaceClean,
  swapFields,
} from '../../../core/noise/operators/fields.ts'
import {
  accents,
  hyphenate,
  initial,
  maidenName,
  nickname,
  spacing,
  suffixWithName,
} from '../../../core/noise/operators/names.ts'
import type { Steps } from './model.ts'
import { FIRST, IS_MALE, LAST, OWN_SURNAME, residence } from './parts.ts'

/** Ten kinds of ways to write a name, alike. */
export const nameVariations = ({ rate }: Steps): readonly Operator[] => {
  const each = rate('nameVariations') / 10
  return [
    nickname(FIRST, each),
    initial('first_name', each / 2),
    { ...initial('middle_name', each / 2), name: 'middle initial' },
    { ...swapFields(['first_name', 'last_name'], each), name: 'order' },
    hyphenate('last_name', { other: OWN_SURNAME, rate: each }),
    maidenName('last_name', { other: OWN_SURNAME, rate: each }),
    suffixWithName({ last: 'last_name', suffix: 'suffix' }, each),
    prefixed('first_name', {
      name: 'title',
      rate: each,
      by: ({ sample }) => title(sample(law.uniform(0, 9), 'title')),
    }),
    spacing('last_name', each),
    { ...accents(FIRST, each / 2), name: 'accents' },
    { ...accents(LAST, each / 2), name: 'accents' },
    changeCase(['first_name', 'last_name'], { to: 'upper', rate: each / 2 }),
    changeCase(['first_name', 'last_name'], { to: 'lower', rate: each / 2 }),
  ]
}

const title = (drawn: Expr): Expr =>
  cases(
    [
      [eq(drawn, 0), 'Dr. '],
      [IS_MALE, 'Mr. '],
      [gt(drawn, 5), 'Mrs. '],
    ],
    'Ms. ',
  )

/** Seven kinds of ways to write an address, alike. */
export const addressVariations = ({ rate }: Steps): readonly Operator[] => {
  const each = rate('addressVariations') / 7
  const [number, direction, street] = ['house_number', 'direction', 'street'].map(residence) as [
    Expr,
    Expr,
    Expr,
  ]
  const line = (name: string, by: Expr, where?: Expr): Operator =>
    replaceClean('address_line1', {
      name,
      rate: each,
      by: () => by,
      ...(where === undefined ? {} : { where: () => where }),
    })
  return [
    line('street type', concat(number, direction, street, ' ', streetType('abbreviation'))),
    line(
      'direction',
      concat(number, slice(direction, 0, 2), ' ', street, ' ', streetType('name')),
      ne(direction, ' '),
    ),
    line(
      'spelling',
      concat(number, direction, numeral(street), ' ', streetType('name')),
      not(isNull(numeral(street))),
    ),
    line('missing part', concat(number, direction, street)),
    line('order', concat(slice(direction, 1, 9), street, ' ', streetType('name'), ' ', number)),
    replaceClean('address_line2', {
      name: 'unit',
      rate: each,
      by: () => concat('#', residence('unit_number')),
      where: ({ before }) => not(isNull(before('address_line2'))),
    }),
    replaceClean('state', {
      name: 'state',
      rate: each,
      by: () => lookup('us_places', residence('place'), 'state_name'),
    }),
  ]
}

const streetType = (column: string): Expr =>
  lookup('street_types', residence('street_type'), column)

const NUMERALS = [
  'First 1st,Second 2nd,Third 3rd,Fourth 4th,Fifth 5th,Sixth 6th,Seventh 7th,Eighth 8th,Ninth 9th',
  'Tenth 10th,Eleventh 11th,Twelfth 12th,Thirteenth 13th,Fourteenth 14th,Fifteenth 15th,Sixteenth 16th',
]
  .join(',')
  .split(',')
  .map((pair) => pair.split(' ') as [string, string])

/** A numbered street in digits, null for others. */
const numeral = (street: Expr): Expr =>
  cases(
    NUMERALS.map(([word, digits]) => [eq(street, word), digits] as const),
    nothing(STRING),
  )
