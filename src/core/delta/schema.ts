import type { DataType } from '../expr/types.ts'
import { fail, unreachable } from '../errors.ts'
import type { LandedColumn } from '../plan/plan.ts'
import type { Fields } from './fields.ts'
import { fieldsOf, required } from './fields.ts'
import { parseJson } from './parse.ts'

/** A type of a Delta schema: the name of a primitive (`long`, `decimal(9,2)`), or a nested type. */
export type DeltaType =
  | string
  | DeltaSchema
  | { readonly type: 'array'; readonly elementType: DeltaType; readonly containsNull: boolean }
  | {
      readonly type: 'map'
      readonly keyType: DeltaType
      readonly valueType: DeltaType
      readonly valueContainsNull: boolean
    }

/** A named field; its metadata holds comments, invariants, defaults and column mapping. */
export interface DeltaField {
  readonly name: string
  readonly type: DeltaType
  readonly nullable: boolean
  readonly metadata: Readonly<Record<string, unknown>>
}

/** The schema of a table, in the JSON form of Spark. */
export interface DeltaSchema {
  readonly type: 'struct'
  readonly fields: readonly DeltaField[]
}

/** The Delta name of a column's type. Integers are `long` when they land as 64 bits, else `integer`. */
export const deltaTypeOf = (type: DataType, long: boolean): string => {
  switch (type.kind) {
    case 'integer':
      return long ? 'long' : 'integer'
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'string':
    case 'boolean':
    case 'date':
    case 'timestamp':
      return type.kind
    default:
      return unreachable(type)
  }
}

/** The schema of landed columns; `comments` by column name become the fields' comments. */
export const schemaOf = (
  columns: readonly LandedColumn[],
  comments: Readonly<Record<string, string>> = {},
): DeltaSchema => {
  refuseNames(columns)
  return {
    type: 'struct',
    fields: columns.map(({ name, type, long, nullable }) => ({
      name,
      type: deltaTypeOf(type, long),
      nullable,
      metadata: Object.hasOwn(comments, name) ? { comment: comments[name] } : {},
    })),
  }
}

/** Reads the JSON text of a schema; fails with delta.log when it is malformed. */
export const parseSchema = (text: string): DeltaSchema => {
  const type = readType(parseJson(text, 'schemaString'), 'schemaString')
  return typeof type !== 'string' && type.type === 'struct'
    ? type
    : fail('delta.log', 'schemaString: expected a struct')
}

/** Every field of a schema with its dotted path, parents before their members; array and map elements are not entered. */
export const fieldsWithin = (
  schema: DeltaSchema,
  prefix = '',
): readonly { readonly path: string; readonly field: DeltaField }[] =>
  schema.fields.flatMap((field) => {
    const path = prefix + field.name
    const inner =
      typeof field.type !== 'string' && field.type.type === 'struct'
        ? fieldsWithin(field.type, `${path}.`)
        : []
    return [{ path, field }, ...inner]
  })

const FORBIDDEN = /[ ,;{}()\n\t=]/

const refuseNames = (columns: readonly LandedColumn[]): void => {
  const seen = new Set<string>()
  for (const { name } of columns) {
    if (name === '' || FORBIDDEN.test(name)) {
      fail(
        'delta.log',
        `column ${JSON.stringify(name)}: a Delta column name holds none of " ,;{}()=", tab and newline`,
      )
    }
    const folded = name.toLowerCase()
    if (seen.has(folded))
      fail('delta.log', `column "${name}": column names differ in more than case`)
    seen.add(folded)
  }
}

const readType = (json: unknown, where: string): DeltaType => {
  if (typeof json === 'string') return json
  const fields = fieldsOf(json, where)
  const type = required(fields, 'type', fields.string('type'))
  switch (type) {
    case 'struct':
      return { type, fields: readFields(json, where) }
    case 'array':
      return {
        type,
        elementType: readType(property(json, 'elementType'), `${where}, elementType`),
        containsNull: fields.boolean('containsNull') ?? true,
      }
    case 'map':
      return {
        type,
        keyType: readType(property(json, 'keyType'), `${where}, keyType`),
        valueType: readType(property(json, 'valueType'), `${where}, valueType`),
        valueContainsNull: fields.boolean('valueContainsNull') ?? true,
      }
    default:
      return fail('delta.log', `${where}: unknown type "${type}"`)
  }
}

const readFields = (json: unknown, where: string): readonly DeltaField[] => {
  const list = property(json, 'fields')
  if (!Array.isArray(list)) return fail('delta.log', `${where}: expected a list in "fields"`)
  return list.map((item: unknown, index) => readField(item, `${where}, fields[${index}]`))
}

const readField = (json: unknown, where: string): DeltaField => {
  const fields: Fields = fieldsOf(json, where)
  return {
    name: required(fields, 'name', fields.string('name')),
    type: readType(property(json, 'type'), `${where}, type`),
    nullable: fields.boolean('nullable') ?? true,
    metadata: (property(json, 'metadata') ?? {}) as Readonly<Record<string, unknown>>,
  }
}

const property = (json: unknown, name: string): unknown =>
  Object.hasOwn(json as object, name)
    ? (json as Readonly<Record<string, unknown>>)[name]
    : undefined
