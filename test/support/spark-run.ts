import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the one Spark that the suites of this run share. */
    readonly sparkRun: string
  }
}

/** Gives a run of the tests a folder for its Spark, which the first suite that needs it starts, and stops it at the end. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), 'lakewright-spark-'))
  project.provide('sparkRun', folder)
  const abandon = (): void => {
    stopAt(join(folder, 'pid'))
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', abandon)
  return async () => {
    process.off('exit', abandon)
    if (existsSync(join(folder, 'pid')))
      await promisify(execFile)('scripts/spark/stop', [folder], { timeout: 120_000 })
    await rm(folder, { recursive: true, force: true })
  }
}

/** Ends the server of a process id in a file without waiting, when a run is broken off. */
const stopAt = (file: string): void => {
  if (!existsSync(file)) return
  try {
    process.kill(Number(readFileSync(file, 'utf8')))
  } catch {
    // It has ended by itself.
  }
}
