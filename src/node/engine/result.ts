/**
 * A value of a result. Integers are numbers where they are exact, else decimal text; dates, decimals and lists are the
 * engine's client's text. Cast a timestamp with zone in SQL: its text would be in the zone of this process.
 */
export type Cell = number | string | boolean | null

/** A result as columns of equal length. */
export interface Columns {
  readonly names: readonly string[]
  readonly cells: readonly (readonly Cell[])[]
}

/** The rows of a result by column name. */
export const byRow = ({ names, cells }: Columns): readonly Readonly<Record<string, Cell>>[] =>
  (cells[0] ?? []).map((_, row) =>
    Object.fromEntries(names.map((name, i) => [name, cells[i]?.[row] ?? null])),
  )

/** An integer as a number where that is exact, else as decimal text. */
export const exactInteger = (value: bigint): number | string => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
