// Scores Splink in a stock configuration on mdm datasets of five difficulties:
//   node bench/splink/run.js [--records N] [--to FOLDER] [--svg FILE]
// Prints a table; --svg also draws the curve. The exit code is 1 when F1 does not fall from level to level.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { curve } from './curve.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const PROGRAM = join(HERE, '../../dist/app/cli/main.js')
const PYTHON = join(process.env['LAKEWRIGHT_PEERS'] ?? join(HERE, '../.peers'), 'bin/python')
const LEVELS = [0, 2.5, 5, 7.5, 10]

const call = (command, args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error ?? stderr}`)
  return stdout
}

const lakewright = (...args) => call(process.execPath, [PROGRAM, ...args])

const scoreAt = (difficulty, { records, folder }) => {
  const lake = join(folder, `difficulty-${difficulty}`)
  const dataset = join(lake, 'lakewright/mdm')
  const predicted = join(folder, `predicted-${difficulty}.parquet`)
  const size = ['--total-records', String(records), '--difficulty', String(difficulty)]
  lakewright('generate', 'mdm', ...size, '--to', lake)
  call(PYTHON, [join(HERE, 'match.py'), dataset, predicted])
  const score = lakewright(
    'score',
    '--truth',
    dataset,
    '--pairs',
    predicted,
    '--worst',
    '0',
    '--json',
  )
  rmSync(lake, { recursive: true })
  return { difficulty, ...JSON.parse(score).all }
}

const figure = (value) => (value === null ? '–' : value.toFixed(3))

const table = (scores) => [
  '| difficulty | pairs: precision | recall | F1 | B-cubed F1 | exact clusters F1 |',
  '| ---: | ---: | ---: | ---: | ---: | ---: |',
  ...scores.map(({ difficulty, givenPairs, bCubed, exactClusters }) => {
    const { precision, recall, f1 } = givenPairs
    const cells = [precision, recall, f1, bCubed.f1, exactClusters.f1].map(figure)
    return `| ${[String(difficulty), ...cells].join(' | ')} |`
  }),
]

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '20000' },
    to: { type: 'string', default: tmpdir() },
    svg: { type: 'string' },
  },
})
if (!existsSync(PYTHON)) {
  console.error(`there is no ${PYTHON}: run bench/setup, or set LAKEWRIGHT_PEERS`)
  process.exit(1)
}
const folder = mkdtempSync(join(values.to, 'lakewright-splink-'))
try {
  const scores = LEVELS.map((difficulty) => {
    console.error(`difficulty ${difficulty}`)
    return scoreAt(difficulty, { records: Number(values.records), folder })
  })
  console.log(table(scores).join('\n'))
  if (values.svg !== undefined) writeFileSync(values.svg, curve(scores))
  const falls = scores.every(
    ({ givenPairs }, i) => i === 0 || givenPairs.f1 < scores[i - 1].givenPairs.f1,
  )
  console.log(falls ? 'F1 of the pairs falls from level to level' : 'F1 of the pairs does NOT fall')
  process.exitCode = falls ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
