import { existsSync } from 'node:fs'
import type { Journal } from '../../core/ports.ts'
import { openJournal } from './sqlite-journal.ts'

/** The journal in a SQLite file, which is made, with its folders, when something is first written: looking leaves nothing. */
export const lateJournal = (path: string): Journal => {
  let opened: Promise<Journal> | undefined
  const open = (): Promise<Journal> => (opened ??= openJournal(path))
  const found = async (): Promise<Journal | undefined> =>
    opened !== undefined || existsSync(path) ? open() : undefined
  return {
    add: async (run) => (await open()).add(run),
    run: async (id) => (await found())?.run(id),
    runs: async () => (await (await found())?.runs()) ?? [],
    end: async (id, state, at) => (await (await found())?.end(id, state, at)) ?? false,
    steps: async (run) => (await (await found())?.steps(run)) ?? [],
    note: async (run, step) => (await open()).note(run, step),
    close: async () => (await opened)?.close(),
  }
}
