import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()
const servers: Server[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** A server that takes whatever comes and never says a word; its address, and a wait for the first bytes. */
const silent = async (): Promise<{ readonly at: string; readonly asked: Promise<unknown> }> => {
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => server.emit('asked'))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  const asked = once(server, 'asked')
  await once(server, 'listening')
  return { at: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const GENERATE = ['generate', 'identity', '--households', '5', '--target', 'main.x']
const EXPLAIN = ['explain', 'identity', '--households', '5', '--target', 'main.x']

/** Somebody who has signed in to Google; nothing of it is true. */
const SIGNED_IN = JSON.stringify({
  type: 'authorized_user',
  client_id: 'a',
  client_secret: 'b',
  refresh_token: 'c',
})

const environment = (at: string, key: string): Readonly<Record<string, string>> => ({
  SPARK_REMOTE: `sc://${at}`,
  DATABRICKS_HOST: `http://${at}`,
  DATABRICKS_TOKEN: 'nobodys',
  DATABRICKS_WAREHOUSE_ID: 'abc',
  LAKEWRIGHT_ALLOW_HOSTS: at,
  BIGQUERY_EMULATOR_HOST: `http://${at}`,
  GOOGLE_APPLICATION_CREDENTIALS: key,
  GOOGLE_CLOUD_PROJECT: 'demo-project',
  LAKEWRIGHT_GOOGLE_ENDPOINT: `http://${at}`,
})

describe('Ctrl-C while a service that does not answer is looked at', () => {
  it.each([
    [[...GENERATE, '--engine', 'spark']],
    [[...GENERATE, '--engine', 'databricks']],
    [[...GENERATE, '--engine', 'databricks', '--async']],
    [[...GENERATE, '--engine', 'bigquery']],
    [[...EXPLAIN, '--engine', 'spark']],
    [[...EXPLAIN, '--engine', 'databricks']],
    [['databricks', 'describe', '17', '--wait']],
    [['databricks', 'privileges', 'main.x']],
    [['dataproc', 'list', '--region', 'europe-west1']],
    [['dataproc', 'submit', 'identity', '--households', '5', '--region', 'europe-west1']],
  ])(
    '%j ends at once and leaves nothing',
    async (args) => {
      const { at, asked } = await silent()
      const cwd = folder()
      const stop = new AbortController()
      const key = join(cwd, 'key.json')
      writeFileSync(key, SIGNED_IN)
      const called = call(args, { cwd, env: environment(at, key), signal: stop.signal })
      await Promise.race([asked, called])
      stop.abort()
      const { code, stderr } = await called
      expect(stderr).toMatch(/^lakewright: .*stopped/m)
      expect(code).toBe(130)
      expect(existsSync(join(cwd, 'lake'))).toBe(false)
    },
    60_000,
  )
})
