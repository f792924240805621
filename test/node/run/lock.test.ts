import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockOwner, takeLock, thisProcess } from '../../../src/node/run/lock.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'

const folder = temporaryFolders()

/** The number of a process that has just ended. */
const endedProcess = (): number => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  return pid
}

test('a lock that is held is refused, naming its process, and free again after its release', () => {
  const prefix = join(folder(), 'locks/shop')
  const lock = takeLock(prefix)
  expect(lockOwner(prefix)).toMatchObject({ pid: process.pid })
  expect(() => takeLock(prefix)).toThrow(`process ${process.pid}`)
  lock.release()
  expect(lockOwner(prefix)).toBeUndefined()
  takeLock(prefix).release()
})

test('locks of datasets whose names begin alike are independent', () => {
  const at = folder()
  const locks = ['shop', 'shop2', 'shop.lock'].map((name) => takeLock(join(at, name)))
  expect(filesBelow(at)).toHaveLength(3)
  for (const lock of locks) lock.release()
  expect(filesBelow(at)).toEqual([])
})

test('a lock of a process that has ended is removed', () => {
  const prefix = join(folder(), 'shop')
  takeLock(prefix, { ...thisProcess(), pid: endedProcess() })
  takeLock(prefix).release()
  expect(filesBelow(join(prefix, '..'))).toEqual([])
})

test('a lock of an earlier process with the number of a living one is removed', () => {
  const prefix = join(folder(), 'shop')
  const parent = process.ppid
  takeLock(prefix, { ...thisProcess(), pid: parent, started: '1' })
  takeLock(prefix).release()
})

test('a lock from before the last boot is removed', () => {
  const prefix = join(folder(), 'shop')
  takeLock(prefix, { ...thisProcess(), boot: 'ffffffffffffffff' })
  takeLock(prefix).release()
})

test('a lock file without content, as a kill leaves it, still says whose it is', () => {
  const prefix = join(folder(), 'shop')
  const { boot, started } = thisProcess()
  writeFileSync(`${prefix}.${boot.slice(0, 8)}-${process.pid}-${started}.lock`, '')
  expect(lockOwner(prefix)).toMatchObject({ pid: process.pid })
})
