import { onlyQuery, Refusal, type StubRoute } from './server.ts'

/** The Files API over the folders of one volume: a file's folder need not be made before it. */
export const stubFiles = (volume = '/Volumes/main/bronze/v'): StubRoute => {
  const files = new Map<string, Uint8Array>()
  const folders = new Set([volume])
  const missing = (path: string): never => {
    throw new Refusal(404, 'NOT_FOUND', `The file or directory ${path} does not exist.`)
  }
  const keepParents = (path: string): void => {
    for (let at = path.lastIndexOf('/'); at > volume.length; at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at))
  }
  return (request) => {
    const [, kind, rest = ''] =
      /^\/api\/2\.0\/fs\/(files|directories)(\/.*)$/.exec(request.path) ?? []
    const path = decodeURIComponent(rest)
    const { method } = request
    if (kind === undefined) return undefined
    if (path !== volume && !path.startsWith(`${volume}/`)) return missing(path)
    if (kind === 'files') {
      onlyQuery(request, ['overwrite'])
      if (method === 'PUT') {
        if (request.headers['content-type'] !== 'application/octet-stream')
          throw new Refusal(400, 'BAD', 'type')
        if (files.has(path) && request.query.get('overwrite') !== 'true') {
          throw new Refusal(409, 'ALREADY_EXISTS', `${path} exists`)
        }
        keepParents(path)
        files.set(path, request.body)
        return { status: 204 }
      }
      const bytes = files.get(path) ?? missing(path)
      if (method === 'GET') return { bytes }
      if (method !== 'DELETE') return undefined
      files.delete(path)
      return { status: 204 }
    }
    if (method === 'PUT') {
      keepParents(`${path}/`)
      return { status: 204 }
    }
    if (!folders.has(path)) return missing(path)
    const inside = [...folders, ...files.keys()].filter(
      (each) => each.startsWith(`${path}/`) && !each.slice(path.length + 1).includes('/'),
    )
    if (method === 'DELETE') {
      if (inside.length > 0) throw new Refusal(400, 'DIRECTORY_NOT_EMPTY', path)
      folders.delete(path)
      return { status: 204 }
    }
    if (method !== 'GET') return undefined
    onlyQuery(request, ['page_size', 'page_token'])
    const from = Number(request.query.get('page_token') ?? 0)
    const contents = inside.slice(from, from + 2).map((each) => ({
      path: folders.has(each) ? `${each}/` : each,
      name: each.slice(path.length + 1),
      is_directory: folders.has(each),
      ...(folders.has(each) ? {} : { file_size: files.get(each)?.length ?? 0, last_modified: 1 }),
    }))
    const more = from + 2 < inside.length
    return { json: { contents, ...(more ? { next_page_token: String(from + 2) } : {}) } }
  }
}
