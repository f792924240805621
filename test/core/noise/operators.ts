import { col, concat, lookup, reinterpret, DATE } from '../../../src/core/expr/build.ts'
import type { Operator } from '../../../src/core/noise/model.ts'
import {
  firstOfJanuary,
  misstateAge,
  shiftDate,
  swapDayAndMonth,
} from '../../../src/core/noise/operators/dates.ts'
import {
  phoneFormats,
  transposeDigits,
  wrongDigit,
  zipDigits,
} from '../../../src/core/noise/operators/digits.ts'
import {
  changeCase,
  copyFound,
  copyFrom,
  missing,
  prefixed,
  replaceClean,
  swapFields,
} from '../../../src/core/noise/operators/fields.ts'
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
} from '../../../src/core/noise/operators/names.ts'
import {
  deleteCharacter,
  insertKey,
  mergeWords,
  misread,
  splitWord,
  substituteKey,
  transpose,
  truncate,
} from '../../../src/core/noise/operators/text.ts'

const FIRST: ListedName = {
  column: 'first',
  variant: (cell) => lookup('given_variants_female', col('given_row'), cell),
}
const LAST: ListedName = {
  column: 'last',
  variant: (cell) => lookup('surname_variants', col('surname_row'), cell),
}
const OTHER = lookup('surnames', 17, 'name')

/** Every operator, over the columns of the people, by a name of its own. */
export const OPERATORS: Readonly<Record<string, (rate: number) => Operator>> = {
  insert: (rate) => insertKey('last', rate),
  delete: (rate) => deleteCharacter('last', rate),
  substitute: (rate) => substituteKey('last', rate),
  transpose: (rate) => transpose('last', rate),
  ocr: (rate) => misread('last', rate),
  truncate: (rate) => truncate('last', rate),
  nickname: (rate) => nickname(FIRST, rate),
  phonetic: (rate) => phonetic(LAST, rate),
  accents: (rate) => accents(LAST, rate),
  initial: (rate) => initial('first', rate),
  spacing: (rate) => spacing('last', rate),
  hyphen: (rate) => hyphenate('last', { other: OTHER, rate }),
  maiden: (rate) => maidenName('last', { other: OTHER, rate }),
  suffix: (rate) => suffixWithName({ last: 'last', suffix: 'suffix' }, rate),
  title: (rate) => prefixed('first', { name: 'title', rate, by: () => 'Ms. ' }),
  capitals: (rate) => changeCase(['first', 'last'], { to: 'upper', rate }),
  small: (rate) => changeCase(['first', 'last'], { to: 'lower', rate }),
  order: (rate) => swapFields(['first', 'last'], rate),
  missing: (rate) => missing('suffix', rate),
  replaced: (rate) =>
    replaceClean('zip', {
      name: 'replaced',
      rate,
      by: ({ before }) => concat(before('zip'), '-0001'),
    }),
  copy: (rate) => copyFrom('born', reinterpret(12_345, DATE), rate),
  dayAndMonth: (rate) => swapDayAndMonth('born', rate),
  copyFound: (rate) => copyFound('first', lookup('surnames', 18, 'name'), rate),
  split: (rate) => splitWord('last', rate),
  merge: (rate) => mergeWords('last', rate),
  age: (rate) => misstateAge('born', rate),
  january: (rate) => firstOfJanuary('born', rate),
  days: (rate) => shiftDate('born', rate),
  zipDigit: (rate) => wrongDigit(zipDigits('zip'), rate),
  zipTranspose: (rate) => transposeDigits(zipDigits('zip'), rate),
  ...Object.fromEntries(
    ['dots', 'spaces', 'parentheses', 'plus'].map((name, i) => [
      name,
      (rate: number) => phoneFormats('phone', rate)[i]!,
    ]),
  ),
}
