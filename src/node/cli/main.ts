#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { LakewrightError } from '../../core/errors.ts'
import { runCli } from './run-cli.ts'
import { clockOf, type World } from './world.ts'

const packageVersion = (): string => {
  const path = new URL('../../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

/** Milliseconds in which a signal is the same one again: shells and npm pass a Ctrl-C on that everybody has heard. */
const ECHO_MS = 500

/** Aborts at the first Ctrl-C; a second one ends the process at once. */
const stopSignal = (): AbortSignal => {
  const controller = new AbortController()
  let first = 0
  const stop = (): void => {
    const now = performance.now()
    if (!controller.signal.aborted) {
      first = now
      controller.abort(new LakewrightError('run.cancelled', 'stopped'))
    } else if (now - first > ECHO_MS) process.exit(130)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

const nodeWorld = (): World => {
  let signal: AbortSignal | undefined
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    clock: clockOf(process.env),
    isTTY: process.stderr.isTTY,
    // A terminal that does not know its size says 0.
    columns: process.stderr.columns || 80,
    get signal() {
      return (signal ??= stopSignal())
    },
    workers: async (warm) => (await import('../run/workers.ts')).threadWorkers(warm),
  }
}

/**
 * How to make V8's optimizing compiler wait eight times as long, by V8's major version; from 13 on its middle tier does
 * as well. Rows are made in WebAssembly: what is optimized early is mostly code that has nearly done its work.
 */
const PATIENCE: Readonly<Record<string, string>> = {
  11: '--interrupt-budget=540000',
  12: '--invocation-count-for-turbofan=24000',
}
const [v8 = ''] = process.versions.v8.split('.')
if (PATIENCE[v8] !== undefined) setFlagsFromString(PATIENCE[v8])
// Threads begin with room for a plan, its programs and their memories (MB), which are no garbage.
setFlagsFromString('--initial-heap-size=256')
// A plan and what is made of it stay: a new space that grows at once copies them once, not at every doubling.
setFlagsFromString('--semi-space-growth-factor=8')

// A reader that closes the pipe, such as head, is no error.
process.stdout.on('error', () => undefined)
process.exitCode = await runCli(process.argv.slice(2), {
  world: nodeWorld(),
  version: packageVersion,
})
