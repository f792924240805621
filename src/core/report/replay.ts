import { fail } from '../errors.ts'
import type { ReplayPromise } from '../plan/plan.ts'
import type { TypedTable } from '../plan/typed.ts'
import { type LandedQuery, landedQuery, landedSql, viewName } from './landed-query.ts'

/**
 * A query of one row: how many cells may differ from the truth (`cells`), and how many of them the ledger does not
 * explain (`wrong`). A cell's changes are a chain: the first begins at the true value, each begins where the one before
 * ended, the last ends at the landed value. Then as many cells differ from the truth as there are chains that lead to
 * another value.
 */
export const replaySql = (query: LandedQuery, promise: ReplayPromise): string => {
  const { columns } = promise
  const { quoteString } = query.dialect
  const valueOf = (prefix: string): string =>
    `CASE c.col ${columns.map((name, i) => `WHEN ${quoteString(name)} THEN ${prefix}${i}`).join(' ')} END`
  const known = columns.map(quoteString).join(', ')
  return `WITH ${cellsSql(query, promise)},
${chainsSql(query, promise)},
checked AS (
  SELECT
    p.record IS NOT NULL AND c.col IN (${known}) AND c.linked
      AND c.first IS NOT DISTINCT FROM ${valueOf('p.t')}
      AND c.last IS NOT DISTINCT FROM ${valueOf('p.d')} AS explained,
    c.first IS DISTINCT FROM c.last AS leads
  FROM chains AS c LEFT JOIN pairs AS p ON p.record = c.record
),
told AS (
  SELECT count(*) FILTER (WHERE NOT explained) AS unexplained, count(*) FILTER (WHERE leads) AS net FROM checked
),
differing AS (
  SELECT count(*) * ${columns.length} AS cells,
    ${columns.map((_, i) => `count(*) FILTER (WHERE t${i} IS DISTINCT FROM d${i})`).join(' + ')} AS n
  FROM pairs
)
SELECT cells, unexplained + abs(n - net) AS wrong FROM told, differing`
}

/** Every row beside the truth of its time: `d0`, `d1` ... and `t0`, `t1` ... as text. */
const cellsSql = ({ plan, dialect, row }: LandedQuery, promise: ReplayPromise): string => {
  const { source, record, time, columns } = promise
  const { quoteString } = dialect
  const texts = (table: TypedTable, alias: string, prefix: string): string =>
    columns
      .map((name, i) => `${textOf({ plan, dialect, table }, name, alias)} AS ${prefix}${i}`)
      .join(', ')
  const [links, truth] = [promise.links, promise.truth].map((name) => tableOf(plan, name))
  const quoted = (table: TypedTable): string => dialect.quoteIdentifier(viewName(table))
  const cell = dialect.quoteIdentifier
  return `versions AS (
  SELECT entity_id, valid_from, ${texts(truth!, 'r', 't')} FROM ${quoted(truth!)} AS r
),
records AS (
  SELECT r.${cell(record)} AS record, l.entity_id, r.${cell(time)} // ${MICROS_PER_DAY} AS at_day, ${texts(row.table, 'r', 'd')}
  FROM ${quoted(row.table)} AS r
  LEFT JOIN ${quoted(links!)} AS l ON l.record_id = r.${cell(record)} AND l.source = ${quoteString(source)}
),
pairs AS (
  SELECT records.*, versions.* EXCLUDE (entity_id) FROM records
  ASOF LEFT JOIN versions ON records.entity_id = versions.entity_id AND records.at_day >= versions.valid_from
)`
}

const MICROS_PER_DAY = 86_400_000_000

/** The changes of each cell from first to last, and whether each begins where the one before ended. */
const chainsSql = ({ plan, dialect }: LandedQuery, { ledger, source }: ReplayPromise): string => {
  const view = dialect.quoteIdentifier(viewName(tableOf(plan, ledger)))
  return `links AS (
  SELECT record_id AS record, "column" AS col, step, true_value, emitted_value,
    lag(emitted_value) OVER cell AS before, row_number() OVER cell AS number
  FROM ${view} WHERE source = ${dialect.quoteString(source)}
  WINDOW cell AS (PARTITION BY record_id, "column" ORDER BY step)
),
chains AS (
  SELECT record, col, arg_min_null(true_value, step) AS first, arg_max_null(emitted_value, step) AS last,
    bool_and(true_value IS DISTINCT FROM emitted_value AND (number = 1 OR true_value IS NOT DISTINCT FROM before)) AS linked
  FROM links GROUP BY record, col
)`
}

const tableOf = (plan: LandedQuery['plan'], name: string): TypedTable =>
  plan.tables.get(name) ?? fail('internal', `table ${name} is not in the plan`)

/** A landed cell as text, as a ledger shows it. */
const textOf = (
  { plan, dialect, table }: Pick<LandedQuery, 'plan' | 'dialect'> & { readonly table: TypedTable },
  name: string,
  alias: string,
): string => {
  const shape = table.columns.find((column) => column.name === name)?.shape
  if (shape === undefined) return fail('internal', `${table.name} has no column ${name}`)
  const query: LandedQuery = { ...landedQuery(plan, dialect, table), row: { table, alias } }
  const text = {
    type: { kind: 'string' },
    nullable: true,
    min: 0,
    max: 0,
    maxLength: 64,
    ascii: false,
  } as const
  return landedSql(query, {
    kind: 'call',
    function: 'text',
    args: [{ kind: 'column', name, shape }],
    shape: text,
  })
}
