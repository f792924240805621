import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/node/cli/commands.ts'
import { FILE_OPTIONS, MODE_OPTIONS } from '../../../src/node/cli/commands/generate-options.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()

const NAMES = COMMANDS.map(({ name }) => name)
const OPTIONS = [...FILE_OPTIONS, ...MODE_OPTIONS].map(({ name }) => name)

/** A word that means nothing to any command. */
const garbage = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).map((text) => `§${text}`),
  fc.constantFrom(
    '-1',
    '0',
    '1e999',
    'NaN',
    '../..',
    '/dev/null/x',
    '\u0000',
    '--',
    '-',
    '{}',
    ' ',
  ),
)

const optionWord = fc.oneof(
  fc
    .constantFrom(...OPTIONS, 'to', 'seed', 'set', 'rows', 'table', 'json', 'debug')
    .map((name) => `--${name}`),
  fc.string({ minLength: 1, maxLength: 10 }).map((text) => `--${text}`),
)

const word = fc.oneof(
  garbage,
  optionWord,
  fc.constantFrom('hello.json', 'identity', 'list', 'show'),
)

/** A command line with at least one word of garbage or an option that no command has. */
const malformed = fc
  .tuple(fc.oneof(fc.constantFrom(...NAMES), garbage), fc.array(word, { maxLength: 5 }), garbage)
  .chain(([name, words, wrong]) =>
    fc
      .integer({ min: 0, max: words.length })
      .map((at) => [name, ...words.toSpliced(at, 0, `--nonsense=${wrong}`)]),
  )

const ONE_LINE = /^lakewright: .*\n( {2}.*\n)?$/

/** What must hold for every input: no stack, and a mistake is one line and a hint; of a plan with many, a line for each. */
const expectTidy = ({ code, stdout, stderr }: Called): void => {
  expect(stderr).not.toMatch(/^ {4}at /m)
  expect(stderr).not.toContain('a defect')
  expect([0, 2]).toContain(code)
  if (code === 0) return
  expect(stdout).toBe('')
  const many = /^lakewright: the plan is invalid: .*; and \d+ more\n/.test(stderr)
  expect(stderr).toMatch(many ? /^lakewright: .*\n( {2}.*\n){1,20}$/ : ONE_LINE)
}

test(
  '3,000 malformed command lines end with 2, one line, and nothing written',
  { timeout: 120_000 },
  async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
    let mistakes = 0
    const property = fc.asyncProperty(malformed, async (args) => {
      const called = await call(
        args.filter((arg) => arg !== '--debug'),
        { cwd },
      )
      expectTidy(called)
      if (called.code === 2) mistakes++
    })
    await fc.assert(property, { numRuns: 3000, seed: 21 })
    expect(mistakes).toBeGreaterThan(2500)
    expect(filesBelow(cwd)).toEqual(['hello.json'])
  },
)

/** A place in JSON, with what stands there replaced, removed or doubled. */
const mutated = (json: unknown, random: () => number, value: unknown): unknown => {
  if (typeof json !== 'object' || json === null || random() < 0.15) return value
  if (Array.isArray(json)) {
    const items: readonly unknown[] = json
    const at = Math.floor(random() * items.length)
    const inner = mutated(items[at], random, value)
    return random() < 0.2
      ? items.toSpliced(at, 1)
      : items.with(Math.min(at, items.length - 1), inner)
  }
  const entries = Object.entries(json)
  const [name, inner] = entries[Math.floor(random() * entries.length)] ?? ['', undefined]
  if (random() < 0.1) return Object.fromEntries(entries.filter(([each]) => each !== name))
  if (random() < 0.1) return { ...json, [`${name}x`]: inner }
  return { ...json, [name]: mutated(inner, random, value) }
}

test(
  '3,000 damaged plans are read or refused in one line, and nothing is written',
  { timeout: 240_000 },
  async () => {
    const cwd = folder()
    const path = join(cwd, 'plan.json')
    let refused = 0
    const damage = fc.record({
      value: fc.jsonValue({ maxDepth: 3 }),
      rolls: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), {
        minLength: 40,
        maxLength: 40,
      }),
      cut: fc.option(fc.integer({ min: 0, max: 400 }), { freq: 9 }),
    })
    const property = fc.asyncProperty(damage, async ({ value, rolls, cut }) => {
      let at = 0
      const random = (): number => rolls[at++ % rolls.length] ?? 0
      const text = JSON.stringify(mutated(hello, random, value) ?? null)
      writeFileSync(path, cut === null ? text : text.slice(0, cut))
      const called = await call(['plan', 'plan.json'], { cwd })
      expectTidy(called)
      if (called.code === 2) refused++
    })
    await fc.assert(property, { numRuns: 3000, seed: 22 })
    expect(refused).toBeGreaterThan(1500)
    expect(filesBelow(cwd)).toEqual(['plan.json'])
  },
)
