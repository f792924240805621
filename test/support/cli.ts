import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './sources.ts'

/** How a call of the compiled command line ended. */
export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Where a call runs, and variables it has besides those of this process; undefined takes one away. */
export interface CliOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** The command line as it ships, which scripts/build makes. */
export const MAIN = join(ROOT, 'dist/app/cli/main.js')

/** Calls the command line in a process of its own; a call that hangs ends with code -1. */
export const cli = async (
  args: readonly string[],
  { cwd = ROOT, env = {} }: CliOptions = {},
): Promise<CliResult> =>
  new Promise((resolve) => {
    const options = {
      cwd,
      env: { ...process.env, ...env },
      timeout: 110_000,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 2 ** 26,
    }
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })

/** Does something with each item, at most `limit` at a time; results in the order of the items. */
export const inTurn = async <T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i]
      if (item !== undefined) results[i] = await run(item)
    }
  }
  await Promise.all(Array.from({ length: limit }, work))
  return results
}
