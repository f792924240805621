import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fail } from '../../core/errors.ts'
import type { Engine, Json } from '../../core/ports.ts'
import { DATABRICKS_LANDING } from '../../core/warehouse/databricks-landing.ts'
import type { Environment, Warehouse, WarehouseProvider } from '../../core/warehouse/warehouse.ts'
import { unityPrivileges } from '../catalog/databricks/privileges.ts'
import { lookAtTable, prepareSchema, schemaName } from '../catalog/databricks/securables.ts'
import {
  databricksSettings,
  type DatabricksSettings,
  type ReadText,
} from '../catalog/databricks/settings.ts'
import { openWorkspace } from '../catalog/databricks/workspace.ts'
import { volumeFiles } from '../engine/databricks/files.ts'
import { stopTagged } from '../engine/databricks/sessions.ts'
import { databricksEngine } from '../engine/databricks/statements.ts'
import { fetchHttp, type Outside, stoppedBy, systemPause } from '../http/fetch.ts'

/** Where runs go: plain JSON without secrets. */
export type DatabricksConnection = {
  readonly host: string
  readonly warehouse: string
  /** The profile of the config file that secrets are read from; empty for the environment. */
  readonly profile: string
}

/** All that Databricks takes from outside: the network, time, and the config file. */
export interface DatabricksOutside extends Outside {
  readonly readText: ReadText
}

/** Databricks with all that it takes from outside. */
export const databricksProvider = (outside: DatabricksOutside): WarehouseProvider => ({
  connection: (options, env) => {
    const { origin, warehouseId, profile } = databricksSettings(env, outside.readText)
    const warehouse = options.get('warehouse-id') ?? warehouseId
    if (warehouse === undefined) {
      return fail('usage.option', 'no SQL warehouse of Databricks is named', {
        hint: 'give --warehouse-id, or set DATABRICKS_WAREHOUSE_ID, to the id that its page shows',
      })
    }
    return { host: origin, warehouse, profile: profile ?? '' }
  },
  open: async (connection, env, { tell, signal } = {}) => {
    const place = connectionOf(connection)
    const settings = settingsFor(place, env, outside.readText)
    return openDatabricks(place, openWorkspace(settings, stoppedBy(outside, signal)), tell)
  },
})

/** This process's network and files. */
export const SYSTEM: DatabricksOutside = {
  http: fetchHttp(),
  pause: systemPause(),
  readText: (path) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return undefined
    }
  },
}

/** Databricks over this process's network. */
export const DATABRICKS_PROVIDER: WarehouseProvider = databricksProvider(SYSTEM)

/** The settings that a connection was made from, with the secrets of today. Throws usage.option when they are for another workspace. */
export const settingsFor = (
  { host, profile }: DatabricksConnection,
  env: Environment,
  readText: ReadText,
): DatabricksSettings => {
  const settings = databricksSettings(env, readText, profile === '' ? undefined : profile)
  if (settings.origin === host) return settings
  return fail('usage.option', `the run is at ${host}, but the token is for ${settings.origin}`, {
    hint: `set DATABRICKS_HOST=${host} with a token for it`,
  })
}

/** Reads a connection back. */
export const connectionOf = (connection: Json): DatabricksConnection =>
  connection as DatabricksConnection

/** Databricks by an open workspace; nothing is sent yet. */
export const openDatabricks = (
  { host, warehouse }: DatabricksConnection,
  workspace: ReturnType<typeof openWorkspace>,
  tell: (message: string) => void = () => undefined,
): Warehouse => {
  const session = randomUUID()
  const place = { workspace, warehouseId: warehouse, tag: session, tell }
  const engine = databricksEngine(place)
  return {
    name: 'databricks',
    place: host,
    engine,
    landing: DATABRICKS_LANDING,
    session,
    stopSession: async (earlier) => {
      if (typeof earlier === 'string') await stopTagged(place, earlier)
    },
    privileges: (target, needs) => unityPrivileges(workspace, target, needs),
    prepare: async (target) => {
      await prepareSchema(workspace, target)
      await requireUtc(engine)
    },
    look: async (target, names) => {
      const found = await Promise.all(
        names.map((name) => lookAtTable(workspace, `${schemaName(target)}.${name}`)),
      )
      return new Map(
        names.flatMap((name, i) => {
          const table = found[i]
          return table === undefined ? [] : [[name, table] as const]
        }),
      )
    },
    files: volumeFiles(workspace),
    close: () => engine.close(),
  }
}

/** Every statement has a session of its own, whose settings are those of the workspace. */
const requireUtc = async (engine: Engine): Promise<void> => {
  const { cells } = await engine.columns('SELECT current_timezone() AS zone')
  const zone = String(cells[0]?.[0])
  if (UTC.has(zone)) return
  fail('usage.option', `the SQL warehouses of the workspace are in time zone ${zone}`, {
    hint: 'rows are the same everywhere in UTC alone: set the SQL configuration parameter TIMEZONE to UTC in the admin settings',
  })
}

const UTC: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC', 'GMT', 'Z', '+00:00'])
