import { textOf } from '../../core/expr/functions/text.ts'
import { interpretTable } from '../../core/plan/interpret.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Sample } from '../../core/report/html-report.ts'
import { landedColumns, landedTables } from '../../core/run/landed.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import type { RunSpec } from '../../core/run/spec.ts'
import { stageName } from '../../core/run/stages.ts'

/** The first ten rows of every landed table as texts, by the interpreter, by logical table name. */
export const sampleTables = (plan: TypedPlan): ReadonlyMap<string, Sample> =>
  new Map(
    landedTables(plan).map((table) => {
      const columns = landedColumns(table)
      const rows = [...interpretTable(plan, table.name, { limit: SAMPLE_ROWS })]
      const texts = rows.map((row) =>
        columns.map(({ name, shape }) => {
          const value = row[name] ?? null
          return value === null ? null : textOf(value, shape.type).replace('.000000Z', 'Z')
        }),
      )
      return [table.name, texts]
    }),
  )

/** Processor seconds of a run's parts by logical table name. */
export const secondsByTable = (
  { parts }: RunSpec,
  results: ReadonlyMap<string, PartResult>,
): ReadonlyMap<string, number> => {
  const seconds = new Map<string, number>()
  for (const part of parts) {
    const made = results.get(stageName({ kind: 'generate', part }))?.cpuSeconds ?? 0
    seconds.set(part.table, (seconds.get(part.table) ?? 0) + made)
  }
  return seconds
}

const SAMPLE_ROWS = 10
