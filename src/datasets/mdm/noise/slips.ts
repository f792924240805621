import {
  add,
  col,
  concat,
  DATE,
  eq,
  gt,
  lookup,
  mod,
  nothing,
  parent,
  reinterpret,
  scaleDraw,
  STRING,
  sub,
  when,
} from '../../../core/expr/build.ts'
import type { Operator } from '../../../core/noise/model.ts'
import {
  firstOfJanuary,
  misstateAge,
  shiftDate,
  swapDayAndMonth,
} from '../../../core/noise/operators/dates.ts'
import { transposeDigits, wrongDigit, zipDigits } from '../../../core/noise/operators/digits.ts'
import {
  copyFound,
  copyFrom,
  replaceClean,
  swapFields,
} from '../../../core/noise/operators/fields.ts'
import { type ListedName, phonetic } from '../../../core/noise/operators/names.ts'
import {
  deleteCharacter,
  insertKey,
  mergeWords,
  misread,
  splitWord,
  substituteKey,
  transpose,
  truncate,
} from '../../../core/noise/operators/text.ts'
import type { PersonField } from '../person.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { phoneAt } from '../tables/records.ts'
import type { Steps } from './model.ts'
import { identity } from './parts.ts'
import { checkTogether } from './rates.ts'

/** Names in each other's fields. */
export const fieldSwaps = ({ rate }: Steps): readonly Operator[] => [
  swapFields(['first_name', 'last_name'], rate('fieldSwaps') * 0.6),
  { ...swapFields(['first_name', 'middle_name'], rate('fieldSwaps') * 0.4), name: 'swap middle' },
]

/**
 * Slips of the keyboard by kind, the mean of the two studies of Peterson (1986): insertion 19.5, deletion 33.0,
 * substitution 33.5, transposition 7.9 of the errors with one cause.
 */
const SLIPS = { insert: 0.208, remove: 0.351, substitute: 0.357, transpose: 0.084 }

/** What goes wrong in a text that somebody types, and a scanner reads. */
export const slips = (
  { rate }: Steps,
  field: PersonField,
  listed?: ListedName,
): readonly Operator[] => {
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

/** Wrong birth dates. */
export const birthErrors = ({ rate, asOf }: Steps): readonly Operator[] => {
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

const head = (column: string): Expr => lookup('customers', parent('household'), column)

/** The telephone number of the first member of the household, who lives at the same address. */
export const phoneCopy = ({ rate }: Steps): Operator => {
  const phone = phoneAt({
    customer: (column) => (column === 'household' ? parent('household') : head(column)),
    customerKey: head('customer_id'),
    address: col('address'),
  })
  return copyFound(
    'phone',
    when(gt(parent('member'), 0), phone, nothing(STRING)),
    rate('householdCopies', 'phone'),
  )
}

/** Of the spaces that are wrong, those that are there and those that are not (the mean of febrl's four fields). */
const BREAKS = { split: 0.4, merge: 0.6 }

/** Words apart that belong together, and together that belong apart. */
export const wordBreaks = ({ rate }: Steps, field: PersonField): readonly Operator[] => [
  splitWord(field, rate('wordBreaks', field) * BREAKS.split),
  mergeWords(field, rate('wordBreaks', field) * BREAKS.merge),
]

/** The other sex ticked. */
export const wrongSex = (rate: number): Operator =>
  replaceClean('sex', {
    name: 'wrong option',
    rate,
    by: ({ before }) => when(eq(before('sex'), 'F'), 'M', 'F'),
  })

/** The same name at another provider of e-mail. */
export const otherProvider = ({ rate, providers }: Steps): Operator =>
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

/** Wrong digits of telephone numbers. */
export const phoneSlips = ({ rate }: Steps): readonly Operator[] => [
  wrongDigit(PHONE_DIGITS, rate('typos', 'phone') * 0.6),
  transposeDigits(PHONE_DIGITS, rate('typos', 'phone') * 0.4),
]

/** Wrong digits of ZIP codes. */
export const zipErrors = ({ rate }: Steps): readonly Operator[] => {
  const errors = Math.min(1, rate('typos', 'zip_code') + rate('zipErrors'))
  return [
    wrongDigit(zipDigits('zip_code'), errors * 0.7),
    transposeDigits(zipDigits('zip_code'), errors * 0.3),
  ]
}
