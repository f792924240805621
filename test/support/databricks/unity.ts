import type { Json } from '../../../src/core/ports.ts'
import {
  objectBody,
  onlyQuery,
  Refusal,
  type StubRequest,
  type StubRoute,
  textField,
} from './server.ts'

/** A column as Unity Catalog keeps it. */
export interface StubColumn {
  readonly name: string
  readonly type: string
}

/** A table of the stub. */
export interface StubTable {
  readonly columns: readonly StubColumn[]
  readonly properties?: Readonly<Record<string, string>>
  readonly type?: string
  readonly owner?: string
}

/** What a stub of Unity Catalog holds, which tests change as they go. */
export interface UnityWorld {
  /** Owners by name. */
  readonly catalogs: Map<string, string>
  /** Owners by full name. */
  readonly schemas: Map<string, string>
  readonly tables: Map<string, StubTable>
  /** Owners by full name. */
  readonly volumes: Map<string, string>
  /** `kind full.name principal` to privileges with blanks. */
  readonly grants: Map<string, Set<string>>
  /** Groups by user. */
  readonly groups: Readonly<Record<string, readonly string[]>>
}

/** How a stub behaves. */
export interface UnityManner {
  /**
   * As the open-source server 0.6.0: no effective permissions, no groups, privileges with blanks, its own addresses and
   * codes, null where there is nothing, and what is not there is told to everybody.
   */
  readonly openSource?: boolean
  readonly userOf: (request: StubRequest) => string | undefined
  /** Assignments a page. */
  readonly pageSize?: number
}

export const emptyUnity = (): UnityWorld => ({
  catalogs: new Map(),
  schemas: new Map(),
  tables: new Map(),
  volumes: new Map(),
  grants: new Map(),
  groups: {},
})

/** Grants privileges on something. */
export const granting = (
  { grants }: UnityWorld,
  to: { readonly on: string; readonly principal: string },
  privileges: readonly string[],
): void => {
  const key = `${to.on} ${to.principal}`
  grants.set(key, new Set([...(grants.get(key) ?? []), ...privileges]))
}

const BASE = '/api/2.1/unity-catalog'

/** Unity Catalog over REST: catalogs, schemas, tables and who may do what, for who is signed in. */
export const stubUnity = (world: UnityWorld, manner: UnityManner): StubRoute => {
  const { openSource = false } = manner
  return (request) => {
    const { method, path } = request
    const me = openSource ? '/api/1.0/unity-control/scim2/Me' : '/api/2.0/preview/scim/v2/Me'
    if (path === me && method === 'GET') return whoIs(world, manner, request)
    if (openSource && !path.startsWith(BASE)) return { status: 404, bytes: NO_PAGE }
    if (!path.startsWith(`${BASE}/`)) return undefined
    const user = manner.userOf(request)
    if (user === undefined) return undefined
    const [kind = '', ...rest] = path
      .slice(BASE.length + 1)
      .split('/')
      .map(decodeURIComponent)
    const asked = { world, manner, request, user }
    if (kind === 'permissions' && method === 'GET') return permissions(asked, rest)
    if (kind === 'effective-permissions' && method === 'GET') {
      return openSource ? unknownRoute() : permissions(asked, rest, true)
    }
    if (kind === 'catalogs') return catalogs(asked, rest[0])
    if (kind === 'schemas') return schemas(asked, rest[0])
    if (kind === 'tables' && method === 'GET') return table(asked, rest[0] ?? '')
    if (kind === 'volumes' && method === 'GET') return volume(asked, rest[0] ?? '')
    return openSource ? unknownRoute() : undefined
  }
}

interface Asked {
  readonly world: UnityWorld
  readonly manner: UnityManner
  readonly request: StubRequest
  readonly user: string
}

const NO_PAGE = new TextEncoder().encode('Status: 404\nDescription: Not Found\n')

const unknownRoute = () => ({
  status: 500,
  json: { error_code: 'INTERNAL', message: "Couldn't unwrap service.", details: [] },
})

