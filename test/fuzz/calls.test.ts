import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cli, type CliResult, inTurn } from '../support/cli.ts'
import { hashesBelow } from '../support/lake.ts'
import { BAD_CALLS, FILES } from './bad-calls.ts'

const root = mkdtempSync(join(tmpdir(), 'lakewright-fuzz-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A new folder with the files that calls refer to. */
const folderWithFiles = (name: string): string => {
  const folder = join(root, name)
  mkdirSync(folder)
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text)
  return folder
}

/** One line that complains and perhaps one that advises; of a plan with many mistakes, a line for each further one. */
const COMPLAINT =
  /^lakewright: ([^\n]+\n( {2}[^\n]+\n)?|the plan is invalid: [^\n]+; and \d+ more\n( {2}[^\n]+\n){1,20})$/

/** A complaint, no stack, nothing on stdout. */
const expectComplaint = ({ code, stdout, stderr }: CliResult, names: string): void => {
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(COMPLAINT) as string,
  })
  expect(stderr).toContain(names)
  expect(stderr).not.toMatch(/\bat \S+:\d+:\d+|node:internal|a defect/)
}

describe('a call with a mistake', () => {
  const folder = folderWithFiles('calls')
  const before = hashesBelow(folder)
  let results: readonly CliResult[] = []

  beforeAll(async () => {
    results = await inTurn(BAD_CALLS, 3, async ({ args }) => cli(args, { cwd: folder }))
  }, 240_000)

  test.each(
    BAD_CALLS.map(({ args, names }, i) => [args.join(' ').slice(0, 100), names, i] as const),
  )('lakewright %s complains of %s, exit 2', (_, names, i) => {
    const result = results[i]
    if (result === undefined) throw new Error('was not called')
    expectComplaint(result, names)
  })

  test('writes nothing', () => {
    expect(hashesBelow(folder)).toEqual(before)
    expect(BAD_CALLS.length).toBeGreaterThan(100)
  })
})

describe('a lake written by a newer version', () => {
  test('is refused by every command that reads it, and left as it is', async () => {
    const folder = folderWithFiles('newer')
    const made = await cli(['generate', 'good.json', '--to', 'lake'], { cwd: folder })
    expect(made.code).toBe(0)
    const dataset = join(folder, 'lake/lakewright/p')
    const manifest = join(dataset, 'manifest.json')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace('"lakewright": 1', '"lakewright": 2'))
    const before = hashesBelow(dataset)
    const generate = ['generate', 'good.json', '--to', 'lake']
    const calls = [
      ...['overwrite', 'append', 'resume'].map((mode) => [...generate, '--mode', mode]),
      generate,
      ['vacuum', 'lake/lakewright/p'],
    ]
    const results = await inTurn(calls, 1, async (args) => cli(args, { cwd: folder }))
    for (const result of results) expectComplaint(result, 'newer')
    expect(hashesBelow(dataset)).toEqual(before)
  }, 180_000)
})

describe('a dataset that is there', () => {
  test('is refused without a mode, and left as it is', async () => {
    const folder = folderWithFiles('there')
    const args = ['generate', 'good.json', '--to', 'lake']
    expect((await cli(args, { cwd: folder })).code).toBe(0)
    const before = hashesBelow(join(folder, 'lake/lakewright'))
    expectComplaint(await cli(args, { cwd: folder }), '--mode overwrite')
    expectComplaint(
      await cli([...args, '--mode', 'append', '--set', 'rows=3'], { cwd: folder }),
      'rows falls from 5 to 3',
    )
    expect(hashesBelow(join(folder, 'lake/lakewright'))).toEqual(before)
  }, 180_000)
})
