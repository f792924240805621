import { expect, test } from 'vitest'
import type { VolumeFiles } from '../../../../src/core/warehouse/warehouse.ts'
import { volumeFiles } from '../../../../src/node/engine/databricks/files.ts'
import { stubFiles } from '../../../support/databricks/files.ts'
import { startStub, type StubServer } from '../../../support/databricks/server.ts'
import { signIn } from '../../../support/databricks/sign-in.ts'
import { stubWorkspace } from '../../../support/databricks/workspace.ts'
import { failureOf } from '../../../support/failure.ts'

const VOLUME = '/Volumes/main/bronze/v'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (found: Uint8Array | undefined): string | undefined =>
  found && new TextDecoder().decode(found)

interface Opened {
  readonly files: VolumeFiles
  readonly stub: StubServer
}

const open = async (may?: () => boolean): Promise<Opened> => {
  const manner = { volumes: new Set(['main.bronze.v']), ...(may === undefined ? {} : { may }) }
  const stub = await startStub([...signIn().routes, stubFiles(manner).route])
  return { files: volumeFiles(stubWorkspace(stub)), stub }
}

test('a file is put in place of an earlier one and read; an absent one is no error', async () => {
  const { files } = await open()
  const path = `${VOLUME}/a b/größe #1%2F?.txt`
  expect(await files.get(path)).toBeUndefined()
  await files.put(path, bytes('one'))
  expect(text(await files.get(path))).toBe('one')
  await files.put(path, bytes('two'))
  expect(text(await files.get(path))).toBe('two')
})

test('a connection that is cut while a file is put costs nothing', async () => {
  const { files, stub } = await open()
  stub.break({ at: /^PUT /, kind: 'cutAfter' }, { at: /^PUT /, kind: 'cutBefore' })
  await files.put(`${VOLUME}/x`, bytes('x'))
  expect(text(await files.get(`${VOLUME}/x`))).toBe('x')
})

test('a file that is put or read when the run is stopped is left', async () => {
  const { files, stub } = await open()
  stub.break({ at: /^PUT /, kind: 'answer', reply: { status: 503 } })
  const { signal } = new AbortController()
  const stopped = AbortSignal.abort()
  await files.put(`${VOLUME}/x`, bytes('x'), signal)
  const cancelled = { code: 'run.cancelled' }
  expect(await failureOf(files.put(`${VOLUME}/x`, bytes('y'), stopped))).toMatchObject(cancelled)
  expect(await failureOf(files.get(`${VOLUME}/x`, stopped))).toMatchObject(cancelled)
  expect(text(await files.get(`${VOLUME}/x`))).toBe('x')
})

test('a volume that is not there, a missing privilege and too large a file are told', async () => {
  const { files } = await open()
  const elsewhere = '/Volumes/main/bronze/w/x'
  expect(await failureOf(files.put(elsewhere, bytes('x')))).toMatchObject({
    code: 'service.failed',
    message: "Databricks: Volume 'main.bronze.w' does not exist.",
  })
  const denied = await open(() => false)
  expect(await failureOf(denied.files.put(`${VOLUME}/x`, bytes('x')))).toMatchObject({
    code: 'service.denied',
    message: "Databricks: User does not have WRITE VOLUME on Volume 'main.bronze.v'.",
  })
  const large = Object.defineProperty(bytes(''), 'length', { value: 5 * 2 ** 30 + 1 })
  expect(await failureOf(files.put(`${VOLUME}/x`, large))).toMatchObject({
    message: '/Volumes/main/bronze/v/x is larger than 5 GiB',
  })
})

test.each(['/Volumes/main/bronze', '/etc/passwd', `${VOLUME}/../x`, `${VOLUME}//x`, 'x'])(
  '%s is no path in a volume, and nothing is asked',
  async (path) => {
    const { files, stub } = await open()
    expect(await failureOf(files.get(path))).toMatchObject({ code: 'usage.option' })
    expect(stub.asked).toEqual([])
  },
)
