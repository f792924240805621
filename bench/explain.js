// How far explain is from the run that follows, after one run that calibrated it; and beside it, how far that run is from
// itself a second time, which no estimate can beat: npm run bench:explain -- [options]. See README.md.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CPU_RESOLUTION } from '../dist/core/run/estimates.js'
import { PROGRAM } from './contestants.js'

const HELP = `npm run bench:explain -- [options]
  --from N      households of the run that calibrates (default 300000)
  --households N  households of the run that is foretold (default 1000000)
  --trials N    how often (default 5)
  --json        one JSON document on stdout`

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '300000' },
    households: { type: 'string', default: '1000000' },
    trials: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

/** What an estimate may be off by: a share of the figure, and for CPU seconds what explain calls its resolution. */
const BOUNDS = { rows: 0.01, bytes: 0.15, cpuSeconds: 0.3 }

const lakewright = (lake, command, households) => {
  const [node, program] = PROGRAM
  const args = [program, command, 'identity', '--households', households, '--to', lake, '--json']
  if (command === 'generate') args.push('--mode', 'overwrite')
  return JSON.parse(
    execFileSync(node, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
}

/** How far `expected` is from what came, by table and quantity. */
const errors = (expected, came, trial) =>
  expected.tables.flatMap((each) => {
    const name = each.name ?? each.table
    const real = came.tables.find((table) => table.name === name)
    return Object.entries(BOUNDS).map(([what, bound]) => {
      const off = each[what] - real[what]
      const error = off / real[what]
      const small = what === 'cpuSeconds' && Math.abs(off) <= CPU_RESOLUTION
      const within = small || Math.abs(error) <= bound
      return { trial, table: name, what, error: small ? 0 : error, within }
    })
  })

const trial = (number) => {
  const lake = mkdtempSync(join(tmpdir(), 'lakewright-explain-'))
  try {
    lakewright(lake, 'generate', values.from)
    const expected = lakewright(lake, 'explain', values.households)
    const first = lakewright(lake, 'generate', values.households)
    const second = lakewright(lake, 'generate', values.households)
    return { explain: errors(expected, first, number), again: errors(second, first, number) }
  } finally {
    rmSync(lake, { recursive: true, force: true })
  }
}

const summary = (title, all) =>
  Object.keys(BOUNDS).map((what) => {
    const those = all.filter((each) => each.what === what)
    const worst = Math.max(...those.map(({ error }) => Math.abs(error)))
    const within = those.filter((each) => each.within).length
    return `${title.padEnd(20)}${what.padEnd(12)}${within} of ${those.length} within ${100 * BOUNDS[what]} %, worst ${(100 * worst).toFixed(1)} %`
  })

if (values.help) console.log(HELP)
else {
  const trials = Array.from({ length: Number(values.trials) }, (_, i) => trial(i + 1))
  const explain = trials.flatMap((each) => each.explain)
  const again = trials.flatMap((each) => each.again)
  const lines = [...summary('explain', explain), ...summary('the same run again', again)]
  const missed = explain.filter(({ within }) => !within)
  const misses = missed.map(
    ({ trial: n, table, what, error }) =>
      `  missed in trial ${n}: ${table} ${what} ${(100 * error).toFixed(0)} %`,
  )
  console.log(
    values.json ? JSON.stringify({ explain, again }, null, 2) : [...lines, ...misses].join('\n'),
  )
}
