import { describe, expect, test } from 'vitest'
import { landedTables } from '../../src/core/run/landed.ts'
import type { Compression } from '../../src/core/run/spec.ts'
import { runPython } from '../support/python.ts'
import { requireService, servicePath } from '../support/services.ts'
import { foreignPlans, type LandedTable, temporaryLake } from './lakes.ts'
import {
  duckdbDigests,
  expectedDigests,
  hyparquetDigests,
  parquetSource,
  readWithPython,
} from './readers.ts'

const service = requireService('python')
const plans = await foreignPlans()
const land = temporaryLake()

const CASES: readonly (readonly [name: string, compression: Compression])[] = [
  ...Object.keys(plans).map((name) => [name, 'none'] as const),
  ['identity', 'snappy'],
  ['identity', 'zstd'],
  ['spaces', 'snappy'],
  ['nulls', 'zstd'],
]

const lakes = new Map<string, Promise<readonly LandedTable[]>>()

const tablesOf = async (
  name: string,
  compression: Compression,
): Promise<readonly LandedTable[]> => {
  const id = `${name} ${compression}`
  const plan = plans[name]
  if (plan === undefined) throw new Error(`there is no plan ${name}`)
  const tables = lakes.get(id) ?? land(plan, { compression })
  lakes.set(id, tables)
  return tables
}

test('the interpreter makes as many rows as land', async () => {
  const tables = await tablesOf('identity', 'none')
  expect(tables.length).toBe(8)
  for (const { name, digest, rows } of tables) {
    expect(Number.parseInt(digest.slice(0, 8), 16), name).toBe(rows)
    expect(rows, name).toBeGreaterThan(10)
  }
})

describe.each(CASES)('the tables of %s in Parquet, compression %s', (name, compression) => {
  test('have the interpreter’s cells in DuckDB', async () => {
    const tables = await tablesOf(name, compression)
    expect(await duckdbDigests(tables, parquetSource)).toEqual(expectedDigests(tables))
  })

  test('have the interpreter’s cells in hyparquet', async () => {
    const tables = await tablesOf(name, compression)
    expect(await hyparquetDigests(tables)).toEqual(expectedDigests(tables))
  })

  test.skipIf(service.kind === 'missing')(
    'have the interpreter’s cells in PyArrow and delta-rs',
    async () => {
      const tables = await tablesOf(name, compression)
      const found = Object.entries(readWithPython(servicePath(service), tables))
      const by = (reader: 'arrow' | 'delta') =>
        Object.fromEntries(found.map(([table, read]) => [table, read[reader]]))
      expect(by('arrow')).toEqual(expectedDigests(tables))
      expect(by('delta')).toEqual(expectedDigests(tables))
      expect(found.every(([, { version }]) => version === 0)).toBe(true)
    },
    60_000,
  )
})

const APPEND = `
import json, sys
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
tables = json.load(sys.stdin)
def append(table, change):
    row = DeltaTable(tables[table]).to_pyarrow_table().slice(0, 1)
    for name, value in change.items():
        at = row.schema.get_field_index(name)
        row = row.set_column(at, row.schema.field(at), pa.array([value], row.schema.field(at).type))
    try:
        write_deltalake(tables[table], row, mode='append')
        return 'written'
    except Exception as error:
        return str(error)
print(json.dumps({
    'same': {table: append(table, {}) for table in tables},
    'changed': [append('individuals', {'age': 7}), append('households', {'income_bracket': 'rich'}),
                append('individuals', {'age': 100})],
}))
`

describe.skipIf(service.kind === 'missing')('delta-rs', () => {
  test('sees types, nullability, keys and references', async () => {
    const plan = plans['identity']
    const tables = await tablesOf('identity', 'none')
    const found = readWithPython(servicePath(service), tables)
    expect(found['individuals']?.fields).toEqual([
      'individual_id long not null',
      'household_id long not null',
      'age integer not null',
      'gender string not null',
      'education string not null',
      'created_at timestamp not null',
    ])
    for (const { landedName } of plan === undefined ? [] : landedTables(plan))
      expect(found[landedName]?.configuration).toMatchObject({
        'lakewright.key': expect.stringMatching(/^\["/) as string,
        'lakewright.planHash': plan?.hash,
      })
    expect(found['individuals']?.configuration).toMatchObject({
      'lakewright.references':
        '[{"columns":["household_id"],"table":"households","to":["household_id"]}]',
    })
  }, 60_000)

  test('sees every check as a constraint, and enforces them when it writes', async () => {
    const plan = plans['identity']
    if (plan === undefined) throw new Error('there is no identity plan')
    const tables = await land(plan, {})
    const found = readWithPython(servicePath(service), tables)
    for (const { landedName, checks } of landedTables(plan)) {
      const constraints = Object.keys(found[landedName]?.configuration ?? {})
        .filter((key) => key.startsWith('delta.constraints.'))
        .map((key) => key.slice('delta.constraints.'.length))
      expect(new Set(constraints)).toEqual(new Set(checks.map(({ name }) => name)))
    }
    const folders = Object.fromEntries(tables.map(({ name, folder }) => [name, folder]))
    const answers = JSON.parse(
      runPython(servicePath(service), APPEND, { input: JSON.stringify(folders) }),
    ) as Answers
    expect(answers.same).toEqual(Object.fromEntries(tables.map(({ name }) => [name, 'written'])))
    const [child, rich, aged] = answers.changed
    expect(child).toContain('1 rows failed validation check')
    expect(rich).toContain('1 rows failed validation check')
    expect(aged).toBe('written')
  }, 60_000)
})

/** What became of appended rows: of each table's own first row, and of changed ones. */
interface Answers {
  readonly same: Readonly<Record<string, string>>
  readonly changed: readonly string[]
}
