import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../../src/node/cli/commands.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()

/** A folder with the plan hello.json in it. */
const workplace = (): string => {
  const cwd = folder()
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  return cwd
}

/** Asserts what every mistake of a user looks like: exit code 2, one line and a hint, nothing on stdout. */
const expectMistake = ({ code, stdout, stderr }: Called, message: string, hint = ''): void => {
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
  expect(stderr).toMatch(/^lakewright: /)
  expect([code, stdout]).toEqual([2, ''])
}

describe('help', () => {
  test.each([[], ['--help'], ['help'], ['-h']])(
    'of the program lists every command: %o',
    async (...args) => {
      const { code, stdout, stderr } = await call(args, { cwd: folder() })
      expect([code, stderr]).toEqual([0, ''])
      for (const { name, summary } of COMMANDS)
        expect(stdout).toMatch(new RegExp(`${name} +${summary}`))
    },
  )

  test.each(COMMANDS.map(({ name }) => name))(
    'of %s shows its options and examples',
    async (name) => {
      const { code, stdout } = await call([name, '--help'], { cwd: folder() })
      expect(code).toBe(0)
      expect(stdout).toContain(`Usage: lakewright ${name}`)
      expect(stdout).toContain(`  lakewright ${name} `)
      expect(stdout).toContain('--debug')
      expect(stdout).not.toContain('interpreter')
    },
  )

  test('of a dataset shows every parameter with its default and range', async () => {
    const { stdout } = await call(['generate', 'identity', '--help'], { cwd: folder() })
    expect(stdout).toMatch(/--households <n> +.*a whole number from 1 to \d+; default \d+/)
  })

  test('is not shown for an unknown command, which gets a suggestion', async () => {
    expectMistake(
      await call(['genrate'], { cwd: folder() }),
      'there is no command "genrate"',
      'lakewright generate',
    )
  })

  test('the version is the package\u2019s', async () => {
    expect(await call(['--version'], { cwd: folder() })).toMatchObject({
      code: 0,
      stdout: '1.2.3\n',
    })
  })
})

describe('options', () => {
  const generate = (...args: readonly string[]): Promise<Called> =>
    call(['generate', 'hello.json', ...args], { cwd: workplace() })

  test.each([
    [['--formt', 'csv'], 'unknown option "--formt"', '--format'],
    [['--format', 'xml'], '--format: expected delta, parquet, csv, jsonl, got "xml"', ''],
    [['--parts', '0'], '--parts: expected a whole number from 1 to 100000, got "0"', ''],
    [['--parts', '-3'], '--parts: expected', ''],
    [['--parts', '1.5'], '--parts: expected', ''],
    [['--parts'], '--parts needs a value', ''],
    [['--parts='], '--parts needs a value', ''],
    [['--parts', '1', '--parts', '2'], '--parts is given 2 times', ''],
    [['--format', 'parqet'], 'got "parqet", did you mean "parquet"?', ''],
    [['--partitions', '0'], '--partitions: expected a whole number from 1 to 100000, got "0"', ''],
    [['--partitions', '2', '--parts', '2'], '--parts is given 2 times, once as', ''],
    [['--json=yes'], '--json: expected true, false or no value, got "yes"', ''],
    [['--overwrite', 'maybe'], 'unexpected argument "maybe"', ''],
    [['--overwrite', '--mode', 'append'], '--overwrite true contradicts --mode append', ''],
    [['--foreign', 'keep'], '--foreign is for --mode merge', ''],
    [['--foreign', 'drop', '--mode', 'merge'], '--foreign', ''],
    [['--overwrite', 'false', '--write-mode', 'overwrite'], '--overwrite false contradicts', ''],
    [['--no-json'], 'unknown option "--no-json"', ''],
    [['--seed', '9007199254740993'], '--seed: expected a whole number below 2^53', ''],
    [['--set', 'peple=3'], 'no parameter "peple", did you mean "people"?', ''],
    [['--set', 'people=many'], '--set people: expected a number, got "many"', ''],
    [['--catalog', '../up'], '"../up" cannot name a catalog', ''],
    [['--workers', '1e3'], '--workers: expected a whole number', ''],
    [['again'], 'unexpected argument "again"', ''],
    [['-x'], 'unknown option "-x"', ''],
  ] as const)('%o is refused in one line', async (args, message, hint) => {
    expectMistake(await generate(...args), message, hint)
  })

  test('of another dataset are unknown to a plan file', async () => {
    expectMistake(await generate('--households', '5'), 'unknown option "--households"')
  })
})

