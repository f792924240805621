import type { TypedExpr, TypedPlan, TypedPromise, TypedTable } from '../plan/typed.ts'
import type { Dialect } from '../sql/dialect.ts'
import { allPromises } from './implied.ts'
import { lawEdges, shapeBins } from './bins.ts'
import {
  fromClause,
  landedColumnSql,
  type LandedQuery,
  landedQuery,
  landedSql,
  viewName,
} from './landed-query.ts'
import { chanceSql } from './ledger-cells.ts'
import { checkName, type Tally } from './measure.ts'
import { replaySql } from './replay.ts'

/** What an aggregate gives: a number, numbers joined by commas, or null over no rows. */
export type Measured = number | string | boolean | null

/**
 * A promise as aggregates over a source, so that probes of one source can share a pass: SELECT `select` FROM `from`,
 * every value a DOUBLE or numbers as text, joined by commas. `tally` reads the values. `missing` says what never landed.
 */
export interface FilesProbe {
  readonly name: string
  readonly from: string
  readonly select: readonly string[]
  readonly tally: (values: readonly Measured[]) => Tally
  readonly missing: readonly string[]
}

/** Probes of a table's checks and promises over views of the landed rows (see `viewName`). */
export const promiseProbes = (
  plan: TypedPlan,
  dialect: Dialect,
  table: TypedTable,
): readonly FilesProbe[] => {
  const begin = (): LandedQuery => landedQuery(plan, dialect, table)
  return [
    ...table.checks.map(({ name, that }) => {
      const query = begin()
      const condition = landedSql(query, that)
      return rowProbe(query, checkName(name), {
        select: ['count(*)', `count(*) FILTER (WHERE NOT (${condition}))`],
        tally: violationsTally,
      })
    }),
    ...allPromises(table).map((promise) => promiseProbe(begin(), promise)),
  ]
}

/** Reads the values of rows and violations. */
export const violationsTally = ([rows, violations]: readonly Measured[]): Tally => ({
  kind: 'violations',
  rows: numberOf(rows),
  violations: numberOf(violations),
})

/** A probe that counts over the rows of a query; the query's joins and gaps are taken over. */
export const rowProbe = (
  query: LandedQuery,
  name: string,
  { select, tally }: Pick<FilesProbe, 'select' | 'tally'>,
): FilesProbe => ({
  name,
  from: fromClause(query),
  select: select.map(asDouble),
  tally,
  missing: [...query.missing],
})

/** Rows beyond the first of each group that agrees in all columns. */
export const duplicatesProbe = (
  query: LandedQuery,
  name: string,
  { columns, where }: { readonly columns: readonly string[]; readonly where?: string },
): FilesProbe => {
  const names = columns.map((each) => landedColumnSql(query, each)).join(', ')
  const filter = where === undefined ? '' : ` WHERE ${where}`
  const from = fromClause(query)
  return {
    name,
    from: `(SELECT count(*) AS n FROM ${from}${filter} GROUP BY ${names}) AS agreeing`,
    select: ['sum(n)', 'sum(n - 1)'].map(asDouble),
    tally: violationsTally,
    missing: [...query.missing],
  }
}

const asDouble = (aggregate: string): string => `CAST(${aggregate} AS DOUBLE)`

const numberOf = (value: Measured | undefined): number => (typeof value === 'number' ? value : 0)

const listOf = (value: Measured | undefined): readonly number[] =>
  typeof value === 'string' && value !== '' ? value.split(',').map(Number) : []

type Of<K extends TypedPromise['kind']> = Extract<TypedPromise, { readonly kind: K }>

const promiseProbe = (query: LandedQuery, promise: TypedPromise): FilesProbe => {
  switch (promise.kind) {
    case 'rate':
    case 'mean':
      return momentsProbe(query, promise)
    case 'distribution':
      return distributionProbe(query, promise)
    case 'independent':
      return independenceProbe(query, promise)
    case 'unique':
      return duplicatesProbe(query, promise.name, {
        columns: promise.columns,
        ...(promise.where === undefined ? {} : { where: landedSql(query, promise.where) }),
      })
    case 'disjoint':
      return overlapProbe(query, promise)
    case 'replay':
      return replayProbe(query, promise)
  }
}

