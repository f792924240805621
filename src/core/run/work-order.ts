import type { TypedPlan } from '../plan/typed.ts'
import type { Part } from './parts.ts'

/**
 * Parts in the order in which workers take them. A part also makes the rows that its own descend from: one that lands
 * few of very many takes far longer than others, and comes first, so that no worker is left alone with it at the end.
 * At every size of a plan its tables come in the same order, so that a thread is equally warm when it comes to each,
 * and what one run measured foretells another.
 */
export const inWorkOrder = (plan: TypedPlan, parts: readonly Part[]): readonly Part[] => {
  const cuts = new Map<string, readonly Part[]>()
  for (const part of parts) cuts.set(part.table, [...(cuts.get(part.table) ?? []), part])
  const rowsOf = (table: string): number =>
    (cuts.get(table) ?? []).reduce((sum, { rows }) => sum + rows, 0)
  const excess = ({ table }: Part): number => {
    const work = Math.max(...lineage(plan, table).map(rowsOf))
    return work > LONG * rowsOf(table) ? work / (cuts.get(table)?.length ?? 1) : 0
  }
  return parts.toSorted((a, b) => excess(b) - excess(a))
}

/** How many rows are made for one that lands where a part is long. */
const LONG = 2

/** A table and those that its rows descend from. */
const lineage = (plan: TypedPlan, name: string): readonly string[] => {
  const rows = plan.tables.get(name)?.rows
  return rows?.kind === 'children' ? [name, ...lineage(plan, rows.of)] : [name]
}
