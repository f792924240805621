import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()

test('vacuum leaves what is young and says so, and removes it when told to', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  await call(['generate', 'hello.json'], { cwd })
  await call(['generate', 'hello.json', '--seed', '7', '--mode', 'overwrite'], { cwd })
  const files = (): number => filesBelow(cwd).filter((path) => path.endsWith('.parquet')).length
  const clock = { now: () => Date.now() + 60_000 }
  const vacuum = async (...options: readonly string[]): Promise<string> =>
    (await call(['vacuum', 'lake/lakewright/hello', ...options], { cwd, clock })).stderr
  expect(await vacuum()).toBe('0 files, 0 B removed; younger ones stay, see --retention-hours\n')
  expect(files()).toBe(2)
  expect(await vacuum('--retention-hours', '0', '--force')).toMatch(/^1 files, \d+ B removed\n$/)
  expect(files()).toBe(1)
})
