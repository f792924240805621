import { randomUUID } from 'node:crypto'
import type { ServiceError } from '@grpc/grpc-js'
import { fail } from '../../../core/errors.ts'
import type { Cell, Engine, StatementOptions } from '../../../core/ports.ts'
import { systemPause } from '../../http/fetch.ts'
import { byRow } from '../result.ts'
import { arrowColumns } from './arrow.ts'
import {
  connectTo,
  type ErrorDetails,
  type ExecuteResponse,
  type PipelineCommand,
  type Relation,
  type SparkAddress,
  type SparkPlan,
  type SparkService,
  type Stage,
} from './protocol.ts'

/** A session of a Spark Connect server. */
export interface SparkSession extends Engine {
  /** What the server knows the session by. */
  readonly id: string
  /** The rows of a query by column name: integers, text and booleans. */
  readonly rows: (
    sql: string,
    options?: StatementOptions,
  ) => Promise<readonly Readonly<Record<string, Cell>>[]>
  /** What Spark answers to a command of a declarative pipeline, as it comes. */
  readonly pipeline: (
    command: PipelineCommand,
    options?: StatementOptions,
  ) => AsyncGenerator<ExecuteResponse, void>
}

/** Opens a session; the first statement connects. Throws engine.missing when the client is not installed. */
export const openSpark = async (address: SparkAddress): Promise<SparkSession> => {
  const service = await connectTo(address)
  const id = randomUUID()
  const work: Work = { service, address, head: headOf(id), heard: false }
  const columns: Engine['columns'] = async (sql, options) =>
    arrowColumns(await rowsOf(work, { root: query(sql) }, options))
  return {
    id,
    run: async (sql, options) => {
      await rowsOf(work, { command: { sql_command: { input: query(sql) } } }, options)
    },
    columns,
    rows: async (sql, options) => byRow(await columns(sql, options)),
    pipeline: (command, options = {}) =>
      execute(work, { command: { pipeline_command: command } }, options),
    // A server that never answered holds no session, and asking it would wait again.
    close: async () => (work.heard ? release(work) : service.close()),
  }
}

/** Ends a session that an earlier process has left, with all that runs in it; one that has ended already is fine. */
export const endSparkSession = async (address: SparkAddress, id: string): Promise<void> =>
  release({ service: await connectTo(address), head: headOf(id) })

const release = async ({ service, head }: Pick<Work, 'service' | 'head'>): Promise<void> => {
  await new Promise<void>((resolve) => service.ReleaseSession(head, () => resolve()))
  service.close()
}

const headOf = (session: string): Work['head'] => ({
  session_id: session,
  user_context: USER,
  client_type: 'lakewright',
})

const USER = { user_id: 'lakewright', user_name: 'lakewright' }

interface Work {
  readonly service: SparkService
  readonly address: SparkAddress
  /** What every request of the session says. */
  readonly head: Readonly<Record<string, unknown>>
  /** Whether the server has answered anything yet. */
  heard: boolean
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
  signal?.throwIfAborted()
  const place: Place = { last: undefined }
  const begin = () => service.ExecutePlan({ ...head, plan, request_options: [REATTACHABLE] })
  let call = begin()
  const interrupt = (): void => {
    // Nothing runs on a server that was never heard of, so there is nobody to wait for.
    if (!work.heard) return call.cancel()
    service.Interrupt({ ...head, interrupt_type: 'INTERRUPT_TYPE_OPERATION_ID' }, () => undefined)
  }
  signal?.addEventListener('abort', interrupt)
  try {
    for (let losses = 0; ; losses++) {
      const before = place.last
      let arrived = true
      try {
        if (yield* passOn(call, place, work)) return
      } catch (error) {
        const cause = error as ServiceError
        work.heard ||= !isLost(cause) && !isGivenUp(cause)
        if (signal?.aborted) fail('run.cancelled', 'the statement was stopped', { cause })
        arrived = !isUnknown(cause) || before !== undefined
        const again = isLost(cause) || !arrived
        if (!again || losses >= PAUSES.length) await failed(work, cause)
      }
      if (place.last !== before) losses = 0
      await PAUSE.sleep(PAUSES[losses] ?? 0, signal)
      const from = place.last === undefined ? {} : { last_response_id: place.last }
      call = arrived ? service.ReattachExecute({ ...head, ...from }) : begin()
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
  work: Work,
): AsyncGenerator<ExecuteResponse, boolean> {
  for await (const response of call) {
    place.last = response.response_id
    work.heard = true
    yield response
    if (response.result_complete) return true
  }
  return false
}

const REATTACHABLE = { reattach_options: { reattachable: true } }

/** gRPC's code for a server that cannot be reached, or no longer. */
const UNAVAILABLE: number = 14
const isLost = ({ code }: { readonly code: number }): boolean => code === UNAVAILABLE

/** And for a call that was given up here. */
const CANCELLED: number = 1
const isGivenUp = ({ code }: { readonly code: number }): boolean => code === CANCELLED

/** Whether the server has never heard of the execution: one that it has let go of is abandoned instead. */
const isUnknown = ({ details }: ServiceError): boolean =>
  details.includes('[INVALID_HANDLE.OPERATION_NOT_FOUND]')

/** Milliseconds before each attempt to find a lost execution again. */
const PAUSES = [50, 200, 800, 3200]

const PAUSE = systemPause()

/** Throws engine.failed with all that Spark says of an error, or service.unreachable. */
const failed = async ({ service, address, head }: Work, cause: ServiceError): Promise<never> => {
  if (isLost(cause))
    return fail('service.unreachable', `Spark does not answer at ${address.host}:${address.port}`, {
      hint: 'Is a Spark Connect server listening there? scripts/spark/start DIR starts one.',
      cause,
    })
  if (cause.details.startsWith('Received HTTP status code'))
    return fail(
      'service.unreachable',
      `what answers at ${address.host}:${address.port} is no Spark`,
      {
        hint: `It says: ${cause.details}.`,
        cause,
      },
    )
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
