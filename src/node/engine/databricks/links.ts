import { fail } from '../../../core/errors.ts'
import type { StopSignal } from '../../../core/ports.ts'
import { type HostRule, serviceOrigin } from '../../http/hosts.ts'
import { ask, type RestService } from '../../http/rest.ts'
import { type ResultLink, type ResultRow, resultRows } from './protocol.ts'

/**
 * Rows of a result from where they were put, which is a store of the workspace's cloud. Requests carry no token, and
 * the address, which is a secret itself, is in no error.
 */
export const readLinks = async (
  workspace: RestService,
  links: readonly ResultLink[],
  signal: StopSignal | undefined,
): Promise<readonly ResultRow[]> => {
  const rows: ResultRow[] = []
  for (const { url, headers } of links) {
    const address = addressOf(url)
    workspace.secrets.keep(address.search)
    const { json } = await ask(
      storeOf(workspace, serviceOrigin(address.origin, hostsOf(workspace))),
      {
        method: 'GET',
        path: address.pathname,
        search: address.search,
        headers,
        signal,
      },
    )
    if (json === undefined) fail('service.failed', 'a piece of a result is not JSON')
    for (const row of resultRows(json)) rows.push(row)
  }
  return rows
}

const addressOf = (url: string): URL =>
  URL.canParse(url) ? new URL(url) : fail('service.failed', 'a result lies at no address')

/** The stores of the clouds, and with a workspace on this machine what is beside it. */
const hostsOf = ({ origin }: RestService): HostRule => ({
  provider: 'a result',
  suffixes: [
    '.amazonaws.com',
    '.blob.core.windows.net',
    '.dfs.core.windows.net',
    '.blob.core.usgovcloudapi.net',
    '.dfs.core.usgovcloudapi.net',
    '.blob.core.chinacloudapi.cn',
    '.dfs.core.chinacloudapi.cn',
    '.storage.googleapis.com',
  ],
  allowed: ['storage.googleapis.com', new URL(origin).host],
})

const storeOf = ({ http, pause, secrets }: RestService, origin: string): RestService => ({
  name: 'the store of results',
  origin,
  http,
  pause,
  secrets,
  problem: () => ({ message: 'a piece of a result cannot be read' }),
})
