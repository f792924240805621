import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { law } from '../../../src/core/expr/build-law.ts'
import { col, key, sample, tally } from '../../../src/core/expr/build.ts'
import { column, cross, plan, range, table } from '../../../src/core/plan/build.ts'
import { MAIN } from '../../support/cli.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, hashesBelow, temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

// `npm test` builds first.
const CLOCK = '1700000000000'

const folder = temporaryFolders()

const lakewright = (cwd: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, LAKEWRIGHT_CLOCK: CLOCK },
    timeout: 110_000,
  })

const workplace = (): string => {
  const cwd = folder()
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  return cwd
}

describe('the built command line', () => {
  test('makes the same files on threads as in one process', async () => {
    const [threads, inline] = [workplace(), workplace()]
    const args = [
      'generate',
      'hello.json',
      '--set',
      'people=50000',
      '--parts',
      '5',
      '--workers',
      '3',
    ]
    expect(lakewright(threads, ...args)).toMatchObject({ status: 0, stdout: '' })
    const env = { LAKEWRIGHT_CLOCK: CLOCK }
    await call(args, { cwd: inline, clock: { now: () => Number(CLOCK) }, env })
    const hashes = hashesBelow(join(threads, 'lake/lakewright'))
    expect(Object.keys(hashes).length).toBeGreaterThan(6)
    expect(hashes).toEqual(hashesBelow(join(inline, 'lake/lakewright')))
  })

  test('prints one JSON document on stdout', () => {
    const { stdout, status } = lakewright(workplace(), 'generate', 'hello.json', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'finished', rows: 1000 })
  })

  test('survives a reader that closes the pipe', () => {
    const cwd = workplace()
    const line = `"${process.execPath}" "${MAIN}" preview hello.json --rows 10000 | head -n 1`
    const { stdout, stderr, status } = spawnSync('sh', ['-c', line], {
      cwd,
      encoding: 'utf8',
      timeout: 110_000,
    })
    expect([status, stdout, stderr]).toEqual([0, 'greeting_id  greeting\n', ''])
  })

  test(
    'ends 100 malformed calls with 2, no stack and nothing written',
    { timeout: 600_000 },
    () => {
      const cwd = workplace()
      const words = [
        '',
        '--',
        '-',
        '--nonsense',
        '--parts=0',
        '--mode=never',
        '\u{1f4a5}',
        '../..',
        'x'.repeat(5000),
        '--to=hello.json',
      ]
      const commands = [
        'generate',
        'plan',
        'preview',
        'explain',
        'runs',
        'vacuum',
        'verify',
        'digest',
        'nope',
        '--nope',
      ]
      for (const command of commands) {
        for (const wrong of words) {
          const { status, stdout, stderr } = lakewright(cwd, command, 'hello.json', wrong)
          const what = `${command} ${wrong.slice(0, 20)}`
          expect(stderr, what).not.toMatch(/^ {4}at /m)
          // Some words change nothing: `--` ends the options, and a plan may be printed anywhere.
          expect([0, 2], `${what}: ${stderr}`).toContain(status)
          if (status === 2)
            expect([stdout, stderr.startsWith('lakewright: ')], what).toEqual(['', true])
        }
      }
      expect(filesBelow(cwd).filter((path) => !path.startsWith('lake/'))).toEqual(['hello.json'])
    },
  )
})

interface Ended {
  readonly code: number | null
  readonly stderr: string
}

/** A run that takes a while, and something that is done to it once it writes. */
const disturbed = (
  cwd: string,
  people: number,
  disturb: (child: ChildProcess) => void,
): Promise<Ended> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [MAIN, ...longRun(people)], {
      cwd,
      env: { ...process.env, LAKEWRIGHT_CLOCK: CLOCK },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    const watch = setInterval(() => {
      if (!filesBelow(cwd).some((path) => path.endsWith('.tmp'))) return
      clearInterval(watch)
      disturb(child)
    }, 5)
    child.on('close', (code) => {
      clearInterval(watch)
      done({ code, stderr })
    })
  })

