import { textOf } from '../../core/expr/functions/text.ts'
import { textOf as decodeUtf8 } from '../../core/utf8.ts'
import { interpretTable } from '../../core/plan/interpret.ts'
import { createGenerator } from '../../core/kernel/generator.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { Sample } from '../../core/report/html-report.ts'
import { createFirstRows, FIRST_ROWS } from '../../core/run/first-rows.ts'
import { keySpaces, tableOf } from '../../core/run/key-space.ts'
import { landedColumns, landedTables, wantedColumns } from '../../core/run/landed.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import type { RunSpec } from '../../core/run/spec.ts'
import { stageName } from '../../core/run/stages.ts'
import { kernelHost } from './kernel-host.ts'

/** The first ten rows of every landed table as texts, by logical table name; made anew unless they are `known`. */
export const sampleTables = (
  plan: TypedPlan,
  known: ReadonlyMap<string, Sample> = new Map(),
): ReadonlyMap<string, Sample> =>
  new Map(
    landedTables(plan).map((table) => {
      // A tally in a cross counts all rows of a day for its first cell, too many for the interpreter.
      const make = table.rows.kind === 'cross' ? generated : interpreted
      const rows = known.get(table.name) ?? make(plan, table)
      return [table.name, rows.map((row) => row.map((text) => text && shown(text)))]
    }),
  )

/** The first rows of tables that parts have told, by logical table name: not of those whose first part is not of this run. */
export const knownSamples = (
  plan: TypedPlan,
  { parts }: Pick<RunSpec, 'parts'>,
  results: ReadonlyMap<string, Pick<PartResult, 'first'>>,
): ReadonlyMap<string, Sample> =>
  new Map(
    parts.flatMap((part) => {
      const first = results.get(stageName({ kind: 'generate', part }))?.first
      if (first?.length !== FIRST_ROWS) return []
      const [space] = keySpaces(plan, tableOf(plan, part.table))
      return part.lo === space?.keyAt(0) ? [[part.table, first] as const] : []
    }),
  )

const interpreted = (plan: TypedPlan, table: TypedTable): Sample => {
  const columns = landedColumns(table)
  return [...interpretTable(plan, table.name, { limit: FIRST_ROWS })].map((row) =>
    columns.map(({ name, shape }) => {
      const value = row[name] ?? null
      return value === null ? null : textOf(value, shape.type)
    }),
  )
}

const generated = (plan: TypedPlan, table: TypedTable): Sample => {
  const wanted = wantedColumns(table)
  const generator = createGenerator(plan, { table, wanted }, kernelHost)
  const first = createFirstRows(generator.columns(0), decodeUtf8)
  const enough = new Error('enough rows')
  try {
    generator.generate({ variant: 0, lo: 0, hi: table.maxKey + 1 }, (blocks, count) => {
      first.add(blocks, count)
      throw enough
    })
  } catch (error) {
    if (error !== enough) throw error
  }
  return first.rows()
}

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
