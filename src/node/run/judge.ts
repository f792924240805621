import { constructedFindings } from '../../core/report/construction.ts'
import { judgeTable, unmeasured } from '../../core/report/judge.ts'
import { landedTables } from '../../core/run/landed.ts'
import type { Judge } from './host.ts'
import { talliesOf } from './measures.ts'

/** Judges what holds by construction and what was measured while the rows were written. */
export const judgeMeasured: Judge = (plan, measured) => {
  const rows = new Map([...measured].map(([name, table]) => [name, table.rows]))
  const judged = landedTables(plan).map((table) => {
    const tallies = talliesOf(measured.get(table.name)?.measures ?? null)
    const evidence = { tallies, rows, proof: 'measured' } as const
    const findings = [
      ...constructedFindings(plan, table, rows),
      ...judgeTable(table, evidence),
      ...unmeasured(table, evidence),
    ]
    return [table.name, findings] as const
  })
  return new Map(judged)
}
