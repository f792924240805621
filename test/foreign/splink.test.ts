import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ScoreOutcome } from '../../src/node/score/score-dataset.ts'
import { temporaryFolders } from '../support/lake.ts'
import { runPython } from '../support/python.ts'
import { requireService, servicePath } from '../support/services.ts'
import { call } from '../support/world.ts'

const python = requireService('python')
const folder = temporaryFolders()

const MATCH = readFileSync(new URL('../../bench/splink/match.py', import.meta.url), 'utf8')

/** F1 of the pairs that Splink finds in its stock configuration. */
const splinkF1 = async (difficulty: number): Promise<number> => {
  const cwd = folder()
  const size = ['--total-records', '3000', '--difficulty', String(difficulty)]
  expect((await call(['generate', 'mdm', ...size], { cwd })).code).toBe(0)
  const dataset = join(cwd, 'lake/lakewright/mdm')
  const predicted = join(cwd, 'predicted.parquet')
  runPython(servicePath(python), MATCH, { args: [dataset, predicted] })
  const scored = await call(['score', '--truth', dataset, '--pairs', predicted, '--json'], { cwd })
  const { all } = JSON.parse(scored.stdout) as ScoreOutcome
  return all.givenPairs?.f1 ?? NaN
}

describe.skipIf(python.kind === 'missing')('Splink in its stock configuration', () => {
  test(
    'finds nearly all pairs without noise, and fewer the harder it is',
    {
      timeout: 240_000,
    },
    async () => {
      const [none, usual, most] = [await splinkF1(0), await splinkF1(5), await splinkF1(10)]
      expect(none).toBeGreaterThan(0.95)
      expect(usual).toBeLessThan(none - 0.03)
      expect(most).toBeLessThan(usual - 0.1)
      expect(most).toBeGreaterThan(0.2)
    },
  )
})
