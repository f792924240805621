import { join } from 'node:path'
import { REPORT_FILE } from '../run/lake.ts'
import type { Notice } from '../../datasets/definition.ts'
import type { GenerateOutcome } from '../run/generate.ts'
import type { MergedFiles } from '../run/merge.ts'
import type { TableSummary } from '../run/table-summary.ts'
import { byteSize } from '../../core/report/quantities.ts'
import { duration, grouped, textTable } from './text.ts'
import type { World } from './world.ts'

/** What a summary is of: a run's outcome, and what was said before it began. */
export interface Summary {
  readonly outcome: GenerateOutcome
  readonly notices?: readonly Notice[]
}

/** Tells what a run did: on stderr for people, with `json` on stdout as one document too. */
export const tellOutcome = (world: World, summary: Summary, json: boolean): void => {
  const { outcome } = summary
  const { folder } = outcome
  if (json) world.stdout(`${JSON.stringify(summaryJson(folder, summary), null, 2)}\n`)
  if (outcome.kind === 'complete') {
    world.stderr(`${folder} is complete already (run ${outcome.run}); nothing to do\n`)
    return
  }
  const { tables, seconds } = outcome
  const rows = sum(tables, (table) => table.rows)
  const bytes = sum(tables, (table) => table.bytes)
  world.stderr(
    textTable(
      ['table', 'rows', 'size', 'CPU seconds', 'rows/CPU s'],
      tables.map((table) => [
        table.name,
        grouped(table.rows),
        byteSize(table.bytes),
        table.cpuSeconds.toFixed(2),
        grouped(rate(table)),
      ]),
      new Set([1, 2, 3, 4]),
    ),
  )
  if (outcome.merged !== undefined) world.stderr(mergedTable(outcome.merged))
  world.stderr(`${grouped(rows)} rows, ${byteSize(bytes)} in ${duration(seconds)}: ${folder}\n`)
  if (hasReport(outcome)) world.stderr(`report: ${join(folder, REPORT_FILE)}\n`)
}

const mergedTable = (merged: readonly MergedFiles[]): string =>
  textTable(
    ['table', 'files kept', 'added', 'removed', 'of other writers, kept'],
    merged.map(({ table, kept, added, removed, foreign }) => [
      table,
      grouped(kept),
      grouped(added),
      grouped(removed),
      foreign.length === 0 ? '' : foreign.join(', '),
    ]),
    new Set([1, 2, 3]),
  )

const summaryJson = (folder: string, { outcome, notices = [] }: Summary): unknown => {
  const { kind, run, manifest, tables, seconds } = outcome
  return {
    outcome: kind,
    run,
    dataset: folder,
    format: manifest.format,
    planHash: manifest.planHash,
    seconds,
    notices,
    rows: sum(tables, (table) => table.rows),
    bytes: sum(tables, (table) => table.bytes),
    tables: tables.map((table) => ({
      name: table.name,
      rows: table.rows,
      bytes: table.bytes,
      cpuSeconds: table.cpuSeconds,
      rowsPerCpuSecond: Math.round(rate(table)),
    })),
    ...(outcome.merged === undefined ? {} : { merged: outcome.merged }),
    ...(hasReport(outcome) ? { report: join(folder, REPORT_FILE) } : {}),
  }
}

const hasReport = ({ report }: GenerateOutcome): boolean => report

const rate = ({ rows, cpuSeconds }: Pick<TableSummary, 'rows' | 'cpuSeconds'>): number =>
  cpuSeconds > 0 ? rows / cpuSeconds : 0

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
