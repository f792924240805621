import { databricksSettings } from '../../../src/node/catalog/databricks/settings.ts'
import { openWorkspace } from '../../../src/node/catalog/databricks/workspace.ts'
import { fetchHttp, systemPause } from '../../../src/node/http/fetch.ts'
import type { RestService } from '../../../src/node/http/rest.ts'
import type { StubServer } from './server.ts'
import { PERSONAL_TOKEN } from './sign-in.ts'

/** Variables that lead to a stub with a personal token. */
export const stubEnvironment = ({
  origin,
  host,
}: StubServer): Readonly<Record<string, string>> => ({
  DATABRICKS_HOST: origin,
  DATABRICKS_TOKEN: PERSONAL_TOKEN,
  LAKEWRIGHT_ALLOW_HOSTS: host,
})

/** A stub as a workspace; waiting takes no time. */
export const stubWorkspace = (stub: StubServer): RestService =>
  openWorkspace(
    databricksSettings(stubEnvironment(stub), () => undefined),
    {
      http: fetchHttp(20_000),
      pause: { ...systemPause(), sleep: async () => undefined },
    },
  )
