import { execFile } from 'node:child_process'
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import { LakewrightError } from '../../../../src/core/errors.ts'
import { openSpark, type SparkSession } from '../../../../src/node/engine/spark/session.ts'
import { requireService } from '../../../support/services.ts'

const run = promisify(execFile)
const service = requireService('spark')

/** Where scripts/spark/install has put Spark; the suites are skipped without it, but not in CI. */
export const SPARK_FOLDER = service.kind === 'found' ? service.path : undefined

/** The real Spark that all suites of a run share, and a session of it for one of them. */
export interface SparkServer {
  readonly port: number
  readonly session: SparkSession
  /** Ends the session; the server goes on until the last suite has ended. */
  readonly stop: () => Promise<void>
}

/** Opens a session of the run's Spark, which the first call starts. Tables are shared: give them a schema of your own. */
export const startSpark = async (): Promise<SparkServer> => {
  const port = await sharedPort(inject('sparkRun'))
  const session = await openSpark({ host: '127.0.0.1', port })
  return { port, session, stop: () => session.close() }
}

const sharedPort = async (folder: string): Promise<number> => {
  const file = join(folder, 'port')
  if (await isFirst(join(folder, 'starting'))) {
    await copyFile(join(SPARK_FOLDER ?? '', 'classpath'), join(folder, 'classpath'))
    const env = { SPARK_HEAP: '3g', ...process.env }
    const started = run('scripts/spark/start', [folder], { env, timeout: 240_000 })
    const port = await started.then(
      ({ stdout }) => stdout.trim(),
      (error: unknown) => `failed: ${String(error)}`,
    )
    await writeFile(`${file}.new`, port)
    await rename(`${file}.new`, file)
  }
  for (const began = Date.now(); Date.now() - began < 300_000; await pause(100)) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (/^\d+$/.test(text)) return Number(text)
    if (text !== '') throw new Error(`Spark: ${text}`)
  }
  throw new Error('Spark did not start')
}

/** Whether this is the one that a file could be made by. */
const isFirst = async (file: string): Promise<boolean> =>
  writeFile(file, '', { flag: 'wx' }).then(
    () => true,
    () => false,
  )

/** The error that a promise fails with. */
export const errorOf = async (promise: Promise<unknown>): Promise<LakewrightError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof LakewrightError) return error
  throw new Error('expected one of our errors', { cause: error })
}
