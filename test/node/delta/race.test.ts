import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createDraft } from '../../../src/core/delta/commit.ts'
import { commit } from '../../../src/node/delta/commit.ts'
import { listAll } from '../../../src/node/store/list-all.ts'
import { localStore } from '../../../src/node/store/local.ts'
import { AT, people, snapshotOf, withFolder } from './tables.ts'

const WRITERS = 50
const COMMITS = 200

// Memory spares the disk 20,000 syncs: the race is over link(2), which is the same there.
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const WRITER = fileURLToPath(new URL('race-writer.mjs', import.meta.url))

const write = async (root: string, writer: number): Promise<readonly number[]> => {
  const child = spawn(process.execPath, [WRITER, root, String(writer), String(COMMITS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error(`writer ${writer} ended with ${status}`)
  return JSON.parse(Buffer.concat(chunks).toString()) as readonly number[]
}

test(`${WRITERS} processes with ${COMMITS} commits each lose none and leave no gap`, async () => {
  await withFolder(async (folder) => {
    const store = localStore(folder)
    await commit({ store, table: 't', snapshot: undefined }, createDraft(people, [], { at: AT }))
    const all = await Promise.all(
      Array.from({ length: WRITERS }, (_, writer) => write(folder, writer)),
    )
    const versions = all.flat().toSorted((a, b) => a - b)
    expect(versions).toEqual(Array.from({ length: WRITERS * COMMITS }, (_, index) => index + 1))
    const snapshot = await snapshotOf(store, 't')
    expect(snapshot.version).toBe(WRITERS * COMMITS)
    expect(snapshot.files.size).toBe(WRITERS * COMMITS)
    expect(await listAll(store, '')).toHaveLength(WRITERS * COMMITS + 1)
  }, PARENT)
}, 300_000)
