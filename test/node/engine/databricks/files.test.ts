import { expect, test } from 'vitest'
import { volumeFiles, type VolumeFiles } from '../../../../src/node/engine/databricks/files.ts'
import { stubFiles } from '../../../support/databricks/files.ts'
import { startStub, type StubServer } from '../../../support/databricks/server.ts'
import { signIn } from '../../../support/databricks/sign-in.ts'
import { stubWorkspace } from '../../../support/databricks/workspace.ts'
import { failureOf } from '../../../support/failure.ts'

const VOLUME = '/Volumes/main/bronze/v'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (found: Uint8Array | undefined): string | undefined =>
  found && new TextDecoder().decode(found)

const open = async (): Promise<{ readonly files: VolumeFiles; readonly stub: StubServer }> => {
  const stub = await startStub([...signIn().routes, stubFiles(VOLUME)])
  return { files: volumeFiles(stubWorkspace(stub)), stub }
}

test('a file is put once, read and removed; absent is no error', async () => {
  const { files } = await open()
  const path = `${VOLUME}/a b/größe #1.txt`
  expect(await files.get(path)).toBeUndefined()
  expect(await files.put(path, bytes('one'))).toBe(true)
  expect(await files.put(path, bytes('two'))).toBe(false)
  expect(text(await files.get(path))).toBe('one')
  expect(await files.put(path, bytes('two'), true)).toBe(true)
  expect(text(await files.get(path))).toBe('two')
  await files.remove(path)
  await files.remove(path)
  expect(await files.get(path)).toBeUndefined()
})

test('a folder lists all that it has, page by page', async () => {
  const { files } = await open()
  await files.makeFolder(`${VOLUME}/f/empty`)
  for (const name of ['e', 'd', 'c', 'b', 'a']) await files.put(`${VOLUME}/f/${name}`, bytes(name))
  expect(await files.list(`${VOLUME}/f`)).toEqual([
    ...['a', 'b', 'c', 'd', 'e'].map((name) => ({
      path: `${VOLUME}/f/${name}`,
      isFolder: false,
      size: 1,
    })),
    { path: `${VOLUME}/f/empty`, isFolder: true, size: 0 },
  ])
  await files.removeFolder(`${VOLUME}/f/empty`)
  expect(await files.list(`${VOLUME}/f/empty`)).toEqual([])
  expect(await failureOf(files.removeFolder(`${VOLUME}/f`))).toMatchObject({
    code: 'service.failed',
  })
})

test('a connection cut while a new file is put is told; one that replaces is put again', async () => {
  const { files, stub } = await open()
  const cut = { at: /^PUT /, kind: 'cutAfter' } as const
  stub.break(cut)
  await files.put(`${VOLUME}/x`, bytes('x'), true)
  stub.break(cut)
  expect(await failureOf(files.put(`${VOLUME}/y`, bytes('y')))).toMatchObject({
    code: 'service.unreachable',
  })
})

test.each(['/Volumes/main/bronze', '/etc/passwd', `${VOLUME}/../x`, `${VOLUME}//x`, 'x'])(
  '%s is no path in a volume',
  async (path) => {
    const { files } = await open()
    expect(await failureOf(files.get(path))).toMatchObject({ code: 'usage.option' })
  },
)