const momentsProbe = (query: LandedQuery, promise: Of<'rate' | 'mean'>): FilesProbe => {
  const value = `CAST(${landedSql(query, promise.of)} AS ${query.dialect.typeName('integer')})`
  const { sure, chance } = conditionsOf(query, promise.among)
  const among = sure === '' ? '' : ` FILTER (WHERE ${sure})`
  return rowProbe(query, promise.name, {
    select: [
      chance === undefined ? `count(${value})${among}` : expectedRows(query, { sure, chance }),
      `sum(${value})${among}`,
      `sum(CAST(${value} AS DOUBLE) * ${value})${among}`,
    ],
    tally: ([n, sum, squares]) => ({
      kind: 'moments',
      n: numberOf(n),
      sum: numberOf(sum),
      squares: numberOf(squares),
    }),
  })
}

/**
 * Of which rows a rate speaks: `sure` by the files alone; where a draw has a say too, `chance` is how probable it makes
 * the rest, so that a row counts by that.
 */
const conditionsOf = (
  query: LandedQuery,
  among: TypedExpr | undefined,
): { readonly sure: string; readonly chance: string | undefined } => {
  const parts = (among === undefined ? [] : conjuncts(among)).map((each) => {
    const own: LandedQuery = { ...query, chances: new Map() }
    return { sql: `(${landedSql(own, each)})`, chances: own.chances }
  })
  const [chance, another] = new Map(parts.flatMap(({ chances }) => [...chances])).values()
  if (another !== undefined) query.missing.add('more than one draw')
  const textOf = (drawn: boolean): string =>
    parts
      .filter(({ chances }) => chances.size > 0 === drawn)
      .map(({ sql }) => sql)
      .join(' AND ')
  return { sure: textOf(false), chance: chance && chanceSql(chance, textOf(true)) }
}

/** Rows weighed by a chance that costs much: where there are many, it is taken of some tens of thousands of them. */
const expectedRows = (
  { row: { table, alias }, dialect }: LandedQuery,
  { sure, chance }: { readonly sure: string; readonly chance: string },
): string => {
  const [key] = table.key
  const share = Math.floor(table.maxKey / SAMPLED_KEYS) + 1
  const where = sure === '' ? 'true' : sure
  if (share === 1 || key === undefined) return `sum(${chance}) FILTER (WHERE ${where})`
  const sampled = `${where} AND hash(${alias}.${dialect.quoteIdentifier(key)}) % ${share} = 0`
  return `avg(${chance}) FILTER (WHERE ${sampled}) * count(*) FILTER (WHERE ${where})`
}

const SAMPLED_KEYS = 2 ** 18

const conjuncts = (expr: TypedExpr): readonly TypedExpr[] =>
  expr.kind === 'call' && expr.function === 'and' ? expr.args.flatMap(conjuncts) : [expr]

/** Counts between upper bounds; the first and what follows the last hold what the law cannot produce. */
const distributionProbe = (
  query: LandedQuery,
  { name, column, law }: Of<'distribution'>,
): FilesProbe => {
  const cell = landedColumnSql(query, column)
  const { quoteString, typeName } = query.dialect
  const value =
    law.words === undefined
      ? cell
      : `CASE WHEN ${cell} IS NOT NULL THEN coalesce(list_position([${law.words
          .map(quoteString)
          .join(', ')}], ${cell}), 0) - 1 END`
  const edges = lawEdges(law)
  const bounds = `CAST([${edges.join(', ')}] AS ${typeName('integer')}[])`
  return {
    name,
    from: fromClause(query),
    select: [
      `array_to_string(map_values(histogram(CAST(${value} AS ${typeName('integer')}), ${bounds})), ',')`,
    ],
    tally: ([counts]) => {
      const [below = 0, ...found] = listOf(counts)
      const inside = Array.from({ length: edges.length - 1 }, (_, i) => found[i] ?? 0)
      return {
        kind: 'bins',
        counts: [...inside, below + (found[inside.length] ?? 0)],
        width: 1,
      }
    },
    missing: [],
  }
}

