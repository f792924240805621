import { execFile } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolders } from './support/lake.ts'

const run = promisify(execFile)
const folder = temporaryFolders()

/** A program that fails as the emulator does when its port is taken, so often, and then serves it. */
const emulator = (dir: string, failures: number): string => {
  const path = join(dir, 'emulator')
  const listener = `require('node:net').createServer((socket) => socket.end()).listen(process.argv[1], '127.0.0.1', () => console.log('REST server listening'))`
  writeFileSync(
    path,
    `#!/usr/bin/env bash
for each in "$@"; do case $each in --port=*) port=\${each#--port=} ;; esac; done
echo "$port" >>'${dir}/tried'
if [ "$(wc -l <'${dir}/tried')" -le ${failures} ]; then
  echo 'listen tcp: bind: address already in use'
  exit 1
fi
exec node -e "${listener}" "$port"
`,
  )
  chmodSync(path, 0o755)
  return path
}

const start = (dir: string, failures: number): Promise<{ readonly stdout: string }> =>
  run('scripts/bigquery-emulator/start', [dir], {
    timeout: 50_000,
    env: { ...process.env, BIGQUERY_EMULATOR_PROGRAM: emulator(dir, failures) },
  })

const tried = (dir: string): readonly string[] =>
  readFileSync(join(dir, 'tried'), 'utf8').trim().split('\n')

test('the emulator is started on another port when one is taken meanwhile', async () => {
  const dir = folder()
  const { stdout } = await start(dir, 2)
  await run('scripts/bigquery-emulator/stop', [dir])
  expect(tried(dir)).toHaveLength(3)
  expect(stdout.trim()).toBe(tried(dir)[2])
  // Systems hand out ports from 32768 on by themselves, to whoever asks for any.
  expect(tried(dir).every((port) => Number(port) < 32768)).toBe(true)
}, 60_000)

test('an emulator that never starts is given up, with what it said', async () => {
  const dir = folder()
  const failed = await start(dir, 99).catch((error: unknown) => error)
  expect(String(failed)).toContain('address already in use')
  expect(String(failed)).toContain('the BigQuery emulator did not start')
  expect(tried(dir)).toHaveLength(5)
}, 60_000)
