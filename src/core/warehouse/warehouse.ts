import type { Engine, Json, StopSignal } from '../ports.ts'
import type { Landing } from './landing.ts'
import type { Target } from './target.ts'

/** Engines that make rows and keep them: what `--engine` takes together with `--target`. */
export const WAREHOUSES = ['spark', 'databricks', 'bigquery'] as const
export type WarehouseName = (typeof WAREHOUSES)[number]

/** A place that runs SQL and holds tables: one open connection to it, in one value. */
export interface Warehouse {
  readonly name: WarehouseName
  /** Where it is, for people: `sc://127.0.0.1:15002`, a workspace's host, a project. */
  readonly place: string
  readonly engine: Engine
  readonly landing: Landing
  /**
   * What identifies the statements of this connection, plain JSON without secrets. It is journalled before the first
   * statement that changes anything.
   */
  readonly session: Json
  /** Stops what an earlier connection with that `session` may have left running, and waits until it has stopped. */
  readonly stopSession: (session: Json) => Promise<void>
  /**
   * The privileges that a run needs on a target, each with whether it is held; before anything is made. Where nobody
   * grants anything the list is empty. Throws service.denied or service.unreachable when it cannot be told.
   */
  readonly privileges: (target: Target, needs: Needs) => Promise<readonly PrivilegeFinding[]>
  /** Sees to it that the target's catalog and schema exist, and makes the schema where that is its way. Throws dataset.missing naming what is not there. */
  readonly prepare: (target: Target) => Promise<void>
  /** The tables and views of those names that the target has, by name. */
  readonly look: (
    target: Target,
    names: readonly string[],
  ) => Promise<ReadonlyMap<string, FoundTable>>
  /** Files beside the tables, where there are volumes. */
  readonly files?: VolumeFiles
  /** Ends the connection; the engine is closed with it. */
  readonly close: () => Promise<void>
}

/** Files of volumes by their paths, /Volumes/<catalog>/<schema>/<volume>/… Throws run.cancelled when the signal aborts. */
export interface VolumeFiles {
  /** Undefined when it is absent. */
  readonly get: (path: string, signal?: StopSignal) => Promise<Uint8Array | undefined>
  /** Writes a whole file, in place of one that is there. */
  readonly put: (path: string, bytes: Uint8Array, signal?: StopSignal) => Promise<void>
}

/** What a run will do, as far as privileges go. */
export interface Needs {
  /** Tables that are there and will be read and added to, or replaced. */
  readonly existing: readonly string[]
  readonly replaces: boolean
  /** The folder of a volume that is read and written, from `/Volumes/` on. */
  readonly volume?: string | undefined
}

/** A privilege that a run needs: whether it is held (undefined: that cannot be told), and the statement that grants it. */
export type PrivilegeFinding = {
  /** As the target calls it: `USE CATALOG`, `bigquery.tables.create`. */
  readonly privilege: string
  /** What it is needed on: `catalog main`, `schema main.bronze`. */
  readonly on: string
  readonly held: boolean | undefined
  /** The statement or command that mends it; empty when it is held. */
  readonly mend: string
}

/** A table or view that is there. */
export interface FoundTable {
  readonly kind: 'table' | 'view'
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** As they were set; none on what others made. */
  readonly properties: Readonly<Record<string, string>>
}

/**
 * How to come to a warehouse. Everything a connection needs besides secrets is `connection`, plain JSON that goes into
 * the journal, so that a run is resumed where it was begun; secrets are read from `env` or the provider's own files each
 * time, and stay inside the Warehouse.
 */
export interface WarehouseProvider {
  /** What options (by name without dashes, those given) and the environment say of where to go. Throws usage.option naming what is missing. */
  readonly connection: (options: WarehouseOptions, env: Environment) => Json
  /** Opens it. Throws engine.missing with the npm command when an optional package is not there. */
  readonly open: (connection: Json, env: Environment, opening?: Opening) => Promise<Warehouse>
}

/** Who opens a warehouse. */
export interface Opening {
  /** Hears, for people, what will take long. */
  readonly tell?: (message: string) => void
  /** Ends what has no signal of its own: looking at what is there, but no statement that is to be stopped where it runs. */
  readonly signal?: StopSignal
}

/** Values of options that were given. */
export type WarehouseOptions = ReadonlyMap<string, string>

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>
