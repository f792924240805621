import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ServiceError } from '@grpc/grpc-js'
import { fail } from '../../../core/errors.ts'
import type { Cell, Engine, StatementOptions } from '../../../core/ports.ts'
import { byRow } from '../result.ts'
import { arrowColumns } from './arrow.ts'
import {
  connectTo,
  type ErrorDetails,
  type ExecuteResponse,
  type Relation,
  type SparkAddress,
  type SparkPlan,
  type SparkService,
  type Stage,
} from './protocol.ts'

/** A session of a Spark Connect server. */
export interface SparkSession extends Engine {
  /** The rows of a query by column name: integers, text and booleans. */
  readonly rows: (
    sql: string,
    options?: StatementOptions,
  ) => Promise<readonly Readonly<Record<string, Cell>>[]>
}

/** Opens a session; the first statement connects. Throws engine.missing when the client is not installed. */
export const openSpark = async (address: SparkAddress): Promise<SparkSession> => {
  const service = await connectTo(address)
  const head = { session_id: randomUUID(), user_context: USER, client_type: 'lakewright' }
  const work: Work = { service, head }
  const columns: Engine['columns'] = async (sql, options) =>
    arrowColumns(await rowsOf(work, { root: query(sql) }, options))
  return {
    run: async (sql, options) => {
      await rowsOf(work, { command: { sql_command: { input: query(sql) } } }, options)
    },
    columns,
    rows: async (sql, options) => byRow(await columns(sql, options)),
    close: async () => {
      await new Promise<void>((resolve) => service.ReleaseSession(head, () => resolve()))
      service.close()
    },
  }
}

const USER = { user_id: 'lakewright', user_name: 'lakewright' }

interface Work {
  readonly service: SparkService
  /** What every request of the session says. */
  readonly head: Readonly<Record<string, unknown>>
}

const query = (sql: string): Relation => ({ common: { plan_id: 1 }, sql: { query: sql } })

const rowsOf = async (
  work: Work,
  plan: SparkPlan,
  options: StatementOptions = {},
): Promise<readonly Uint8Array[]> => {
  const streams: Uint8Array[] = []
  for await (const response of execute(work, plan, options)) {
    if (response.arrow_batch) streams.push(response.arrow_batch.data)
    if (response.execution_progress) report(response.execution_progress.stages ?? [], options)
  }
  return streams
}

const report = (stages: readonly Stage[], { onProgress }: StatementOptions): void => {
  const total = (count: (stage: Stage) => number): number =>
    stages.reduce((sum, stage) => sum + count(stage), 0)
  onProgress?.(
    total((stage) => stage.num_completed_tasks ?? 0),
    total((stage) => stage.num_tasks ?? 0),
  )
}

/** All responses of an execution, which goes on where it was when the connection is lost on the way. */
async function* execute(
  work: Work,
  plan: SparkPlan,
  { signal }: StatementOptions,
): AsyncGenerator<ExecuteResponse, void> {
  const { service } = work
  const head = { ...work.head, operation_id: randomUUID() }
  const interrupt = (): void =>
    service.Interrupt({ ...head, interrupt_type: 'INTERRUPT_TYPE_OPERATION_ID' }, () => undefined)
  signal?.throwIfAborted()
  signal?.addEventListener('abort', interrupt)
  const place: Place = { last: undefined }
  let call = service.ExecutePlan({ ...head, plan, request_options: [REATTACHABLE] })
  try {
    for (let losses = 0; ; losses++) {
      const before = place.last
      try {
        if (yield* passOn(call, place)) return
      } catch (error) {
        const cause = error as ServiceError
        if (signal?.aborted) fail('run.cancelled', 'the statement was stopped', { cause })
        if (!isLost(cause) || losses >= PAUSES.length) await failed(work, cause)
      }
      if (place.last !== before) losses = 0
      await pause(PAUSES[losses] ?? 0)
      const from = place.last === undefined ? {} : { last_response_id: place.last }
      call = service.ReattachExecute({ ...head, ...from })
    }
  } finally {
    signal?.removeEventListener('abort', interrupt)
    call.cancel()
    service.ReleaseExecute({ ...head, release_all: {} }, () => undefined)
  }
}

/** The last response of an execution that has arrived. */
interface Place {
  last: string | undefined
}

/** Passes on what a call answers, and returns whether that was all. */
async function* passOn(
  call: AsyncIterable<ExecuteResponse>,
  place: Place,
): AsyncGenerator<ExecuteResponse, boolean> {
  for await (const response of call) {
    place.last = response.response_id
    yield response
    if (response.result_complete) return true
  }
  return false
}

const REATTACHABLE = { reattach_options: { reattachable: true } }

/** gRPC's code for a server that cannot be reached, or no longer. */
const UNAVAILABLE: number = 14
const isLost = ({ code }: { readonly code: number }): boolean => code === UNAVAILABLE

/** Milliseconds before each attempt to find a lost execution again. */
const PAUSES = [50, 200, 800, 3200]

/** Throws engine.failed with all that Spark says of an error. */
const failed = async ({ service, head }: Work, cause: ServiceError): Promise<never> => {
  // The trailer is a google.rpc.Status, whose map entry errorId is followed by a tag, a length and the id.
  const status = String(cause.metadata.get('grpc-status-details-bin')[0] ?? '')
  const errorId = /errorId..([0-9a-f-]{36})/s.exec(status)?.[1]
  if (errorId === undefined) return fail('engine.failed', `Spark: ${cause.details}`, { cause })
  const details = await new Promise<ErrorDetails>((resolve) =>
    service.FetchErrorDetails({ ...head, error_id: errorId }, (error, found) =>
      resolve(error ? {} : found),
    ),
  )
  const root = details.errors?.[details.root_error_idx ?? 0]
  const { error_class: errorClass, sql_state: sqlState } = root?.spark_throwable ?? {}
  return fail('engine.failed', `Spark: ${firstParagraph(root?.message ?? cause.details)}`, {
    details: { errorClass: errorClass ?? null, sqlState: sqlState ?? null },
    cause,
  })
}

/** Without the plan or the statement that Spark puts below. */
const firstParagraph = (message: string): string => message.trim().split('\n')[0] ?? ''
