import type { DataType, Shape } from '../expr/types.ts'
import type { Dialect, Expansion } from './dialect.ts'
import { joinedItems } from './lists.ts'
import { call, type CellType, integer, invoke, joined, sql, string, type Term } from './term.ts'

/** GoogleSQL as BigQuery runs it. */
export const BIGQUERY: Dialect = {
  name: 'bigquery',
  quoteIdentifier: (name) => `\`${escaped(name, '`')}\``,
  quoteString: (text) => `'${escaped(text, "'")}'`,
  integer: String,
  spellings: {
    padLeft: ({ args: [text, width, fill] }) =>
      sql`${invoke('repeat', [fill!, call`greatest(${width!} - length(${text!}), 0)`])} || ${text!}`,
    base36: ({ args, shapes }) => base36(args[0]!, shapes[0]!),
    sha256: ({ args }) => call`to_hex(sha256(${args[0]!}))`,
  },
  typeName: (type) => TYPE_NAMES[type],
  operators: {
    quotient: (a, b) => invoke('div', [a, b]),
    remainder: (a, b) => invoke('mod', [a, b]),
    and: (a, b) => sql`${a} & ${b}`,
    xor: (a, b) => sql`${a} ^ ${b}`,
    shiftRight: (a, bits) => sql`${a} >> ${integer(bits)}`,
  },
  hex: (lanes) => invoke('format', [string('%08x%08x%08x%08x'), ...lanes]),
  uuid: (lanes) => uuid(lanes),
  list: (type, literals, values = []) => listText(type, literals, values),
  element: (list, index) => element(list, index),
  date: (days) => call`date_add(DATE '1970-01-01', INTERVAL ${days} DAY)`,
  landed: (value, type) => landed(value, type),
  failure: (message) => `CAST(error(${message}) AS INT64)`,
  rows: {
    series: (column, range) => `(${series(column, range)})`,
    expand: (expansion) => expand(expansion),
    once: '',
    inline: '',
    nested: false,
    lists: 'joined',
    repeats: false,
    folds: 'joined',
  },
}

const TYPE_NAMES: Readonly<Record<CellType, string>> = {
  integer: 'INT64',
  string: 'STRING',
  boolean: 'BOOL',
}

/** Identifiers and texts have the same escape sequences. */
const escaped = (text: string, quote: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll(
      /[\p{Cc}\u2028\u2029]/gu,
      (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )

/**
 * A list of many literals would make a statement too long (1 MB) and slow to read; the text of all is a single literal.
 * Arrays of texts are not cast as a whole, so integers are cast one by one.
 */
const listText = (
  type: CellType,
  literals: readonly string[],
  values: ArrayLike<number | string>,
): string => {
  const items = isText(values) ? joinedItems(values) : undefined
  return items === undefined
    ? `ARRAY<${TYPE_NAMES[type]}>[${literals.join(', ')}]`
    : `split(${BIGQUERY.quoteString(items.text)}, ${BIGQUERY.quoteString(items.between)})`
}

const element = (list: Term, index: Term): Term => {
  const found = call`${list}[SAFE_OFFSET(${index})]`
  return list.kind === 'list' && list.type === 'integer' && isText(list.values)
    ? call`CAST(${found} AS INT64)`
    : found
}

/** Lists of so many items stand as an array of literals. */
const SHORT = 8

const isText = ({ length }: ArrayLike<number | string>): boolean => length > SHORT

/** Each digit is looked up; all but the last without the zeros in front of them. */
const base36 = (value: Term, { max }: Pick<Shape, 'max'>): Term => {
  const first: Term[] = []
  for (let unit = 36; unit <= max; unit *= 36) first.unshift(digit(value, unit))
  const last = digit(value, 1)
  return first.length === 0 ? last : sql`${call`ltrim(${joined(first, ' || ')}, '0')`} || ${last}`
}

const digit = (value: Term, unit: number): Term =>
  call`substr('0123456789abcdefghijklmnopqrstuvwxyz', mod(div(${value}, ${integer(unit)}), 36) + 1, 1)`

/** Version and variant (RFC 9562, 5.4) overwrite six of the bits. */
const uuid = ([a, b, c, d]: readonly Term[]): Term =>
  call`format('%08x-%04x-%04x-%04x-%04x%08x', ${a!}, ${b!} >> 16, (${b!} & 4095) + 16384, ((${c!} >> 16) & 16383) + 32768, ${c!} & 65535, ${d!})`

/** An array has at most 2^20 - 1 elements, so longer series are blocks of 2^16. */
const ARRAY_LIMIT = 1_000_000
const BLOCK = 65_536

interface Bounds {
  readonly from: number
  readonly to: number
}

const series = (column: string, { from, to }: Bounds): string => {
  if (to - from <= ARRAY_LIMIT)
    return `SELECT ${column} FROM unnest(generate_array(${from}, ${to - 1})) AS ${column}`
  const block = `${column}_block`
  const blocks = series(block, {
    from: Math.floor(from / BLOCK),
    to: Math.ceil(to / BLOCK),
  })
  const value = `${block} * ${BLOCK} + ${column}_place`
  return [
    `SELECT ${value} AS ${column}`,
    `FROM (${blocks})`,
    `CROSS JOIN unnest(generate_array(0, ${BLOCK - 1})) AS ${column}_place`,
    `WHERE ${value} >= ${from} AND ${value} < ${to}`,
  ].join(' ')
}

const expand = ({ source, columns, count, ordinal }: Expansion): string => {
  const list = [...columns, ordinal].join(',\n  ')
  return `SELECT\n  ${list}\nFROM ${source}\nCROSS JOIN unnest(generate_array(0, ${count} - 1)) AS ${ordinal}`
}

/** Digits behind the point that a NUMERIC may have. */
const NUMERIC_SCALE = 9

/** The name of the type that a column lands as. */
export const landedTypeName = (type: DataType): string => {
  switch (type.kind) {
    case 'integer':
      return 'INT64'
    case 'decimal': {
      const name = type.scale <= NUMERIC_SCALE ? 'NUMERIC' : 'BIGNUMERIC'
      return `${name}(${type.precision}, ${type.scale})`
    }
    case 'string':
      return 'STRING'
    case 'boolean':
      return 'BOOL'
    case 'date':
      return 'DATE'
    case 'timestamp':
      return 'TIMESTAMP'
  }
}

const landed = (value: Term, type: DataType): Term => {
  switch (type.kind) {
    case 'integer':
    case 'string':
    case 'boolean':
      return value
    case 'decimal': {
      const name = type.scale <= NUMERIC_SCALE ? 'NUMERIC' : 'BIGNUMERIC'
      const unscaled = call`CAST(${value} AS ${name})`
      if (type.scale === 0) return unscaled
      return call`CAST(${sql`${unscaled} * ${name} '0.${'1'.padStart(type.scale, '0')}'`} AS ${landedTypeName(type)})`
    }
    case 'date':
      return BIGQUERY.date(value)
    case 'timestamp':
      return call`timestamp_micros(${value})`
  }
}
