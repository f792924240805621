import type { Json } from '../../../src/core/ports.ts'
import {
  jsonBody,
  knownParameters,
  refuseRpc,
  type Shape,
  type StubAnswer,
  type StubRequest,
} from './contract.ts'
import type { GoogleWorld, StubBatch } from './world.ts'

/** The fields of a batch that may be sent; output-only ones are not among them. */
const BATCH: Shape = {
  'sparkSqlBatch!': { 'queryFileUri!': 'string', queryVariables: 'map', jarFileUris: ['string'] },
  labels: 'map',
  runtimeConfig: { version: 'string', containerImage: 'string', properties: 'map' },
  environmentConfig: {
    executionConfig: {
      serviceAccount: 'string',
      subnetworkUri: 'string',
      networkUri: 'string',
      networkTags: ['string'],
      kmsKey: 'string',
      ttl: 'string',
      idleTtl: 'string',
      stagingBucket: 'string',
    },
    peripheralsConfig: { metastoreService: 'string' },
  },
}

/** R-dataproc.googleapis.com: batches.create, get and list, operations.cancel. */
export const dataprocAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  const { method } = request
  const path = decodeURIComponent(request.path)
  if (!world.services.has('dataproc.googleapis.com'))
    return {
      status: 403,
      body: {
        error: {
          code: 403,
          message: `Cloud Dataproc API has not been used in project ${world.project} before or it is disabled.`,
          status: 'PERMISSION_DENIED',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'SERVICE_DISABLED',
              domain: 'googleapis.com',
              metadata: { service: 'dataproc.googleapis.com' },
            },
          ],
        },
      },
    }
  const parent = `/v1/projects/${world.project}/locations/europe-west1/batches`
  if (method === 'POST' && path === parent) return create(world, request)
  if (method === 'GET' && path === parent) return listAll(world, request)
  const id = path.startsWith(`${parent}/`) ? path.slice(parent.length + 1) : ''
  if (method === 'GET' && id !== '') {
    knownParameters(request, [])
    return { status: 200, body: document(world, moved(world, batchOf(world, id))) }
  }
  const operation =
    /^\/v1\/(projects\/[^/]+\/regions\/europe-west1\/operations\/[^/:]+):cancel$/.exec(path)
  if (method === 'POST' && operation !== null) return cancel(world, operation[1] ?? '')
  return refuseRpc(404, 'NOT_FOUND', `Not found: ${method} ${path}`)
}

/** logging.googleapis.com: entries.list of one batch, newest or oldest first, in pages of two. */
export const loggingAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  const { filter, orderBy, pageToken } = jsonBody(request, {
    'resourceNames!': ['string'],
    filter: 'string',
    orderBy: 'string',
    pageSize: 'integer',
    pageToken: 'string',
  }) as Readonly<Record<string, string>>
  if (!world.permissions.has('logging.logEntries.list'))
    return refuseRpc(403, 'PERMISSION_DENIED', 'Permission denied for all log views')
  const [, batch] = /resource\.labels\.batch_id="([^"]*)"/.exec(filter ?? '') ?? []
  if (!filter?.includes('resource.type="cloud_dataproc_batch"') || batch === undefined)
    return refuseRpc(400, 'INVALID_ARGUMENT', 'Unparseable filter')
  const found = world.logs
    .filter((line) => line.batch === batch)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
  const ordered = orderBy === 'timestamp desc' ? found.toReversed() : found
  const from = Number(pageToken ?? 0)
  const entries: Json[] = ordered.slice(from, from + 2).map(({ at, text }, i) => ({
    logName: `projects/${world.project}/logs/dataproc.googleapis.com%2Foutput`,
    timestamp: at,
    severity: 'INFO',
    ...(i === 0 ? { textPayload: text } : { jsonPayload: { message: text } }),
  }))
  return {
    status: 200,
    body: {
      ...(entries.length === 0 ? {} : { entries }),
      ...(from + 2 < ordered.length ? { nextPageToken: String(from + 2) } : {}),
    },
  }
}

