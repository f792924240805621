import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { openSpark } from '../../../../src/node/engine/spark/session.ts'
import { failureOf } from '../../../support/failure.ts'

test('a server that is no Spark is told by its address', async () => {
  const server = createServer((_, answer) => {
    answer.writeHead(404)
    answer.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const session = await openSpark({ host: '127.0.0.1', port })
  expect(await failureOf(session.run('SELECT 1'))).toMatchObject({
    code: 'service.unreachable',
    message: `what answers at 127.0.0.1:${port} is no Spark`,
    hint: 'It says: Received HTTP status code 404.',
  })
  await session.close()
  server.close()
}, 60_000)
