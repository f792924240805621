import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localStore } from '../../../src/node/store/local.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { bytes, textOf } from './texts.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakewright-disk-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const CHILD = fileURLToPath(new URL('write-big.mjs', import.meta.url))

/** Runs a script as root of its own namespaces, where it may mount what nobody else sees. */
const unshared = (script: string, args: readonly string[]) =>
  spawnSync('unshare', ['-rm', 'sh', '-euc', script, 'sh', ...args], {
    encoding: 'utf8',
    timeout: 110_000,
  })

const canMount =
  process.platform === 'linux' &&
  unshared('mount -t tmpfs -o size=64k tmpfs "$1"', [tmpdir()]).status === 0

/** What the child did in the folder, on a file system of 64 KB; `prepare` is shell code where $1 is the folder. */
const onSmallDisk = (prepare: string, sizes: readonly number[]): unknown => {
  const script = `mount -t tmpfs -o size=64k tmpfs "$1"; ${prepare}; node=$2; child=$3; folder=$1
    shift 3; exec "$node" "$child" "$folder" "$@"`
  const args = [folder, process.execPath, CHILD, ...sizes.map(String)]
  const { status, stdout, stderr } = unshared(script, args)
  if (status !== 0) throw new Error(`the child ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

describe.skipIf(!canMount)('a real file system', () => {
  test('that is full gives store.full, loses nothing and takes what still fits', () => {
    expect(onSmallDisk('true', [30_000, 90_000, 20_000])).toEqual({
      outcomes: [
        true,
        {
          code: 'store.full',
          message: expect.stringMatching(/object-1: no room left/),
          hint: expect.stringContaining('--to'),
        },
        true,
      ],
      paths: ['object-0', 'object-2'],
    })
  })

  test('that is read-only gives store.denied', () => {
    expect(onSmallDisk('mount -o remount,ro "$1"', [10])).toEqual({
      outcomes: [
        {
          code: 'store.denied',
          message: expect.stringMatching(/object-0: the file system is read-only/),
          hint: expect.stringContaining('--to'),
        },
      ],
      paths: [],
    })
  })
})

const MEMORY = '/dev/shm'

const otherDevice = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(tmpdir()).dev

describe.skipIf(!otherDevice)('a lake on two file systems', () => {
  test('is not published across them: store.crossDevice, and the staging folder stays', async () => {
    const elsewhere = mkdtempSync(join(MEMORY, 'lakewright-disk-'))
    try {
      mkdirSync(join(folder, 'lake'))
      symlinkSync(elsewhere, join(folder, 'lake', 'catalog'))
      const store = localStore(folder)
      await putIfAbsent(store, 'staging/a', bytes('x'))
      await expect(store.publish?.('staging', 'lake/catalog/d')).rejects.toMatchObject({
        code: 'store.crossDevice',
        message: expect.stringContaining('different file systems'),
      })
      expect(await textOf(store, 'staging/a')).toBe('x')
      expect(readdirSync(elsewhere)).toEqual([])
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
    }
  })
})
