import { isLakewrightError } from '../../../src/core/errors.ts'
import type { Cell, Columns } from '../../../src/core/ports.ts'
import type { SparkSession } from '../../../src/node/engine/spark/session.ts'
import { modelled, type Modelled } from './modelled.ts'
import type { Outcome } from './statements.ts'
import type { UnityWorld } from './unity.ts'

/**
 * Runs the statements of Databricks on a real open-source Spark, whose catalog is spark_catalog. Informational keys and
 * tags, which it does not have, are modelled; a new name of a table is told without its catalog, which it does not
 * take. Columns and properties that Unity Catalog tells are those that Spark has.
 */
export const overSpark = (
  world: UnityWorld,
  session: SparkSession,
): { readonly execute: (sql: string) => Promise<Outcome>; readonly model: Modelled } => {
  const model = modelled(world, () => 0)
  const execute = async (sql: string): Promise<Outcome> => {
    if (MODELLED.test(sql)) return model.execute(sql)
    try {
      const outcome = await onSpark(session, sql)
      if (VIEW.test(sql)) return model.execute(sql)
      if (CHANGING.test(sql)) await told(world, { session, model, sql })
      return outcome
    } catch (error) {
      return refused(error)
    }
  }
  return { execute, model }
}

/** What open-source Spark does not have. */
const MODELLED = /^ALTER TABLE \S+ (?:SET TAGS|(?:ADD|DROP) (?:PRIMARY|FOREIGN) KEY)/
const CHANGING = /^(?:CREATE|ALTER|DROP) /
const VIEW = /^(?:CREATE OR REPLACE|DROP) VIEW /
const NAME = /^(?:CREATE OR REPLACE TABLE|ALTER TABLE|DROP TABLE IF EXISTS) (\S+)/

const onSpark = async (session: SparkSession, sql: string): Promise<Outcome> => {
  if (/^(?:SELECT|WITH) /.test(sql)) return outcomeOf(await session.columns(sql))
  await session.run(sql.replace(/ RENAME TO `[^`]+`\./, ' RENAME TO '))
  return { columns: [], rows: [] }
}

const outcomeOf = ({ names, cells }: Columns): Outcome => ({
  columns: names.map((name, i) => ({ name, type: typeOf(cells[i]?.[0] ?? null) })),
  rows: (cells[0] ?? []).map((_, row) => cells.map((column) => textOf(column[row] ?? null))),
})

const typeOf = (cell: Cell): string =>
  typeof cell === 'number' ? 'LONG' : typeof cell === 'boolean' ? 'BOOLEAN' : 'STRING'
const textOf = (cell: Cell): string | null => (cell === null ? null : String(cell))

/** Notes in the catalog what a statement has made of a table. */
const told = async (
  world: UnityWorld,
  {
    session,
    model,
    sql,
  }: { readonly session: SparkSession; readonly model: Modelled; readonly sql: string },
): Promise<void> => {
  const quoted = NAME.exec(sql)?.[1] ?? ''
  const name = quoted.replaceAll('`', '')
  const renamed = / RENAME TO (\S+)$/.exec(sql)?.[1]
  if (renamed !== undefined || sql.startsWith('DROP ')) {
    model.execute(sql)
    return
  }
  await noteTable(world, session, name)
}

/** Notes in a catalog what Spark has of a table, by its full name. */
export const noteTable = async (
  world: UnityWorld,
  session: SparkSession,
  name: string,
): Promise<void> => {
  const quoted = name
    .split('.')
    .map((each) => `\`${each}\``)
    .join('.')
  const described = await session.rows(`DESCRIBE TABLE ${quoted}`)
  const end = described.findIndex((row) => String(row['col_name']).startsWith('#'))
  const properties = await session.rows(`SHOW TBLPROPERTIES ${quoted}`)
  world.tables.set(name, {
    columns: described
      .slice(0, end < 0 ? undefined : end)
      .filter((row) => row['col_name'] !== '')
      .map((row) => ({ name: String(row['col_name']), type: String(row['data_type']) })),
    properties: Object.fromEntries(
      properties.map(({ key, value }) => [String(key), String(value)]),
    ),
  })
}

const refused = (error: unknown): Outcome => {
  if (!isLakewrightError(error)) throw error
  const sqlState = error.details['sqlState']
  return {
    code: 'BAD_REQUEST',
    message: error.message.replace(/^Spark: /, ''),
    ...(typeof sqlState === 'string' ? { sqlState } : {}),
  }
}
