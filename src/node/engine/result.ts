import type { Cell, Columns } from '../../core/ports.ts'

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
