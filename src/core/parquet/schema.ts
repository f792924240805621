import type { ColumnSpec } from '../columns/block.ts'
import type { DataType } from '../expr/types.ts'
import { boolean, i32, struct, text, type ThriftValue } from './thrift.ts'

/** A Parquet physical type that we write. */
export type PhysicalType = 'BOOLEAN' | 'INT32' | 'INT64' | 'BYTE_ARRAY'

/** Numbers of the physical types in the Thrift definition of Parquet. */
export const PHYSICAL_TYPE: Readonly<Record<PhysicalType, number>> = {
  BOOLEAN: 0,
  INT32: 1,
  INT64: 2,
  BYTE_ARRAY: 6,
}

/** The physical type in which a column lands; INT32 wherever the declared bounds or precision allow it. */
export const physicalType = (spec: ColumnSpec): PhysicalType => {
  switch (spec.type.kind) {
    case 'boolean':
      return 'BOOLEAN'
    case 'string':
      return 'BYTE_ARRAY'
    case 'date':
      return 'INT32'
    case 'timestamp':
      return 'INT64'
    case 'decimal':
      return spec.type.precision <= MAX_INT32_PRECISION ? 'INT32' : 'INT64'
    case 'integer':
      return spec.long || spec.min < INT32_MIN || spec.max > INT32_MAX ? 'INT64' : 'INT32'
  }
}

/** The flat schema of a file as Parquet's list of SchemaElement: the root, then one leaf a column. */
export const schemaElements = (columns: readonly ColumnSpec[]): readonly ThriftValue[] => [
  struct([4, text('schema')], [5, i32(columns.length)]),
  ...columns.map((spec) =>
    struct(
      [1, i32(PHYSICAL_TYPE[physicalType(spec)])],
      [3, i32(spec.nullable ? OPTIONAL : REQUIRED)],
      [4, text(spec.name)],
      [6, convertedType(spec.type)],
      [7, spec.type.kind === 'decimal' ? i32(spec.type.scale) : undefined],
      [8, spec.type.kind === 'decimal' ? i32(spec.type.precision) : undefined],
      [10, logicalType(spec.type)],
    ),
  ),
]

const INT32_MIN = -2147483648
const INT32_MAX = 2147483647
const MAX_INT32_PRECISION = 9
const REQUIRED = 0
const OPTIONAL = 1

/** The older annotation, which readers before the logical types understand. */
const convertedType = (type: DataType): ThriftValue | undefined => {
  switch (type.kind) {
    case 'string':
      return i32(0)
    case 'decimal':
      return i32(5)
    case 'date':
      return i32(6)
    case 'timestamp':
      return i32(10)
    case 'integer':
    case 'boolean':
      return undefined
  }
}

const logicalType = (type: DataType): ThriftValue | undefined => {
  switch (type.kind) {
    case 'string':
      return struct([1, struct()])
    case 'decimal':
      return struct([5, struct([1, i32(type.scale)], [2, i32(type.precision)])])
    case 'date':
      return struct([6, struct()])
    case 'timestamp':
      return struct([8, struct([1, boolean(true)], [2, struct([2, struct()])])])
    case 'integer':
    case 'boolean':
      return undefined
  }
}
