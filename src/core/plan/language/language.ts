import { FUNCTION_NAMES } from '../../expr/expr.ts'
import { FOLDER, LANDED, NAME } from '../names.ts'
import { fields, integer, list, named, number, text } from './rule.ts'
import type { Rule } from './rule.ts'

/** The most tables of a plan, and the most columns of a table. */
export const MOST_TABLES = 1000
export const MOST_COLUMNS = 2000

/** The most dimensions of a cross. */
const MOST_DIMENSIONS = 16

/** How deep expressions may nest, and how many values a plan may have in all. */
export const DEEPEST = 64
export const MOST_VALUES = 1_000_000

const name: Rule = {
  rule: 'text',
  pattern: NAME,
  expected: 'a name of up to 128 letters, digits and _ that begins with no digit',
  max: 128,
}
const folder: Rule = {
  rule: 'text',
  pattern: FOLDER,
  expected: 'a name of up to 128 letters, digits, _ and - that begins with a letter or digit',
  max: 128,
}
const landed: Rule = {
  rule: 'text',
  pattern: LANDED,
  expected: 'a column name of up to 128 characters without spaces and ,;{}()=`',
  max: 128,
}
const description = text(4000)
const title = text(200)
const flag: Rule = { rule: 'boolean' }
const names = list(name, 1, MOST_COLUMNS)
const expr = named('expression')
const law = named('law')
const quantity = named('quantity')
const capacity = integer(1, 2 ** 31)
const tolerance = number(0)

const word = (...words: readonly string[]): Rule => ({ rule: 'word', words })
const quantities = list(quantity, 1, 100_000)
const weights = (count: number): Rule => list(number(0), count, count)
const parameterObject: Rule = { rule: 'object', fields: fields({ parameter: name }) }

const measured = fields(
  { name: title, of: expr, asked: number() },
  { among: expr, tolerance, unit: name },
)

const few = list(name, 0, MOST_COLUMNS)
const ledgerStep: Rule = {
  rule: 'object',
  fields: fields({
    step: integer(1, 1000),
    struck: name,
    operators: list(
      { rule: 'object', fields: fields({ name: title, columns: names }) },
      1,
      MOST_COLUMNS,
    ),
    cells: list(
      { rule: 'object', fields: fields({ column: name, before: name, shows: name }) },
      1,
      MOST_COLUMNS,
    ),
    draws: few,
  }),
}

const literalTypes = {
  number: number(),
  string: text(65536),
  boolean: flag,
  null: { rule: 'null' },
} satisfies Readonly<Record<string, Rule>>

const clip = { low: quantity, high: quantity }

