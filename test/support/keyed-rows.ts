import type { Value } from '../../src/core/expr/types.ts'
import type { Wanted } from '../../src/core/plan/lower.ts'
import type { TypedTable } from '../../src/core/plan/typed.ts'

/** Each column of a table as something wanted, after the entity key. */
export const wantedOf = ({ name, minKey, maxKey, columns }: TypedTable): readonly Wanted[] => {
  const type = { kind: 'integer' } as const
  const shape = { type, nullable: false, min: minKey, max: maxKey, maxLength: 0, ascii: true }
  return [
    { name: `key of ${name}`, expr: { kind: 'key', shape } },
    ...columns.map((column) => ({
      name: column.name,
      expr: { kind: 'column' as const, name: column.name, shape: column.shape },
    })),
  ]
}

/** Rows that begin with their entity key, in its order. */
export const inKeyOrder = <Row extends readonly (Value | boolean)[]>(
  rows: readonly Row[],
): readonly Row[] => rows.toSorted((a, b) => Number(a[0]) - Number(b[0]))
