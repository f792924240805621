import type { Clock, StopSignal } from '../../core/ports.ts'
import type { WarehouseSpec } from '../../core/warehouse/spec.ts'
import type { PrivilegeFinding, Warehouse } from '../../core/warehouse/warehouse.ts'
import type { CrashSettings } from '../run/crash.ts'
import type { RunEvent } from '../run/host.ts'

/** What a run in a warehouse needs of the world. */
export interface WarehouseHost {
  readonly clock: Clock
  /** Milliseconds that have passed since some moment: the clock may stand still. */
  readonly now: () => number
  readonly crash: CrashSettings
  readonly signal: AbortSignal
  readonly onEvent: (event: RunEvent) => void
  /** Shows privileges when some are not held, before the run fails. */
  readonly onPrivileges: (findings: readonly PrivilegeFinding[]) => void
  /** Connects to where a run goes; looking at what is there ends when the signal aborts. */
  readonly open: (
    place: Pick<WarehouseSpec, 'warehouse' | 'connection'>,
    looking: StopSignal,
  ) => Promise<Warehouse>
}
