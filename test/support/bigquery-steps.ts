import type { Columns } from '../../src/core/ports.ts'
import type { BigQueryEmulator } from './bigquery.ts'

/** So many named queries may stand in one statement. */
const TOGETHER = 4

/** The columns of a statement, run in steps. */
export const columnsInSteps = async (
  emulator: Emulator,
  statement: SteppedStatement,
): Promise<Columns> => emulator.columns(await lastStep(emulator, statement))

type Emulator = Pick<BigQueryEmulator, 'run' | 'columns'>

interface SteppedStatement {
  /** As the renderer writes it. */
  readonly text: string
  /** Where the tables of the steps are made. */
  readonly dataset: string
}

/**
 * Runs a statement a few named queries at a time, each time into a table, and gives its last SELECT over them. The
 * emulator puts the text of a named query wherever its columns are used, so a chain of them grows as a power of two.
 */
export const lastStep = async (
  { run }: Emulator,
  { text, dataset }: SteppedStatement,
): Promise<string> => {
  const { queries, select } = stepsOf(text)
  const made = new Map<string, string>()
  const placed = (sql: string): string =>
    sql
      .replaceAll(/\b(?<=(?:FROM|JOIN) )(\w+)\b(?! AS )/g, (name) =>
        made.has(name) ? `${made.get(name)} AS ${name}` : name,
      )
      .replaceAll(/\b(?<=(?:FROM|JOIN) )(\w+)\b(?= AS )/g, (name) => made.get(name) ?? name)
  let waiting: readonly Query[] = []
  for (const [i, query] of queries.entries()) {
    waiting = [...waiting, query]
    const next = queries[i + 1]
    const isChain =
      next !== undefined && uses(text, query.name) === 1 && uses(next.sql, query.name) === 1
    if (isChain && waiting.length < TOGETHER) continue
    const withs = waiting.slice(0, -1).map(({ name, sql }) => `${name} AS (${placed(sql)})`)
    tables += 1
    const table = `${dataset}.step_${tables}`
    const chain = withs.length === 0 ? '' : `WITH ${withs.join(', ')} `
    await run(`CREATE TABLE ${table} AS ${chain}${placed(query.sql)}`)
    made.set(query.name, table)
    waiting = []
  }
  return placed(select)
}

let tables = 0

interface Query {
  readonly name: string
  readonly sql: string
}

/** How often a query is read from in a text. */
const uses = (text: string, name: string): number =>
  [...text.matchAll(new RegExp(`\\b(FROM|JOIN) ${name}\\b`, 'g'))].length

interface Steps {
  readonly queries: readonly Query[]
  readonly select: string
}

/** The named queries of a statement, in order, and what follows them. */
const stepsOf = (text: string): Steps => {
  if (!text.startsWith('WITH\n')) return { queries: [], select: text }
  const end = text.indexOf('\n)\nSELECT')
  const found = [...text.slice(0, end + 2).matchAll(/^(\w+) AS \(\n([^]*?)\n\),?$/gm)]
  return {
    queries: found.map(([, name = '', sql = '']) => ({ name, sql })),
    select: text.slice(end + 3),
  }
}
