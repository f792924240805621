import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { withDataset } from '../../src/node/run/generate.ts'
import { datasetPlace } from '../../src/node/run/lake.ts'
import { MAIN } from '../support/cli.ts'
import { hashesBelow, testHost } from '../support/lake.ts'
import { shopPlan } from '../support/shop-plan.ts'
import { call, type Called } from '../support/world.ts'

// `npm test` builds first.
const CLOCK = '1700000000000'

const scratch = mkdtempSync(join(tmpdir(), 'lakewright-crash-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Runs the command line in a process of its own that may kill itself. */
const spawned = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{
  readonly code: number | null
  readonly signal: string | null
  readonly stderr: string
}> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, LAKEWRIGHT_CLOCK: CLOCK, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.on('close', (code, signal) => done({ code, signal, stderr }))
  })

/** Runs the command line within this process, where starting costs nothing. */
const called = (args: readonly string[]): Promise<Called> =>
  call(args, {
    cwd: scratch,
    clock: { now: () => Number(CLOCK) },
    env: { LAKEWRIGHT_CLOCK: CLOCK },
  })

/** A way to publish: what is there before, and the command that is killed. */
interface Scenario {
  readonly name: string
  readonly before: readonly (readonly string[])[]
  readonly args: readonly string[]
  /** The crash points that only this scenario has; without it, all of them are tried. */
  readonly at?: RegExp
}

const planFile = (customers: number): string => {
  const path = join(scratch, `shop-${customers}.json`)
  const { tables, ...plan } = shopPlan(customers)
  const few = tables.filter(({ name }) => name === 'customers' || name === 'stores')
  writeFileSync(path, JSON.stringify({ ...plan, tables: few }))
  return path
}

const generate = (customers: number, ...options: readonly string[]): readonly string[] => [
  'generate',
  planFile(customers),
  '--workers',
  '1',
  ...options,
]

const CSV = ['--format', 'csv', '--catalog', 'lakewright']

const SCENARIOS: readonly Scenario[] = [
  { name: 'a new dataset', before: [], args: generate(30, '--parts', '2') },
  { name: 'an overwrite', before: [generate(20)], args: generate(30, '--mode', 'overwrite') },
  { name: 'an append', before: [generate(20)], args: generate(30, '--mode', 'append') },
  {
    name: 'an append that writes a checkpoint',
    before: [
      generate(1),
      ...Array.from({ length: 9 }, (_, i) => generate(i + 2, '--mode', 'append')),
    ],
    args: generate(30, '--mode', 'append'),
    at: /checkpoint|note publish/,
  },
  {
    name: 'a merge that keeps equal files and replaces others',
    before: [generate(20, '--parts', '2')],
    args: generate(15, '--mode', 'merge'),
    at: /parquet:remove|redo.*link|_delta_log.*link|note (commit|publish)/,
  },
  {
    name: 'new plain files',
    before: [],
    args: generate(30, ...CSV),
    at: /replace|redo.*(link|remove)|manifest.*link/,
  },
  {
    name: 'a merge of plain files',
    before: [generate(20, ...CSV)],
    args: generate(30, ...CSV, '--mode', 'merge'),
    at: /replace|csv:rename|redo.*link|manifest.*link|remove$/,
  },
  {
    name: 'an overwrite of plain files',
    before: [generate(20, ...CSV)],
    args: generate(30, ...CSV, '--mode', 'overwrite'),
  },
  {
    name: 'an append to plain files',
    before: [generate(20, ...CSV)],
    args: generate(30, ...CSV, '--mode', 'append'),
  },
]

/** The files of all datasets of a lake; what lies under `.lakewright` may differ. */
const datasets = (lake: string): Readonly<Record<string, string>> =>
  hashesBelow(join(lake, 'lakewright'))

const succeed = async (args: readonly string[]): Promise<void> => {
  const { code, stderr } = await called(args)
  if (code !== 0) throw new Error(`lakewright ${args.join(' ')} ended with ${code}: ${stderr}`)
}

interface Undisturbed {
  readonly base: string
  readonly before: Readonly<Record<string, string>>
  readonly after: Readonly<Record<string, string>>
  readonly points: readonly string[]
}

