import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('measure.py', import.meta.url))
const LONGEST = 30 * 60_000
/** Nobody here needs a network, and each Node would read all these certificates at its start. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env

/**
 * Runs a command in a fresh folder, old output removed and the disk synced before the clock starts. Returns CPU seconds
 * of the whole process tree, wall seconds and peak bytes, or throws with the end of the command's output.
 */
export const measure = (command, folder) => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const log = join(folder, 'log')
  const run = spawnSync('python3', [SCRIPT, log, ...command], {
    encoding: 'utf8',
    env: ENVIRONMENT,
    timeout: LONGEST,
  })
  if (run.error !== undefined) throw run.error
  const usage = run.status === 0 ? JSON.parse(run.stdout) : undefined
  if (usage?.status === 0) return usage
  const said = usage === undefined ? run.stderr : readFileSync(log, 'utf8')
  throw new Error(`${command.join(' ')} failed:\n${said.split('\n').slice(-8).join('\n')}`)
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
