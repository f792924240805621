import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDigest } from '../../src/core/plan/digest.ts'
import { cli } from '../support/cli.ts'
import { filesBelow, hashesBelow, temporaryFolders } from '../support/lake.ts'

const folder = temporaryFolders()

const SMALL = ['--households', '200', '--with-truth', '--catalog', 'lakewright']

/** Generates a small identity dataset in a process of its own and gives the dataset's folder. */
const generate = async (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<string> => {
  const lake = folder()
  const clock = { LAKEWRIGHT_CLOCK: '1700000000000' }
  const { code, stderr } = await cli(['generate', 'identity', ...SMALL, '--to', lake, ...args], {
    env: { ...clock, ...env },
  })
  if (code !== 0) throw new Error(stderr)
  return join(lake, 'lakewright/identity')
}

/** The digest of each table's CSV lines, as rows of one text. */
const digests = (dataset: string): Readonly<Record<string, string>> => {
  const tables = new Map<string, ReturnType<typeof createDigest>>()
  for (const path of filesBelow(dataset).filter((each) => each.endsWith('.csv'))) {
    const table = path.replace(/(?:-\d+)?\.csv$/, '')
    const digest = tables.get(table) ?? createDigest()
    tables.set(table, digest)
    const lines = readFileSync(join(dataset, path), 'utf8').split('\r\n').slice(1, -1)
    for (const line of lines) digest.add([line])
  }
  return Object.fromEntries([...tables].map(([table, digest]) => [table, digest.hex()]))
}

describe('the rows of a run', () => {
  test('are the same in 1, 7 and 64 parts, by one worker and by two', async () => {
    const of = async (parts: string, workers: string): Promise<unknown> =>
      digests(await generate(['--format', 'csv', '--parts', parts, '--workers', workers]))
    const whole = await of('1', '1')
    expect(Object.keys(whole as object).length).toBe(7)
    expect(await of('7', '2')).toEqual(whole)
    expect(await of('64', '1')).toEqual(whole)
    expect(await of('64', '2')).toEqual(whole)
  }, 120_000)
})

describe('the files of a run', () => {
  test('are the same, byte for byte, by one worker and by two', async () => {
    const one = hashesBelow(await generate(['--parts', '7', '--workers', '1']))
    expect(hashesBelow(await generate(['--parts', '7', '--workers', '2']))).toEqual(one)
    expect(Object.keys(one).length).toBeGreaterThan(50)
  }, 60_000)

  test.each(['delta', 'csv', 'jsonl'])(
    'of format %s do not depend on time zone and language',
    async (format) => {
      const plain = { TZ: 'UTC', LANG: 'C', LC_ALL: undefined, LANGUAGE: undefined }
      const far = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
      const here = hashesBelow(await generate(['--format', format], plain))
      const there = hashesBelow(await generate(['--format', format], { ...far, LANGUAGE: 'tr' }))
      expect(there).toEqual(here)
      expect(Object.keys(here).length).toBeGreaterThan(7)
    },
    60_000,
  )
})
