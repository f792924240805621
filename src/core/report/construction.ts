import { interpretRows } from '../plan/interpret.ts'
import type { TypedColumn, TypedExpr, TypedPlan, TypedRows, TypedTable } from '../plan/typed.ts'
import type { Reference } from '../plan/plan.ts'
import { type AcrossRows, isAcrossRows } from './across-rows.ts'
import type { Finding } from './finding.ts'

/**
 * What holds of a table by construction: row counts, keys, references and columns without null, each with the reason.
 * Promises that only the finished files can prove are in it as unchecked. `rows` are the tables' row counts.
 */
export const constructedFindings = (
  plan: TypedPlan,
  table: TypedTable,
  rows: ReadonlyMap<string, number>,
): readonly Finding[] => {
  const n = rows.get(table.name) ?? 0
  return [
    rowsFinding(plan, table, rows),
    ...(table.key.length === 0 ? [] : [keyFinding(table, n)]),
    ...table.references.map((reference) => referenceFinding(plan, { table, reference, n })),
    ...nullsFinding(table, n),
    ...table.promises.flatMap((promise) =>
      isAcrossRows(promise) ? [acrossRows(table, { promise, n })] : [],
    ),
  ]
}

/** The fewest and the most rows that a table can have, given the rows of the tables that it is made of. */
export const rowBounds = (
  plan: TypedPlan,
  { rows }: TypedTable,
  counts: ReadonlyMap<string, number>,
): readonly [number, number] => {
  switch (rows.kind) {
    case 'range':
      return [rows.count, rows.count]
    case 'cross': {
      const product = rows.of.reduce((all, { count }) => all * count, 1)
      return [product, product]
    }
    case 'children': {
      const parents = counts.get(rows.of)
      const { min, max } = rows.count.shape
      if (parents === undefined) return childrenOfUnseen(plan, rows)
      return [parents * Math.max(0, min), parents * max]
    }
    case 'union': {
      const members = rows.of.map(({ table }) => counts.get(table))
      const sum = members.reduce<number>((all, count) => all + (count ?? 0), 0)
      return members.includes(undefined) ? [sum, Infinity] : [sum, sum]
    }
  }
}

/** The children of parents that never land: of a few, such as days, each is asked how many it has. */
const childrenOfUnseen = (
  plan: TypedPlan,
  { of, count }: Extract<TypedRows, { readonly kind: 'children' }>,
): readonly [number, number] => {
  const parents = plan.tables.get(of)?.rows
  if (parents?.kind !== 'range' || parents.count > MOST_ASKED) return [0, Infinity]
  let children = 0
  for (const parent of interpretRows(plan, of)) children += Number(parent.evaluate(count))
  return [children, children]
}

const MOST_ASKED = 400

/** Why no two rows agree in these columns; undefined when the key algebra does not say. */
export const uniqueBecause = (
  table: TypedTable,
  columns: readonly string[],
): string | undefined => {
  const exprs = columns.flatMap((name) => {
    const expr = columnNamed(table, name)?.expr
    return expr === undefined ? [] : [expr]
  })
  if (exprs.some(({ kind }) => kind === 'key')) return KEY_ALGEBRA[table.rows.kind]
  const parents = exprs.filter(isParentKey)
  const { rows } = table
  const hasOrdinal = exprs.some(({ kind }) => kind === 'ordinal')
  if (rows.kind === 'children' && hasOrdinal && parents.length > 0)
    return 'siblings have different numbers'
  const dimensions = new Set(parents.map((expr) => expr.table))
  if (rows.kind === 'cross' && rows.of.every((each) => dimensions.has(each.table)))
    return 'every combination is made once'
  return undefined
}

/** Why every value of a reference exists on the other side; undefined when its type does not say. */
export const refersBecause = (
  plan: TypedPlan,
  table: TypedTable,
  { columns, table: target, to }: Reference,
): string | undefined => {
  const [name = ''] = columns
  const [other = ''] = to
  const from = columnNamed(table, name)
  const onto = plan.tables.get(target)?.columns.find((column) => column.name === other)
  const proven = columns.length === 1 && from?.shape.keyOf === target && onto?.expr.kind === 'key'
  return proven ? `the type of ${name} is an existing key of ${target}` : undefined
}

