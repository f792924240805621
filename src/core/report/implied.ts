import type { TypedColumn, TypedPromise, TypedTable } from '../plan/typed.ts'

/**
 * Promises that a table makes by what its columns are, unless its plan makes them: each landed column that is sampled
 * from one law follows it, and the first two with streams of their own do not depend on one another. Every row draws for itself, so rows
 * are the unit.
 */
export const impliedPromises = (table: TypedTable): readonly TypedPromise[] => {
  if (table.virtual) return []
  const sampled = table.columns.filter(isSampled)
  return [...sampled.flatMap((column) => ownLaw(table, column)), ...independence(table, sampled)]
}

/** The promises that a table makes, those of its plan first. */
export const allPromises = (table: TypedTable): readonly TypedPromise[] => [
  ...table.promises,
  ...impliedPromises(table),
]

const isSampled = ({ hidden, expr }: TypedColumn): boolean =>
  !hidden && expr.kind === 'sample' && expr.laws.length === 1

const ownLaw = (table: TypedTable, { name, expr }: TypedColumn): readonly TypedPromise[] => {
  const law = expr.kind === 'sample' ? expr.laws[0] : undefined
  const isPromised = table.promises.some(
    (promise) => promise.kind === 'distribution' && promise.column === name,
  )
  if (law === undefined || isPromised) return []
  return [
    {
      kind: 'distribution',
      name: `${name} follows its law`,
      column: name,
      law,
      tolerance: 0,
      unit: table.name,
    },
  ]
}

/** Columns of one stream share their draws on purpose. */
const streamOf = (column: TypedColumn | undefined): string | undefined =>
  column?.expr.kind === 'sample' ? column.expr.stream.name : undefined

/** A dependence weaker than this is of no account. */
const WEAK = 0.02

const independence = (
  table: TypedTable,
  [first, ...others]: readonly TypedColumn[],
): readonly TypedPromise[] => {
  const second = others.find((other) => streamOf(other) !== streamOf(first))
  const isPromised = table.promises.some(({ kind }) => kind === 'independent')
  if (first === undefined || second === undefined || isPromised) return []
  return [
    {
      kind: 'independent',
      name: `${first.name} and ${second.name} do not depend on one another`,
      columns: [first.name, second.name],
      below: WEAK,
    },
  ]
}
