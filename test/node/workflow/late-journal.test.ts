import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Journal } from '../../../src/core/ports.ts'
import { lateJournal } from '../../../src/node/workflow/late-journal.ts'
import { journalContract, runRecord } from '../../contract/journal.ts'

const folders: string[] = []
const opened: Journal[] = []

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const fresh = (): { readonly path: string; readonly open: () => Journal } => {
  const folder = mkdtempSync(join(tmpdir(), 'lakewright-late-journal-'))
  folders.push(folder)
  const path = join(folder, 'lake/.lakewright/journal.db')
  const open = (): Journal => {
    const journal = lateJournal(path)
    opened.push(journal)
    return journal
  }
  return { path, open }
}

journalContract('the journal that is made late', async () => fresh().open())

test('looking into a journal that is not there makes no file', async () => {
  const { path, open } = fresh()
  const journal = open()
  expect(await journal.runs()).toEqual([])
  expect(await journal.run('r1')).toBe(undefined)
  expect(await journal.steps('r1')).toEqual([])
  expect(await journal.end('r1', 'cancelled', 1)).toBe(false)
  await journal.close()
  expect(existsSync(path)).toBe(false)
})

test('a journal that is there is read before anything is written', async () => {
  const { path, open } = fresh()
  await open().add(runRecord())
  expect(existsSync(path)).toBe(true)
  expect((await open().runs()).map(({ id }) => id)).toEqual([runRecord().id])
})
