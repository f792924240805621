import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const PEERS = process.env['LAKEWRIGHT_PEERS'] ?? join(HERE, '.peers')
const PYTHON = join(PEERS, 'bin/python')

/** The program as an installed package starts it. */
export const PROGRAM = [process.execPath, join(HERE, '../dist/app/cli/main.js')]

/** What is asked of Lakewright, by the size of a work. */
const SUBJECTS = {
  w1: (households) => [join(HERE, 'w1.json'), '--set', `households=${households}`],
  identity: (households) => ['identity', '--households', String(households)],
  // At these coverages no fewer than 2.1 records a customer can be.
  mdm: (records) => [
    'mdm',
    '--no-truth',
    '--total-records',
    String(records),
    '--unique-customers',
    String(Math.round(records * 0.47)),
  ],
  truth: (records) => ['mdm', '--total-records', String(records)],
  retail: (orders) => ['retail', '--scale', 'large', '--orders', String(orders)],
}

const ours = (subject, { workers, checksums }) => ({
  name: `lakewright, ${workers} worker${workers > 1 ? 's' : ''}${checksums ? ', sha256' : ''}`,
  tables: `lakewright/${subject === 'truth' ? 'mdm' : subject}`,
  command: (households, folder) => [
    ...PROGRAM,
    'generate',
    ...SUBJECTS[subject](households),
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

/** Faker and its like are slow: they make a tenth, and their rate stands for the whole. */
const people = (library, name) => ({
  name: `${name}, a tenth`,
  tables: '.',
  share: 0.1,
  imports: `pyarrow, ${library}`,
  command: (records, folder) => [
    PYTHON,
    join(HERE, 'w2_people.py'),
    String(Math.round(records / 10)),
    folder,
    library,
  ],
})

/** Who makes W2: dirty records of customers in three sources. */
export const W2 = [
  ours('mdm', { workers: 1, checksums: false }),
  {
    name: 'DuckDB SQL, 2 threads',
    tables: '.',
    command: (records, folder) => [
      process.execPath,
      join(HERE, 'w2_duckdb.js'),
      String(records),
      folder,
    ],
  },
  ours('mdm', { workers: 2, checksums: true }),
  { ...ours('truth', { workers: 2, checksums: true }), name: 'lakewright, 2 workers, truth' },
  people('mimesis', 'mimesis'),
  people('faker', 'Faker'),
]

/** Who makes W3: a large retailer's two weeks. */
export const W3 = [
  ours('retail', { workers: 1, checksums: false }),
  {
    name: 'numpy + pyarrow, 1 process',
    tables: '.',
    imports: 'numpy, pyarrow',
    command: (orders, folder) => [PYTHON, join(HERE, 'w3_numpy.py'), String(orders), folder],
  },
  ours('retail', { workers: 2, checksums: true }),
]

/** The first of each work that has peers: what all others are compared with. */
export const FIRST = { w1: W1[0].name, w2: W2[0].name, w3: W3[0].name }

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
  const names = ['numpy', 'pyarrow', 'dbldatagen', 'pyspark', 'mimesis', 'Faker']
  const script = `import importlib.metadata as m\nfor n in ${JSON.stringify(names)}:\n  try: print(n, m.version(n))\n  except Exception: pass`
  const run = spawnSync(PYTHON, ['-c', script], { encoding: 'utf8', timeout: 60_000 })
  return (run.stdout ?? '').split('\n').filter((line) => line !== '')
}

const works = ([command, ...rest]) =>
  spawnSync(command, rest, { stdio: 'ignore', timeout: 120_000 }).status === 0
