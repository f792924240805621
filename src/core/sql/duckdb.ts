import type { DataType } from '../expr/types.ts'
import type { Dialect, Expansion } from './dialect.ts'
import { call, type CellType, integer, invoke, sql, string, type Term } from './term.ts'

/** DuckDB 1.5. */
export const DUCKDB: Dialect = {
  name: 'duckdb',
  quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
  quoteString: (text) => quoteString(text),
  integer: String,
  spellings: {
    base36: ({ args }) => call`lower(to_base(${args[0]!}, 36))`,
    sha256: ({ args }) => invoke('sha256', args),
  },
  typeName: (type) => TYPE_NAMES[type],
  operators: {
    quotient: (a, b) => sql`${a} // ${b}`,
    remainder: (a, b) => sql`${a} % ${b}`,
    and: (a, b) => sql`${a} & ${b}`,
    xor: (a, b) => call`xor(${a}, ${b})`,
    shiftRight: (a, bits) => sql`${a} >> ${integer(bits)}`,
  },
  hex: (lanes) => invoke('printf', [string('%08x%08x%08x%08x'), ...lanes]),
  uuid: (lanes) => uuid(lanes),
  list: (type, items) => `CAST([${items.join(', ')}] AS ${TYPE_NAMES[type]}[])`,
  element: (list, index) => element(list, index),
  date: (days) => sql`DATE '1970-01-01' + CAST(${days} AS INTEGER)`,
  landed: (value, type, long) => landed(value, type, long),
  failure: (message) => `CAST(error(${message}) AS BIGINT)`,
  rows: {
    series: (column, { from, to }) => `range(${from}, ${to}) AS series(${column})`,
    expand: (expansion) => expand(expansion),
    once: 'MATERIALIZED ',
    inline: 'NOT MATERIALIZED ',
    nested: false,
    lists: 'joined',
    repeats: false,
    folds: 'joined',
  },
}

const TYPE_NAMES: Readonly<Record<CellType, string>> = {
  integer: 'BIGINT',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
}

/** DuckDB takes an index that is constantly null for an INTEGER result, whatever the list. */
const element = (list: Term, index: Term): Term => {
  const found = call`list_extract(${list}, ${sql`${index} + 1`})`
  return list.kind === 'list' && isConstant(index)
    ? call`CAST(${found} AS ${TYPE_NAMES[list.type]})`
    : found
}

const isConstant = (term: Term): boolean => {
  if (term.kind !== 'text') return term.kind === 'literal' || term.kind === 'list'
  return term.parts.every((part) => typeof part === 'string' || isConstant(part))
}

const quoteString = (text: string): string => {
  const quoted = `'${text.replaceAll("'", "''")}'`
  if (text.includes('\0')) return `(${text.split('\0').map(quoteString).join(' || chr(0) || ')})`
  if (!/[\n\r]/.test(text)) return quoted
  return `E${quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}`
}

/** Version and variant (RFC 9562, 5.4) overwrite six of the bits. */
const uuid = ([a, b, c, d]: readonly Term[]): Term =>
  call`printf('%08x-%04x-%04x-%04x-%04x%08x', ${a!}, ${b!} >> 16, (${b!} & 4095) + 16384, ((${c!} >> 16) & 16383) + 32768, ${c!} & 65535, ${d!})`

const expand = ({ source, columns, count, ordinal }: Expansion): string => {
  const list = [...columns, `unnest(range(${count})) AS ${ordinal}`]
  return `SELECT\n  ${list.join(',\n  ')}\nFROM ${source}`
}

const landed = (value: Term, type: DataType, long: boolean): Term => {
  switch (type.kind) {
    case 'integer':
      return call`CAST(${value} AS ${long ? 'BIGINT' : 'INTEGER'})`
    case 'decimal': {
      const { precision, scale } = type
      const unit = scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`
      const unscaled = call`CAST(${value} AS DECIMAL(16, 0))`
      return call`CAST(${sql`${unscaled} * ${unit}`} AS DECIMAL(${String(precision)}, ${String(scale)}))`
    }
    case 'string':
    case 'boolean':
      return value
    case 'date':
      return DUCKDB.date(value)
    case 'timestamp':
      return call`make_timestamptz(CAST(${value} AS BIGINT))`
  }
}
