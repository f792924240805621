import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { yamlText } from '../../../src/core/warehouse/yaml.ts'

describe('a value as YAML', () => {
  test('is block style, with quotes only where a reader could take a text for something else', () => {
    const value = {
      bundle: { name: 'shop', none: undefined },
      tasks: [{ task_key: 'a', depends_on: [{ task_key: 'b' }] }, 'no', '12', 12, null, true],
      path: './sql/${var.scale}/check.sql',
      empty: { list: [], object: {} },
    }
    expect(yamlText(value)).toBe(`bundle:
  name: shop
tasks:
  - task_key: a
    depends_on:
      - task_key: b
  - "no"
  - "12"
  - 12
  - null
  - true
path: ./sql/\${var.scale}/check.sql
empty:
  list: []
  object: {}
`)
  })

  test.each([
    'a: b',
    '- a',
    '# a',
    ' a ',
    "it's",
    '"',
    '\\',
    'line\nbreak',
    '\u2028\u0085\u007f\ufeff',
    '{{job.parameters.a}}',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a`',
    '',
    'Null',
    '~',
    '0x1f',
    '1e3',
    '2025-01-01',
    '=',
    '<<',
    '😀',
  ])('keeps the hostile text %j in values and names', (text) => {
    const value = { [text]: text, list: [text, { [text]: [text] }] }
    expect(parse(yamlText(value))).toEqual(value)
    expect(parse(yamlText(value), { version: '1.1' })).toEqual(value)
  })

  test('is read back as the same value whatever is in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 })
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(
          text.filter((name) => name !== '__proto__'),
          tie('any'),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    })).any
    fc.assert(
      fc.property(value, (any) => {
        expect(parse(yamlText(any as never))).toEqual(any)
      }),
      { numRuns: 200 },
    )
  })
})
