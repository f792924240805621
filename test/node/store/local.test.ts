import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { chmodSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { failFile } from '../../../src/node/store/file-errors.ts'
import { localStore, removeLeftovers } from '../../../src/node/store/local.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { storeContract } from '../../contract/store.ts'
import { bytes, pathsOf } from './texts.ts'

const folders: string[] = []

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'lakewright-store-'))
  folders.push(made)
  return made
}

afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true })
})

storeContract('localStore', async () => localStore(join(folder(), 'not', 'yet')))

describe('a new object on disk', () => {
  test('is a hidden file beside its place until it is committed', async () => {
    const root = folder()
    const writer = await localStore(root).create('a/b.txt')
    await writer.write(bytes('x'))
    expect(readdirSync(join(root, 'a'))).toEqual([`.b.txt.${process.pid}-0.tmp`])
    await writer.commit()
    expect(readdirSync(join(root, 'a'))).toEqual(['b.txt'])
  })

  test('leaves no hidden file when its place was taken', async () => {
    const root = folder()
    const store = localStore(root)
    const late = await store.create('a')
    await putIfAbsent(store, 'a', bytes('first'))
    expect(await late.commit()).toBe(false)
    expect(readdirSync(root)).toEqual(['a'])
  })

  test('does not disturb the hidden file of a killed writer with the same process id', async () => {
    const root = folder()
    writeFileSync(join(root, `.a.${process.pid}-0.tmp`), 'left over')
    expect(await putIfAbsent(localStore(root), 'a', bytes('new'))).toBe(true)
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('new')
    expect(readFileSync(join(root, `.a.${process.pid}-0.tmp`), 'utf8')).toBe('left over')
  })
})

test('leftovers are invisible to a listing and can be swept below a folder', async () => {
  const root = folder()
  const store = localStore(root)
  await putIfAbsent(store, 't/x/part', bytes('x'))
  writeFileSync(join(root, 't/x/.part.1-0.tmp'), 'left')
  writeFileSync(join(root, 't/.y.1-3.tmp'), 'left')
  writeFileSync(join(root, '.z.1-0.tmp'), 'left')
  expect(await pathsOf(store, '')).toEqual(['t/x/part'])
  expect(await removeLeftovers(root, 't')).toBe(2)
  expect(readdirSync(join(root, 't/x'))).toEqual(['part'])
  expect(existsSync(join(root, '.z.1-0.tmp'))).toBe(true)
  expect(await removeLeftovers(root, '')).toBe(1)
})

test('a folder is not published over an empty folder', async () => {
  const root = folder()
  const store = localStore(root)
  await putIfAbsent(store, 'staging/a', bytes('x'))
  mkdirSync(join(root, 'lake'))
  expect(await store.publish?.('staging', 'lake')).toBe(false)
  expect(readdirSync(join(root, 'lake'))).toEqual([])
})

describe('a failing file system gives an error that names the path and what to do', () => {
  test.each([
    ['ENOSPC', 'store.full', /no room left/],
    ['EDQUOT', 'store.full', /no room left/],
    ['EACCES', 'store.denied', /permission denied/],
    ['EROFS', 'store.denied', /read-only/],
    ['EXDEV', 'store.crossDevice', /different file systems/],
    ['ENOTDIR', 'store.notFolder', /not a folder/],
    ['EIO', 'store.io', /EIO/],
  ])('%s becomes %s', (code, expected, message) => {
    const cause = Object.assign(new Error('raw'), { code })
    const failing = (): never => failFile(cause, 'writing', '/lake/x')
    expect(failing).toThrow(message)
    expect(failing).toThrow('/lake/x')
    expect(failing).toThrow(
      expect.objectContaining({ code: expected, cause, hint: expect.stringMatching(/\w/) }),
    )
  })

  test.skipIf(process.getuid?.() === 0)('a folder without permission is store.denied', async () => {
    const root = folder()
    chmodSync(root, 0o500)
    const writing = putIfAbsent(localStore(root), 'a/b', bytes('x'))
    await expect(writing).rejects.toMatchObject({ code: 'store.denied' })
  })

  test('a file where the root should be is store.notFolder', async () => {
    const root = join(folder(), 'file')
    writeFileSync(root, '')
    const writing = putIfAbsent(localStore(root), 'a', bytes('x'))
    await expect(writing).rejects.toMatchObject({ code: 'store.notFolder' })
  })

  test.skipIf(!existsSync('/proc/sys'))(
    'a tree that takes no files is an error of the catalogue',
    async () => {
      const writing = putIfAbsent(localStore('/proc/sys'), 'lakewright', bytes('x'))
      await expect(writing).rejects.toMatchObject({ name: 'LakewrightError' })
    },
  )
})
