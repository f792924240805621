import { fail } from '../../../core/errors.ts'
import type { StopSignal } from '../../../core/ports.ts'
import { ask, askJson, isObject, type RestService, said } from '../../http/rest.ts'
import { fieldsOf, listOf, textOf } from './protocol.ts'

/** The SQL warehouse that is to run, and who hears that this will take long. */
interface Waking {
  readonly workspace: RestService
  readonly warehouseId: string
  readonly tell?: (message: string) => void
}

/**
 * Sees to it that a SQL warehouse runs, and starts one that stands still. Throws usage.option when there is none of
 * that id, naming those there are, and service.unreachable when it does not start in time.
 */
export const readyWarehouse = async (
  { workspace, warehouseId, tell }: Waking,
  signal?: StopSignal,
): Promise<void> => {
  const path = pathOf(warehouseId)
  const until = workspace.pause.now() + LONGEST_MS
  for (let started = false; ;) {
    const warehouse = await foundWarehouse({ workspace, warehouseId }, signal)
    const state = textOf(warehouse['state'])
    if (state === 'RUNNING') return
    if (state === 'STOPPED') {
      if (started) {
        const reason = reasonOf(fieldsOf(warehouse['health']))
        return notStarted(warehouseId, said(reason, workspace.secrets))
      }
      tell?.(`SQL warehouse ${warehouseId} stands still and is started; that may take minutes`)
      await ask(workspace, { method: 'POST', path: `${path}/start`, repeatable: true, signal })
      started = true
    }
    if (workspace.pause.now() > until) return notStarted(warehouseId, `it is ${state}`)
    await workspace.pause.sleep(POLL_MS, signal)
  }
}

/**
 * A SQL warehouse as the workspace describes it, which is left as it is. Throws usage.option when there is none of that
 * id, naming those there are.
 */
export const foundWarehouse = async (
  { workspace, warehouseId }: Pick<Waking, 'workspace' | 'warehouseId'>,
  signal?: StopSignal,
): Promise<ReturnType<typeof fieldsOf>> => {
  const path = pathOf(warehouseId)
  const answer = await ask(workspace, { method: 'GET', path, accept: [400, 404], signal })
  const warehouse = fieldsOf(answer.json)
  const isGone = GONE.has(textOf(warehouse['state']))
  return answer.status === 200 && !isGone ? warehouse : noWarehouse(workspace, warehouseId, signal)
}

const GONE: ReadonlySet<string> = new Set(['DELETED', 'DELETING'])

const pathOf = (id: string): string => `/api/2.0/sql/warehouses/${encodeURIComponent(id)}`

const POLL_MS = 3000
const LONGEST_MS = 15 * 60_000

const reasonOf = (health: ReturnType<typeof fieldsOf>): string =>
  textOf(health['summary']) || textOf(health['message']) || 'it stopped again'

const notStarted = (id: string, reason: string): never =>
  fail('service.unreachable', `the SQL warehouse ${id} does not start: ${reason}`, {
    hint: 'start it in the workspace, or name another one with DATABRICKS_WAREHOUSE_ID',
  })

const noWarehouse = async (
  workspace: RestService,
  id: string,
  signal: StopSignal | undefined,
): Promise<never> => {
  const answer = await askJson(workspace, {
    method: 'GET',
    path: '/api/2.0/sql/warehouses',
    signal,
  })
  const there = listOf(answer['warehouses'])
    .filter((each) => isObject(each))
    .map((each) => said(`${textOf(each['id'])} (${textOf(each['name'])})`, workspace.secrets))
  return fail('usage.option', `there is no SQL warehouse ${id}`, {
    hint:
      there.length === 0
        ? 'the workspace shows you none; ask for CAN USE on one'
        : `DATABRICKS_WAREHOUSE_ID can be ${there.slice(0, 5).join(', ')}`,
  })
}
