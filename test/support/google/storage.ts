import { knownParameters, refuse, type StubAnswer, type StubRequest } from './contract.ts'
import type { GoogleWorld, StubObject } from './world.ts'

/** storage.googleapis.com: buckets.list, objects by media upload, get, list and delete, iam.testPermissions. */
export const storageAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  const { method, path } = request
  if (method === 'GET' && path === '/storage/v1/b') return listBuckets(world, request)
  const upload = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/.exec(path)
  if (upload !== null && method === 'POST') return insertObject(world, request, upload[1] ?? '')
  const [, bucketName = '', rest = ''] = /^\/storage\/v1\/b\/([^/]+)\/(.+)$/.exec(path) ?? []
  const bucket = bucketOf(world, bucketName)
  if (method === 'GET' && rest === 'iam/testPermissions') {
    knownParameters(request, ['permissions'])
    const held = request.query.getAll('permissions').filter((each) => world.permissions.has(each))
    return {
      status: 200,
      body: {
        kind: 'storage#testIamPermissionsResponse',
        ...(held.length === 0 ? {} : { permissions: held }),
      },
    }
  }
  if (method === 'GET' && rest === 'o') {
    need(world, 'storage.objects.list')
    return listObjects(bucket, request)
  }
  const name = /^o\/([^/]+)$/.exec(rest)?.[1]
  if (name === undefined) return refuse(404, 'notFound', 'Not Found')
  return oneObject(world, bucket, { request, name: decodeURIComponent(name) })
}

const bucketOf = (world: GoogleWorld, name: string): Map<string, StubObject> =>
  world.buckets.get(name) ?? refuse(404, 'notFound', 'The specified bucket does not exist.')

const need = (world: GoogleWorld, permission: string): void => {
  if (!world.permissions.has(permission))
    refuse(403, 'forbidden', `${world.email} does not have ${permission} access.`)
}

const listBuckets = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  knownParameters(request, ['project', 'prefix', 'maxResults', 'pageToken', 'projection'])
  if (request.query.get('project') !== world.project) return refuse(400, 'invalid', 'project')
  const prefix = request.query.get('prefix') ?? ''
  const items = [...world.buckets.keys()].filter((name) => name.startsWith(prefix))
  return {
    status: 200,
    body: {
      kind: 'storage#buckets',
      ...(items.length === 0 ? {} : { items: items.map((name) => ({ name })) }),
    },
  }
}

const insertObject = (world: GoogleWorld, request: StubRequest, bucketName: string): StubAnswer => {
  knownParameters(request, ['uploadType', 'name', 'ifGenerationMatch'])
  const bucket = bucketOf(world, bucketName)
  need(world, 'storage.objects.create')
  const name = request.query.get('name')
  if (request.query.get('uploadType') !== 'media' || name === null || name === '')
    return refuse(400, 'required', 'Required parameter: name')
  const there = bucket.get(name)
  const wanted = request.query.get('ifGenerationMatch')
  if (wanted !== null && wanted !== (there?.generation ?? '0'))
    return refuse(
      412,
      'conditionNotMet',
      'At least one of the pre-conditions you specified did not hold.',
    )
  // Without the condition, replacing an object takes the right to delete it.
  if (there !== undefined) need(world, 'storage.objects.delete')
  const object = { bytes: request.body, generation: String(world.now * 1000) }
  bucket.set(name, object)
  return { status: 200, body: resource(bucketName, name, object) }
}

const resource = (bucket: string, name: string, { bytes, generation }: StubObject) => ({
  kind: 'storage#object',
  bucket,
  name,
  generation,
  size: String(bytes.length),
})

const listObjects = (bucket: Map<string, StubObject>, request: StubRequest): StubAnswer => {
  knownParameters(request, ['prefix', 'delimiter', 'maxResults', 'pageToken'])
  const prefix = request.query.get('prefix') ?? ''
  const names = [...bucket.keys()].filter((name) => name.startsWith(prefix)).toSorted()
  return {
    status: 200,
    body: {
      kind: 'storage#objects',
      ...(names.length === 0 ? {} : { items: names.map((name) => ({ name })) }),
    },
  }
}

const oneObject = (
  world: GoogleWorld,
  bucket: Map<string, StubObject>,
  { request, name }: { readonly request: StubRequest; readonly name: string },
): StubAnswer => {
  knownParameters(request, ['alt', 'generation', 'ifGenerationMatch'])
  const object = bucket.get(name) ?? refuse(404, 'notFound', `No such object: ${name}`)
  if (request.method === 'GET') {
    need(world, 'storage.objects.get')
    return request.query.get('alt') === 'media'
      ? { status: 200, body: object.bytes }
      : { status: 200, body: resource('', name, object) }
  }
  if (request.method !== 'DELETE') return refuse(404, 'notFound', 'Not Found')
  need(world, 'storage.objects.delete')
  bucket.delete(name)
  return { status: 204 }
}