const create = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  knownParameters(request, ['batchId', 'requestId'])
  const sent = jsonBody(request, BATCH)
  const id = request.query.get('batchId') ?? ''
  const requestId = request.query.get('requestId') ?? ''
  if (!/^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/.test(id))
    return refuseRpc(400, 'INVALID_ARGUMENT', 'Batch ID must be 4-63 characters of [a-z0-9-]')
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(requestId))
    return refuseRpc(400, 'INVALID_ARGUMENT', 'Invalid request_id')
  checkLabels(sent['labels'] as Readonly<Record<string, string>> | undefined)
  if (!world.permissions.has('dataproc.batches.create'))
    return refuseRpc(403, 'PERMISSION_DENIED', `Permission 'dataproc.batches.create' denied`)
  const same = [...world.batches.values()].find((each) => each.requestId === requestId)
  if (same !== undefined) return { status: 200, body: operationOf(world, same) }
  if (world.batches.has(id))
    return refuseRpc(409, 'ALREADY_EXISTS', `Already exists: Failed to create batch: Batch ${id}`)
  const { queryFileUri } = sent['sparkSqlBatch'] as { readonly queryFileUri: string }
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(queryFileUri) ?? []
  if (!world.buckets.get(bucket)?.has(name))
    return refuseRpc(400, 'INVALID_ARGUMENT', `File not found: ${queryFileUri}`)
  const account = (
    sent['environmentConfig'] as { readonly executionConfig?: { readonly serviceAccount?: string } }
  ).executionConfig?.serviceAccount
  if (account !== undefined && !world.serviceAccounts.has(account))
    return refuseRpc(
      403,
      'PERMISSION_DENIED',
      `User not authorized to act as service account '${account}'`,
    )
  const batch: StubBatch = {
    id,
    requestId,
    document: sent,
    state: 'PENDING',
    message: '',
    looks: world.looks,
    createdAt: new Date(world.now).toISOString(),
    endedAt: undefined,
  }
  world.batches.set(id, batch)
  return { status: 200, body: operationOf(world, batch) }
}

const checkLabels = (labels: Readonly<Record<string, string>> = {}): void => {
  for (const [key, value] of Object.entries(labels))
    for (const each of [key, value])
      if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(each))
        refuseRpc(400, 'INVALID_ARGUMENT', `Label ${key}: ${value} is no RFC 1035 name`)
}

const batchOf = (world: GoogleWorld, id: string): StubBatch =>
  world.batches.get(id) ??
  refuseRpc(
    404,
    'NOT_FOUND',
    `Not found: Batch projects/${world.project}/locations/europe-west1/batches/${id}`,
  )

/** A look moves a batch on: pending, running for some looks, and then its end. */
const moved = (world: GoogleWorld, batch: StubBatch): StubBatch => {
  const end = (state: string): void => {
    batch.state = state
    batch.endedAt = new Date(world.now).toISOString()
  }
  switch (batch.state) {
    case 'PENDING':
      batch.state = 'RUNNING'
      break
    case 'RUNNING':
      if (batch.looks-- <= 0) end(batch.message === '' ? 'SUCCEEDED' : 'FAILED')
      break
    case 'CANCELLING':
      end('CANCELLED')
  }
  return batch
}

const document = (world: GoogleWorld, batch: StubBatch): Json => ({
  ...batch.document,
  name: `projects/${world.project}/locations/europe-west1/batches/${batch.id}`,
  uuid: `uuid-${batch.id}`,
  createTime: batch.createdAt,
  stateTime: batch.endedAt ?? batch.createdAt,
  state: batch.state,
  ...(batch.message === '' || batch.state !== 'FAILED' ? {} : { stateMessage: batch.message }),
  creator: world.email,
  operation: `projects/${world.project}/regions/europe-west1/operations/op-${batch.id}`,
  runtimeInfo: {
    outputUri: `gs://dataproc-staging/google-cloud-dataproc-metainfo/${batch.id}/driveroutput`,
    ...(batch.endedAt === undefined ? {} : { approximateUsage: { milliDcuSeconds: '7200000' } }),
  },
})

const operationOf = (world: GoogleWorld, batch: StubBatch): Json => ({
  name: `projects/${world.project}/regions/europe-west1/operations/op-${batch.id}`,
  metadata: {
    '@type': 'type.googleapis.com/google.cloud.dataproc.v1.BatchOperationMetadata',
    batch: `projects/${world.project}/locations/europe-west1/batches/${batch.id}`,
    operationType: 'BATCH',
  },
})

const listAll = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  knownParameters(request, ['pageSize', 'pageToken', 'filter', 'orderBy'])
  if (!['', 'create_time desc'].includes(request.query.get('orderBy') ?? ''))
    return refuseRpc(400, 'INVALID_ARGUMENT', 'Unsupported order_by')
  const all = [...world.batches.values()].toReversed()
  const from = Number(request.query.get('pageToken') ?? 0)
  const batches = all.slice(from, from + 2).map((batch) => document(world, batch))
  return {
    status: 200,
    body: {
      ...(batches.length === 0 ? {} : { batches }),
      ...(from + 2 < all.length ? { nextPageToken: String(from + 2) } : {}),
    },
  }
}

const cancel = (world: GoogleWorld, operation: string): StubAnswer => {
  const batch = [...world.batches.values()].find((each) => operation.endsWith(`/op-${each.id}`))
  if (batch === undefined) return refuseRpc(404, 'NOT_FOUND', `Not found: ${operation}`)
  if (batch.endedAt !== undefined)
    return refuseRpc(400, 'FAILED_PRECONDITION', 'Operation has already completed')
  batch.state = 'CANCELLING'
  return { status: 200, body: {} }
}
