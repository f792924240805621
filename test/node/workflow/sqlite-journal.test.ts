import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Journal } from '../../../src/core/ports.ts'
import { openJournal } from '../../../src/node/workflow/sqlite-journal.ts'
import { journalContract, runRecord } from '../../contract/journal.ts'

const folders: string[] = []
const opened: Journal[] = []

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'lakewright-journal-'))
  folders.push(made)
  return made
}

const open = async (path: string): Promise<Journal> => {
  const journal = await openJournal(path)
  opened.push(journal)
  return journal
}

journalContract('the SQLite journal', () => open(join(folder(), 'lake/.lakewright/journal.db')))

test('what was written is there after closing and for a second process', async () => {
  const path = join(folder(), 'journal.db')
  const first = await openJournal(path)
  await first.add(runRecord())
  const second = await open(path)
  await first.note('r1', { name: 'a', startedAt: 1, endedAt: 2, result: 'x' })
  expect(await second.steps('r1')).toHaveLength(1)
  await first.close()
  expect(await second.run('r1')).toEqual(runRecord())
})

test('a file that is no database is refused by its path', async () => {
  const path = join(folder(), 'journal.db')
  writeFileSync(path, 'not a database, but long enough to be read as the header of one '.repeat(9))
  await expect(openJournal(path)).rejects.toMatchObject({ code: 'dataset.invalid' })
})

test('a journal of a newer version is refused', async () => {
  const path = join(folder(), 'journal.db')
  const { default: Sqlite } = await import('libsql')
  const database = new Sqlite(path)
  database.exec('PRAGMA user_version = 9')
  database.close()
  await expect(openJournal(path)).rejects.toMatchObject({
    code: 'dataset.invalid',
    message: expect.stringContaining('version 9') as string,
  })
})

test('a folder that cannot be made is refused by its path', async () => {
  const path = join(folder(), 'file')
  writeFileSync(path, '')
  await expect(openJournal(join(path, 'journal.db'))).rejects.toMatchObject({
    code: 'store.notFolder',
  })
})
