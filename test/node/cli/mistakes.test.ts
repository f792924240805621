import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()

const refused = async (plan: unknown, ...options: readonly string[]): Promise<string> => {
  const cwd = folder()
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan))
  const { code, stdout, stderr } = await call(['generate', 'plan.json', ...options], { cwd })
  expect([code, stdout, filesBelow(cwd)]).toEqual([2, '', ['plan.json']])
  return stderr
}

describe('a plan with mistakes', () => {
  test('is refused with all of them, the first three in one line', async () => {
    const [table] = hello.tables
    const columns = ['a', 'b', 'c', 'd', 'f'].map((name) => ({
      name,
      expr: { kind: 'column', name: `no_${name}` },
    }))
    const stderr = await refused({ ...hello, tables: [{ ...table, columns }] })
    const [first = '', ...further] = stderr.trimEnd().split('\n')
    expect(first).toMatch(/^lakewright: the plan is invalid: .*"no_a".*"no_b".*"no_c".*and 2 more$/)
    expect(further).toEqual([
      expect.stringMatching(/^ {2}table greetings, column d, .*"no_d"/),
      expect.stringMatching(/^ {2}table greetings, column f, .*"no_f"/),
    ])
  })
})

describe('an option', () => {
  test.each(['1.5', '-.5', '1e3', '9007199254740992'])('--seed %s is no seed', async (seed) => {
    expect(await refused(hello, '--seed', seed)).toContain(
      `--seed: expected a whole number below 2^53 in size, or a text that is no number, got "${seed}"`,
    )
  })

  test.each(['csv', 'jsonl'])('--compression of %s is refused', async (format) => {
    const stderr = await refused(hello, '--format', format, '--compression', 'zstd')
    expect(stderr).toContain(`--compression zstd cannot hold with --format ${format}\n`)
  })

  test('with a wrong value says where its values are listed', async () => {
    expect(await refused(hello, '--parts', '0')).toBe(
      'lakewright: --parts: expected a whole number from 1 to 100000, got "0"\n  See lakewright generate --help.\n',
    )
  })
})