/** The plan language: every rule that has a name. `plan` is the whole. */
export const LANGUAGE: Readonly<Record<string, Rule>> = {
  plan: {
    rule: 'object',
    fields: fields(
      {
        lakewright: integer(1),
        name: folder,
        seed: {
          rule: 'types',
          expected: 'an integer below 2^53 in size, or text',
          types: { number: integer(), string: text(1000) },
        },
        tables: list(named('table'), 1, MOST_TABLES),
      },
      {
        description,
        start: text(40),
        asOf: text(40),
        parameters: { rule: 'map', of: named('parameter'), keys: NAME, max: 1000 },
        vocabularies: {
          rule: 'map',
          of: {
            rule: 'object',
            fields: fields({
              version: text(40),
              sha256: {
                rule: 'text',
                pattern: '^[0-9a-f]{64}$',
                expected: '64 lower-case hexadecimal digits',
                max: 64,
              },
            }),
          },
          keys: NAME,
          max: 1000,
        },
      },
    ),
  },
  parameter: {
    rule: 'object',
    fields: fields(
      { role: word('size', 'law'), value: number() },
      { min: number(), max: number(), description },
    ),
  },
  table: {
    rule: 'object',
    fields: fields(
      { name, rows: named('rows'), columns: list(named('column'), 0, MOST_COLUMNS) },
      {
        as: folder,
        description,
        virtual: flag,
        key: names,
        references: list(named('reference'), 0, 1000),
        checks: list(named('check'), 0, 1000),
        promises: list(named('promise'), 0, 1000),
        layout: {
          rule: 'object',
          fields: fields({}, { fileRows: integer(1), rowGroupRows: integer(1) }),
        },
      },
    ),
  },
  rows: {
    rule: 'kinds',
    kinds: {
      range: fields({ count: quantity }),
      children: fields({ of: name, capacity, count: expr }, { mean: number(0) }),
      cross: fields({
        of: list(
          { rule: 'object', fields: fields({ table: name, capacity: integer(2) }) },
          1,
          MOST_DIMENSIONS,
        ),
      }),
      union: fields({
        capacity,
        of: list(
          { rule: 'object', fields: fields({ table: name, number: integer(0) }) },
          1,
          MOST_TABLES,
        ),
      }),
    },
  },
  column: {
    rule: 'object',
    fields: fields(
      { name, expr },
      {
        as: landed,
        description,
        hidden: flag,
        nullRate: quantity,
        range: list(integer(), 2, 2),
      },
    ),
  },
  reference: { rule: 'object', fields: fields({ columns: names, table: name, to: names }) },
  check: { rule: 'object', fields: fields({ name, that: expr }) },
  promise: {
    rule: 'kinds',
    kinds: {
      rate: measured,
      mean: measured,
      distribution: fields({ name: title, column: name }, { law, tolerance, unit: name }),
      unique: fields({ name: title, columns: names }, { where: expr }),
      disjoint: fields({ name: title, by: names, from: name, to: name }, { where: expr }),
      replay: fields(
        {
          name: title,
          source: title,
          record: name,
          time: name,
          columns: names,
          ledger: name,
          links: name,
          truth: name,
        },
        { steps: list(ledgerStep, 0, 1000) },
      ),
      independent: fields({ name: title, columns: list(name, 2, 2), below: number(0, 1) }),
    },
  },
  type: {
    rule: 'kinds',
    kinds: {
      integer: fields({}),
      decimal: fields({ precision: integer(1, 15), scale: integer(0, 15) }),
      string: fields({}),
      boolean: fields({}),
      date: fields({}),
      timestamp: fields({}),
    },
  },
  quantity: {
    rule: 'types',
    expected: 'a number or { "parameter": name }',
    types: { number: number(), object: parameterObject },
  },
  expression: {
    rule: 'types',
    expected: 'an expression: a number, text, true, false, null or an object with a kind',
    types: { ...literalTypes, object: named('node') },
  },
  node: {
    rule: 'kinds',
    kinds: {
      literal: fields(
        {
          value: {
            rule: 'types',
            expected: 'a number, text, true, false, null or { "parameter": name }',
            types: { ...literalTypes, object: parameterObject },
          },
        },
        { type: named('type') },
      ),
      let: fields({ name, value: expr, in: expr }),
      local: fields({ name }),
      key: fields({}),
      ordinal: fields({}),
      column: fields({ name }),
      parent: fields({}, { table: name, column: name }),
      lookup: fields({ table: name, key: expr, column: name }),
      pick: fields({ table: name, parent: expr }, { stream: name }),
      at: fields({ table: name, parent: expr, from: name, time: expr }),
      draw: fields({}, { form: word('bits', 'hex', 'uuid'), stream: name, index: integer(0) }),
      sample: fields(
        {
          law: {
            rule: 'types',
            expected: 'a law, or a list of laws for given',
            types: { object: law, list: list(law, 1, 10_000) },
          },
        },
        { given: expr, type: named('type'), stream: name, index: integer(0) },
      ),
      call: fields(
        { function: word(...FUNCTION_NAMES), args: list(expr, 1, 100) },
        { type: named('type') },
      ),
      case: fields({
        branches: list({ rule: 'object', fields: fields({ when: expr, then: expr }) }, 1, 1000),
        else: expr,
      }),
      fold: fields(
        { operation: word('sum', 'count', 'min', 'max'), table: name },
        { value: expr, where: expr },
      ),
      keyOf: fields({ table: name, of: list(expr, 1, MOST_DIMENSIONS) }),
      tally: fields(
        {
          operation: word('sum', 'count'),
          table: name,
          by: list(expr, 1, MOST_DIMENSIONS),
          most: integer(0),
        },
        { value: expr, where: expr },
      ),
    },
  },
  law: {
    rule: 'kinds',
    kinds: {
      uniform: fields(clip, { step: quantity }),
      weighted: fields({
        values: list(
          {
            rule: 'types',
            expected: 'text or an integer',
            types: { string: text(65536), number: integer() },
          },
          1,
          100_000,
        ),
        weights: quantities,
      }),
      vocabulary: fields({ vocabulary: name, weight: name }),
      normal: fields({ mean: quantity, deviation: quantity, ...clip }, { step: quantity }),
      logNormal: fields({ median: quantity, sigma: quantity, ...clip }, { step: quantity }),
      exponential: fields({ mean: quantity, ...clip }, { step: quantity }),
      poisson: fields({ mean: quantity, high: quantity }),
      geometric: fields({ mean: quantity, high: quantity }),
      zipf: fields({ exponent: quantity, count: quantity }),
      histogram: fields({ edges: list(integer(), 2, 100_001), weights: quantities }),
      calendar: fields(
        { start: text(40), days: quantity },
        { weekdays: weights(7), months: weights(12) },
      ),
      timeOfDay: fields({ hours: weights(24) }),
    },
  },
}
