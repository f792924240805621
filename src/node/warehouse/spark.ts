import { fail, isLakewrightError } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import type { Json, StopSignal } from '../../core/ports.ts'
import { fullName, SPARK_LANDING } from '../../core/warehouse/spark-landing.ts'
import { SPARK_PROPERTIES } from '../../core/warehouse/spark-properties.ts'
import type { Target } from '../../core/warehouse/target.ts'
import type { FoundTable, Warehouse, WarehouseProvider } from '../../core/warehouse/warehouse.ts'
import { SPARK } from '../../core/sql/spark.ts'
import type { SparkAddress } from '../engine/spark/protocol.ts'
import { endSparkSession, openSpark, type SparkSession } from '../engine/spark/session.ts'

/** Spark by Spark Connect: where `--remote` or SPARK_REMOTE says, as `sc://host:port`. */
export const SPARK_PROVIDER: WarehouseProvider = {
  connection: (options, env) => {
    const { host, port } = parseRemote(options.get('remote') ?? env['SPARK_REMOTE'])
    return { host, port }
  },
  open: async (connection, _, { signal } = {}) =>
    openWarehouse(connection as unknown as SparkAddress, signal),
}

/** Reads `sc://host[:port]`; the port is 15002 unless it is given. Fails with usage.option on anything else. */
export const parseRemote = (text: string | undefined): SparkAddress => {
  if (text === undefined || text === '')
    return fail(
      'usage.option',
      'where is Spark? Give --remote sc://host:port, or set SPARK_REMOTE',
      {
        hint: 'A Spark Connect server listens on port 15002 unless told otherwise.',
      },
    )
  const match = /^sc:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?\/?$/.exec(text)
  const port = Number(match?.[2] ?? 15002)
  return match?.[1] !== undefined && port > 0 && port < 65536
    ? { host: match[1], port }
    : // What stands behind `/;` may be a token: it is not repeated.
      fail(
        'usage.option',
        `the address of Spark: expected sc://host:port, got ${quote(withoutParameters(text))}`,
        {
          hint: 'Parameters such as ;use_ssl=true or ;token= are not supported.',
        },
      )
}

const withoutParameters = (text: string): string => text.replace(/;.*$/s, ';…')

/** What the text of plans, and tables that others can read, need of a session. */
const SETTINGS = Object.entries({
  ...SPARK_PROPERTIES,
  'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
  // What reads from a view would analyse its text again.
  'spark.sql.legacy.storeAnalyzedPlanForView': 'true',
}).map(([name, value]) => `SET ${name} = ${value}`)

const openWarehouse = async (
  address: SparkAddress,
  signal: StopSignal | undefined,
): Promise<Warehouse> => {
  const session = await openSpark(address)
  const looking = heeding(session, signal)
  try {
    for (const setting of SETTINGS) await looking.run(setting)
  } catch (error) {
    await session.close()
    throw error
  }
  return {
    name: 'spark',
    place: `sc://${address.host}:${address.port}`,
    engine: session,
    landing: SPARK_LANDING,
    session: session.id,
    stopSession: async (earlier: Json) => {
      if (typeof earlier === 'string') await endSparkSession(address, earlier)
    },
    privileges: async () => [],
    prepare: (target) => prepare(looking, target),
    look: (target, names) => look(looking, target, names),
    close: () => session.close(),
  }
}

type Looking = Pick<SparkSession, 'run' | 'rows'>

/** The session, whose statements end when the signal aborts. */
const heeding = (session: SparkSession, signal: StopSignal | undefined): Looking => {
  const options = signal === undefined ? {} : { signal }
  return {
    run: (sql) => session.run(sql, options),
    rows: (sql) => session.rows(sql, options),
  }
}

const prepare = async (session: Looking, { catalog, schema }: Target): Promise<void> => {
  const name = SPARK.quoteIdentifier(catalog)
  const rows = await session.rows(`SHOW SCHEMAS IN ${name}`).catch((error: unknown) => {
    if (!isLakewrightError(error) || typeof error.details['errorClass'] !== 'string') throw error
    return fail('dataset.missing', `Spark knows no catalog ${quote(catalog)}`, {
      hint: 'The catalog of a plain Spark is spark_catalog.',
      cause: error,
    })
  })
  if (rows.some(({ namespace }) => isSame(namespace, schema))) return
  await session.run(`CREATE SCHEMA IF NOT EXISTS ${name}.${SPARK.quoteIdentifier(schema)}`)
}

/** Spark's own catalog keeps names in lower case. */
const isSame = (found: unknown, name: string): boolean =>
  typeof found === 'string' && found.toLowerCase() === name.toLowerCase()

const look = async (
  session: Looking,
  target: Target,
  names: readonly string[],
): Promise<ReadonlyMap<string, FoundTable>> => {
  const schema = [target.catalog, target.schema].map(SPARK.quoteIdentifier).join('.')
  const there = await session.rows(`SHOW TABLES IN ${schema}`)
  const found = new Map<string, FoundTable>()
  for (const table of names) {
    if (!there.some(({ tableName }) => isSame(tableName, table))) continue
    found.set(table, await describe(session, fullName({ ...target, table })))
  }
  return found
}

const describe = async (session: Looking, name: string): Promise<FoundTable> => {
  const rows = await session.rows(`DESCRIBE TABLE EXTENDED ${name}`)
  const properties = await session.rows(`SHOW TBLPROPERTIES ${name}`)
  const end = rows.findIndex(
    ({ col_name: column }) => column === '' || String(column).startsWith('#'),
  )
  const columns = end < 0 ? rows : rows.slice(0, end)
  const type = rows.slice(columns.length).find(({ col_name: column }) => column === 'Type')
  return {
    kind: type?.['data_type'] === 'VIEW' ? 'view' : 'table',
    columns: columns.map((row) => ({
      name: String(row['col_name']),
      type: String(row['data_type']),
    })),
    properties: Object.fromEntries(
      properties.map(({ key, value }) => [String(key), String(value)]),
    ),
  }
}
