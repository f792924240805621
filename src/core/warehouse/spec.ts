import type { Json } from '../ports.ts'
import type { RunKind } from '../run/spec.ts'
import type { Part } from '../run/parts.ts'
import { sha256Hex } from '../sha256.ts'
import type { Arrangement } from './landing.ts'
import type { Publication } from './publication.ts'
import type { Proof } from './stages.ts'
import type { Target } from './target.ts'
import type { WarehouseName } from './warehouse.ts'

/** What shapes the tables of a run besides its plan. */
export type WarehouseFileOptions = {
  /** Statements a table; by default as many as its rows ask for. */
  readonly parts?: number
  /** Spark's partitions of a table; by default the engine's own on Spark, by scale on Databricks. */
  readonly partitions?: number
  readonly proof: Proof
  /** The folder of a volume that the run's record goes to. */
  readonly volume?: string
  /** By landed name of the table. */
  readonly arrangements: Readonly<Record<string, Arrangement>>
}

/** Everything needed to do a run in a warehouse again, as the journal keeps it; plain JSON, no secrets. */
export type WarehouseSpec = {
  readonly version: 1
  readonly warehouse: WarehouseName
  /** What the provider connects with. */
  readonly connection: Json
  readonly target: Target
  readonly kind: RunKind
  readonly plan: Json
  readonly planHash: string
  readonly parts: readonly Part[]
  readonly publications: readonly Publication[]
  readonly options: WarehouseFileOptions
  readonly fingerprint: string
  readonly number: number
  /** The instant of the run, in ms since 1970. */
  readonly at: number
}

/** What tells whether two runs do the same: plan, place and options. */
export const warehouseFingerprint = (
  planHash: string,
  place: Pick<WarehouseSpec, 'warehouse' | 'connection' | 'target'>,
  { parts, partitions, proof, volume, arrangements }: WarehouseFileOptions,
): string => {
  const { warehouse, connection, target } = place
  const facts = [
    planHash,
    warehouse,
    connection,
    target.catalog,
    target.schema,
    parts ?? 0,
    proof,
    arrangements,
    ...(partitions === undefined ? [] : [partitions]),
    ...(volume === undefined ? [] : [volume]),
  ]
  return sha256Hex(JSON.stringify(facts))
}