/** A plan whose last table counts a billion rows for its first. */
const endless = plan({
  name: 'endless',
  seed: 1,
  tables: [
    table('few', { rows: range(10), columns: [column('id', key())] }),
    table('many', {
      virtual: true,
      rows: range(1_000_000_000),
      columns: [column('few', sample(law.uniform(1, 10)))],
    }),
    table('counts', {
      rows: cross(['few', 11]),
      columns: [column('of', tally.count('many', { by: [col('few')], most: 1_000_000_000 }))],
    }),
  ],
})

const longRun = (people: number): readonly string[] => [
  'generate',
  'hello.json',
  '--set',
  `people=${people}`,
  '--workers',
  '1',
]

describe('a command that only reads or still understands its plan', () => {
  test.each([
    ['preview', 'mdm', '--table', 'raw_crm_customers'],
    ['generate', 'mdm'],
  ])('is ended by Ctrl-C at once, without a trace: %s', async (...args) => {
    const cwd = folder()
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: 'ignore' })
    const signal = await new Promise((done) => {
      child.on('close', (_, ended) => done(ended))
      setTimeout(() => child.kill('SIGINT'), 300)
    })
    expect(signal).toBe('SIGINT')
    expect(filesBelow(cwd)).toEqual([])
  })
})

describe('a run at work', { timeout: 300_000 }, () => {
  test('is stopped by Ctrl-C, says how to go on, and can be gone on with', async () => {
    const [stopped, whole] = [workplace(), workplace()]
    const { code, stderr } = await disturbed(stopped, 8_000_000, (child) => child.kill('SIGINT'))
    expect(code).toBe(130)
    expect(stderr).toMatch(/^lakewright: run [0-9a-f]{12} was stopped; nothing was published$/m)
    expect(filesBelow(join(stopped, 'lake/lakewright/hello'))).toEqual([])
    const id = /runs resume ([0-9a-f]{12})/.exec(stderr)?.[1] ?? ''
    expect(lakewright(stopped, 'runs', 'resume', id)).toMatchObject({ status: 0 })
    lakewright(whole, ...longRun(8_000_000))
    expect(hashesBelow(join(stopped, 'lake/lakewright'))).toEqual(
      hashesBelow(join(whole, 'lake/lakewright')),
    )
  })

  test('is stopped by Ctrl-C while one block of rows takes very long', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'endless.json'), JSON.stringify(endless))
    const args = ['generate', 'endless.json', '--workers', '1']
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
      // Now the next table begins, whose only block counts a billion rows.
      // A shell in between may pass the signal on once more.
      if (/few: 10 rows/.test(stderr))
        for (const wait of [500, 510]) setTimeout(() => child.kill('SIGINT'), wait)
    })
    const code = await new Promise((done) => child.on('close', done))
    expect(code).toBe(130)
    expect(stderr).toMatch(/^lakewright: run [0-9a-f]{12} was stopped; nothing was published$/m)
  })

  test('keeps others off its dataset, and is stopped and dropped by a cancel', async () => {
    const cwd = workplace()
    const seen: { readonly status: number | null; readonly stderr: string }[] = []
    const { code } = await disturbed(cwd, 1_000_000_000, () => {
      seen.push(lakewright(cwd, 'generate', 'hello.json', '--mode', 'resume'))
      const list = lakewright(cwd, 'runs', 'list', '--json')
      const [run] = JSON.parse(list.stdout) as readonly { readonly id: string }[]
      seen.push(lakewright(cwd, 'runs', 'cancel', run?.id ?? ''))
    })
    expect(code).toBe(130)
    expect(seen[0]?.status).toBe(2)
    expect(seen[0]?.stderr).toMatch(/another lakewright \(process \d+\) works on this dataset/)
    expect(seen[1]).toMatchObject({ status: 0 })
    expect(seen[1]?.stderr).toContain('is cancelled, its files are removed')
    expect(filesBelow(join(cwd, 'lake/lakewright'))).toEqual([])
  })
})
