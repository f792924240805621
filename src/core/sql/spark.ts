import { fail } from '../errors.ts'
import type { DataType } from '../expr/types.ts'
import type { Dialect, Expansion } from './dialect.ts'
import { joinedItems } from './lists.ts'
import {
  call,
  type CellType,
  choose,
  integer,
  invoke,
  light,
  numberOf,
  sql,
  type Term,
} from './term.ts'

/** Spark SQL 4.1 with ANSI mode on, its default; Databricks understands the same text. */
export const SPARK: Dialect = {
  name: 'spark',
  quoteIdentifier: (name) => quoteIdentifier(name),
  quoteString: (text) => quoteString(text),
  integer: (value) => `${value}L`,
  spellings: {
    year: ({ args }) => dateField('YEAR', args[0]!),
    month: ({ args }) => dateField('MONTH', args[0]!),
    day: ({ args }) => dateField('DAY', args[0]!),
    length: ({ args }) => long(invoke('length', args)),
    slice: ({ args: [text, start, count] }) =>
      invoke('substring', [text!, position(sql`${start!} + ${integer(1)}`), position(count!)]),
    codeAt: ({ args: [text, at] }) =>
      long(
        invoke('ascii', [
          invoke('substring', [text!, position(sql`${at!} + ${integer(1)}`), int(integer(1))]),
        ]),
      ),
    padLeft: ({ args: [text, width, fill] }) =>
      sql`repeat(${fill!}, ${int(sql`${width!} - ${long(invoke('length', [text!]))}`)}) || ${text!}`,
    base36: ({ args }) => call`lower(conv(CAST(${args[0]!} AS STRING), 10, 36))`,
    sha256: ({ args }) => call`sha2(${args[0]!}, 256)`,
  },
  typeName: (type) => TYPE_NAMES[type],
  operators: {
    quotient: (a, b) => quotient(a, b),
    remainder: (a, b) => remainder(a, b),
    and: (a, b) => sql`${a} & ${b}`,
    xor: (a, b) => sql`${a} ^ ${b}`,
    shiftRight: (a, bits) => shiftRight(a, bits),
  },
  hex: (lanes) => hex(lanes),
  uuid: (lanes) => uuid(lanes),
  list: (type, literals, values) => listText(type, literals, values),
  element: (list, index) => call`get(${list}, ${light(int(index))})`,
  date: (days) => call`date_from_unix_date(${int(days)})`,
  landed: (value, type, isLong) => landed(value, type, isLong),
  failure: (message) => `CAST(raise_error(${message}) AS BIGINT)`,
  rows: {
    series: (column, { from, to, partitions }) => {
      const cut = partitions === undefined ? '' : `, 1, ${partitions}`
      return `(SELECT id AS ${column} FROM range(${from}, ${to}${cut}))`
    },
    expand: (expansion) => expand(expansion),
    each: (column) => `\nLATERAL VIEW explode(${ARRAY}(0L)) once AS ${column}`,
    once: '',
    inline: '',
    nested: true,
    lists: 'selected',
    repeats: true,
    folds: 'grouped',
  },
}

const TYPE_NAMES: Readonly<Record<CellType, string>> = {
  integer: 'BIGINT',
  string: 'STRING',
  boolean: 'BOOLEAN',
}

/**
 * Backslashes escape, two literals side by side would be one, and what stands in ${} would be replaced by a variable of
 * the server's environment or configuration, wherever in the statement it is.
 */
const quoteString = (text: string): string =>
  `'${text
    .replaceAll(/[\\']|(?<=\$)\{/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')}'`

/** Names know no escapes, so one that Spark would put a variable into cannot be said. */
const quoteIdentifier = (name: string): string =>
  name.includes('${')
    ? fail('sql.unsupported', `Spark cannot be told the name ${JSON.stringify(name)}`)
    : `\`${name.replaceAll('`', '``')}\``

const int = (term: Term): Term => call`CAST(${term} AS INT)`
const long = (term: Term): Term => call`CAST(${term} AS BIGINT)`

/** No string is longer than this, and Spark counts characters in 32 bits. */
const LONGEST = 65_537

const position = (at: Term): Term =>
  int(choose([{ when: sql`${at} > ${integer(LONGEST)}`, then: integer(LONGEST) }], at))

