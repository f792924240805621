import type { Path } from '../issues.ts'
import { below } from '../issues.ts'
import type { Parameter, Plan, Table } from '../plan.ts'
import { GENERATOR_VERSION } from '../plan.ts'
import type { Model } from './model.ts'

/** Reports names that stand twice, parameters out of their range, and what the plan's version does not know. */
export const checkDeclared = ({ plan, issues }: Pick<Model, 'plan' | 'issues'>): void => {
  const report = (path: Path, message: string): void => issues.report(path, message)
  if (plan.lakewright > GENERATOR_VERSION)
    report(
      below(undefined, 'lakewright'),
      `expected generator version ${GENERATOR_VERSION} or older, not ${plan.lakewright}; a newer Lakewright wrote this plan`,
    )
  checkParameters(plan, report)
  const tables = below(undefined, 'tables')
  refuseRepeats(names(plan.tables, tables), 'table', report)
  refuseRepeats(landedTables(plan, tables), 'landed table', report)
  plan.tables.forEach((table, i) => checkTable(table, below(tables, i), report))
}

type Report = (path: Path, message: string) => void

interface Named {
  readonly name: string
  readonly path: Path
}

const checkTable = (table: Table, path: Path, report: Report): void => {
  refuseRepeats(names(table.columns, below(path, 'columns')), 'column', report)
  refuseRepeats(landedColumns(table, below(path, 'columns')), 'landed column', report)
  refuseRepeats(names(table.checks ?? [], below(path, 'checks')), 'check', report)
  refuseRepeats(names(table.promises ?? [], below(path, 'promises')), 'promise', report)
}

const names = (items: readonly { readonly name: string }[], path: Path): readonly Named[] =>
  items.map(({ name }, i) => ({ name, path: below(path, i, 'name') }))

// Delta, Parquet readers and folders on some file systems do not tell upper from lower case.
const landedTables = ({ tables }: Plan, path: Path): readonly Named[] =>
  tables.flatMap((table, i) =>
    table.virtual === true
      ? []
      : [{ name: (table.as ?? table.name).toLowerCase(), path: below(path, i) }],
  )

const landedColumns = ({ columns }: Table, path: Path): readonly Named[] =>
  columns.flatMap((column, i) =>
    column.hidden === true
      ? []
      : [{ name: (column.as ?? column.name).toLowerCase(), path: below(path, i) }],
  )

const refuseRepeats = (items: readonly Named[], what: string, report: Report): void => {
  const seen = new Set<string>()
  for (const { name, path } of items) {
    if (seen.has(name)) report(path, `another ${what} is named ${name}`)
    seen.add(name)
  }
}

const checkParameters = ({ parameters = {} }: Plan, report: Report): void => {
  for (const [name, parameter] of Object.entries(parameters))
    checkParameter(parameter, below(undefined, 'parameters', name), report)
}

const checkParameter = ({ role, value, min, max }: Parameter, path: Path, report: Report): void => {
  if (role === 'size' && (!Number.isSafeInteger(value) || value < 0))
    report(below(path, 'value'), `expected a size from 0 below 2^53, not ${value}`)
  if (min !== undefined && value < min)
    report(below(path, 'value'), `expected at least ${min}, not ${value}`)
  if (max !== undefined && value > max)
    report(below(path, 'value'), `expected at most ${max}, not ${value}`)
}
