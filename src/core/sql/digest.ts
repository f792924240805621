import type { DataType } from '../expr/types.ts'
import type { Dialect } from './dialect.ts'
import { type DialectName, dialectNamed } from './dialects.ts'

/** A column that landed under a name as a type. */
export interface DigestedColumn {
  readonly name: string
  readonly type: DataType
}

/**
 * A query for the digest of a table (docs/digest.md) in a dialect: one row of `rows`, an integer, and `digest`, 72 hex
 * digits. `from` is a query for the landed columns.
 */
export const digestQuery = (
  name: DialectName,
  columns: readonly DigestedColumn[],
  from: string,
): string => {
  const dialect = dialectNamed(name)
  const words = DIGEST_WORDS[name]
  const cells = columns.map((column) => cellText(dialect, words, column))
  const sums = [1, 9, 17, 25].map(
    (start, i) =>
      `CAST(coalesce(sum(${words.word(`substr(h, ${start}, 8)`)}), 0) AS ${bigint(dialect)}) AS s${i + 1}`,
  )
  const digits = [words.digits('n', 8), ...sums.map((_, i) => words.digits(`s${i + 1}`, 16))]
  return [
    `WITH hashes AS (SELECT ${words.md5(cells.length === 0 ? "''" : cells.join(" || '|' || "))} AS h`,
    `FROM (${from}) AS landed),`,
    `sums AS (SELECT count(*) AS n, ${sums.join(', ')} FROM hashes)`,
    `SELECT n AS ${dialect.quoteIdentifier('rows')}, ${digits.join(' || ')} AS digest FROM sums`,
  ].join('\n')
}

/** The digest of two disjoint sets of rows together, of the digests of both; as an expression over two. */
export const joinedDigestSql = (name: DialectName, one: string, other: string): string => {
  const words = DIGEST_WORDS[name]
  return [[1, 8] as const, ...[9, 25, 41, 57].map((start) => [start, 16] as const)]
    .map(([start, width]) => {
      const [a, b] = [one, other].map((digest) =>
        words.word(`substr(${digest}, ${start}, ${width})`),
      )
      return words.digits(`${a} + ${b}`, width)
    })
    .join(' || ')
}

/** What engines name differently of what a digest is made of; all as text. */
interface DigestWords {
  readonly days: (date: string) => string
  readonly micros: (timestamp: string) => string
  /** 32 lower-case hex digits of a text. */
  readonly md5: (text: string) => string
  /** The integer below 2^63 that up to 16 hex digits are. */
  readonly word: (hex: string) => string
  /** An integer as lower-case hex digits, with zeros in front up to so many. */
  readonly digits: (integer: string, width: number) => string
}

const DIGEST_WORDS: Readonly<Record<DialectName, DigestWords>> = {
  duckdb: {
    days: (date) => `${date} - DATE '1970-01-01'`,
    micros: (timestamp) => `epoch_us(${timestamp})`,
    md5: (text) => `md5(${text})`,
    word: (hex) => `CAST('0x' || ${hex} AS BIGINT)`,
    digits: (integer, width) => `format('{:0${width}x}', ${integer})`,
  },
  spark: {
    days: (date) => `datediff(${date}, DATE '1970-01-01')`,
    micros: (timestamp) => `unix_micros(${timestamp})`,
    md5: (text) => `md5(${text})`,
    word: (hex) => `CAST(conv(${hex}, 16, 10) AS BIGINT)`,
    digits: (integer, width) => `lpad(lower(hex(${integer})), ${width}, '0')`,
  },
  bigquery: {
    days: (date) => `date_diff(${date}, DATE '1970-01-01', DAY)`,
    micros: (timestamp) => `unix_micros(${timestamp})`,
    md5: (text) => `to_hex(md5(${text}))`,
    word: (hex) => `CAST(concat('0x', ${hex}) AS INT64)`,
    digits: (integer, width) => `format('%0${width}x', ${integer})`,
  },
}

const bigint = (dialect: Dialect): string => dialect.typeName('integer')

const cellText = (dialect: Dialect, words: DigestWords, column: DigestedColumn): string => {
  const cell = dialect.quoteIdentifier(column.name)
  return `CASE WHEN ${cell} IS NULL THEN 'N' ELSE 'V' || ${valueText(dialect, words, column)} END`
}

const valueText = (
  dialect: Dialect,
  words: DigestWords,
  { name, type }: DigestedColumn,
): string => {
  const cell = dialect.quoteIdentifier(name)
  const { quoteString } = dialect
  const texted = (value: string): string =>
    `CAST(CAST(${value} AS ${bigint(dialect)}) AS ${dialect.typeName('string')})`
  switch (type.kind) {
    case 'string': {
      const slashed = `replace(${cell}, ${quoteString('\\')}, ${quoteString('\\\\')})`
      return `replace(${slashed}, '|', ${quoteString('\\p')})`
    }
    case 'boolean':
      return `CASE WHEN ${cell} THEN '1' ELSE '0' END`
    case 'integer':
      return texted(cell)
    case 'decimal':
      return texted(`${cell} * ${'1'.padEnd(type.scale + 1, '0')}`)
    case 'date':
      return texted(words.days(cell))
    case 'timestamp':
      return texted(words.micros(cell))
  }
}