const whoIs = (world: UnityWorld, { userOf, openSource }: UnityManner, request: StubRequest) => {
  const user = userOf(request)
  // The open-source server where nobody signs in says so with this status.
  if (user === undefined) return { status: 500, json: { detail: 'No user found.', status: '400' } }
  const emails = [{ value: user, primary: true }]
  const groups = (world.groups[user] ?? []).map((display) => ({ display, value: '1' }))
  return {
    json:
      openSource === true
        ? { id: '1', emails, userName: user }
        : { id: '1', userName: user, emails, groups },
  }
}

const names = ({ world, user }: Asked): readonly string[] => [
  user,
  ...(world.groups[user] ?? []),
  'account users',
]

const has = (asked: Asked, on: string, privileges: readonly string[]): boolean =>
  names(asked).some((name) => {
    const granted = asked.world.grants.get(`${on} ${name}`)
    return (
      granted !== undefined && [...privileges, 'ALL PRIVILEGES'].some((each) => granted.has(each))
    )
  })

const owns = (asked: Asked, owner: string | undefined): boolean =>
  owner !== undefined && names(asked).includes(owner)

const mayUse = (asked: Asked, catalog: string): boolean =>
  owns(asked, asked.world.catalogs.get(catalog)) ||
  has(asked, `catalog ${catalog}`, ['USE CATALOG'])

const denied = ({ manner }: Asked, message: string): never => {
  throw new Refusal(
    403,
    'PERMISSION_DENIED',
    manner.openSource === true ? 'Access denied.' : message,
  )
}

const missing = ({ manner }: Asked, kind: string, fullName: string): never => {
  const Kind = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  if (manner.openSource === true)
    throw new Refusal(404, `${kind.toUpperCase()}_NOT_FOUND`, `${Kind} not found: ${fullName}`)
  throw new Refusal(
    404,
    `${kind.toUpperCase()}_DOES_NOT_EXIST`,
    `${Kind} '${fullName}' does not exist.`,
  )
}

/** The open-source server says what is not there before who may see it. */
const toldFirst = (asked: Asked, fullName: string): void => {
  if (asked.manner.openSource !== true) return
  for (const [i, kind] of KINDS.entries()) {
    const name = fullName
      .split('.')
      .slice(0, i + 1)
      .join('.')
    if (name.split('.').length === i + 1 && !thereIs(asked.world, kind, name))
      missing(asked, kind, name)
  }
}

/** What the open-source server says of what has no value. */
const nulls = ({ manner }: Asked, ...fields: readonly string[]): Record<string, Json> =>
  manner.openSource === true ? Object.fromEntries(fields.map((field) => [field, null])) : {}

const catalogs = (asked: Asked, name: string | undefined) => {
  const { world, request } = asked
  if (request.method !== 'GET') return undefined
  onlyQuery(request, ['max_results', 'page_token', 'include_browse'])
  const shown = (each: string): Json => ({
    ...nulls(asked, 'comment', 'storage_root', 'storage_location'),
    name: each,
    owner: world.catalogs.get(each) ?? '',
  })
  // Who may use none is shown an empty list, not an error.
  if (name === undefined) {
    return {
      json: {
        ...nulls(asked, 'next_page_token'),
        catalogs: [...world.catalogs.keys()].filter((each) => mayUse(asked, each)).map(shown),
      },
    }
  }
  if (!world.catalogs.has(name)) missing(asked, 'catalog', name)
  if (!mayUse(asked, name)) denied(asked, `User does not have USE CATALOG on Catalog '${name}'.`)
  return { json: shown(name) }
}

