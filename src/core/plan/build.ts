import { toExpr } from '../expr/build.ts'
import type { Operand } from '../expr/build.ts'
import type { Quantity } from '../expr/law.ts'
import { GENERATOR_VERSION } from './plan.ts'
import type { Check, Column, Parameter, Plan, RowSpace, Table } from './plan.ts'

/** A plan of the current generator version. */
export const plan = (parts: Omit<Plan, 'lakewright'>): Plan => ({
  lakewright: GENERATOR_VERSION,
  ...parts,
})

/** A table; its row space comes from `range`, `children`, `cross` or `union`. */
export const table = (name: string, parts: Omit<Table, 'name'>): Table => ({ name, ...parts })

/** A table that others use and that never lands. */
export const virtualTable = (name: string, parts: Omit<Table, 'name' | 'virtual'>): Table => ({
  name,
  virtual: true,
  ...parts,
})

/** A column of a table. */
export const column = (
  name: string,
  expr: Operand,
  options: Omit<Column, 'name' | 'expr'> = {},
): Column => ({ name, expr: toExpr(expr), ...options })

/** A column that other columns use and that never lands. */
export const hidden = (
  name: string,
  expr: Operand,
  options: Omit<Column, 'name' | 'expr' | 'hidden'> = {},
): Column => ({ name, expr: toExpr(expr), hidden: true, ...options })

/** Entities with keys 1..count. */
export const range = (count: Quantity): RowSpace => ({ kind: 'range', count })

/** For every row of `of`, `count` children: an expression of the parent row, at most `capacity`. */
export const children = (
  of: string,
  capacity: number,
  count: Operand,
): Extract<RowSpace, { readonly kind: 'children' }> => ({
  kind: 'children',
  of,
  capacity,
  count: toExpr(count),
})

/** Every combination of range tables, each with the capacity its keys stay below. */
export const cross = (
  ...of: readonly (readonly [table: string, capacity: number])[]
): RowSpace => ({
  kind: 'cross',
  of: of.map(([name, capacity]) => ({ table: name, capacity })),
})

/** All rows of the members, each with its number below `capacity`. */
export const union = (
  capacity: number,
  ...of: readonly (readonly [table: string, number: number])[]
): RowSpace => ({
  kind: 'union',
  capacity,
  of: of.map(([name, number]) => ({ table: name, number })),
})

/** A size parameter: raising it adds rows. */
export const size = (
  value: number,
  options: Omit<Parameter, 'role' | 'value'> = {},
): Parameter => ({
  role: 'size',
  value,
  ...options,
})

/** A law parameter: another value makes another dataset. */
export const lawParameter = (
  value: number,
  options: Omit<Parameter, 'role' | 'value'> = {},
): Parameter => ({ role: 'law', value, ...options })

/** A named condition that holds for every row. */
export const check = (name: string, that: Operand): Check => ({ name, that: toExpr(that) })