describe('parameters of a dataset that cannot be', () => {
  test.each([
    [['--days', '0'], '--days: expected a whole number from 1 to 365, got "0"'],
    [['--days', '366'], '--days: expected a whole number from 1 to 365, got "366"'],
    [['--scale', 'huge'], '--scale: expected small, medium, large, got "huge"'],
    [['--stores', '-3'], '--stores: expected a whole number from 1 to'],
    [['--orders', '-1'], '--orders: expected a whole number from 0 to'],
    [['--web-share', '1.2'], '--web-share: expected a number from 0 to 1, got "1.2"'],
    [['--products', '2', '--promotions', '851'], '--promotions 851 cannot hold with --products 2'],
    [['--orders', '9000000', '--days', '1'], '--orders 9000000 in --days 1 are'],
  ])('%o is one clear line, and nothing is written', async (args, message) => {
    const cwd = folder()
    expectMistake(await call(['generate', 'retail', ...args, '--to', 'lake'], { cwd }), message)
    expect(filesBelow(cwd)).toEqual([])
  })
})

describe('bad input', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['not JSON', '{"lakewright": 1,', 'is not JSON'],
    ['not a plan', '[]', 'the plan is invalid'],
    ['an empty file', '', 'is not JSON'],
    [
      'a plan of a newer language',
      JSON.stringify({ ...hello, lakewright: 99 }),
      'the plan is invalid',
    ],
    [
      'a cycle',
      JSON.stringify(hello).replace('{"kind":"key"}', '{"kind":"column","name":"greeting_id"}'),
      'greeting_id',
    ],
  ]

  test.each(cases)('%s is one clear line', async (_, text, message) => {
    const cwd = folder()
    writeFileSync(join(cwd, 'plan.json'), text)
    expectMistake(await call(['generate', 'plan.json'], { cwd }), message)
    expect(filesBelow(cwd)).toEqual(['plan.json'])
  })

  test('neither a dataset nor a file', async () => {
    expectMistake(
      await call(['generate', 'identiti'], { cwd: folder() }),
      'there is no dataset and no file "identiti", did you mean "identity"?',
    )
  })

  test('a target that is a file', async () => {
    const cwd = workplace()
    writeFileSync(join(cwd, 'lake'), '')
    expectMistake(
      await call(['generate', 'hello.json'], { cwd }),
      'is a file, expected a folder',
      '--to',
    )
    expectMistake(
      await call(['generate', 'hello.json', '--to', 'lake/below'], { cwd }),
      'is a file, expected a folder',
    )
  })

  test('a lake with a manifest or a journal of a newer version', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'lake/lakewright/hello'), { recursive: true })
    writeFileSync(join(cwd, 'lake/lakewright/hello/manifest.json'), '{"lakewright": 99}')
    expectMistake(await call(['generate', 'hello.json'], { cwd }), 'of version 99', 'newer')
  })

  test('an error of the system ends with 1', async () => {
    const cwd = workplace()
    const workers = async () => () => ({
      atOnce: 1,
      run: () => Promise.reject(new Error('boom')),
      close: async () => undefined,
    })
    const { code, stderr } = await call(['generate', 'hello.json'], { cwd, workers })
    expect(code).toBe(1)
    expect(stderr).toContain('a defect: boom')
    expect(stderr).not.toContain('    at ')
  })

  test('the stack is shown with --debug only', async () => {
    const { stderr } = await call(['generate', 'nope', '--debug'], { cwd: folder() })
    expect(stderr).toContain('    at ')
  })
})

