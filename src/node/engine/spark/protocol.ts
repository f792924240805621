import { fileURLToPath } from 'node:url'
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js'
import { fail } from '../../../core/errors.ts'
import { assetUrl } from '../../store/assets.ts'

/** A piece of what Spark answers while it executes; one of the fields is set. */
export interface ExecuteResponse {
  readonly response_id: string
  /** Rows as an Arrow stream of their own. */
  readonly arrow_batch?: { readonly data: Uint8Array }
  /** What a statement left: the rows of a command, or a query that has still to be run. */
  readonly sql_command_result?: { readonly relation: Relation }
  readonly execution_progress?: { readonly stages?: readonly Stage[] }
  /** What happens in a pipeline while it runs, as a line for people. */
  readonly pipeline_event_result?: { readonly event?: { readonly message?: string } }
  readonly pipeline_command_result?: {
    readonly create_dataflow_graph_result?: { readonly dataflow_graph_id?: string }
  }
  readonly result_complete?: unknown
}

/** A source of rows in Spark's terms. */
export interface Relation {
  readonly common?: { readonly plan_id: number }
  readonly sql?: { readonly query: string }
  readonly local_relation?: { readonly data?: Uint8Array }
}

/** What Spark is asked to execute. */
export type SparkPlan =
  | { readonly root: Relation }
  | { readonly command: { readonly sql_command: { readonly input: Relation } } }
  | { readonly command: { readonly pipeline_command: PipelineCommand } }

/** What a graph of a declarative pipeline is asked for. */
export type PipelineCommand =
  | {
      readonly create_dataflow_graph: {
        readonly default_catalog: string
        readonly default_database: string
        readonly sql_conf: Readonly<Record<string, string>>
      }
    }
  | { readonly drop_dataflow_graph: { readonly dataflow_graph_id: string } }
  | {
      readonly define_sql_graph_elements: {
        readonly dataflow_graph_id: string
        readonly sql_file_path: string
        readonly sql_text: string
      }
    }
  | {
      readonly start_run: {
        readonly dataflow_graph_id: string
        readonly storage: string
        readonly dry?: boolean
        readonly full_refresh_all?: boolean
        readonly full_refresh_selection?: readonly string[]
        readonly refresh_selection?: readonly string[]
      }
    }

/** The tasks of a stage, for progress. */
export interface Stage {
  readonly num_tasks?: number
  readonly num_completed_tasks?: number
}

/** What Spark knows of an error, the root first. */
export interface ErrorDetails {
  readonly root_error_idx?: number
  readonly errors?: readonly {
    readonly message?: string
    readonly spark_throwable?: { readonly error_class?: string; readonly sql_state?: string }
  }[]
}

type Answer<T> = (error: ServiceError | null, response: T) => void

/** The service of assets/spark/connect.proto. */
export interface SparkService {
  readonly ExecutePlan: (request: object) => ClientReadableStream<ExecuteResponse>
  readonly ReattachExecute: (request: object) => ClientReadableStream<ExecuteResponse>
  readonly ReleaseExecute: (request: object, answer: Answer<unknown>) => void
  readonly ReleaseSession: (request: object, answer: Answer<unknown>) => void
  readonly Interrupt: (
    request: object,
    answer: Answer<{ readonly interrupted_ids?: readonly string[] }>,
  ) => void
  readonly FetchErrorDetails: (request: object, answer: Answer<ErrorDetails>) => void
  readonly close: () => void
}

/** Where a Spark Connect server listens. */
export interface SparkAddress {
  readonly host: string
  readonly port: number
}

/** A stub of the service; nothing is sent yet. Throws engine.missing when the packages are not installed. */
export const connectTo = async ({ host, port }: SparkAddress): Promise<SparkService> => {
  const [{ credentials, loadPackageDefinition }, { loadSync }] = await load()
  const definition = loadSync(fileURLToPath(assetUrl('spark/connect.proto')), {
    keepCase: true,
    longs: Number,
    enums: String,
    oneofs: true,
    defaults: false,
  })
  const services = loadPackageDefinition(definition) as unknown as {
    readonly spark: { readonly connect: { readonly SparkConnectService: ServiceConstructor } }
  }
  return new services.spark.connect.SparkConnectService(
    `${host}:${port}`,
    credentials.createInsecure(),
    { 'grpc.max_receive_message_length': 2 ** 28 },
  )
}

type ServiceConstructor = new (
  address: string,
  channel: unknown,
  options: Readonly<Record<string, number>>,
) => SparkService

/** What npm is told to install what the client needs besides this package, which is most of its weight. */
export const CLIENT_PACKAGES = '@grpc/grpc-js@1.14.7 @grpc/proto-loader@0.8.1 apache-arrow@21.2.0'

const load = async () => {
  try {
    const [grpc, loader] = await Promise.all([
      import('@grpc/grpc-js'),
      import('@grpc/proto-loader'),
      import('apache-arrow'),
    ])
    return [grpc, loader] as const
  } catch (cause) {
    return fail(
      'engine.missing',
      'the client of Spark Connect is not installed: it comes with the first use of Spark',
      {
        hint: `npm install ${CLIENT_PACKAGES}`,
        cause,
      },
    )
  }
}
