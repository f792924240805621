// Whole-process figures of Lakewright and of what people write by hand: npm run bench -- [options]. See README.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { check } from './checks.js'
import { FIRST, IDENTITY, missing, PROGRAM, W1, W2, W3 } from './contestants.js'
import { measure, median } from './measure.js'
import { describeMachine, judge, renderBars, renderTable } from './report.js'

const HELP = `npm run bench -- [options]
  --households N[,N]  sizes of W1; the identity dataset takes the largest (default 100000,1000000)
  --runs N            runs of each, of which the median counts (default 3)
  --only TEXT         only works or contestants whose names contain the text; may be given several times
  --large             identity at 10,000,000 households and mdm at as many records too, once (10 GB of disk)
  --quick             10,000 households, one run, without dbldatagen
  --to FOLDER         where output goes for a moment (default the system's temporary folder)
  --json              one JSON document on stdout instead of tables`

const { values } = parseArgs({
  options: {
    households: { type: 'string' },
    runs: { type: 'string' },
    only: { type: 'string', multiple: true },
    large: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    to: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const say = (text) => process.stderr.write(`${text}\n`)

const whole = (name, text) => {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  say(`--${name}: expected a whole number above 0, got ${JSON.stringify(text)}`)
  process.exit(2)
}

const readOptions = () => {
  const sizes = values.households ?? (values.quick ? '10000' : '100000,1000000')
  return {
    sizes: sizes.split(',').map((text) => whole('households', text)),
    runs: whole('runs', values.runs ?? (values.quick ? '1' : '3')),
    wanted: values.only ?? [''],
  }
}

/** The contests that were asked for: a work at a size, how often, and who takes part. */
const contestsOf = ({ sizes, runs, wanted }) => {
  const takesPart = (work, each) =>
    wanted.some((text) => `${work} ${each.name}`.includes(text)) &&
    !(values.quick && values.only === undefined && each.name.startsWith('dbldatagen'))
  const contest = (work, all, rest) => ({
    work,
    ...rest,
    contestants: all.filter((each) => takesPart(work, each)),
  })
  return [
    ...sizes.map((households) => contest('w1', W1, { households, runs })),
    contest('identity', IDENTITY, { households: Math.max(...sizes), runs }),
    contest('w2', W2, { households: values.quick ? 50_000 : 1_000_000, runs }),
    ...(values.quick ? [] : [contest('w3', W3, { households: 500_000, runs })]),
    ...(values.large
      ? [
          contest('identity', IDENTITY.slice(1), { households: 10_000_000, runs: 1 }),
          contest('w2', W2.slice(0, 1), { households: 10_000_000, runs: 1 }),
        ]
      : []),
  ]
}

const present = (contestant) => {
  const reason = missing(contestant)
  if (reason !== undefined) say(`skipped: ${contestant.name}: ${reason}`)
  return reason === undefined
}

/** Runs everyone in turn, round by round; output is checked in the first round and removed after each run. */
const hold = async ({ work, households, runs, contestants }, folder) => {
  const entries = contestants.filter(present).map((each) => ({ ...each, usages: [], found: {} }))
  for (let round = 1; round <= runs; round++) {
    for (const entry of entries) {
      const output = join(folder, 'output')
      const usage = measure(entry.command(households, output), output)
      entry.usages.push(usage)
      say(
        `${work} ${households}, round ${round}: ${entry.name}: ${usage.cpuSeconds.toFixed(2)} CPU s`,
      )
      if (round === 1)
        entry.found = await check({
          work,
          households: households * (entry.share ?? 1),
          folder: join(output, entry.tables),
        })
      rmSync(output, { recursive: true })
    }
  }
  const rows = entries.map((entry) => rowOf({ work, households }, entry))
  const [first] = rows
  return rows.map((row) =>
    first?.name !== FIRST[work] || row === first
      ? row
      : { ...row, ours: first.rowsPerCpuSecond / row.rowsPerCpuSecond },
  )
}

const rowOf = (contest, { name, usages, found }) => {
  const all = (key) => usages.map((usage) => usage[key])
  const cpuSeconds = median(all('cpuSeconds'))
  return {
    ...contest,
    name,
    ...found,
    cpuSeconds,
    wallSeconds: median(all('wallSeconds')),
    bestWallSeconds: Math.min(...all('wallSeconds')),
    peakBytes: Math.max(...all('peakBytes')),
    rowsPerCpuSecond: found.rows / cpuSeconds,
    cellsPerCpuSecond: found.cells / cpuSeconds,
    usages,
  }
}

/** Milliseconds that `lakewright --help` takes by the clock and of the processor, the medians of 11. */
const startUp = (folder) => {
  const usages = Array.from({ length: 11 }, () =>
    measure([...PROGRAM, '--help'], join(folder, 'start')),
  )
  return {
    wallMilliseconds: median(usages.map(({ wallSeconds }) => wallSeconds * 1000)),
    cpuMilliseconds: median(usages.map(({ cpuSeconds }) => cpuSeconds * 1000)),
  }
}

const main = async () => {
  const contests = contestsOf(readOptions())
  const folder = mkdtempSync(join(values.to, 'lakewright-bench-'))
  try {
    const machine = describeMachine()
    const load = loadavg()[0] ?? 0
    if (load > 0.5)
      say(`the machine is busy (load ${load.toFixed(1)}); trust ratios of CPU seconds only`)
    const start = startUp(folder)
    const rows = []
    for (const contest of contests) rows.push(...(await hold(contest, folder)))
    const bars = judge({ rows, start })
    const document = { machine, load, start, rows, bars }
    if (values.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    else process.stdout.write(`${asText(document)}\n`)
    const broken = rows.filter((row) => row.name.startsWith('lakewright') && row.wrong.length > 0)
    return broken.length === 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const asText = ({ machine, load, start, rows, bars }) =>
  [
    `${machine.cores} cores (${machine.flags.join(' ')}), ${machine.memoryGiB} GiB, ${machine.platform}, load ${load.toFixed(1)}`,
    machine.versions.join(', '),
    `lakewright --help: ${start.wallMilliseconds.toFixed(0)} ms, ${start.cpuMilliseconds.toFixed(0)} of them CPU`,
    '',
    renderTable(rows),
    '',
    renderBars(bars),
  ].join('\n')

if (values.help) process.stdout.write(`${HELP}\n`)
else process.exitCode = await main()
