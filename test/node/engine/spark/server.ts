import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LakewrightError } from '../../../../src/core/errors.ts'
import { openSpark, type SparkSession } from '../../../../src/node/engine/spark/session.ts'

const run = promisify(execFile)

/** Where scripts/spark/install has put Spark; the suites are skipped without it. */
export const SPARK_FOLDER = process.env['LAKEWRIGHT_SPARK']

/** A real Spark of a suite's own, and a session of it. */
export interface SparkServer {
  readonly port: number
  readonly session: SparkSession
  readonly stop: () => Promise<void>
}

/** Starts Spark in a folder of its own, so that suites may run side by side. */
export const startSpark = async (): Promise<SparkServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'lakewright-spark-'))
  await cp(join(SPARK_FOLDER ?? '', 'classpath'), join(folder, 'classpath'))
  const { stdout } = await run('scripts/spark/start', [folder], { timeout: 240_000 })
  const port = Number(stdout)
  const session = await openSpark({ host: '127.0.0.1', port })
  return {
    port,
    session,
    stop: async () => {
      await session.close()
      await run('scripts/spark/stop', [folder], { timeout: 120_000 })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The error that a promise fails with. */
export const errorOf = async (promise: Promise<unknown>): Promise<LakewrightError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof LakewrightError) return error
  throw new Error('expected one of our errors', { cause: error })
}
