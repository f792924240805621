import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const PEERS = process.env['LAKEWRIGHT_PEERS'] ?? join(HERE, '.peers')
const PYTHON = join(PEERS, 'bin/python')

/** The program as an installed package starts it. */
export const PROGRAM = [process.execPath, join(HERE, '../dist/app/cli/main.js')]

const ours = (subject, { workers, checksums }) => ({
  name: `lakewright, ${workers} worker${workers > 1 ? 's' : ''}${checksums ? ', sha256' : ''}`,
  tables: `lakewright/${subject}`,
  command: (households, folder) => [
    ...PROGRAM,
    'generate',
    ...(subject === 'w1'
      ? [join(HERE, 'w1.json'), '--set', `households=${households}`]
      : [subject, '--households', String(households)]),
    '--to',
    folder,
    '--workers',
    String(workers),
    ...(checksums ? [] : ['--no-checksums']),
  ],
})

const numpy = (way, processes) => ({
  name: `numpy + pyarrow, ${processes} process${processes > 1 ? 'es' : ''}${way === 'snappy' ? ', snappy' : ''}`,
  tables: '.',
  imports: 'numpy, pyarrow',
  command: (households, folder) => [
    PYTHON,
    join(HERE, 'w1_numpy.py'),
    String(households),
    folder,
    String(processes),
    way,
  ],
})

const duckdb = {
  name: 'DuckDB SQL, 2 threads',
  tables: '.',
  command: (households, folder) => [
    process.execPath,
    join(HERE, 'w1_duckdb.js'),
    String(households),
    folder,
  ],
}

const dbldatagen = {
  name: 'dbldatagen on Spark, 2 threads',
  tables: '.',
  imports: 'dbldatagen, pyspark',
  needs: ['java', '-version'],
  command: (households, folder) => [
    PYTHON,
    join(HERE, 'w1_dbldatagen.py'),
    String(households),
    folder,
  ],
}

/** Who makes W1, in the order of a round: ours and peers in turn. The first is what all others are compared with. */
export const W1 = [
  ours('w1', { workers: 1, checksums: false }),
  numpy('like-for-like', 1),
  ours('w1', { workers: 2, checksums: false }),
  numpy('like-for-like', 2),
  ours('w1', { workers: 1, checksums: true }),
  numpy('snappy', 1),
  ours('w1', { workers: 2, checksums: true }),
  numpy('snappy', 2),
  duckdb,
  dbldatagen,
]

/** Who makes the six tables of the identity dataset. */
export const IDENTITY = [
  ours('identity', { workers: 1, checksums: true }),
  ours('identity', { workers: 2, checksums: true }),
]

/** Why a contestant cannot run here, or undefined when it can. */
export const missing = ({ imports, needs }) => {
  if (imports !== undefined && !existsSync(PYTHON))
    return `no Python environment at ${PEERS}; run bench/setup`
  if (imports !== undefined && !works([PYTHON, '-c', `import ${imports}`]))
    return `the environment at ${PEERS} lacks ${imports}; run bench/setup`
  if (needs !== undefined && !works(needs)) return `${needs[0]} is not on the PATH`
  return undefined
}

/** Versions of the peers, as far as they are there. */
export const peerVersions = () => {
  const names = ['numpy', 'pyarrow', 'dbldatagen', 'pyspark']
  const script = `import importlib.metadata as m\nfor n in ${JSON.stringify(names)}:\n  try: print(n, m.version(n))\n  except Exception: pass`
  const run = spawnSync(PYTHON, ['-c', script], { encoding: 'utf8', timeout: 60_000 })
  return (run.stdout ?? '').split('\n').filter((line) => line !== '')
}

const works = ([command, ...rest]) =>
  spawnSync(command, rest, { stdio: 'ignore', timeout: 120_000 }).status === 0
