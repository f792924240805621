import type { Value } from '../../src/core/expr/types.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import type { Plan } from '../../src/core/plan/plan.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import type { Vocabulary } from '../../src/core/plan/vocabulary.ts'
import { defaultParameters, type ParameterValues } from '../../src/datasets/definition.ts'
import { identity } from '../../src/datasets/identity/identity.ts'
import { readVocabulary } from '../../src/node/store/assets.ts'

export type Row = Readonly<Record<string, Value>>

/** The vocabularies that the identity dataset asks for. */
export const VOCABULARIES: ReadonlyMap<string, Vocabulary> = new Map(
  await Promise.all(
    identity.vocabularies.map(async (name) => [name, await readVocabulary(name)] as const),
  ),
)

/** The identity plan with some parameters changed. */
export const buildIdentity = (changed: ParameterValues = {}, seed: number | string = 42): Plan =>
  identity.build(
    { ...defaultParameters(identity), ...changed },
    { seed, vocabularies: VOCABULARIES },
  )

/** A plan as it reads from its JSON, ready to interpret. */
export const resolved = (plan: Plan): TypedPlan =>
  resolvePlan(JSON.parse(JSON.stringify(plan)), VOCABULARIES)

/** The identity dataset ready to interpret. */
export const typedIdentity = (changed: ParameterValues = {}): TypedPlan =>
  resolved(buildIdentity(changed))

/** All rows of a table, without columns that never land. */
export const rowsOf = (plan: TypedPlan, table: string): readonly Row[] => [
  ...interpretTable(plan, table),
]

/** All rows of all tables that land. */
export const allRows = (plan: TypedPlan): Readonly<Record<string, readonly Row[]>> =>
  Object.fromEntries(
    [...plan.tables.values()]
      .filter((table) => !table.virtual)
      .map(({ name }) => [name, rowsOf(plan, name)]),
  )

/** A cell that must be a number, and one that must be text. */
export const num = (row: Row | undefined, column: string): number => {
  const value = row?.[column]
  if (typeof value !== 'number') throw new Error(`${column} is ${String(value)}, not a number`)
  return value
}
export const str = (row: Row | undefined, column: string): string => {
  const value = row?.[column]
  if (typeof value !== 'string') throw new Error(`${column} is ${String(value)}, not text`)
  return value
}

/** Rows by the number in a column. */
export const groupBy = (rows: readonly Row[], column: string): ReadonlyMap<number, Row[]> => {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const key = num(row, column)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return groups
}

/** Rows by a column that is unique. */
export const indexBy = (rows: readonly Row[], column: string): ReadonlyMap<number, Row> =>
  new Map(rows.map((row) => [num(row, column), row]))

/** The mean of some numbers, and its standard error when they are independent. */
export const meanWithError = (
  values: readonly number[],
): { readonly mean: number; readonly error: number } => {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1)
  return { mean, error: Math.sqrt(variance / values.length) }
}

/** A ratio of two totals over independent units, and its standard error (linearised). */
export const ratioWithError = (
  units: readonly { readonly part: number; readonly whole: number }[],
): { readonly mean: number; readonly error: number } => {
  const whole = units.reduce((sum, each) => sum + each.whole, 0)
  const mean = units.reduce((sum, each) => sum + each.part, 0) / whole
  const squares = units.reduce((sum, each) => sum + (each.part - mean * each.whole) ** 2, 0)
  return { mean, error: Math.sqrt((squares * units.length) / (units.length - 1)) / whole }
}

/** Pearson's correlation. */
export const correlation = (pairs: readonly (readonly [number, number])[]): number => {
  const [a, b] = [meanWithError(pairs.map(([x]) => x)), meanWithError(pairs.map(([, y]) => y))]
  const scale = a.error * b.error * pairs.length * (pairs.length - 1)
  return pairs.reduce((sum, [x, y]) => sum + (x - a.mean) * (y - b.mean), 0) / scale
}

export const DAY = 86_400_000_000
