// Rows a CPU second of the native engine, of DuckDB and of a local Spark on the same plans, and of Spark beside
// dbldatagen on one Spark: npm run bench:engines -- [options]. See README.md.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { missing, PROGRAM } from './contestants.js'
import { measure, median } from './measure.js'

const HELP = `npm run bench:engines -- [options]
  --spark DIR       where scripts/spark/install has put Spark; without it, LAKEWRIGHT_SPARK; without both, no Spark
  --households N    size of identity, and of W1 (default 100000)
  --records N       size of mdm (default 100000)
  --scale NAME      size of retail (default medium)
  --core DIR        a checkout of dbldatagen's repository, whose dbldatagen.core then takes part too
  --runs N          runs of each, of which the median counts (default 3)
  --only TEXT       only plans or engines whose names contain the text; may be given several times
  --to FOLDER       where output goes for a moment (default the system's temporary folder)
  --rates           what assets/prices.json keeps, measured at these sizes and at very small ones, instead of tables
  --json            one JSON document on stdout instead of tables`

const { values } = parseArgs({
  options: {
    spark: { type: 'string', default: process.env['LAKEWRIGHT_SPARK'] },
    households: { type: 'string', default: '100000' },
    records: { type: 'string', default: '100000' },
    scale: { type: 'string', default: 'medium' },
    core: { type: 'string' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: [''] },
    to: { type: 'string', default: tmpdir() },
    rates: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = join(HERE, '..')
const PYTHON = join(process.env['LAKEWRIGHT_PEERS'] ?? join(HERE, '.peers'), 'bin/python')
const HEAP = process.env['SPARK_HEAP'] ?? '3g'

const say = (text) => process.stderr.write(`${text}\n`)
const wanted = (...names) => values.only.some((text) => names.join(' ').includes(text))

/** What is asked of every engine; the first word names the plan. */
const plansOf = ({ households, records, retail }) => ({
  w1: [join(HERE, 'w1.json'), '--set', `households=${households}`],
  identity: ['identity', '--households', households],
  retail: ['retail', ...retail],
  mdm: ['mdm', '--no-truth', '--total-records', records],
})

const PLANS = plansOf({ ...values, retail: ['--scale', values.scale] })

/** So few rows that an engine only begins, plans and commits. */
const LEAST = plansOf({ households: '1000', records: '1000', retail: ['--days', '1'] })

const program = (...words) => [...PROGRAM, ...words]

/** The plan in full, so that every engine is given the same. */
const writePlan = (name, folder, words = PLANS[name]) => {
  const path = join(folder, `${name}.json`)
  const [node, ...all] = program('plan', ...words)
  writeFileSync(path, execFileSync(node, all, { maxBuffer: 2 ** 28 }))
  return path
}

const native = (plan, folder) => {
  const usage = measure(
    program('generate', plan, '--to', folder, '--workers', '1', '--no-checksums'),
    folder,
  )
  return { ...usage, rows: manifestRows(join(folder, 'lakewright')) }
}

const manifestRows = (catalog) => {
  const out = execFileSync('find', [catalog, '-name', 'manifest.json'], { encoding: 'utf8' })
  const { tables } = JSON.parse(readFileSync(out.trim().split('\n')[0], 'utf8'))
  return tables.reduce((sum, { rows }) => sum + rows, 0)
}

const duckdb = (plan, folder) =>
  measure([process.execPath, join(HERE, 'engines_duckdb.js'), plan, join(folder, 'out')], folder)

/** CPU seconds of a process so far, all its threads together. */
const cpuOf = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / Number(TICKS)
}
const TICKS = execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).trim()

/** A Spark of our own, compiled as far as the JVM can, in a folder beside the installation. */
const startSpark = (folder) => {
  mkdirSync(folder, { recursive: true })
  cpSync(join(values.spark, 'classpath'), join(folder, 'classpath'))
  const port = execFileSync(join(ROOT, 'scripts/spark/start'), [folder], {
    encoding: 'utf8',
    env: { ...process.env, SPARK_TIER: '4', SPARK_HEAP: HEAP },
  }).trim()
  const pid = readFileSync(join(folder, 'pid'), 'utf8').trim()
  return {
    remote: `sc://127.0.0.1:${port}`,
    pid,
    stop: () => spawnSync(join(ROOT, 'scripts/spark/stop'), [folder]),
  }
}

/** The plan made by a Spark that runs; its CPU seconds are the server's and the client's, and apart from each other too. */
const spark = ({ remote, pid }, { name, plan }, folder) => {
  const before = cpuOf(pid)
  const place = ['--remote', remote, '--target', `spark_catalog.bench_${name}`]
  const how = ['--engine', 'spark', '--proof', 'counts', '--mode', 'overwrite']
  const lake = ['--to', join(folder, 'lake')]
  const usage = measure(program('generate', plan, ...how, ...place, ...lake), folder)
  const server = cpuOf(pid) - before
  return { ...usage, client: usage.cpuSeconds, server, cpuSeconds: usage.cpuSeconds + server }
}

const runs = Number(values.runs)

/** Figures of each engine on a plan, everyone in turn. */
const holdPlan = (name, folder, { server, words }) => {
  const plan = writePlan(name, folder, words)
  const out = join(folder, 'out')
  const engines = [
    { engine: 'native', run: () => native(plan, out) },
    { engine: 'duckdb', run: () => duckdb(plan, out) },
    // The first run of a JVM is slower by what it compiles; it is not counted.
    { engine: 'spark', run: () => spark(server, { name, plan }, out), warms: true },
  ].filter(
    ({ engine }) =>
      engine === 'native' || (wanted(name, engine) && (engine !== 'spark' || server !== undefined)),
  )
  const found = engines.map(({ engine }) => ({ plan: name, engine, usages: [] }))
  for (let round = 0; round <= runs; round++)
    engines.forEach(({ engine, run, warms = false }, i) => {
      if (round === 0 && !warms) return
      const usage = run()
      const which = round === 0 ? 'to warm up' : `run ${round}`
      say(`${name}, ${engine}, ${which}: ${usage.cpuSeconds.toFixed(1)} CPU s`)
      if (round === 0) found[i].first = usage.cpuSeconds
      else found[i].usages.push(usage)
    })
  const [{ rows }] = found[0].usages
  return found.map((each) => summary(each, rows))
}

const summary = ({ usages, ...rest }, rows) => {
  const middle = (name) => median(usages.map((usage) => usage[name]))
  const cpuSeconds = middle('cpuSeconds')
  return {
    ...rest,
    rows,
    cpuSeconds,
    wallSeconds: middle('wallSeconds'),
    rowsPerCpuSecond: rows / cpuSeconds,
    ...(usages[0].server === undefined ? {} : { clientShare: middle('client') / middle('server') }),
  }
}

/** dbldatagen.core, which no package holds. */
const coreContestant = (out) => {
  if (values.core === undefined) return []
  const script = join(HERE, 'w1_dbldatagen_core.py')
  const command = ['env', `PYTHONPATH=${values.core}`, PYTHON, script, values.households, out]
  return [{ engine: 'dbldatagen.core', command }]
}

/** W1 by dbldatagen and by our SQL, on the Spark that dbldatagen was installed with, and with the same settings. */
const holdOneSpark = (folder) => {
  const reason = missing({ imports: 'dbldatagen, pyspark', needs: ['java', '-version'] })
  if (reason !== undefined) {
    say(`skipped: one Spark: ${reason}`)
    return []
  }
  const plan = writePlan('w1', folder)
  const texts = join(folder, 'sql')
  execFileSync(process.execPath, [join(HERE, 'engines_sql.js'), plan, texts])
  const out = join(folder, 'out')
  const contestants = [
    {
      engine: 'dbldatagen',
      command: [PYTHON, join(HERE, 'w1_dbldatagen.py'), values.households, out],
    },
    ...coreContestant(out),
    { engine: 'our SQL', command: [PYTHON, join(HERE, 'w1_spark_sql.py'), texts, out] },
  ]
  const found = contestants.map(({ engine }) => ({ plan: 'w1, one Spark', engine, usages: [] }))
  const counts = contestants.map(() => 0)
  for (let round = 1; round <= runs; round++)
    contestants.forEach(({ engine, command }, i) => {
      const usage = measure(command, out)
      say(`w1, one Spark, ${engine}, run ${round}: ${usage.cpuSeconds.toFixed(1)} CPU s`)
      found[i].usages.push(usage)
      counts[i] = rowsBelow(out)
    })
  return found.map((each, i) => summary(each, counts[i]))
}

/** Rows of all Parquet files below a folder. */
const rowsBelow = (folder) =>
  Number(
    execFileSync(process.execPath, [join(HERE, 'engines_count.js'), folder], { encoding: 'utf8' }),
  )

const million = (n) => `${(n / 1e6).toFixed(n < 1e5 ? 3 : 2)}M`

const table = (rows) => {
  const cells = rows.map((row) => {
    const first = rows.find(({ plan }) => plan === row.plan)
    return [
      row.plan,
      row.engine,
      million(row.rows),
      row.cpuSeconds.toFixed(2),
      row.wallSeconds.toFixed(2),
      million(row.rowsPerCpuSecond),
      `${(row.rowsPerCpuSecond / first.rowsPerCpuSecond).toFixed(2)}x`,
      row.clientShare === undefined ? '' : `${(100 * row.clientShare).toFixed(1)} %`,
    ]
  })
  const head = ['plan', 'who', 'rows', 'CPU s', 'wall s', 'rows/CPU s', 'beside', 'client']
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

const PEERS = [
  { engine: 'dbldatagen', asked: 1 },
  { engine: 'dbldatagen.core', asked: 0.8 },
]

const bar = (text, holds) => `${holds ? 'met' : 'NOT MET'}: ${text}`

/** The bars that the project sets itself, where their figures were taken. */
const bars = (rows) => {
  const of = (plan, engine) =>
    rows.find((row) => row.plan === plan && row.engine === engine)?.rowsPerCpuSecond
  const own = of('w1, one Spark', 'our SQL')
  const shares = rows.flatMap(({ clientShare }) => clientShare ?? [])
  return [
    ...PEERS.flatMap(({ engine, asked }) => {
      const ratio = own / (of('w1, one Spark', engine) ?? NaN)
      if (Number.isNaN(ratio)) return []
      const text = `our SQL ${ratio.toFixed(2)}x ${engine} on one Spark, asked ${asked}x`
      return [bar(text, ratio >= asked)]
    }),
    ...(shares.length === 0
      ? []
      : [
          bar(
            `the client takes at most ${(100 * Math.max(...shares)).toFixed(1)} % of Spark's CPU time, asked 5 %`,
            Math.max(...shares) <= 0.05,
          ),
        ]),
  ].join('\n')
}

/** What an engine takes whatever the size, and its rate beyond that: the line through two sizes. */
const rates = (rows, least) =>
  rows.flatMap(({ plan, engine, ...large }) => {
    const small = least.find((row) => row.plan === plan && row.engine === engine)
    if (small === undefined) return []
    const rate = (large.rows - small.rows) / (large.cpuSeconds - small.cpuSeconds)
    return {
      plan,
      engine,
      startSeconds: Number(Math.max(0, small.cpuSeconds - small.rows / rate).toPrecision(2)),
      rowsPerCoreSecond: Number(rate.toPrecision(2)),
      from: `bench/engines.js, ${small.rows} and ${large.rows} rows, ${new Date().toISOString().slice(0, 10)}`,
    }
  })

const main = () => {
  if (values.help) return say(HELP)
  if (!existsSync(PROGRAM[1])) return say('build first: scripts/build')
  const folder = mkdtempSync(join(values.to, 'lakewright-engines-'))
  let server
  try {
    const plans = Object.keys(PLANS).filter((name) =>
      ['native', 'duckdb', 'spark'].some((engine) => wanted(name, engine)),
    )
    if (values.spark === undefined) say('skipped: spark: give --spark DIR')
    else if (plans.some((name) => wanted(name, 'spark'))) server = startSpark(join(folder, 'spark'))
    const least = values.rates
      ? plans.flatMap((name) => holdPlan(name, folder, { server, words: LEAST[name] }))
      : []
    const rows = plans.flatMap((name) => holdPlan(name, folder, { server }))
    server?.stop()
    server = undefined
    if (wanted('one Spark') && !values.rates) rows.push(...holdOneSpark(folder))
    if (values.json) console.log(JSON.stringify(rows, null, 2))
    else if (values.rates) console.log(JSON.stringify(rates(rows, least), null, 2))
    else console.log(`${table(rows)}\n\n${bars(rows)}`)
  } finally {
    server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

main()
