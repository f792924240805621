import { join } from 'node:path'
import { brokenLine, type Finding, totalsOf } from '../../../core/report/finding.ts'
import { figure } from '../../../core/report/quantities.ts'
import { DUCKDB } from '../../../core/sql/duckdb.ts'
import { fail } from '../../../core/errors.ts'
import { crashSettings } from '../../run/crash.ts'
import { loadPlan } from '../../run/load-plan.ts'
import { DEFAULT_LIMITS } from '../../verify/session.ts'
import { verifyDataset } from '../../verify/verify.ts'
import type { Command } from '../command.ts'
import { openForReading } from '../dataset-reading.ts'
import { datasetPath, JSON_OPTION } from '../lake-options.ts'
import { flagValue, numberValue } from '../option.ts'
import { textTable } from '../text.ts'
import { MEMORY_OPTION } from './read-options.ts'

/** `lakewright verify`: measures every promise of a dataset again, from its files alone. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'measure every promise of a dataset again, from its files alone',
  usage: '<lake/catalog/dataset>',
  positionals: [1, 1],
  options: [MEMORY_OPTION, JSON_OPTION],
  examples: [
    { line: 'lakewright verify lake/lakewright/identity', says: 'exit code 1 if a promise broke' },
  ],
  run: async (world, { positionals, values }) => {
    const path = datasetPath(world, positionals[0] ?? '')
    const { manifest, place } = await openForReading(path, { crash: crashSettings(world.env) })
    const plan = await loadPlan(manifest.plan)
    if (plan.hash !== manifest.planHash)
      fail('dataset.invalid', `the plan in ${place.folder}/manifest.json has another hash`, {
        hint: 'The manifest was changed, or another version of Lakewright wrote it.',
      })
    const findings = await verifyDataset({
      place: { root: path.lake, folder: place.folder },
      manifest,
      plan,
      dialect: DUCKDB,
      limits: {
        ...DEFAULT_LIMITS,
        memoryMb: numberValue(values, 'memory') ?? DEFAULT_LIMITS.memoryMb,
      },
      onTable: (table) => world.stderr(`verifying ${table}\n`),
    })
    const totals = totalsOf(findings)
    const dataset = join(path.lake, place.folder)
    if (flagValue(values, 'json'))
      world.stdout(
        `${JSON.stringify({ dataset, verdict: totals.broken === 0 ? 'holds' : 'broken', totals, findings }, null, 2)}\n`,
      )
    else world.stdout(findingsText(findings))
    for (const finding of findings)
      if (finding.verdict === 'broken') world.stderr(`broken: ${brokenLine(finding)}\n`)
    world.stderr(
      `${totals.holds} promises hold, ${totals.broken} are broken, ${totals.unchecked} cannot be checked from files\n`,
    )
    return totals.broken === 0 ? 0 : 1
  },
}

/** A block for each table: its promises with what was asked and found. */
const findingsText = (findings: readonly Finding[]): string =>
  [...new Set(findings.map(({ table }) => table))]
    .map((table) => `${table}\n${tableText(findings.filter((each) => each.table === table))}`)
    .join('\n')

const tableText = (findings: readonly Finding[]): string =>
  textTable(
    ['', 'promise', 'tolerance', 'asked', 'found'],
    findings.map(({ name, asked, found, tolerance, verdict, note }) => [
      MARKS[verdict],
      name,
      verdict === 'unchecked' ? '' : tolerance === 0 ? 'exact' : figure(tolerance, 2),
      shown(asked),
      verdict === 'unchecked' ? (note ?? '') : shown(found),
    ]),
    new Set([2]),
  )

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  holds: '✓',
  broken: '✗',
  unchecked: '–',
}

const shown = (value: number | string): string =>
  typeof value === 'number' ? figure(value) : value
