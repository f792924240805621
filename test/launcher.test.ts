import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ROOT } from './support/sources.ts'

// A checkout in miniature: npm and the build are scripts that note their call and make what the real ones make.
const NPM = `#!/bin/sh
echo install >> calls
sleep 0.3
mkdir -p node_modules
: > node_modules/.package-lock.json
`
const BUILD = `#!/bin/sh
cd "$(dirname "$0")/.."
echo build >> calls
[ ! -f broken ] || exit 1
sleep 0.3
mkdir -p dist/app/cli
echo 'console.log("ran", ...process.argv.slice(2))' > dist/app/cli/main.js
: > dist/.built
`

let root = ''

const put = (path: string, text: string): void => {
  const place = join(root, path)
  mkdirSync(dirname(place), { recursive: true })
  writeFileSync(place, text)
  if (text.startsWith('#!')) chmodSync(place, 0o755)
}

const calls = (): readonly string[] =>
  existsSync(join(root, 'calls'))
    ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n')
    : []

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter),
})

const launch = (command: string, ...args: readonly string[]) =>
  spawnSync(command, args, {
    encoding: 'utf8',
    env: environment(),
    cwd: tmpdir(),
    timeout: 110_000,
  })

const lakewright = (): string => join(root, 'lakewright')

const makeOld = (path: string): void => utimesSync(join(root, path), 1e9, 1e9)
const makeNew = (path: string): void => utimesSync(join(root, path), 4e9, 4e9)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lakewright-launcher-'))
  cpSync(join(ROOT, 'lakewright'), lakewright())
  put('bin/npm', NPM)
  put('scripts/build', BUILD)
  put('package-lock.json', '{}')
  put('tsconfig.base.json', '{}')
  put('src/core/errors.ts', '')
  for (const path of [
    'package-lock.json',
    'tsconfig.base.json',
    'src/core/errors.ts',
    'src/core',
    'src',
  ])
    makeOld(path)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the launcher', () => {
  test('installs and builds once, tells people on stderr, and passes arguments on', () => {
    const first = launch(lakewright(), 'generate', 'two words')
    expect(first).toMatchObject({ status: 0, stdout: 'ran generate two words\n' })
    expect(first.stderr).toMatch(/installing packages[\s\S]*building/)
    expect(launch(lakewright(), '--help')).toMatchObject({ stdout: 'ran --help\n', stderr: '' })
    expect(calls()).toEqual(['install', 'build'])
  })

  test('sets up once when five first runs start together', async () => {
    const ends = await Promise.all(Array.from({ length: 5 }, () => launchBeside()))
    expect(ends).toEqual(Array.from({ length: 5 }, () => ({ status: 0, stdout: 'ran\n' })))
    expect(calls()).toEqual(['install', 'build'])
    expect(existsSync(join(root, '.lakewright-setup'))).toBe(false)
  })

  test('takes over the lock of a process that died', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    symlinkSync(String(dead), join(root, '.lakewright-setup'))
    const run = launch(lakewright())
    expect(run).toMatchObject({ status: 0, stdout: 'ran\n' })
    expect(run.stderr).toContain('waiting')
  })

  test('builds again when a source or folder is newer, installs again when the lock file is', () => {
    launch(lakewright())
    makeNew('src/core/errors.ts')
    launch(lakewright())
    expect(calls()).toEqual(['install', 'build', 'build'])
    makeOld('src/core/errors.ts')
    makeNew('src/core')
    launch(lakewright())
    expect(calls()).toEqual(['install', 'build', 'build', 'build'])
    makeOld('src/core')
    makeNew('package-lock.json')
    launch(lakewright())
    expect(calls().slice(4)).toEqual(['install', 'build'])
  })

  test('finds its folder through a chain of symbolic links', () => {
    mkdirSync(join(root, 'links'))
    symlinkSync('../lakewright', join(root, 'links/near'))
    symlinkSync(join(root, 'links/near'), join(root, 'links/far'))
    expect(launch(join(root, 'links/far'), 'x')).toMatchObject({ status: 0, stdout: 'ran x\n' })
  })

  test('says so and exits with 1 when the build fails, and leaves no lock', () => {
    put('broken', '')
    const run = launch(lakewright())
    expect(run).toMatchObject({ status: 1, stdout: '' })
    expect(run.stderr).toContain('the build failed')
    expect(existsSync(join(root, '.lakewright-setup'))).toBe(false)
  })

  test.each(['v18.20.4', 'v20.18.9'])('refuses Node %s by name', (version) => {
    put('bin/node', `#!/bin/sh\necho ${version}\n`)
    const run = launch(lakewright(), '--help')
    expect(run.status).toBe(1)
    expect(run.stderr).toContain(`Node.js 20.19 or newer is needed, this is ${version}`)
    expect(calls()).toEqual([])
  })

  test('only starts what is built when there are no sources, as in an installed package', () => {
    launch(lakewright())
    rmSync(join(root, 'src'), { recursive: true })
    rmSync(join(root, 'node_modules'), { recursive: true })
    expect(launch(lakewright(), 'y')).toMatchObject({ status: 0, stdout: 'ran y\n', stderr: '' })
    expect(calls()).toEqual(['install', 'build'])
  })
})

const launchBeside = (): Promise<{ readonly status: number | null; readonly stdout: string }> =>
  new Promise((resolve) => {
    const child = spawn(lakewright(), { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.on('close', (status) => resolve({ status, stdout }))
  })
