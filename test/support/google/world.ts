import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Json } from '../../../src/core/ports.ts'
import type { StubRequest } from './contract.ts'

/** A query job of the stub. */
export interface StubJob {
  readonly id: string
  readonly location: string
  readonly sql: string
  /** How often it is still looked at before it ends. */
  looks: number
  state: 'RUNNING' | 'DONE'
  result: QueryResult
  readonly labels: Readonly<Record<string, string>>
}

/** What a statement gives: rows of a schema, or an error. */
export type QueryResult =
  | {
      readonly fields?: readonly {
        readonly name: string
        readonly type: string
        readonly mode?: string
      }[]
      readonly rows?: readonly (readonly Json[])[]
    }
  | { readonly reason: string; readonly message: string }

/** A batch of the stub, as its service keeps it. */
export interface StubBatch {
  readonly id: string
  readonly requestId: string
  readonly document: Readonly<Record<string, Json>>
  state: string
  /** Why it is to fail; empty when it is to succeed. */
  message: string
  /** How often it is still looked at before it ends. */
  looks: number
  readonly createdAt: string
  endedAt: string | undefined
}

export interface StubObject {
  readonly bytes: Uint8Array
  readonly generation: string
}

/** All that the stub knows; tests set it and look at it. */
export interface GoogleWorld {
  now: number
  readonly project: string
  readonly email: string
  readonly privateKey: string
  readonly publicKey: KeyObject
  readonly refreshToken: string
  /** Seconds that a token lasts. */
  tokenSeconds: number
  /** Tokens by text with the time, in ms, at which they end. */
  readonly tokens: Map<string, number>
  readonly services: Set<string>
  /** Permissions held on the project. */
  readonly permissions: Set<string>
  /** By `project.dataset` in lower case as BigQuery compares them: their location. */
  readonly datasets: Map<string, string>
  /** Table resources by `dataset.table`. */
  readonly tables: Map<string, Readonly<Record<string, Json>>>
  readonly buckets: Map<string, Map<string, StubObject>>
  readonly serviceAccounts: Set<string>
  readonly jobs: Map<string, StubJob>
  readonly batches: Map<string, StubBatch>
  readonly logs: { readonly batch: string; readonly text: string; readonly at: string }[]
  /** What a statement gives; by default nothing. */
  query: (sql: string) => QueryResult
  /** How often a new job or batch is looked at before it ends. */
  looks: number
  /** Called with each request before it is answered; an answer given here stands. */
  fault: (path: string, method: string, request: StubRequest) => Fault | undefined
  /** `METHOD path` of all requests so far. */
  readonly log: string[]
}

/** What goes wrong with a request: an answer, done first or not, or a lost connection. */
export type Fault = {
  readonly status?: number
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
  /** Does the work, then loses the connection or gives the answer of the fault. */
  readonly after?: boolean
}

export const ALL_SERVICES = [
  'bigquery.googleapis.com',
  'dataproc.googleapis.com',
  'storage.googleapis.com',
] as const

export const ALL_PERMISSIONS = [
  'bigquery.datasets.create',
  'bigquery.datasets.get',
  'bigquery.tables.create',
  'bigquery.tables.get',
  'bigquery.tables.getData',
  'bigquery.tables.list',
  'bigquery.tables.update',
  'bigquery.tables.updateData',
  'bigquery.tables.delete',
  'bigquery.jobs.create',
  'dataproc.batches.create',
  'dataproc.batches.get',
  'dataproc.batches.list',
  'dataproc.operations.cancel',
  'storage.objects.create',
  'storage.objects.get',
  'storage.objects.list',
  'storage.objects.delete',
  'serviceusage.services.get',
  'logging.logEntries.list',
] as const

/** A world in which everything is allowed and nothing has happened. */
export const googleWorld = (change: Partial<GoogleWorld> = {}): GoogleWorld => {
  const pem = privateKey()
  return {
    now: Date.UTC(2026, 10, 21, 12),
    project: 'demo-project',
    email: 'maker@demo-project.iam.gserviceaccount.com',
    privateKey: pem,
    publicKey: createPublicKey(pem),
    refreshToken: 'canary-refresh-1//0gA2b',
    tokenSeconds: 3600,
    tokens: new Map(),
    services: new Set(ALL_SERVICES),
    permissions: new Set(ALL_PERMISSIONS),
    datasets: new Map([['demo-project.mdm_demo', 'EU']]),
    tables: new Map(),
    buckets: new Map([['dataproc-staging-europe-west1-123-abcd', new Map()]]),
    serviceAccounts: new Set(['runner@demo-project.iam.gserviceaccount.com']),
    jobs: new Map(),
    batches: new Map(),
    logs: [],
    query: () => ({}),
    looks: 1,
    fault: () => undefined,
    log: [],
    ...change,
  }
}

let key: string | undefined

/** One key for all worlds of a process, since making one takes half a second. */
const privateKey = (): string =>
  (key ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString())

/** The key file of the world's service account, with the token service at `origin`. */
export const keyFile = (world: GoogleWorld, origin = 'https://oauth2.googleapis.com'): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: world.project,
    private_key_id: 'canary-key-id-77',
    private_key: world.privateKey,
    client_email: world.email,
    client_id: '1234567890',
    token_uri: `${origin}/token`,
  })

/** The file that `gcloud auth application-default login` leaves for a user of the world. */
export const userFile = (world: GoogleWorld): string =>
  JSON.stringify({
    type: 'authorized_user',
    client_id: 'canary-client-id',
    client_secret: 'canary-client-secret-55',
    refresh_token: world.refreshToken,
    quota_project_id: world.project,
  })