const independenceProbe = (
  query: LandedQuery,
  { name, columns }: Of<'independent'>,
): FilesProbe => {
  const binned = columns.map((column) => binOf(query, column))
  const [first, second] = binned
  const joins = binned.flatMap(({ join }) => (join === undefined ? [] : [join])).join(' ')
  const width = second?.bins ?? 1
  return {
    name,
    from: `(SELECT a, b, count(*) AS n FROM (
      SELECT ${first?.sql ?? '0'} AS a, ${second?.sql ?? '0'} AS b FROM ${fromClause(query)} ${joins}
    ) AS pairs WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a, b) AS cells`,
    select: ['a', 'b', 'n'].map((each) => `array_to_string(list(${each} ORDER BY a, b), ',')`),
    tally: ([a, b, n]) => {
      const counts = Array.from({ length: (first?.bins ?? 1) * width }, () => 0)
      const [rows, places] = [listOf(a), listOf(b)]
      listOf(n).forEach((count, i) => {
        counts[(rows[i] ?? 0) * width + (places[i] ?? 0)] = count
      })
      return { kind: 'bins', counts, width }
    },
    missing: [],
  }
}

interface Binned {
  readonly bins: number
  readonly sql: string
  readonly join?: string
}

/** The bin of a number by its interval; of a word by its rank among the words, modulo the bins. */
const binOf = (query: LandedQuery, name: string): Binned => {
  const cell = landedColumnSql(query, name)
  const shape = query.row.table.columns.find((column) => column.name === name)?.shape
  if (shape === undefined) return { bins: 1, sql: '0' }
  const { bins, width } = shapeBins(shape)
  if (shape.type.kind !== 'string') {
    const number = `CAST(${cell} AS ${query.dialect.typeName('integer')})`
    const place = `CAST(floor((${number} - (${shape.min})) / CAST(${width} AS DOUBLE)) AS INTEGER)`
    const isInside = `${number} BETWEEN ${shape.min} AND ${shape.max}`
    return {
      bins,
      sql: `CASE WHEN ${cell} IS NULL THEN NULL WHEN ${isInside} THEN least(${bins - 1}, ${place}) ELSE ${bins - 1} END`,
    }
  }
  const { quoteIdentifier } = query.dialect
  const alias = quoteIdentifier(`words of ${name}`)
  const words = `SELECT DISTINCT ${quoteIdentifier(name)} AS word FROM ${quoteIdentifier(viewName(query.row.table))}`
  return {
    bins,
    sql: `${alias}.bin`,
    join: `LEFT JOIN (SELECT word, CAST((row_number() OVER (ORDER BY word) - 1) % ${bins} AS INTEGER) AS bin
      FROM (${words}) WHERE word IS NOT NULL) AS ${alias} ON ${alias}.word = ${cell}`,
  }
}

/** Rows that begin before an earlier one of their group has ended. */
const overlapProbe = (query: LandedQuery, promise: Of<'disjoint'>): FilesProbe => {
  const column = (name: string): string => landedColumnSql(query, name)
  const [start, end] = [column(promise.from), column(promise.to)]
  const where = promise.where === undefined ? '' : ` WHERE ${landedSql(query, promise.where)}`
  const window = [
    `PARTITION BY ${promise.by.map(column).join(', ')}`,
    `ORDER BY ${start}, ${end}`,
    'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING',
  ].join(' ')
  return {
    name: promise.name,
    from: `(SELECT ${start} AS began, max(${end}) OVER (${window}) AS ended FROM ${fromClause(query)}${where}) AS spans`,
    select: ['count(*)', 'count(*) FILTER (WHERE began < ended)'].map(asDouble),
    tally: violationsTally,
    missing: [...query.missing],
  }
}

const replayProbe = (query: LandedQuery, promise: Of<'replay'>): FilesProbe => ({
  name: promise.name,
  from: `(${replaySql(query, promise)}) AS replayed`,
  select: ['max(cells)', 'max(wrong)'].map(asDouble),
  tally: violationsTally,
  missing: [],
})
