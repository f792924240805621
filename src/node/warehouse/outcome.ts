import type { WarehouseSpec } from '../../core/warehouse/spec.ts'
import { targetText } from '../../core/warehouse/target.ts'
import type { Warehouse } from '../../core/warehouse/warehouse.ts'

/** A table that a run made or added to. */
export interface WarehouseTable {
  /** Its logical name, and its full name where it is. */
  readonly name: string
  readonly table: string
  /** Rows that this run made, and their digest unless they were only counted. */
  readonly rows: number
  readonly digest: string | null
  /** Wall seconds of its steps. */
  readonly seconds: number
}

/** What became of a request; `complete` means that the very same run was finished before. */
export interface WarehouseOutcome {
  readonly kind: 'finished' | 'complete'
  readonly run: string
  readonly warehouse: WarehouseSpec['warehouse']
  readonly where: string
  readonly target: string
  readonly planHash: string
  readonly tables: readonly WarehouseTable[]
  /** Where the record of the tables lies, if one was asked for. */
  readonly manifest?: string
  /** Wall seconds of this attempt, and those of them in which the engine was at work. */
  readonly seconds: number
  readonly engineSeconds: number
}

/** Where a run went, as its outcome tells it. */
export const whereOf = (
  warehouse: Warehouse,
  { target, planHash }: Pick<WarehouseSpec, 'target' | 'planHash'>,
) => ({
  warehouse: warehouse.name,
  where: warehouse.place,
  target: targetText(target),
  planHash,
})