/** Runs a scenario without a crash, noting every crash point on the way. */
const undisturbed = async ({ before, args }: Scenario, label: string): Promise<Undisturbed> => {
  const base = join(scratch, `${label}-base`)
  for (const each of before) await succeed([...each, '--to', base])
  const lake = join(scratch, `${label}-whole`)
  if (before.length > 0) cpSync(base, lake, { recursive: true })
  const log = join(scratch, `${label}.log`)
  const { code, stderr } = await spawned([...args, '--to', lake], { LAKEWRIGHT_CRASH_LOG: log })
  expect([code, stderr]).toEqual([0, expect.stringContaining('rows')])
  const points = [...new Set(readFileSync(log, 'utf8').trim().split('\n'))]
  return { base, before: datasets(base), after: datasets(lake), points }
}

/** The same command, made to go on with what was killed. */
const resuming = (args: readonly string[]): readonly string[] => {
  const at = args.indexOf('--mode')
  return [...(at < 0 ? args : args.toSpliced(at, 2)), '--mode', 'resume']
}

/** Kills a run at one point and looks at what is left, before and after going on. */
const killAt = async (
  { before, args }: Scenario,
  whole: Undisturbed,
  point: string,
): Promise<readonly string[]> => {
  const lake = mkdtempSync(join(scratch, 'killed-'))
  if (before.length > 0) cpSync(whole.base, lake, { recursive: true })
  const killed = await spawned([...args, '--to', lake], { LAKEWRIGHT_CRASH_AT: point })
  const problems: string[] = []
  const complain = (problem: string): unknown => problems.push(`${point}: ${problem}`)
  if (killed.signal !== 'SIGKILL')
    complain(`not killed but ended with ${killed.code}: ${killed.stderr}`)
  const manifest = await readersManifest(lake)
  if (![whole.before, whole.after].some((files) => files[MANIFEST] === manifest))
    complain('readers see neither the old dataset nor the new one')
  // A kill before the run was noted leaves nothing to resume: then the command itself is given again.
  let again = await called([...resuming(args), '--to', lake])
  if (again.code !== 0) again = await called([...args, '--to', lake])
  if (again.code !== 0) complain(`going on ended with ${again.code}: ${again.stderr}`)
  const found = datasets(lake)
  if (JSON.stringify(found) !== JSON.stringify(whole.after))
    complain(`the result differs: ${difference(found, whole.after)}`)
  rmSync(lake, { recursive: true })
  return problems
}

const MANIFEST = 'shop/manifest.json'

/** The hash of the manifest that our readers see: that of the dataset once what was half published is finished. */
const readersManifest = (lake: string): Promise<string | undefined> =>
  withDataset(
    { lake, place: datasetPlace('lakewright', 'shop') },
    testHost(),
    async () => datasets(lake)[MANIFEST],
  )

const difference = (
  found: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): string =>
  [...new Set([...Object.keys(found), ...Object.keys(expected)])]
    .filter((path) => found[path] !== expected[path])
    .join(', ')

const AT_A_TIME = 2

const inTurn = async <T>(
  items: readonly T[],
  work: (item: T) => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  const queue = items.values()
  const problems: string[] = []
  const lane = async (): Promise<void> => {
    for (const item of queue) problems.push(...(await work(item)))
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, lane))
  return problems
}

let seen = 0

describe.each(SCENARIOS)('$name, killed before and after each step', (scenario) => {
  test('ends byte-identical to one that was never killed', { timeout: 900_000 }, async () => {
    const whole = await undisturbed(scenario, scenario.name.replaceAll(' ', '-'))
    expect(Object.keys(whole.after).length).toBeGreaterThan(3)
    expect(whole.after).not.toEqual(whole.before)
    const tried = whole.points.filter((point) => scenario.at?.test(point) ?? true)
    expect(tried.length).toBeGreaterThan(3)
    const points = tried.flatMap((point) => [`${point}:before`, `${point}:after`])
    seen += whole.points.length
    expect(await inTurn(points, (point) => killAt(scenario, whole, point))).toEqual([])
  })
})

test('more than 100 crash points were passed, every kind of step among them', () => {
  expect(seen).toBeGreaterThan(100)
})
