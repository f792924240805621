import {
  add,
  cases,
  col,
  concat,
  DATE,
  eq,
  gt,
  isNull,
  lookup,
  mod,
  mul,
  ne,
  not,
  nothing,
  parent,
  parentKey,
  reinterpret,
  scaleDraw,
  slice,
  STRING,
  sub,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { NoiseStep, Operator } from '../../../core/noise/model.ts'
import type { Odds } from '../../../core/noise/odds.ts'
import {
  firstOfJanuary,
  misstateAge,
  shiftDate,
  swapDayAndMonth,
} from '../../../core/noise/operators/dates.ts'
import {
  phoneFormats,
  transposeDigits,
  wrongDigit,
  zipDigits,
} from '../../../core/noise/operators/digits.ts'
import {
  changeCase,
  copyFrom,
  missing,
  prefixed,
  replaceClean,
  swapFields,
} from '../../../core/noise/operators/fields.ts'
import {
  accents,
  hyphenate,
  initial,
  type ListedName,
  maidenName,
  nickname,
  phonetic,
  spacing,
  suffixWithName,
} from '../../../core/noise/operators/names.ts'
import {
  deleteCharacter,
  insertKey,
  misread,
  substituteKey,
  transpose,
  truncate,
} from '../../../core/noise/operators/text.ts'
import { hidden } from '../../../core/plan/build.ts'
import type { Column } from '../../../core/plan/plan.ts'
import { ADDRESSES, IDENTITIES } from '../events.ts'
import { MALE } from '../names.ts'
import type { PersonField } from '../person.ts'
import { checkTogether, type RateOf } from './rates.ts'

/** What the steps of a source are made from. */
export interface Steps {
  readonly rate: RateOf
  /** Attributes on which slips depend; the second list holds for names too. */
  readonly slips: readonly Odds[]
  readonly nameSlips: readonly Odds[]
  /** Providers of e-mail addresses, and the day (since 1970) from which ages count. */
  readonly providers: number
  readonly asOf: number
}

/** What happens to a record, in this order. */
export const noiseSteps = (steps: Steps): readonly NoiseStep[] => [
  { name: 'name', operators: nameVariations(steps), odds: [] },
  { name: 'swap', operators: fieldSwaps(steps), odds: steps.slips },
  { name: 'first_slip', operators: slips(steps, 'first_name', FIRST), odds: steps.nameSlips },
  { name: 'last_slip', operators: slips(steps, 'last_name', LAST), odds: steps.nameSlips },
  { name: 'birth', operators: birthErrors(steps), odds: steps.slips },
  { name: 'sex', operators: [wrongSex(steps.rate('wrongOptions'))], odds: steps.slips },
  { name: 'provider', operators: [otherProvider(steps)], odds: [] },
  { name: 'email_slip', operators: slips(steps, 'email'), odds: steps.slips },
  { name: 'phone_slip', operators: phoneSlips(steps), odds: steps.slips },
  {
    name: 'phone_format',
    operators: phoneFormats('phone', steps.rate('phoneFormats') / 4),
    odds: [],
  },
  { name: 'address', operators: addressVariations(steps), odds: [] },
  { name: 'address_slip', operators: slips(steps, 'address_line1'), odds: steps.slips },
  { name: 'city_slip', operators: slips(steps, 'city'), odds: steps.slips },
  { name: 'zip_slip', operators: zipErrors(steps), odds: steps.slips },
  ...OPTIONAL.map((field) => ({
    name: `no_${field}`,
    operators: [missing(field, steps.rate('missing', field))],
    odds: steps.slips,
  })),
]

/** Fields that may be left empty. */
const OPTIONAL = ['middle_name', 'birth_date', 'email', 'phone', 'address_line2'] as const

/** A customer is male. */
const IS_MALE = eq(parent('sex'), MALE)

const given = (cell: string): Expr => col(`given_${cell}`)
const family = (cell: string): Expr => col(`family_${cell}`)
const identity = (cell: string): Expr => col(`identity_${cell}`)
const residence = (cell: string): Expr => col(`residence_${cell}`)

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

const FIRST: ListedName = { column: 'first_name', variant: given }
const LAST: ListedName = { column: 'last_name', variant: family }

/** The surname before a wedding, null for who has had one name only. */
const OWN_SURNAME = when(
  parent('has_maiden_name'),
  lookup('surnames', parent('own_surname'), 'name'),
  nothing(STRING),
)

/** Ten kinds of ways to write a name, alike. */
const nameVariations = ({ rate }: Steps): readonly Operator[] => {
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

const fieldSwaps = ({ rate }: Steps): readonly Operator[] => [
  swapFields(['first_name', 'last_name'], rate('fieldSwaps') * 0.6),
  { ...swapFields(['first_name', 'middle_name'], rate('fieldSwaps') * 0.4), name: 'swap middle' },
]

/**
 * Slips of the keyboard by kind, the mean of the two studies of Peterson (1986): insertion 19.5, deletion 33.0,
 * substitution 33.5, transposition 7.9 of the errors with one cause.
 */
const SLIPS = { insert: 0.208, remove: 0.351, substitute: 0.357, transpose: 0.084 }

/** What goes wrong in a text that somebody types, and a scanner reads. */
const slips = ({ rate }: Steps, field: PersonField, listed?: ListedName): readonly Operator[] => {
  checkTogether(rate, ['typos', 'misreadings', 'truncations', 'soundalikes'], field)
  const typos = rate('typos', field)
  return [
    insertKey(field, typos * SLIPS.insert),
    deleteCharacter(field, typos * SLIPS.remove),
    substituteKey(field, typos * SLIPS.substitute),
    transpose(field, typos * SLIPS.transpose),
    misread(field, rate('misreadings', field)),
    truncate(field, rate('truncations', field)),
    ...(listed === undefined ? [] : [phonetic(listed, rate('soundalikes', field))]),
  ]
}

const birthErrors = ({ rate, asOf }: Steps): readonly Operator[] => {
  checkTogether(rate, ['typos', 'dateErrors', 'householdCopies'], 'birth_date')
  const [typos, errors] = [rate('typos', 'birth_date'), rate('dateErrors')]
  const head = reinterpret(sub(asOf, lookup('customers', parent('household'), 'age')), DATE)
  const other = when(gt(parent('member'), 0), head, nothing(DATE))
  return [
    swapDayAndMonth('birth_date', typos * 0.3 + errors * 0.4),
    misstateAge('birth_date', typos * 0.4 + errors * 0.2),
    shiftDate('birth_date', typos * 0.3 + errors * 0.3),
    firstOfJanuary('birth_date', errors * 0.1),
    copyFrom('birth_date', other, rate('householdCopies')),
  ]
}

const wrongSex = (rate: number): Operator =>
  replaceClean('sex', {
    name: 'wrong option',
    rate,
    by: ({ before }) => when(eq(before('sex'), 'F'), 'M', 'F'),
  })

const otherProvider = ({ rate, providers }: Steps): Operator =>
  replaceClean('email', {
    name: 'provider',
    rate: rate('emailDomains'),
    by: ({ bits }) => {
      const further = add(scaleDraw(bits(0), providers - 1), 1)
      const row = mod(add(identity('email_domain'), further), providers)
      return concat(identity('email_local'), '@', lookup('email_domains', row, 'domain'))
    },
  })

/** The digits of 212-055-0142. */
const PHONE_DIGITS = {
  column: 'phone',
  places: [0, 1, 2, 4, 5, 6, 8, 9, 10, 11].map((place) => [place, 1] as const),
}

const phoneSlips = ({ rate }: Steps): readonly Operator[] => [
  wrongDigit(PHONE_DIGITS, rate('typos', 'phone') * 0.6),
  transposeDigits(PHONE_DIGITS, rate('typos', 'phone') * 0.4),
]

const zipErrors = ({ rate }: Steps): readonly Operator[] => {
  const errors = Math.min(1, rate('typos', 'zip_code') + rate('zipErrors'))
  return [
    wrongDigit(zipDigits('zip_code'), errors * 0.7),
    transposeDigits(zipDigits('zip_code'), errors * 0.3),
  ]
}

/** Seven kinds of ways to write an address, alike. */
const addressVariations = ({ rate }: Steps): readonly Operator[] => {
  const each = rate('addressVariations') / 7
  const [number, direction, street] = ['house_number', 'direction', 'street'].map(residence) as [
    Expr,
    Expr,
    Expr,
  ]
  const type = (column: string): Expr => lookup('street_types', residence('street_type'), column)
  const line = (name: string, by: Expr, where?: Expr): Operator =>
    replaceClean('address_line1', {
      name,
      rate: each,
      by: () => by,
      ...(where === undefined ? {} : { where: () => where }),
    })
  return [
    line('street type', concat(number, direction, street, ' ', type('abbreviation'))),
    line(
      'direction',
      concat(number, slice(direction, 0, 2), ' ', street, ' ', type('name')),
      ne(direction, ' '),
    ),
    line(
      'spelling',
      concat(number, direction, numeral(street), ' ', type('name')),
      not(isNull(numeral(street))),
    ),
    line('missing part', concat(number, direction, street)),
    line('order', concat(slice(direction, 1, 9), street, ' ', type('name'), ' ', number)),
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