const KEY_ALGEBRA: Readonly<Record<TypedRows['kind'], string>> = {
  range: 'keys count from 1',
  children: 'key = parent key · capacity + number among siblings',
  cross: 'keys are mixed-radix numbers over the capacities',
  union: 'key = member key · capacity + number of the member',
}

const VERIFY = 'all rows side by side are needed: lakewright verify'

const columnNamed = (table: TypedTable, name: string): TypedColumn | undefined =>
  table.columns.find((column) => column.name === name)

type ParentKey = Extract<TypedExpr, { readonly kind: 'parent' }>

const isParentKey = (expr: TypedExpr): expr is ParentKey & TypedExpr =>
  expr.kind === 'parent' && expr.column === undefined

type Common = Pick<Finding, 'table' | 'n' | 'unit' | 'tolerance'>

const common = (table: TypedTable, n: number): Common => ({
  table: table.name,
  n,
  unit: table.name,
  tolerance: 0,
})

/** Proven by the reason, or open until the files are read. */
const proven = (because: string | undefined, found: number | string) =>
  because === undefined
    ? ({ found: '', proof: 'none', verdict: 'unchecked', note: VERIFY } as const)
    : ({ found, proof: 'construction', verdict: 'holds', note: because } as const)

const rowsFinding = (
  plan: TypedPlan,
  table: TypedTable,
  rows: ReadonlyMap<string, number>,
): Finding => {
  const n = rows.get(table.name) ?? 0
  const [least, most] = rowBounds(plan, table, rows)
  return {
    ...common(table, n),
    name: 'rows',
    kind: 'rows',
    asked: least === most ? least : `${least} to ${most === Infinity ? 'any number' : most}`,
    found: n,
    proof: 'construction',
    verdict: n >= least && n <= most ? 'holds' : 'broken',
    note: ROWS_BECAUSE[table.rows.kind],
  }
}

const ROWS_BECAUSE: Readonly<Record<TypedRows['kind'], string>> = {
  range: 'a range of entities',
  children: 'the fan-out of each parent is bounded',
  cross: 'every combination of the dimensions',
  union: 'all rows of the members',
}

const keyFinding = (table: TypedTable, n: number): Finding => ({
  ...common(table, n),
  name: `key ${table.key.join(', ')} is unique`,
  kind: 'key',
  asked: 'no duplicate',
  ...proven(uniqueBecause(table, table.key), 'no duplicate'),
})

interface Referring {
  readonly table: TypedTable
  readonly reference: Reference
  readonly n: number
}

const referenceFinding = (plan: TypedPlan, { table, reference, n }: Referring): Finding => ({
  ...common(table, n),
  name: referenceName(reference),
  kind: 'reference',
  asked: 'no orphan',
  ...proven(refersBecause(plan, table, reference), 'no orphan'),
})

/** A reference as people read it. */
export const referenceName = ({ columns, table, to }: Reference): string =>
  `${columns.join(', ')} exists as ${table}.${to.join(', ')}`

const nullsFinding = (table: TypedTable, n: number): readonly Finding[] => {
  const landed = table.columns.filter(({ hidden }) => !hidden)
  const names = landed.filter(({ shape }) => !shape.nullable).map(({ name }) => name)
  if (names.length === 0) return []
  const all = names.length === landed.length
  return [
    {
      ...common(table, n),
      name: all ? 'no nulls' : `no nulls in ${names.join(', ')}`,
      kind: 'nulls',
      asked: 'no null',
      ...proven('the types of the expressions exclude null', 'no null'),
    },
  ]
}

const acrossRows = (
  table: TypedTable,
  { promise, n }: { readonly promise: AcrossRows; readonly n: number },
): Finding => ({
  ...common(table, n),
  name: promise.name,
  kind: promise.kind,
  asked: 0,
  ...proven(promise.kind === 'unique' ? uniqueBecause(table, promise.columns) : undefined, 0),
})
