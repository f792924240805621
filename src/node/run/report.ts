import { textOf } from '../../core/expr/functions/text.ts'
import { interpretTable } from '../../core/plan/interpret.ts'
import { createGenerator } from '../../core/kernel/generator.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { Sample } from '../../core/report/html-report.ts'
import { cellTexts } from '../../core/run/cell-text.ts'
import { landedColumns, landedTables, wantedColumns } from '../../core/run/landed.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import type { RunSpec } from '../../core/run/spec.ts'
import { stageName } from '../../core/run/stages.ts'
import { kernelHost } from './kernel-host.ts'

/** The first ten rows of every landed table as texts, by logical table name. */
export const sampleTables = (plan: TypedPlan): ReadonlyMap<string, Sample> =>
  new Map(
    landedTables(plan).map((table) => [
      table.name,
      // A tally in a cross counts all rows of a day for its first cell, too many for the interpreter.
      table.rows.kind === 'cross' ? generated(plan, table) : interpreted(plan, table),
    ]),
  )

const interpreted = (plan: TypedPlan, table: TypedTable): Sample => {
  const columns = landedColumns(table)
  return [...interpretTable(plan, table.name, { limit: SAMPLE_ROWS })].map((row) =>
    columns.map(({ name, shape }) => {
      const value = row[name] ?? null
      return value === null ? null : shown(textOf(value, shape.type))
    }),
  )
}

const generated = (plan: TypedPlan, table: TypedTable): Sample => {
  const wanted = wantedColumns(table)
  const generator = createGenerator(plan, { table, wanted }, kernelHost)
  const columns = generator.columns(0)
  let rows: Sample = []
  const enough = new Error('enough rows')
  try {
    generator.generate({ variant: 0, lo: 0, hi: table.maxKey + 1 }, (blocks, count) => {
      const cells = blocks.map((block, i) => cellTexts(columns[i]!, block, decode))
      rows = Array.from({ length: Math.min(count, SAMPLE_ROWS) }, (_, row) =>
        cells.map((text) => {
          const value = text(row)
          return value === null ? null : shown(value)
        }),
      )
      throw enough
    })
  } catch (error) {
    if (error !== enough) throw error
  }
  return rows
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const shown = (text: string): string => text.replace('.000000Z', 'Z')

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
