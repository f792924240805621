import { dirname } from 'node:path'
import type { Database } from 'libsql'
import { fail } from '../../core/errors.ts'
import type { Journal, Json, RunRecord, RunState, StepRecord } from '../../core/ports.ts'
import { failFile, systemCode } from '../store/file-errors.ts'
import { makeFolders } from '../store/folders.ts'

/**
 * A journal in a SQLite file, made with its folders when it is absent. Every call is one transaction on disk. Fails
 * with dataset.invalid when the file is damaged or of a newer version.
 */
export const openJournal = async (path: string): Promise<Journal> => {
  try {
    makeFolders(dirname(path))
  } catch (error) {
    failFile(error, 'making the folder', dirname(path))
  }
  const { default: Sqlite } = await import('libsql')
  const guarded = <T>(work: () => T): T => guard(path, work)
  const database = guarded(() => openDatabase(new Sqlite(path), path))
  const statements = guarded(() => prepare(database))
  return {
    add: async (run) => guarded(() => statements.add.run(...runRow(run)).changes === 1),
    run: async (id) => guarded(() => statements.run.raw().all(id).map(readRun)[0]),
    runs: async () => guarded(() => statements.runs.raw().all().map(readRun)),
    end: async (id, state, at) => guarded(() => statements.end.run(state, at, id).changes === 1),
    steps: async (run) => guarded(() => statements.steps.raw().all(run).map(readStep)),
    note: async (run, { name, startedAt, endedAt, result }) => {
      guarded(() => statements.note.run(run, name, startedAt, endedAt, JSON.stringify(result)))
    },
    close: async () => {
      database.close()
    },
  }
}

const VERSION = 1

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, dataset TEXT NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL,
    created_at INTEGER NOT NULL, ended_at INTEGER, spec TEXT NOT NULL, UNIQUE (dataset, number)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS steps (
    run TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, result TEXT NOT NULL,
    UNIQUE (run, name)
  ) STRICT;
  PRAGMA user_version = ${VERSION};
`

const openDatabase = (database: Database, path: string): Database => {
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  const version = readVersion(database)
  if (version === 0) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`)
  if (version > VERSION) {
    database.close()
    fail(
      'dataset.invalid',
      `${path}: the journal is of version ${version}, this knows ${VERSION}`,
      {
        hint: 'A newer Lakewright works on this lake; use that version.',
      },
    )
  }
  return database
}

const readVersion = (database: Database): number => {
  const [row] = database.prepare('PRAGMA user_version').raw().all() as [[number]]
  return row[0]
}

const RUN = 'SELECT id, dataset, number, state, created_at, ended_at, spec FROM runs'

const prepare = (database: Database) => ({
  add: database.prepare('INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)'),
  run: database.prepare(`${RUN} WHERE id = ?`),
  runs: database.prepare(`${RUN} ORDER BY rowid`),
  end: database.prepare(
    `UPDATE runs SET state = ?, ended_at = ? WHERE id = ? AND state = 'unfinished'`,
  ),
  steps: database.prepare(
    'SELECT name, started_at, ended_at, result FROM steps WHERE run = ? ORDER BY rowid',
  ),
  note: database.prepare('INSERT OR IGNORE INTO steps VALUES (?, ?, ?, ?, ?)'),
})

type RunRow = [string, string, number, string, number, number | null, string]
type StepRow = [string, number, number, string]

const runRow = (run: RunRecord): RunRow => [
  run.id,
  run.dataset,
  run.number,
  run.state,
  run.createdAt,
  run.endedAt ?? null,
  JSON.stringify(run.spec),
]

const readRun = (row: unknown): RunRecord => {
  const [id, dataset, number, state, createdAt, endedAt, spec] = row as RunRow
  return {
    id,
    dataset,
    number,
    state: state as RunState,
    createdAt,
    endedAt: endedAt ?? undefined,
    spec: JSON.parse(spec) as Json,
  }
}

const readStep = (row: unknown): StepRecord => {
  const [name, startedAt, endedAt, result] = row as StepRow
  return { name, startedAt, endedAt, result: JSON.parse(result) as Json }
}

const guard = <T>(path: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    return failSqlite(error, path)
  }
}

/** Turns SQLite's own codes into the catalogue's errors. */
const failSqlite = (error: unknown, path: string): never => {
  const code = systemCode(error) ?? ''
  if (!code.startsWith('SQLITE')) throw error
  const known = FAILURES.find(([prefix]) => code.startsWith(prefix))
  const [, catalogued, reason, hint] = known ?? OTHER
  return fail(catalogued, `${path}: ${reason} (${code})`, { hint, cause: error })
}

const OTHER = [
  '',
  'store.io',
  'the journal cannot be used',
  'Check the disk, then run the command again.',
] as const

const FAILURES = [
  [
    'SQLITE_FULL',
    'store.full',
    'no room left for the journal',
    'Free some space, then resume the run.',
  ],
  [
    'SQLITE_READONLY',
    'store.denied',
    'the journal cannot be written',
    'Choose a folder you may write to with --to, or change its owner or mode.',
  ],
  [
    'SQLITE_CANTOPEN',
    'store.denied',
    'the journal cannot be opened',
    'Choose a folder you may write to with --to, or change its owner or mode.',
  ],
  [
    'SQLITE_BUSY',
    'dataset.locked',
    'another process keeps the journal busy',
    'Run the command again in a moment.',
  ],
  [
    'SQLITE_NOTADB',
    'dataset.invalid',
    'the journal is damaged',
    'Move it away; finished datasets do not need it, unfinished runs are lost.',
  ],
  [
    'SQLITE_CORRUPT',
    'dataset.invalid',
    'the journal is damaged',
    'Move it away; finished datasets do not need it, unfinished runs are lost.',
  ],
] as const
