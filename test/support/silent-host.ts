import type { WarehouseHost } from '../../src/node/warehouse/host.ts'

/** A host of runs in a warehouse, which says nothing and opens nothing. */
export const silentHost: WarehouseHost = {
  clock: { now: () => 1_700_000_000_000 },
  now: () => 0,
  crash: { at: undefined, log: undefined },
  signal: new AbortController().signal,
  onEvent: () => undefined,
  onPrivileges: () => undefined,
  open: () => Promise.reject(new Error('not opened')),
}
