import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolders } from '../../support/lake.ts'
import { ROOT } from '../../support/sources.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()
const examples = readdirSync(join(ROOT, 'examples'))

interface Summary {
  readonly dataset: string
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
}

test('there are examples', () => {
  expect(examples).toContain('hello.json')
})

test.each(examples)(
  '%s lands as tables with a manifest, and verify finds it sound',
  async (file) => {
    const cwd = folder()
    const plan = join(ROOT, 'examples', file)
    const made = await call(['generate', plan, '--workers', '1', '--json'], { cwd })
    expect(made.code).toBe(0)
    const { dataset, tables } = JSON.parse(made.stdout) as Summary
    expect(tables.length).toBeGreaterThan(0)
    for (const { name, rows } of tables) {
      expect(rows).toBeGreaterThan(0)
      expect(existsSync(join(dataset, name, '_delta_log/00000000000000000000.json'))).toBe(true)
    }
    expect(existsSync(join(dataset, 'manifest.json'))).toBe(true)

    const verified = await call(['verify', dataset], { cwd })
    expect(verified.stderr).toMatch(/[1-9]\d* promises hold, 0 are broken/)
    expect(verified.code).toBe(0)
  },
)
