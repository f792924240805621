import { expect, it } from 'vitest'
import { FUNCTION_NAMES, type FunctionName } from '../../../src/core/expr/expr.ts'
import { inferCall } from '../../../src/core/expr/functions.ts'
import type { DataType, Shape } from '../../../src/core/expr/types.ts'
import type { Dialect } from '../../../src/core/sql/dialect.ts'
import { DIALECT_NAMES, DIALECTS } from '../../../src/core/sql/dialects.ts'
import { STANDARD_SPELLINGS } from '../../../src/core/sql/spellings.ts'
import type { Term } from '../../../src/core/sql/term.ts'
import {
  BOOLEAN,
  DATE,
  decimal,
  INTEGER,
  int,
  nullable,
  shaped,
  str,
  TIMESTAMP,
} from '../../support/shapes.ts'

const MONEY = decimal(9, 2)
const any = int(-1000, 1000)
const natural = int(1, 1000)
const truth = nullable(shaped(BOOLEAN, 0, 1))
const day = shaped(DATE, 0, 20_000)
const time = shaped(TIMESTAMP, 0, 1e15)
const words = str(20)

type Args = readonly [shapes: readonly Shape[], type?: DataType]

/** Arguments of every function; of some with and without what an interval proves. */
const CALLS: Readonly<Record<FunctionName, readonly Args[]>> = {
  add: [[[any, any]]],
  sub: [[[any, any]]],
  mul: [[[any, any]]],
  div: [[[natural, natural]], [[any, natural]]],
  mod: [[[natural, natural]], [[any, natural]]],
  neg: [[[any]]],
  abs: [[[any]]],
  least: [[[any, any]], [[any, nullable(any)]]],
  greatest: [[[any, any]]],
  rescale: [[[shaped(decimal(9, 4), 0, 1e6)], MONEY]],
  ratio: [[[natural, natural], MONEY]],
  reinterpret: [[[natural], DATE]],
  eq: [[[any, any]]],
  ne: [[[any, any]]],
  lt: [[[words, words]]],
  le: [[[any, any]]],
  gt: [[[any, any]]],
  ge: [[[any, any]]],
  and: [[[truth, truth]]],
  or: [[[truth, truth]]],
  not: [[[truth]]],
  isNull: [[[truth]]],
  coalesce: [[[nullable(any), any]]],
  dateOf: [[[time]]],
  timestampOf: [[[day]]],
  year: [[[day]]],
  month: [[[day]]],
  day: [[[day]]],
  weekday: [[[day]]],
  hour: [[[time]]],
  concat: [[[words, words]]],
  length: [[[words]]],
  slice: [[[words, natural, natural]]],
  codeAt: [[[words, natural]]],
  upper: [[[words]], [[str(20, false)]]],
  lower: [[[words]]],
  replace: [[[words, words, words]]],
  padLeft: [[[words, natural, str(1)]]],
  text: [[[any]], [[shaped(MONEY, -1000, 1000)]], [[day]], [[time]]],
  base36: [[[natural]]],
  sha256: [[[words]]],
  scaleDraw: [[[int(0, 2 ** 32 - 1), natural]]],
}

const ARGUMENTS = ['a', 'b', 'c', 'd']

const row = (name: string): Term => ({ kind: 'row', name })
const rows = ARGUMENTS.map(row) as [Term, Term, Term, Term]

/** A term as text, with parentheses around every expression inside of another. */
const shown = (dialect: Dialect, term: Term): string => {
  switch (term.kind) {
    case 'text':
      return term.parts
        .map((part) => {
          if (typeof part === 'string') return part
          const text = shown(dialect, part)
          return part.kind === 'text' && !part.atomic ? `(${text})` : text
        })
        .join('')
    case 'literal':
      if (term.value === null) return 'NULL'
      return typeof term.value === 'number'
        ? dialect.integer(term.value)
        : dialect.quoteString(term.value)
    case 'row':
      return term.name
    case 'outer':
    case 'list':
    case 'fold':
    case 'tally':
      throw new Error(`a spelling with a ${term.kind}`)
  }
}

