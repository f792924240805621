import type { Part } from '../run/parts.ts'
import type { WarehouseFileOptions, WarehouseSpec } from './spec.ts'

/** Spark's partitions of a table on a cloud engine where nobody says how many: by the rows of the largest table. */
export const cloudPartitions = (rows: number): number => {
  if (rows < 10_000_000) return 100
  return rows < 300_000_000 ? 1000 : 5000
}

/** The rows of the largest table of a run. */
export const largestTable = (parts: readonly Part[]): number =>
  Math.max(0, ...rowsOf(parts).values())

/**
 * Into how many partitions Spark cuts the rows of a part when its table is to have `asked`; `parts` are those of the run.
 * A partition has 10,000 rows at least: a task takes some hundredths of a second to begin.
 */
export const partPartitions = (parts: readonly Part[], part: Part, asked: number): number => {
  const share = part.rows / Math.max(1, rowsOf(parts).get(part.table) ?? part.rows)
  return Math.max(1, Math.min(Math.round(asked * share), Math.floor(part.rows / LEAST_ROWS)))
}

const LEAST_ROWS = 10_000

const rowsOf = (parts: readonly Part[]): ReadonlyMap<string, number> => {
  const rows = new Map<string, number>()
  for (const part of parts) rows.set(part.table, (rows.get(part.table) ?? 0) + part.rows)
  return rows
}

/**
 * The partitions that the statement of a part asks Spark for: as many as were asked for, on Databricks by scale without
 * that. Spark of one's own cuts by its cores, BigQuery by itself; so does any where nobody knows the rows.
 */
export const sparkPartitions = (
  {
    warehouse,
    parts,
    options,
  }: Pick<WarehouseSpec, 'warehouse' | 'parts'> & {
    readonly options: Pick<WarehouseFileOptions, 'partitions'>
  },
  part: Part,
): { readonly partitions?: number } => {
  const byScale = warehouse === 'databricks' ? cloudPartitions(largestTable(parts)) : undefined
  const asked = options.partitions ?? byScale
  // A bundle leaves the rows of its parts open.
  return asked === undefined || part.rows === 0
    ? {}
    : { partitions: partPartitions(parts, part, asked) }
}
