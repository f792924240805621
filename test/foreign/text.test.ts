import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DataType, Value } from '../../src/core/expr/types.ts'
import { parseDate, parseTimestamp } from '../../src/core/expr/civil.ts'
import { createDigest } from '../../src/core/plan/digest.ts'
import { foreignPlans, type LandedTable, temporaryLake } from './lakes.ts'
import { type Digests, duckdbDigests, expectedDigests, listSql } from './readers.ts'

const plans = await foreignPlans()
const land = temporaryLake()

/** The records of a CSV file by the grammar of RFC 4180; throws where the text leaves it. Unquoted nothing is null. */
const parseCsv = (text: string): readonly (readonly (string | null)[])[] => {
  const records: (string | null)[][] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  let record: (string | null)[] = []
  while (field.lastIndex < text.length) {
    const at = field.lastIndex
    const match = field.exec(text)
    if (match === null) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 40)}`)
    const [, quoted, bare, end] = match
    record.push(quoted?.replaceAll('""', '"') ?? (bare === '' ? null : (bare ?? null)))
    if (end === ',') continue
    records.push(record)
    record = []
  }
  if (record.length > 0) throw new Error('the last record has no end')
  return records
}

const physical = (text: string | null, type: DataType): Value => {
  if (text === null) return null
  switch (type.kind) {
    case 'string':
      return text
    case 'integer':
      return Number(text)
    case 'decimal':
      return Number(text.replace('.', ''))
    case 'boolean':
      return ['false', 'true'].indexOf(text)
    case 'date':
      return parseDate(text)
    case 'timestamp':
      return parseTimestamp(text)
  }
}

const filesOf = ({ files }: LandedTable): readonly string[] =>
  files.map((path) => readFileSync(path, 'utf8'))

const csvDigest = (table: LandedTable): string => {
  const digest = createDigest()
  for (const text of filesOf(table)) {
    const [header, ...records] = parseCsv(text)
    expect(header).toEqual(table.columns.map(({ name }) => name))
    for (const record of records) {
      expect(record.length).toBe(table.columns.length)
      digest.add(table.columns.map(({ type }, i) => physical(record[i] ?? null, type)))
    }
  }
  return digest.hex()
}

type Json = string | number | boolean | null

const jsonCell = (value: Json | undefined, type: DataType): Value => {
  if (type.kind === 'integer') return value as number
  if (type.kind === 'decimal' && value !== null) return Math.round(Number(value) * 10 ** type.scale)
  return physical(value === null ? null : String(value), type)
}

const jsonDigest = (table: LandedTable): string => {
  const names = table.columns.map(({ name }) => name)
  const digest = createDigest()
  for (const text of filesOf(table)) {
    expect(text.endsWith('\n')).toBe(true)
    for (const line of text.split('\n').slice(0, -1)) {
      const row = JSON.parse(line) as Readonly<Record<string, Json>>
      expect(Object.keys(row)).toEqual(names)
      digest.add(table.columns.map(({ name, type }) => jsonCell(row[name], type)))
    }
  }
  return digest.hex()
}

const by = (tables: readonly LandedTable[], digest: (table: LandedTable) => string): Digests =>
  Object.fromEntries(tables.map((table) => [table.name, digest(table)]))

const sqlType = (type: DataType): string => {
  switch (type.kind) {
    case 'integer':
      return 'BIGINT'
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'string':
      return 'VARCHAR'
    case 'boolean':
      return 'BOOLEAN'
    case 'date':
      return 'DATE'
    case 'timestamp':
      return 'TIMESTAMPTZ'
  }
}

const columnsSql = ({ columns }: LandedTable): string =>
  `{${columns.map(({ name, type }) => `'${name}': '${sqlType(type)}'`).join(', ')}}`

/** DuckDB's strict reading, nothing guessed; told the line ends too, it finds no rows at all. */
const csvSource = (table: LandedTable): string =>
  `read_csv(${listSql(table.files)}, columns = ${columnsSql(table)}, auto_detect = false,
    header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
    null_padding = false, ignore_errors = false, nullstr = '', allow_quoted_nulls = false)`

const jsonSource = (table: LandedTable): string =>
  `read_json(${listSql(table.files)}, columns = ${columnsSql(table)}, auto_detect = false,
    format = 'newline_delimited', ignore_errors = false)`

describe.each(Object.entries(plans))('the text files of %s', (_, plan) => {
  test('hold the interpreter’s cells as CSV, by RFC 4180 and in DuckDB', async () => {
    const tables = await land(plan, { format: 'csv' })
    expect(by(tables, csvDigest)).toEqual(expectedDigests(tables))
    expect(await duckdbDigests(tables, csvSource)).toEqual(expectedDigests(tables))
  })

  test('hold the interpreter’s cells as JSON Lines, by JSON.parse and in DuckDB', async () => {
    const tables = await land(plan, { format: 'jsonl' })
    expect(by(tables, jsonDigest)).toEqual(expectedDigests(tables))
    expect(await duckdbDigests(tables, jsonSource)).toEqual(expectedDigests(tables))
  })
})

test('the plans have quotes, commas, line ends, empty text and nulls to tell apart', async () => {
  const [table] = await land(plans['functions']!, { format: 'csv', parts: 1 })
  const [text = ''] = table === undefined ? [] : filesOf(table)
  for (const mark of ['""x"",\r\ny"', ',"",', ',,', '"10% ""x""']) expect(text).toContain(mark)
})

test('the CSV grammar of this test refuses what RFC 4180 does not have', () => {
  for (const text of ['a"b\r\n', 'a\n', '"a\r\n', '"a"b\r\n', 'a'])
    expect(() => parseCsv(text), JSON.stringify(text)).toThrow()
  expect(parseCsv('"a""b\r\n",,""\r\n')).toEqual([['a"b\r\n', null, '']])
})
