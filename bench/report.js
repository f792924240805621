import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { createRequire } from 'node:module'
import { peerVersions } from './contestants.js'

const FLAGS = ['sse4_2', 'avx2', 'avx512f', 'sha_ni', 'asimd', 'sha2']

/** What the machine is like, without its name, and the versions of all that ran. */
export const describeMachine = () => {
  const require = createRequire(import.meta.url)
  const flags = cpuFlags()
  return {
    cores: cpus().length,
    flags: FLAGS.filter((flag) => flags.has(flag)),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    versions: [
      `node ${process.versions.node}`,
      `duckdb ${require('@duckdb/node-api/package.json').version}`,
      ...peerVersions(),
    ],
  }
}

const cpuFlags = () => {
  try {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))
    return new Set((line?.[1] ?? '').trim().split(' '))
  } catch {
    return new Set()
  }
}

const million = (n) => `${(n / 1e6).toFixed(2)}M`
const mega = (bytes) => String(Math.round(bytes / 1e6))

const COLUMNS = [
  ['work', (row) => `${row.work} ${row.households.toLocaleString('en')}`],
  ['who', (row) => row.name],
  ['rows', (row) => million(row.rows)],
  ['cells', (row) => million(row.cells)],
  ['CPU s', (row) => row.cpuSeconds.toFixed(2)],
  ['wall s', (row) => row.wallSeconds.toFixed(2)],
  ['best wall', (row) => row.bestWallSeconds.toFixed(2)],
  ['peak MB', (row) => mega(row.peakBytes)],
  ['file MB', (row) => mega(row.bytes)],
  ['rows/CPU s', (row) => million(row.rowsPerCpuSecond)],
  ['ours is', (row) => (row.ours === undefined ? '' : `${row.ours.toFixed(2)}x`)],
  ['checks', (row) => (row.wrong.length === 0 ? 'all hold' : row.wrong.join('; '))],
]

/** The measured rows as one aligned table. */
export const renderTable = (rows) => {
  const cells = [
    COLUMNS.map(([title]) => title),
    ...rows.map((row) => COLUMNS.map(([, of]) => of(row))),
  ]
  const widths = COLUMNS.map((_, c) => Math.max(...cells.map((line) => line[c].length)))
  const left = (c) => c < 2 || c === COLUMNS.length - 1
  const pad = (text, c) => (left(c) ? text.padEnd(widths[c]) : text.padStart(widths[c]))
  return cells.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}

/** Rows per CPU second of ours, without checksums, against those of a peer: households, peer, at least. */
const W1_BARS = [
  [100_000, 'numpy + pyarrow, 1 process', 1.5],
  [1_000_000, 'numpy + pyarrow, 1 process', 3],
  [1_000_000, 'numpy + pyarrow, 1 process, snappy', 4.5],
  [1_000_000, 'DuckDB SQL, 2 threads', 10],
  [1_000_000, 'dbldatagen on Spark, 2 threads', 30],
]

const IDENTITY_BARS = [
  {
    says: 'identity, 1 worker: rows per CPU second',
    of: ({ one }) => one?.rowsPerCpuSecond / 1e6,
    least: 6,
    unit: 'M',
  },
  {
    says: 'identity, 2 workers: peak memory',
    of: ({ two }) => two?.peakBytes / 1e6,
    most: 600,
    unit: ' MB',
  },
  {
    says: 'identity, 10,000,000 households: peak memory',
    of: ({ large }) => large?.peakBytes / 1e6,
    most: 600,
    unit: ' MB',
  },
  {
    says: 'identity: CPU of 2 workers against 1',
    of: ({ one, two }) => two?.cpuSeconds / one?.cpuSeconds,
    most: 1.2,
    unit: 'x',
  },
  {
    says: 'identity: best wall of 1 worker against 2',
    of: ({ one, two }) => one?.bestWallSeconds / two?.bestWallSeconds,
    least: 1.6,
    unit: 'x',
  },
]

const MDM_BARS = [
  {
    says: 'mdm, 1 worker: records per CPU second without the truth',
    of: ({ one }) => one?.rowsPerCpuSecond / 1e6,
    least: 0.4,
    unit: 'M',
  },
  {
    says: 'mdm, 2 workers: wall with the truth',
    of: ({ truth }) => truth?.wallSeconds,
    most: 4,
    unit: ' s',
  },
  {
    says: 'mdm, 10,000,000 records: CPU a record against 1,000,000',
    of: ({ one, large }) => one?.rowsPerCpuSecond / large?.rowsPerCpuSecond,
    most: 1,
    unit: 'x',
  },
  {
    says: 'mdm, 10,000,000 records: peak memory against 1,000,000',
    of: ({ one, large }) => large?.peakBytes / one?.peakBytes,
    most: 1.2,
    unit: 'x',
  },
]

/** What the figures have to reach, asked and measured; bars whose figures were not taken are left out. */
export const judge = ({ rows, start }) => {
  const find = (work, households, name) =>
    rows.find((row) => row.work === work && row.households === households && row.name === name)
  const identity = {
    one: find('identity', 1_000_000, 'lakewright, 1 worker, sha256'),
    two: find('identity', 1_000_000, 'lakewright, 2 workers, sha256'),
    large: find('identity', 10_000_000, 'lakewright, 2 workers, sha256'),
  }
  const mdm = {
    one: find('w2', 1_000_000, 'lakewright, 1 worker'),
    truth: find('w2', 1_000_000, 'lakewright, 2 workers, truth'),
    large: find('w2', 10_000_000, 'lakewright, 1 worker'),
  }
  const retail = find('w3', 500_000, 'lakewright, 2 workers, sha256')
  return [
    ...W1_BARS.map(([households, name, least]) => ({
      says: `w1, ${households.toLocaleString('en')} households: rows per CPU second against ${name}`,
      measured: find('w1', households, name)?.ours,
      least,
      unit: 'x',
    })),
    ...IDENTITY_BARS.map(({ of, ...bar }) => ({ ...bar, measured: of(identity) })),
    ...MDM_BARS.map(({ of, ...bar }) => ({ ...bar, measured: of(mdm) })),
    {
      says: 'retail large, 2 workers: wall',
      measured: retail?.wallSeconds,
      most: 6,
      unit: ' s',
    },
    {
      says: 'start-up: lakewright --help',
      measured: start.wallMilliseconds,
      most: 150,
      unit: ' ms',
    },
  ]
    .filter(({ measured }) => Number.isFinite(measured))
    .map((bar) => ({
      ...bar,
      met: bar.least === undefined ? bar.measured <= bar.most : bar.measured >= bar.least,
    }))
}

const asked = ({ least, most, unit }) =>
  least === undefined ? `at most ${most}${unit}` : `at least ${least}${unit}`

/** The bars as lines. */
export const renderBars = (bars) =>
  bars
    .map((bar) => {
      const measured = bar.measured.toFixed(bar.measured < 100 ? 2 : 0)
      return `${bar.met ? 'met    ' : 'NOT MET'}  ${bar.says}: ${measured}${bar.unit} (asked: ${asked(bar)})`
    })
    .join('\n')