const dateField = (field: string, days: Term): Term =>
  long(call`EXTRACT(${field} FROM ${SPARK.date(days)})`)

/** An operator, because the analyzer takes a round of its own for each layer in which a function is called. */
const shiftRight = (a: Term, bits: number): Term => sql`${a} >> ${String(bits)}`

/** What is divided by a power of two is shifted: to Spark, what comes of a division may be null. */
const quotient = (a: Term, b: Term): Term => {
  const bits = bitsBelow(b)
  return bits === undefined ? sql`${a} DIV ${b}` : shiftRight(a, bits)
}

const remainder = (a: Term, b: Term): Term =>
  bitsBelow(b) === undefined ? sql`${a} % ${b}` : sql`${a} & ${integer(numberOf(b)! - 1)}`

/** How many bits are below the one that is set, when a term is known to be a power of two. */
const bitsBelow = (term: Term): number | undefined => {
  const digits = (numberOf(term) ?? 0).toString(2)
  return /^10+$/.test(digits) ? digits.length - 1 : undefined
}

/** Two lanes as one BIGINT, whatever its sign: its digits are found many times faster than by a format. */
const pair = (high: Term, low: Term): Term => sql`${sql`${high} << 32`} | ${low}`

const digits = (high: Term, low: Term): Term => call`lpad(hex(${pair(high, low)}), 16, '0')`

const hex = ([a, b, c, d]: readonly Term[]): Term =>
  call`lower(${digits(a!, b!)} || ${digits(c!, d!)})`

/** Version and variant (RFC 9562, 5.4) overwrite six of the bits. */
const uuid = ([a, b, c, d]: readonly Term[]): Term =>
  call`lower(lpad(hex(${a!}), 8, '0') || '-' || lpad(hex(${b!} >> 16), 4, '0') || '-4' || lpad(hex(${b!} & 4095L), 3, '0') || '-' || hex(((${c!} >> 16) & 16383L) + 32768L) || '-' || lpad(hex(${pair(sql`${c!} & 65535L`, d!)}), 12, '0'))`

/** An array literal is a piece of the plan for each of its items, the text of all is a single one. */
const listText = (
  type: CellType,
  literals: readonly string[],
  values: ArrayLike<number | string> = [],
): string => {
  const items = values.length <= SHORT ? undefined : joinedItems(values)
  if (items === undefined)
    return `CAST(${ARRAY}(${literals.join(', ')}) AS ARRAY<${TYPE_NAMES[type]}>)`
  const all = `split(${quoteString(items.text)}, ${quoteString(items.between)})`
  return type === 'string' ? all : `CAST(${all} AS ARRAY<${TYPE_NAMES[type]}>)`
}

/** The function's name in quotes: after the bare word Spark's lexer takes no `>>` until a type has ended. */
const ARRAY = '`array`'

/** Lists of so many items are the same to Spark either way. */
const SHORT = 4

const expand = ({ source, columns, count, ordinal, always }: Expansion): string => {
  const numbers = `if(${count} > 0L, sequence(0L, ${count} - 1L), ${NO_NUMBERS})`
  const list = [...columns, ordinal].join(',\n  ')
  return `SELECT\n  ${list}\nFROM ${source}\nLATERAL VIEW${always ? ' OUTER' : ''} explode(${numbers}) numbers AS ${ordinal}`
}

/** As a type in SQL, an array may hold nulls: each number then, and all that is computed of it, might be null to Spark. */
const NO_NUMBERS = `slice(${ARRAY}(0L), 1, 0)`

const landed = (value: Term, type: DataType, isLong: boolean): Term => {
  switch (type.kind) {
    case 'integer':
      return isLong ? value : int(value)
    case 'decimal': {
      const { precision, scale } = type
      const unit = scale === 0 ? '1BD' : `0.${'1'.padStart(scale, '0')}BD`
      const unscaled = call`CAST(${value} AS DECIMAL(16, 0))`
      return call`CAST(${sql`${unscaled} * ${unit}`} AS DECIMAL(${String(precision)}, ${String(scale)}))`
    }
    case 'string':
    case 'boolean':
      return value
    case 'date':
      return SPARK.date(value)
    case 'timestamp':
      return call`timestamp_micros(${value})`
  }
}