describe('generate', () => {
  test('prints one JSON document on stdout, and for people on stderr', async () => {
    const cwd = workplace()
    const { code, stdout, stderr } = await call(['generate', 'hello.json', '--json'], { cwd })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'finished',
      dataset: join(cwd, 'lake/lakewright/hello'),
      rows: 1000,
      tables: [{ name: 'greetings', rows: 1000 }],
    })
    expect(stderr).toMatch(/greetings +1,000 /)
  })

  test('says nothing on stdout without --json', async () => {
    expect((await call(['generate', 'hello.json'], { cwd: workplace() })).stdout).toBe('')
  })

  test('sets parameters and seed of a plan file', async () => {
    const cwd = workplace()
    const args = [
      'generate',
      'hello.json',
      '--set',
      'people=7',
      '--seed',
      'text',
      '--format',
      'csv',
    ]
    await call(args, { cwd })
    const manifest = readFileSync(join(cwd, 'lake/manifest.json'), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({
      plan: { seed: 'text', parameters: { people: { value: 7 } } },
      tables: [{ rows: 7 }],
    })
  })

  test('refuses a second time, and says with resume that it is complete', async () => {
    const cwd = workplace()
    await call(['generate', 'hello.json'], { cwd })
    expectMistake(
      await call(['generate', 'hello.json'], { cwd }),
      'holds a dataset already',
      '--mode',
    )
    const again = await call(['generate', 'hello.json', '--mode', 'resume'], { cwd })
    expect(again.code).toBe(0)
    expect(again.stderr).toContain('complete already')
  })
})

describe('generate on what is there', () => {
  const twice = async (...args: readonly string[]): Promise<Called> => {
    const cwd = workplace()
    await call(['generate', 'hello.json'], { cwd })
    return call(['generate', 'hello.json', ...args], { cwd })
  }

  test.each([
    [['--overwrite']],
    [['--overwrite', 'true']],
    [['--overwrite=true']],
    [['--write-mode', 'overwrite']],
  ])('%o replaces it', async (args) => {
    const { code, stderr } = await twice(...args)
    expect([code, stderr]).toEqual([0, expect.stringContaining('1,000 rows')])
  })

  test('--overwrite false refuses it and names other modes', async () => {
    expectMistake(
      await twice('--overwrite', 'false'),
      'holds a dataset already',
      '--mode append, --mode merge',
    )
  })
})

describe('preview', () => {
  test('shows the rows that generate lands', async () => {
    const cwd = workplace()
    const { stdout } = await call(['preview', 'hello.json', '--rows', '20', '--json'], { cwd })
    await call(['generate', 'hello.json', '--format', 'jsonl'], { cwd })
    const file = filesBelow(cwd).find((path) => path.endsWith('.jsonl')) ?? ''
    const landed = readFileSync(join(cwd, file), 'utf8').split('\n').slice(0, 20)
    const { rows } = JSON.parse(stdout) as { rows: readonly unknown[] }
    expect(rows).toHaveLength(20)
    expect(rows.map((row) => JSON.stringify(row))).toEqual(landed)
  })

  test('writes nothing and shows a table for people', async () => {
    const cwd = workplace()
    const { stdout, code } = await call(['preview', 'hello.json', '--rows', '2'], { cwd })
    expect(code).toBe(0)
    expect(stdout.split('\n')[0]).toBe('greeting_id  greeting')
    expect(stdout.trim().split('\n')).toHaveLength(3)
    expect(filesBelow(cwd)).toEqual(['hello.json'])
  })

  test('shows the last rows where they are asked for', async () => {
    const cwd = workplace()
    const rowsOf = async (...options: readonly string[]): Promise<readonly unknown[]> => {
      const { stdout } = await call(['preview', 'hello.json', '--json', ...options], { cwd })
      return (JSON.parse(stdout) as { rows: readonly unknown[] }).rows
    }
    const all = await rowsOf('--rows', '10000')
    expect(all.length).toBeGreaterThan(20)
    expect(await rowsOf('--rows', '3', '--last')).toEqual(all.slice(-3))
    expect(await rowsOf('--rows', '10000', '--last')).toEqual(all)
  })

  test('names the tables there are', async () => {
    const result = await call(['preview', 'hello.json', '--table', 'greeting'], {
      cwd: workplace(),
    })
    expectMistake(result, 'no table "greeting", did you mean "greetings"?')
  })
})

