import { onlyQuery, Refusal, type StubRequest, type StubRoute } from './server.ts'

/** The Files API over volumes, and the files that they have, which tests change as they go. */
export interface StubFiles {
  readonly route: StubRoute
  /** Contents by path, from /Volumes/ on. */
  readonly files: Map<string, string>
}

/** What a stub of volumes asks: which there are by full name, and who may do what with them. */
export interface FilesManner {
  readonly volumes: { readonly has: (fullName: string) => boolean }
  readonly may?: (request: StubRequest, fullName: string, privilege: string) => boolean
}

/** PUT makes the folders that a file lies in, as the service does; 5 GiB is the most that it takes. */
export const stubFiles = ({ volumes, may = () => true }: FilesManner): StubFiles => {
  const files = new Map<string, string>()
  const route: StubRoute = (request) => {
    const { method, query, headers, body } = request
    const [, rest] = /^\/api\/2\.0\/fs\/files(\/.*)$/.exec(request.path) ?? []
    if (rest === undefined) return undefined
    const path = decodeURIComponent(rest)
    const [, root, catalog, schema, volume, ...inside] = path.split('/')
    if (root !== 'Volumes' || inside.length === 0 || inside.includes(''))
      throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `Invalid path: ${path}`)
    const fullName = `${catalog}.${schema}.${volume}`
    if (!volumes.has(fullName))
      throw new Refusal(404, 'NOT_FOUND', `Volume '${fullName}' does not exist.`)
    const needs = (privilege: string): void => {
      if (may(request, fullName, privilege)) return
      const why = `User does not have ${privilege} on Volume '${fullName}'.`
      throw new Refusal(403, 'PERMISSION_DENIED', why)
    }
    if (method === 'GET') {
      onlyQuery(request, [])
      needs('READ VOLUME')
      if (headers['accept'] !== 'application/octet-stream')
        throw new Refusal(406, 'BAD_REQUEST', 'a file is an octet stream')
      const text = files.get(path)
      if (text === undefined)
        throw new Refusal(404, 'NOT_FOUND', `The file ${path} does not exist.`)
      return { bytes: new TextEncoder().encode(text) }
    }
    if (method !== 'PUT') return undefined
    onlyQuery(request, ['overwrite'])
    needs('WRITE VOLUME')
    if (headers['content-type'] !== 'application/octet-stream')
      throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'Content-Type must be an octet stream')
    if (!['true', 'false'].includes(query.get('overwrite') ?? ''))
      throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'overwrite is true or false')
    if (body.length > 5 * 2 ** 30)
      throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'at most 5 GiB')
    if (files.has(path) && query.get('overwrite') !== 'true')
      throw new Refusal(409, 'ALREADY_EXISTS', `The file being created already exists.`)
    files.set(path, Buffer.from(body).toString())
    return { status: 204 }
  }
  return { route, files }
}
