import { fail, unreachable } from '../../../core/errors.ts'
import type { StatementOptions } from '../../../core/ports.ts'
import type { PipelineCommand } from './protocol.ts'
import type { SparkSession } from './session.ts'

/** A declarative pipeline: SQL files that define tables and views, and where these stand. */
export interface Pipeline {
  readonly files: readonly PipelineFile[]
  readonly catalog: string
  readonly schema: string
  /** The URI of a folder for checkpoints, where the server can write: `file:///…`. */
  readonly storage: string
  /** Settings of its flows, such as spark.sql.pipelines.maxFlowRetryAttempts. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A file of a pipeline's source; its path is for messages alone. */
export interface PipelineFile {
  readonly path: string
  readonly text: string
}

/**
 * What is to be done: nothing but checking, bringing all tables (or some, by name) up to date, or making them from
 * scratch.
 */
export type PipelineWork =
  | { readonly kind: 'dry' }
  | { readonly kind: 'refresh' | 'full-refresh'; readonly tables?: readonly string[] }

/** How a pipeline is watched and stopped. */
export interface PipelineOptions extends Pick<StatementOptions, 'signal'> {
  /** Called with each event, a line for people. */
  readonly onEvent?: (message: string) => void
}

/**
 * Runs a pipeline to its end in a session, whose default source becomes Delta. Throws engine.failed with what Spark says
 * of the first table that failed; tables that were brought up to date before stay so.
 */
export const runPipeline = async (
  session: SparkSession,
  { pipeline, work }: { readonly pipeline: Pipeline; readonly work: PipelineWork },
  options: PipelineOptions = {},
): Promise<void> => {
  for (const [name, value] of Object.entries({ ...DELTA, ...pipeline.settings }))
    await session.run(`SET ${name}=${value}`)
  const graph = await createGraph(session, pipeline)
  try {
    for (const { path, text } of pipeline.files)
      await drain(session, {
        define_sql_graph_elements: {
          dataflow_graph_id: graph,
          sql_file_path: path,
          sql_text: text,
        },
      })
    await start(session, { graph, storage: pipeline.storage, work }, options)
  } finally {
    await drain(session, { drop_dataflow_graph: { dataflow_graph_id: graph } }).catch(
      () => undefined,
    )
  }
}

/** Not by USING: Delta refuses to alter a table's provider, which every later run would try. */
const DELTA = { 'spark.sql.sources.default': 'delta' }

const createGraph = async (session: SparkSession, pipeline: Pipeline): Promise<string> => {
  let graph: string | undefined
  const command = {
    create_dataflow_graph: {
      default_catalog: pipeline.catalog,
      default_database: pipeline.schema,
      sql_conf: { ...DELTA, ...pipeline.settings },
    },
  }
  for await (const { pipeline_command_result: result } of session.pipeline(command))
    graph = result?.create_dataflow_graph_result?.dataflow_graph_id ?? graph
  return graph ?? fail('engine.failed', 'Spark: no pipeline was made')
}

const drain = async (session: SparkSession, command: PipelineCommand): Promise<void> => {
  for await (const response of session.pipeline(command)) void response
}

interface Start {
  readonly graph: string
  readonly storage: string
  readonly work: PipelineWork
}

const start = async (
  session: SparkSession,
  { graph, storage, work }: Start,
  { signal, onEvent }: PipelineOptions,
): Promise<void> => {
  const failures: string[] = []
  const command = { start_run: { dataflow_graph_id: graph, storage, ...selection(work) } }
  try {
    const responses = session.pipeline(command, signal === undefined ? {} : { signal })
    for await (const { pipeline_event_result: result } of responses) {
      const message = result?.event?.message
      if (message === undefined) continue
      if (FAILURE.test(message)) failures.push(message)
      onEvent?.(message)
    }
  } catch (error) {
    const [first] = failures
    if (first === undefined || signal?.aborted) throw error
    const [, flow = '', reason = ''] = FAILURE.exec(first) ?? []
    fail('engine.failed', `Spark: ${flow}: ${reason}`, {
      details: {
        errorClass: /^\[([A-Z_.]+)\]/.exec(reason)?.[1] ?? null,
        sqlState: /SQLSTATE: (\w{5})/.exec(reason)?.[1] ?? null,
      },
      cause: error,
    })
  }
}

/** An event that says why a table was not made. */
const FAILURE =
  /^(?:Failed to resolve flow: |Flow )'([^\n]+)'(?: has FAILED[^\n]*|\.)\nError: ([^\n]*)/

const selection = (work: PipelineWork): object => {
  switch (work.kind) {
    case 'dry':
      return { dry: true }
    case 'refresh':
      return work.tables === undefined ? {} : { refresh_selection: work.tables }
    case 'full-refresh':
      return work.tables === undefined
        ? { full_refresh_all: true }
        : { full_refresh_selection: work.tables }
    default:
      return unreachable(work)
  }
}
