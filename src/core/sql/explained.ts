import { lowerTable } from '../plan/lower.ts'
import type { RowGraph } from '../plan/graph.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { type DialectName, dialectNamed } from './dialects.ts'
import { renderLandedWithViews } from './landed.ts'
import { comment } from './statement.ts'
import { makeView, SESSION_VIEWS, type ViewKind } from './views.ts'

/**
 * The statement that makes a table, for people: comments in front say of which plan and table it is, and which streams
 * of random numbers it draws from, with the constants by which they are found in its text.
 */
export const explainedSql = (plan: TypedPlan, table: TypedTable, name: DialectName): string => {
  const { hash } = plan
  const landed = table.landedName === table.name ? '' : `, which lands as ${table.landedName}`
  const streams = [...streamsOf(lowerTable(plan, table.name, landedOutputs(table)))]
  const lines = [
    `table ${table.name} of plan ${plan.plan.name}${landed}: ${name}, plan hash ${hash}`,
    streams.length === 0 ? 'it draws from no stream' : 'streams, and their constants:',
    ...streams.map(([stream, constants]) => `  ${stream}: ${constants.join(', ')}`),
  ]
  const { text, views } = renderLandedWithViews(plan, table, {
    dialect: dialectNamed(name),
    places: SESSION_VIEWS,
  })
  const statements = [...views.map((view) => makeView(VIEWS[name], view)), text]
  return `${lines.map(comment).join('\n')}\n${statements.map((each) => `${each};\n`).join('\n')}`
}

const VIEWS: Readonly<Record<DialectName, ViewKind>> = {
  duckdb: 'TEMPORARY VIEW',
  spark: 'TEMPORARY VIEW',
  bigquery: 'VIEW',
}

const landedOutputs = (table: TypedTable) =>
  table.columns
    .filter(({ hidden }) => !hidden)
    .map(({ name, shape }) => ({ name, expr: { kind: 'column' as const, name, shape } }))

/** The streams that rows are made from and those of the rows they count, in the order of their use. */
const streamsOf = (graphs: readonly RowGraph[]): ReadonlyMap<string, readonly number[]> =>
  new Map(
    graphs.flatMap(({ nodes, tallies }) => [
      ...nodes.flatMap((node) =>
        node.op === 'draw' || node.op === 'sample'
          ? [[node.stream.name, node.stream.constants] as const]
          : [],
      ),
      ...[...tallies.values()].flatMap((counted) => [...streamsOf(counted.graphs)]),
    ]),
  )
