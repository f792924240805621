import {
  jsonBody,
  knownParameters,
  refuseRpc,
  type StubAnswer,
  type StubRequest,
} from './contract.ts'
import type { GoogleWorld } from './world.ts'

/** serviceusage.googleapis.com: services:batchGet. */
export const serviceUsageAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  knownParameters(request, ['names'])
  const names = request.query.getAll('names')
  const parent = `projects/${world.project}`
  if (request.method !== 'GET' || request.path !== `/v1/${parent}/services:batchGet`)
    return refuseRpc(404, 'NOT_FOUND', 'Not found')
  if (!world.permissions.has('serviceusage.services.get'))
    return refuseRpc(403, 'PERMISSION_DENIED', 'Permission denied to list services')
  if (names.length === 0 || names.length > 30)
    return refuseRpc(400, 'INVALID_ARGUMENT', '1 to 30 names')
  return {
    status: 200,
    body: {
      services: names.map((name) => {
        const host = name.startsWith(`${parent}/services/`) ? name.split('/')[3] : undefined
        if (host === undefined) return refuseRpc(400, 'INVALID_ARGUMENT', `Invalid name ${name}`)
        return { name, parent, state: world.services.has(host) ? 'ENABLED' : 'DISABLED' }
      }),
    },
  }
}

/** cloudresourcemanager.googleapis.com: projects.testIamPermissions. */
export const projectAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  if (
    request.method !== 'POST' ||
    request.path !== `/v3/projects/${world.project}:testIamPermissions`
  )
    return refuseRpc(403, 'PERMISSION_DENIED', 'The caller does not have permission')
  if (world.services.has('!cloudresourcemanager'))
    return refuseRpc(403, 'PERMISSION_DENIED', 'Cloud Resource Manager API has not been used')
  return tested(request, world.permissions)
}

/** iam.googleapis.com: serviceAccounts.testIamPermissions. */
export const serviceAccountAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  const account = /^\/v1\/projects\/-\/serviceAccounts\/([^/]+):testIamPermissions$/.exec(
    decodeURIComponent(request.path),
  )?.[1]
  if (request.method !== 'POST' || account === undefined)
    return refuseRpc(404, 'NOT_FOUND', 'Not found')
  return tested(
    request,
    new Set(world.serviceAccounts.has(account) ? ['iam.serviceAccounts.actAs'] : []),
  )
}

/** Names that no service knows are an error; none held is an answer without the field. */
const tested = (request: StubRequest, held: ReadonlySet<string>): StubAnswer => {
  knownParameters(request, [])
  const { permissions } = jsonBody(request, { 'permissions!': ['string'] }) as {
    readonly permissions: readonly string[]
  }
  for (const each of permissions)
    if (!/^[a-z]+\.[A-Za-z]+\.[A-Za-z]+$/.test(each))
      return refuseRpc(
        400,
        'INVALID_ARGUMENT',
        `Permission ${each} is not valid for this resource.`,
      )
  const found = permissions.filter((each) => held.has(each))
  return { status: 200, body: found.length === 0 ? {} : { permissions: found } }
}
