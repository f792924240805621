import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { RunHost } from '../../src/node/run/host.ts'
import { judgeMeasured } from '../../src/node/run/judge.ts'
import { inlineWorkers } from '../../src/node/run/workers.ts'

/** A way to get empty folders that are removed after each test of the calling file. */
export const temporaryFolders = (): (() => string) => {
  const made: string[] = []
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'lakewright-test-'))
    made.push(folder)
    return folder
  }
}

/** An empty folder for all tests of the calling file, which removes it. */
export const keptFolder = (): string => mkdtempSync(join(tmpdir(), 'lakewright-test-'))

/** A host for runs within a test: a still clock, workers on the test's own thread. */
export const testHost = (parts: Partial<RunHost> = {}): RunHost => ({
  clock: { now: () => 1_700_000_000_000 },
  crash: { at: undefined, log: undefined },
  signal: new AbortController().signal,
  startWorkers: inlineWorkers,
  onEvent: () => undefined,
  judge: judgeMeasured,
  checkSql: () => undefined,
  timed: false,
  report: undefined,
  ...parts,
})

/** The paths of all files below a folder, relative and in order; none when it is absent. */
export const filesBelow = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .toSorted()
    : []

/** The SHA-256 of every file below a folder, by path. */
export const hashesBelow = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    filesBelow(folder).map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    ]),
  )
