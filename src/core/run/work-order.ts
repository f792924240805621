import type { TypedPlan } from '../plan/typed.ts'
import type { Part } from './parts.ts'

/**
 * Parts in the order in which workers take them: those of the tables with the most cells first, so that no worker is left
 * alone with long ones at the end. A part also makes the rows that its own descend from: one that lands few of very many
 * takes far longer than its cells tell, and comes before all. At every size of a plan its tables come in the same order,
 * so that a thread is equally warm when it comes to each, and what one run measured foretells another.
 */
export const inWorkOrder = (plan: TypedPlan, parts: readonly Part[]): readonly Part[] => {
  const cuts = new Map<string, readonly Part[]>()
  for (const part of parts) cuts.set(part.table, [...(cuts.get(part.table) ?? []), part])
  const rowsOf = (table: string): number =>
    (cuts.get(table) ?? []).reduce((sum, { rows }) => sum + rows, 0)
  const excess = (table: string): number => {
    const work = Math.max(...lineage(plan, table).map(rowsOf))
    return work > LONG * rowsOf(table) ? work / (cuts.get(table)?.length ?? 1) : 0
  }
  const cells = (table: string): number => {
    const columns = plan.tables.get(table)?.columns.filter(({ hidden }) => !hidden) ?? []
    return rowsOf(table) * columns.length
  }
  return [...cuts]
    .map(([table, own]) => ({ own, excess: excess(table), cells: cells(table) }))
    .toSorted((a, b) => b.excess - a.excess || b.cells - a.cells)
    .flatMap(({ own }) => own)
}

/** How many rows are made for one that lands where a part is long. */
const LONG = 2

/** A table and those that its rows descend from. */
const lineage = (plan: TypedPlan, name: string): readonly string[] => {
  const rows = plan.tables.get(name)?.rows
  return rows?.kind === 'children' ? [name, ...lineage(plan, rows.of)] : [name]
}
