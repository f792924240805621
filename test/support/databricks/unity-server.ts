import { onTestFinished } from 'vitest'
import type { Json } from '../../../src/core/ports.ts'
import { startIssuer, type Issuer } from './issuer.ts'
import type { StubColumn, StubTable, UnityWorld } from './unity.ts'

/**
 * The open-source Unity Catalog server that LAKEWRIGHT_UNITY_CATALOG names, started with `server.authorization=enable`,
 * `server.allowed-issuers=http://127.0.0.1:8390` and `server.audiences=lakewright`, and its administrator's token, which
 * it writes to `etc/conf/token.txt`.
 */
export interface UnityServer {
  readonly origin: string
  readonly issuer: Issuer
  /** Gives it the catalogs, schemas, tables and grants of a world until the test ends; none may be there yet. */
  readonly load: (world: UnityWorld) => Promise<void>
  /** Looks for the owner of a schema. */
  readonly ownerOf: (schema: string) => Promise<string | undefined>
}

/** Where a server runs, and the token of its administrator; undefined where the environment names none. */
export const UNITY_SERVER: { readonly origin: string; readonly token: string } | undefined =
  process.env['LAKEWRIGHT_UNITY_CATALOG'] === undefined
    ? undefined
    : {
        origin: process.env['LAKEWRIGHT_UNITY_CATALOG'],
        token: process.env['LAKEWRIGHT_UNITY_CATALOG_TOKEN'] ?? '',
      }

/** Opens the running server for someone's tests. */
export const openUnityServer = async (
  place: NonNullable<typeof UNITY_SERVER>,
  user: string,
): Promise<UnityServer> => {
  const issuer = await startIssuer(ISSUER)
  const asAdmin: Place = { ...place, issuer, user }
  await send(asAdmin, `POST ${CONTROL}/scim2/Users`, {
    displayName: user,
    emails: [{ value: user, primary: true }],
  }).catch((error: unknown) => {
    if (!String(error).includes('already exists')) throw error
  })
  return {
    origin: place.origin,
    issuer,
    load: (world) => load(asAdmin, world),
    ownerOf: async (schema) => {
      const found = await send(asAdmin, `GET ${UNITY}/schemas/${schema}`)
      return found?.['owner'] as string | undefined
    },
  }
}

const ISSUER = 'http://127.0.0.1:8390'
const CONTROL = '/api/1.0/unity-control'
const UNITY = '/api/2.1/unity-catalog'

interface Place {
  readonly origin: string
  readonly token: string
  readonly issuer: Issuer
  readonly user: string
}

const load = async (place: Place, { catalogs, schemas, tables, grants }: UnityWorld) => {
  for (const name of catalogs.keys()) {
    await send(place, `POST ${UNITY}/catalogs`, { name })
    onTestFinished(async () => {
      await send(place, `DELETE ${UNITY}/catalogs/${name}?force=true`)
    })
  }
  for (const [fullName, owner] of schemas) {
    const [catalog = '', name = ''] = fullName.split('.')
    await asOwner(place, { owner, on: [`catalog ${catalog}`] }, (own) =>
      send(own, `POST ${UNITY}/schemas`, { name, catalog_name: catalog }),
    )
  }
  for (const [fullName, table] of tables) {
    const [catalog = '', schema = ''] = fullName.split('.')
    const on = [`catalog ${catalog}`, `schema ${catalog}.${schema}`]
    await asOwner(place, { owner: table.owner ?? place.user, on }, (own) =>
      send(own, `POST ${UNITY}/tables`, tableBody(fullName, table)),
    )
  }
  for (const [key, privileges] of grants) {
    const [kind = '', name = '', ...principal] = key.split(' ')
    await change(place, `${kind} ${name}`, {
      principal: principal.join(' '),
      add: [...privileges],
    })
  }
}

/** Makes something as the user, who is granted what that takes for as long, or as the administrator, who owns the rest. */
const asOwner = async (
  place: Place,
  { owner, on }: { readonly owner: string; readonly on: readonly string[] },
  make: (as: Place) => Promise<unknown>,
): Promise<void> => {
  const { issuer, user } = place
  if (owner !== user) return void (await make(place))
  for (const [i, each] of on.entries())
    await change(place, each, { principal: user, add: NEEDED[i] ?? [] })
  await make({ ...place, token: await exchange(place, issuer.tokenFor(user)) })
  for (const [i, each] of on.entries())
    await change(place, each, { principal: user, remove: NEEDED[i] ?? [] })
}

/** What making a schema or table takes: on its catalog, and on its schema. */
const NEEDED = [
  ['USE CATALOG', 'CREATE SCHEMA'],
  ['USE SCHEMA', 'CREATE TABLE'],
]

const change = (place: Place, on: string, made: Readonly<Record<string, Json>>) =>
  send(place, `PATCH ${UNITY}/permissions/${on.replace(' ', '/')}`, { changes: [made] })

const tableBody = (fullName: string, { columns, properties = {}, type }: StubTable): Json => {
  const [catalog = '', schema = '', name = ''] = fullName.split('.')
  return {
    name,
    catalog_name: catalog,
    schema_name: schema,
    columns: columns.map(columnBody),
    properties,
    ...(type?.endsWith('VIEW') === true
      ? { table_type: type, view_definition: 'SELECT 1' }
      : {
          table_type: 'EXTERNAL',
          data_source_format: 'DELTA',
          storage_location: `file:///nowhere/${fullName}`,
        }),
  }
}

const columnBody = ({ name, type }: StubColumn, position: number): Json => ({
  name,
  type_text: type,
  type_name: NAMES[type] ?? 'DECIMAL',
  type_json: JSON.stringify({
    name,
    type: type === 'bigint' ? 'long' : type,
    nullable: true,
    metadata: {},
  }),
  position,
  nullable: true,
})

const NAMES: Readonly<Record<string, string>> = { bigint: 'LONG', string: 'STRING', int: 'INT' }

const exchange = async ({ origin }: Place, subject: string): Promise<string> => {
  const type = 'urn:ietf:params:oauth:token-type'
  const answer = await fetch(`${origin}${CONTROL}/auth/tokens`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: `${type}:access_token`,
      subject_token_type: `${type}:id_token`,
      subject_token: subject,
    }),
  })
  const { access_token: token } = (await answer.json()) as { readonly access_token: string }
  return token
}

const send = async (
  { origin, token }: Place,
  request: `${string} /${string}`,
  body?: Json,
): Promise<Readonly<Record<string, Json>> | undefined> => {
  const [method = '', path = ''] = request.split(' ')
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${request}: ${answer.status} ${text}`)
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, Json>) : undefined
}
