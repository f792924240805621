import { describe, expect, test } from 'vitest'
import { fieldsWithin, parseSchema, schemaOf } from '../../../src/core/delta/schema.ts'
import type { DataType } from '../../../src/core/expr/types.ts'
import type { LandedColumn } from '../../../src/core/plan/plan.ts'

const column = (
  name: string,
  type: DataType = { kind: 'integer' },
  long = false,
): LandedColumn => ({
  name,
  type,
  long,
  nullable: true,
})

describe('the schema of landed columns', () => {
  test.each<[DataType, boolean, string]>([
    [{ kind: 'integer' }, true, 'long'],
    [{ kind: 'integer' }, false, 'integer'],
    [{ kind: 'decimal', precision: 9, scale: 2 }, false, 'decimal(9,2)'],
    [{ kind: 'string' }, false, 'string'],
    [{ kind: 'boolean' }, false, 'boolean'],
    [{ kind: 'date' }, false, 'date'],
    [{ kind: 'timestamp' }, true, 'timestamp'],
  ])('%j (long: %s) is %s', (type, long, expected) => {
    expect(schemaOf([column('c', type, long)]).fields[0]?.type).toBe(expected)
  })

  test('is the JSON of Spark, with comments', () => {
    const schema = schemaOf([{ ...column('id'), nullable: false }, column('n')], { n: 'a count' })
    expect(JSON.stringify(schema)).toBe(
      '{"type":"struct","fields":[{"name":"id","type":"integer","nullable":false,"metadata":{}},' +
        '{"name":"n","type":"integer","nullable":true,"metadata":{"comment":"a count"}}]}',
    )
    expect(parseSchema(JSON.stringify(schema))).toEqual(schema)
  })

  test.each(['a b', 'a,b', 'a=b', '', 'a\nb'])('refuses the name %j', (name) => {
    expect(() => schemaOf([column(name)])).toThrow(/column name/)
  })

  test('refuses names that differ in case alone', () => {
    expect(() => schemaOf([column('Id'), column('iD')])).toThrow(/more than case/)
  })
})

describe('a schema as read', () => {
  const nested = {
    type: 'struct',
    fields: [
      {
        name: 'a',
        nullable: true,
        metadata: { x: 1 },
        type: {
          type: 'struct',
          fields: [
            {
              name: 'b',
              nullable: false,
              metadata: {},
              type: { type: 'array', elementType: 'long', containsNull: false },
            },
          ],
        },
      },
      {
        name: 'm',
        nullable: true,
        metadata: {},
        type: { type: 'map', keyType: 'string', valueType: 'double', valueContainsNull: true },
      },
    ],
  }

  test('keeps nested types, and its fields have dotted paths', () => {
    const schema = parseSchema(JSON.stringify(nested))
    expect(schema).toEqual(nested)
    expect(fieldsWithin(schema).map(({ path }) => path)).toEqual(['a', 'a.b', 'm'])
  })

  test.each([
    ['{', /expected JSON/],
    ['7', /expected an object/],
    ['"long"', /expected a struct/],
    ['{"type":"struct"}', /expected a list in "fields"/],
    ['{"type":"struct","fields":[{"type":"long"}]}', /fields\[0\]: "name" is missing/],
    ['{"type":"struct","fields":[{"name":"a"}]}', /fields\[0\], type: expected an object/],
    ['{"type":"union"}', /unknown type "union"/],
  ])('is refused: %s', (text, message) => {
    expect(() => parseSchema(text)).toThrow(message)
    expect(() => parseSchema(text)).toThrow(expect.objectContaining({ code: 'delta.log' }))
  })
})