describe('plan and explain', () => {
  test('plan prints a plan that makes the same dataset', async () => {
    const cwd = workplace()
    const { stdout } = await call(['plan', 'hello.json', '--set', 'people=5'], { cwd })
    writeFileSync(join(cwd, 'printed.json'), stdout)
    expect((await call(['plan', 'printed.json'], { cwd })).stdout).toBe(stdout)
  })

  test('explain shows the stages and exact rows, and writes nothing', async () => {
    const cwd = workplace()
    const { stdout, code } = await call(['explain', 'hello.json', '--set', 'people=2500000'], {
      cwd,
    })
    expect(code).toBe(0)
    expect(stdout).toContain('generate greetings, part 3')
    expect(stdout).not.toContain('part 4')
    expect(stdout).toMatch(/greetings +2,500,000 /)
    expect(filesBelow(cwd)).toEqual(['hello.json'])
  })

  test('explain rests on what a run has measured', async () => {
    const cwd = workplace()
    const people = ['--set', 'people=100000']
    await call(['generate', 'hello.json', ...people], { cwd })
    const { stdout } = await call(['explain', 'hello.json', '--set', 'people=1000000', '--json'], {
      cwd,
    })
    const explained = JSON.parse(stdout) as {
      tables: readonly { bytes: number; measured: boolean; rows: number }[]
    }
    const landed = filesBelow(cwd).find((path) => path.endsWith('.parquet')) ?? ''
    const tenth = readFileSync(join(cwd, landed)).length
    expect(explained.tables).toMatchObject([{ measured: true, rows: 1_000_000, exact: true }])
    expect(explained.tables[0]?.bytes).toBeCloseTo(10 * tenth, -2)
  })

  test('explain names the run it rests on when that was far smaller, and no seconds too small to tell', async () => {
    const cwd = workplace()
    const explained = async (people: number): Promise<string> =>
      (await call(['explain', 'hello.json', '--set', `people=${people}`], { cwd })).stdout
    expect(await explained(1000)).toContain('a guess until a run has measured it')
    await call(['generate', 'hello.json', '--set', 'people=1000'], { cwd })
    const path = join(cwd, 'lake/.lakewright/calibration.json')
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/"startSeconds": [^\n]+/, '"startSeconds": 0.001'),
    )
    expect(await explained(2000)).toMatch(/greetings +2,000 .+ < 0\.02 s\n/)
    expect(await explained(2001)).toMatch(/greetings .+ rough: measured on 1,000 rows only\n/)
  })
})

describe('runs', () => {
  test('are listed and shown', async () => {
    const cwd = workplace()
    expect((await call(['runs', 'list'], { cwd })).stdout).toBe('no runs\n')
    expect(filesBelow(cwd)).toEqual(['hello.json'])
    await call(['generate', 'hello.json'], { cwd })
    const list = await call(['runs', 'list', '--json'], { cwd })
    const [run] = JSON.parse(list.stdout) as readonly { id: string }[]
    expect(run).toMatchObject({ dataset: 'lakewright/hello', kind: 'create', state: 'finished' })
    const shown = await call(['runs', 'show', run?.id ?? ''], { cwd })
    expect(shown.stdout).toMatch(/parts +1 of 1 done/)
    expect(shown.stdout).toContain('publish')
  })

  test('a run that was stopped says how to go on, ends with 130, and is gone on with', async () => {
    const cwd = workplace()
    const controller = new AbortController()
    const stopping = async () => {
      const { inlineWorkers } = await import('../../../src/node/run/workers.ts')
      const { LakewrightError } = await import('../../../src/core/errors.ts')
      controller.abort(new LakewrightError('run.cancelled', 'stopped'))
      return inlineWorkers
    }
    const stopped = await call(['generate', 'hello.json'], {
      cwd,
      signal: controller.signal,
      workers: stopping,
    })
    expect(stopped.code).toBe(130)
    const id = /runs resume ([0-9a-f]{12})/.exec(stopped.stderr)?.[1] ?? ''
    const resumed = await call(['runs', 'resume', id], { cwd })
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toContain('1,000 rows')
  })

  test.each([
    [['runs', 'shw'], 'there is no "shw", did you mean "show"?'],
    [['runs', 'show'], 'needs the id of a run'],
    [['runs', 'cancel', 'abc'], 'there is no run "abc"'],
    [['runs'], 'lakewright runs needs'],
  ])('%o is refused', async (args, message) => {
    expectMistake(await call(args, { cwd: folder() }), message)
  })
})

test('vacuum names the folder where it found no dataset', async () => {
  const cwd = folder()
  expectMistake(await call(['vacuum', 'lake/lakewright/none'], { cwd }), 'there is no dataset in')
  expect(filesBelow(cwd)).toEqual([])
})