const schemas = (asked: Asked, fullName: string | undefined) => {
  const { world, request, user } = asked
  if (fullName === undefined && request.method === 'POST') {
    const body = objectBody(
      request,
      ['name', 'catalog_name'],
      ['comment', 'properties', 'storage_root'],
    )
    const catalog = textField(body, 'catalog_name')
    const made = `${catalog}.${textField(body, 'name')}`
    toldFirst(asked, catalog)
    const mayMake = mayUse(asked, catalog) && has(asked, `catalog ${catalog}`, ['CREATE SCHEMA'])
    if (!owns(asked, world.catalogs.get(catalog)) && !mayMake) {
      denied(asked, `User does not have CREATE SCHEMA on Catalog '${catalog}'.`)
    }
    if (world.schemas.has(made))
      throw new Refusal(400, 'SCHEMA_ALREADY_EXISTS', `Schema '${made}' already exists`)
    world.schemas.set(made, user)
    return { json: { ...nulls(asked, 'comment', 'storage_root'), full_name: made, owner: user } }
  }
  if (fullName === undefined || request.method !== 'GET') return undefined
  toldFirst(asked, fullName)
  const [catalog = ''] = fullName.split('.')
  if (!mayUse(asked, catalog))
    denied(asked, `User does not have USE CATALOG on Catalog '${catalog}'.`)
  if (!world.schemas.has(fullName)) missing(asked, 'schema', fullName)
  if (!mayUseSchema(asked, fullName))
    denied(asked, `User does not have USE SCHEMA on Schema '${fullName}'.`)
  const owner = world.schemas.get(fullName) ?? ''
  return { json: { ...nulls(asked, 'comment', 'storage_root'), full_name: fullName, owner } }
}

const mayUseSchema = (asked: Asked, fullName: string): boolean =>
  owns(asked, asked.world.schemas.get(fullName)) || hasFromAbove(asked, fullName, ['USE SCHEMA'])

/** Whether a privilege was granted on something or on what it lies in. */
const hasFromAbove = (asked: Asked, fullName: string, privileges: readonly string[]): boolean => {
  const parts = fullName.split('.')
  const last = privileges.some((each) => each.endsWith(' VOLUME')) ? 'volume' : 'table'
  return levelsOf(last)
    .slice(0, parts.length)
    .some((kind, i) => has(asked, `${kind} ${parts.slice(0, i + 1).join('.')}`, privileges))
}

/** Owners of the schema see its tables, and who may use it sees own tables and those that may be read. */
const maySeeTable = (asked: Asked, fullName: string, owner: string): boolean => {
  const [catalog = '', schema = ''] = fullName.split('.')
  const inside = `${catalog}.${schema}`
  if (!mayUse(asked, catalog) || !mayUseSchema(asked, inside)) return false
  return (
    owns(asked, asked.world.schemas.get(inside)) ||
    owns(asked, owner) ||
    hasFromAbove(asked, fullName, ['SELECT', 'MODIFY', 'MANAGE'])
  )
}

const table = (asked: Asked, fullName: string) => {
  onlyQuery(asked.request, [
    'include_browse',
    'include_delta_metadata',
    'include_manifest_capabilities',
  ])
  toldFirst(asked, fullName)
  const found = asked.world.tables.get(fullName)
  if (found === undefined) return missing(asked, 'table', fullName)
  const { columns, properties = {}, type = 'MANAGED', owner = asked.user } = found
  if (!maySeeTable(asked, fullName, owner))
    denied(asked, `User does not have SELECT on Table '${fullName}'.`)
  return {
    json: {
      ...nulls(asked, 'comment', 'storage_location', 'view_definition'),
      full_name: fullName,
      table_type: type,
      data_source_format: 'DELTA',
      owner,
      properties,
      // Their order is told by position alone.
      columns: columns
        .map(({ name, type: text }, position) => ({
          name,
          type_text: text,
          position,
          nullable: true,
        }))
        .toReversed(),
    },
  }
}

const volume = (asked: Asked, fullName: string) => {
  onlyQuery(asked.request, ['include_browse'])
  toldFirst(asked, fullName.split('.').slice(0, 2).join('.'))
  const owner = asked.world.volumes.get(fullName)
  if (owner === undefined) return missing(asked, 'volume', fullName)
  if (!mayReachVolume(asked, fullName, ['READ VOLUME', 'WRITE VOLUME']))
    denied(asked, `User does not have READ VOLUME on Volume '${fullName}'.`)
  const [catalog = '', schema = '', name = ''] = fullName.split('.')
  return {
    json: {
      ...nulls(asked, 'comment'),
      full_name: fullName,
      catalog_name: catalog,
      schema_name: schema,
      name,
      volume_type: 'MANAGED',
      owner,
    },
  }
}

