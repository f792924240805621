import { onTestFinished } from 'vitest'
import { databricksSettings, type ReadText } from '../../../src/node/catalog/databricks/settings.ts'
import { openWorkspace } from '../../../src/node/catalog/databricks/workspace.ts'
import { fetchHttp, systemPause } from '../../../src/node/http/fetch.ts'
import type { RestService } from '../../../src/node/http/rest.ts'
import { startStub } from './server.ts'
import { IDENTITY_TOKEN, PERSONAL_TOKEN, serverSignIn, signIn, userOf } from './sign-in.ts'
import { openUnityServer, UNITY_SERVER } from './unity-server.ts'
import { stubUnity, type UnityManner, type UnityWorld } from './unity.ts'

/** A catalog as a test sees it, with the schemas that its clients have made there. */
export interface UnityPlace {
  readonly catalog: RestService
  readonly ownerOf: (schema: string) => Promise<string | undefined>
}

/** Where something is asked: a host, with what the environment says besides. */
export interface AskedHost {
  readonly origin: string
  readonly host: string
}

/** A host by its origin. */
export const askedHost = (origin: string): AskedHost => ({ origin, host: new URL(origin).host })

/** Asks a host with credentials of the environment. */
export const openedCatalog = (
  { origin, host }: AskedHost,
  credentials: Readonly<Record<string, string>>,
  readText: ReadText = () => undefined,
): RestService => {
  const env = { DATABRICKS_HOST: origin, LAKEWRIGHT_ALLOW_HOSTS: host, ...credentials }
  const settings = databricksSettings(env, readText)
  return openWorkspace(settings, { http: fetchHttp(20_000), pause: systemPause() })
}

/** A stub of Databricks with a world in it. */
export const stubOfDatabricks = async (
  world: UnityWorld,
  manner: Partial<UnityManner> = {},
): Promise<UnityPlace> => {
  const stub = await startStub([...signIn().routes, stubUnity(world, { userOf, ...manner })])
  const catalog = openedCatalog(stub, { DATABRICKS_TOKEN: PERSONAL_TOKEN })
  return { catalog, ownerOf: async (schema) => world.schemas.get(schema) }
}

/** A stub of the open-source server with a world in it. */
export const stubOfServer = async (
  world: UnityWorld,
  manner: Partial<UnityManner> = {},
): Promise<UnityPlace> => {
  const unity = stubUnity(world, { userOf, openSource: true, ...manner })
  const stub = await startStub([...serverSignIn().routes, unity])
  const catalog = openedCatalog(stub, { DATABRICKS_OIDC_TOKEN: IDENTITY_TOKEN })
  return { catalog, ownerOf: async (schema) => world.schemas.get(schema) }
}

/** The open-source server that the environment names, with a world in it until the test ends. */
export const runningServer = async (world: UnityWorld, user: string): Promise<UnityPlace> => {
  if (UNITY_SERVER === undefined) throw new Error('LAKEWRIGHT_UNITY_CATALOG names no server')
  const server = await openUnityServer(UNITY_SERVER, user)
  onTestFinished(server.issuer.close)
  await server.load(world)
  const credentials = { DATABRICKS_OIDC_TOKEN: server.issuer.tokenFor(user) }
  return { catalog: openedCatalog(askedHost(server.origin), credentials), ownerOf: server.ownerOf }
}