const called = (dialect: Dialect, name: FunctionName, [shapes, type]: Args): string => {
  const result = inferCall(name, shapes, type)
  if (typeof result === 'string') throw new Error(`${name}: ${result}`)
  const spelling = dialect.spellings[name] ?? STANDARD_SPELLINGS[name]
  if (typeof spelling !== 'function') return `unsupported: ${spelling.unsupported}`
  return shown(dialect, spelling({ dialect, args: rows.slice(0, shapes.length), shapes, result }))
}

const kindOf = ({ type: { kind }, min, nullable: isNullable, ascii }: Shape): string =>
  [isNullable ? 'nullable ' : '', min < 0 ? 'signed ' : '', ascii ? '' : 'wide ', kind].join('')

const titled = (name: FunctionName, [shapes, type]: Args): string => {
  const given = shapes.map((shape, i) => `${ARGUMENTS[i]} ${kindOf(shape)}`)
  return `${name}(${given.join(', ')})${type === undefined ? '' : ` as ${type.kind}`}`
}

/** What dialects say besides functions. */
const CONSTRUCTS: Readonly<Record<string, (dialect: Dialect) => string>> = {
  'a name': ({ quoteIdentifier }) => quoteIdentifier('a "b" `c`'),
  'a text': ({ quoteString }) => quoteString("it's \\ and\na line"),
  'an integer': ({ integer }) => integer(5_000_000_000),
  types: ({ typeName }) => (['integer', 'string', 'boolean'] as const).map(typeName).join(' '),
  quotient: (d) => shown(d, d.operators.quotient(rows[0], rows[1])),
  remainder: (d) => shown(d, d.operators.remainder(rows[0], rows[1])),
  'bits of both': (d) => shown(d, d.operators.and(rows[0], rows[1])),
  'bits of one': (d) => shown(d, d.operators.xor(rows[0], rows[1])),
  'bits shifted': (d) => shown(d, d.operators.shiftRight(rows[0], 16)),
  'lanes as hex': (d) => shown(d, d.hex(rows)),
  'lanes as UUID': (d) => shown(d, d.uuid(rows)),
  'a list of integers': (d) => d.list('integer', [1, 2, 3].map(d.integer), [1, 2, 3]),
  'a list of texts': (d) => d.list('string', ['x', "y'"].map(d.quoteString), ['x', "y'"]),
  'an element': (d) => shown(d, d.element(rows[0], rows[1])),
  'a date of days': (d) => shown(d, d.date(rows[0])),
  'landed integer': (d) => shown(d, d.landed(rows[0], INTEGER, false)),
  'landed long': (d) => shown(d, d.landed(rows[0], INTEGER, true)),
  'landed decimal': (d) => shown(d, d.landed(rows[0], MONEY, false)),
  'landed date': (d) => shown(d, d.landed(rows[0], DATE, false)),
  'landed timestamp': (d) => shown(d, d.landed(rows[0], TIMESTAMP, false)),
  'a failure': (d) => d.failure(d.quoteString('too many')),
  'a series': (d) => d.rows.series('k', { from: 1, to: 11 }),
  'an expansion': (d) =>
    d.rows
      .expand({ source: 's', columns: ['a'], count: 'n', ordinal: 'i', always: false })
      .replaceAll(/\s+/g, ' '),
}

it('every dialect says every function and construct as it did', async () => {
  const entries = [
    ...FUNCTION_NAMES.flatMap((name) =>
      CALLS[name].map((args) => ({
        title: titled(name, args),
        say: (dialect: Dialect) => called(dialect, name, args),
      })),
    ),
    ...Object.entries(CONSTRUCTS).map(([title, say]) => ({ title, say })),
  ]
  const text = entries.map(({ title, say }) =>
    [title, ...DIALECT_NAMES.map((name) => `  ${name.padEnd(8)}  ${say(DIALECTS[name])}`)].join(
      '\n',
    ),
  )
  expect(text.length).toBeGreaterThan(FUNCTION_NAMES.length + 20)
  await expect(`${text.join('\n\n')}\n`).toMatchFileSnapshot('golden/texts.txt')
})