const mayReachVolume = (asked: Asked, fullName: string, privileges: readonly string[]): boolean => {
  const [catalog = '', schema = ''] = fullName.split('.')
  return (
    mayUse(asked, catalog) &&
    mayUseSchema(asked, `${catalog}.${schema}`) &&
    (owns(asked, asked.world.volumes.get(fullName)) || hasFromAbove(asked, fullName, privileges))
  )
}

/** Who a request is from, and whether a volume's privilege lets it through. */
export const mayUseVolume =
  (world: UnityWorld, userOf: UnityManner['userOf']) =>
  (request: StubRequest, fullName: string, privilege: string): boolean => {
    const user = userOf(request)
    if (user === undefined) return false
    return mayReachVolume({ world, manner: { userOf }, request, user }, fullName, [privilege])
  }

const permissions = (
  asked: Asked,
  [kind = '', fullName = '']: readonly string[],
  effective = false,
) => {
  const { world, manner, request } = asked
  onlyQuery(request, ['principal', 'max_results', 'page_token'])
  const parts = fullName.split('.')
  if (!thereIs(world, kind, fullName)) missing(asked, kind, fullName)
  // The open-source server does not read whom the question is about.
  const principal = manner.openSource === true ? null : request.query.get('principal')
  const mine = names(asked)
  // All grants are for owners to see; others see their own.
  const isOwner =
    owns(asked, world.catalogs.get(parts[0] ?? '')) ||
    owns(asked, world.schemas.get(parts.slice(0, 2).join('.')))
  if (!isOwner && manner.openSource !== true) {
    if (principal === null || !mine.includes(principal)) {
      denied(asked, `User does not have MANAGE on ${kind} '${fullName}'.`)
    }
  }
  const above = levelsOf(kind)
  const levels = effective ? above : [kind]
  const rows = new Map<string, Json[]>()
  for (const level of levels) {
    const name = parts.slice(0, above.indexOf(level) + 1).join('.')
    for (const [key, privileges] of world.grants) {
      if (!key.startsWith(`${level} ${name} `)) continue
      const to = key.slice(`${level} ${name} `.length)
      if (principal !== null && to !== principal) continue
      if (!isOwner && manner.openSource === true && to !== asked.user) continue
      const said = [...privileges].map((each) =>
        spelled(each, { effective, level, name, kind, openSource: manner.openSource === true }),
      )
      rows.set(to, [...(rows.get(to) ?? []), ...said])
    }
  }
  return {
    json: page(
      [...rows].map(([to, privileges]) => ({ principal: to, privileges })),
      asked,
    ),
  }
}

const KINDS = ['catalog', 'schema', 'table']

/** A kind and what it lies in, outermost first. */
const levelsOf = (kind: string): readonly string[] =>
  kind === 'volume' ? ['catalog', 'schema', 'volume'] : KINDS.slice(0, KINDS.indexOf(kind) + 1)

const thereIs = (
  { catalogs: c, schemas: s, tables: t, volumes: v }: UnityWorld,
  kind: string,
  name: string,
): boolean => (kind === 'catalog' ? c : kind === 'schema' ? s : kind === 'table' ? t : v).has(name)

const spelled = (
  privilege: string,
  {
    effective,
    level,
    name,
    kind,
    openSource,
  }: {
    readonly effective: boolean
    readonly level: string
    readonly name: string
    readonly kind: string
    readonly openSource: boolean
  },
): Json => {
  const text = openSource ? privilege : privilege.replaceAll(' ', '_')
  if (!effective) return text
  return level === kind
    ? { privilege: text }
    : { privilege: text, inherited_from_type: level.toUpperCase(), inherited_from_name: name }
}

const page = (all: readonly Json[], { manner, request }: Asked): Json => {
  // A page may be empty and still be followed by another.
  const size = manner.pageSize ?? 1000
  const from = Number(request.query.get('page_token') ?? 0)
  const more = from + size < all.length
  return {
    privilege_assignments: all.slice(from, from + size),
    ...(more ? { next_page_token: String(from + size) } : {}),
  }
}
