import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folderOf = temporaryFolders()

test.each([
  [['src'], '--target is needed'],
  [['src', '--target', 'a'], '--target: expected <catalog>.<schema>'],
  [['src', '--target', 'a.b'], 'where is Spark?'],
  [['src', '--target', 'a.b', '--remote', 'http://x'], 'expected sc://host:port'],
  [['nowhere', '--target', 'a.b', '--remote', 'sc://x'], 'there is no folder "nowhere"'],
  [['empty', '--target', 'a.b', '--remote', 'sc://x'], 'there is no SQL file below "empty"'],
  [['src/a.sql', '--target', 'a.b', '--remote', 'sc://x'], 'there is no SQL file below'],
  [
    ['src', '--target', 'a.b', '--remote', 'sc://x', '--storage', '/tmp'],
    '--storage: expected a URI',
  ],
])('lakewright pipeline %j is refused in a line', async (words, says) => {
  const cwd = folderOf()
  for (const folder of ['src', 'empty']) mkdirSync(join(cwd, folder))
  writeFileSync(join(cwd, 'src/a.sql'), 'CREATE MATERIALIZED VIEW a AS SELECT 1;')
  const { code, stdout, stderr } = await call(['pipeline', ...words], { cwd })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(says)
})
