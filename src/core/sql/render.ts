import { fail } from '../errors.ts'
import type { RowGraph } from '../plan/graph.ts'
import type { ColumnType } from '../plan/typed.ts'
import type { Vocabulary } from '../plan/vocabulary.ts'
import type { Dialect } from './dialect.ts'
import { createTerms } from './nodes.ts'
import { type KeyRange, scopeRange } from './ranges.ts'
import { chainRows, createRowWork, type RowWork, type Tallied } from './rows.ts'
import {
  column,
  columns,
  createStatement,
  JOIN_LISTS,
  type Select,
  type Statement,
  type Written,
} from './statement.ts'
import { tallyQuery } from './tallies.ts'
import { call, type Term } from './term.ts'
import type { ViewPlaces } from './views.ts'

/** How a table is to be rendered. */
export interface Rendering {
  readonly dialect: Dialect
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
  /** Only rows with these entity keys. */
  readonly range?: KeyRange
  /** Into how many pieces the engine is to cut the outermost rows, where it can be told. */
  readonly partitions?: number
  /** What outputs land as, by name; without it, and for other names, they are physical numbers and strings. */
  readonly landed?: ReadonlyMap<string, ColumnType>
}

/**
 * One SELECT with the wanted outputs of a table's rows as columns, in no order: `graphs` are the table's variants as
 * `lowerTable` gives them, or one of them. Throws sql.unsupported for a function that the dialect cannot say.
 */
export const renderTable = (graphs: readonly RowGraph[], rendering: Rendering): string =>
  renderWritten(graphs, rendering).text

/** The same, with constants of a statement that would be too long in views, where the dialect has them. */
export const renderWritten = (
  graphs: readonly RowGraph[],
  rendering: Rendering,
  places?: ViewPlaces,
): Written => {
  const statement = createStatement(rendering.dialect)
  const works = createWorks(statement, rendering)
  const selects = graphs.map((graph) => renderGraph(works(graph), rendering))
  const union: Select = (from) => selects.map((each) => each(from)).join('\nUNION ALL\n')
  return statement.text(union, places)
}

/** What the graphs of one statement are rendered with; equal sets of tallies are one query. */
const createWorks = (
  statement: Statement,
  { dialect, vocabularies, partitions }: Rendering,
): ((graph: RowGraph) => RowWork) => {
  const known = new Map<string, Tallied>()
  const workOf = (graph: RowGraph): RowWork =>
    createRowWork({
      graph,
      dialect,
      statement,
      partitions,
      terms: createTerms({ graph, dialect, vocabularies }),
      tallied: (cross) => {
        const counted = [...graph.tallies.values()].filter(({ tally }) => tally.cross === cross)
        const id = counted.map(({ tally }) => tally.number).join()
        const tallied = known.get(id) ?? tallyQuery(counted, workOf)
        known.set(id, tallied)
        return tallied
      },
    })
  return workOf
}

const renderGraph = (work: RowWork, rendering: Rendering): Select => {
  const { graph, dialect, terms } = work
  const { range } = rendering
  const roots = graph.outputs.map(({ node, name }) => {
    const { type } = graph.nodes[node]?.shape ?? fail('internal', `no node ${node}`)
    const target = rendering.landed?.get(name)
    return target === undefined
      ? physical(dialect, terms.term(node), type.kind)
      : dialect.landed(terms.term(node), target.type, target.long)
  })
  const rows = chainRows(work, {
    scope: graph.rows,
    roots,
    columns: [],
    range: range && (scopeRange(graph, graph.key, range) ?? fail('internal', 'no range of keys')),
  })
  const list = graph.outputs.map(({ name }, i) =>
    column(rows.text(roots[i]!), dialect.quoteIdentifier(name)),
  )
  const lists = roots.some(rows.hasLists) ? JOIN_LISTS : ''
  return (from) => `SELECT\n${columns(list)}\nFROM ${from(rows.source)}${lists}`
}

/** A value as the number or string that it physically is. */
const physical = (dialect: Dialect, term: Term, kind: ColumnType['type']['kind']): Term => {
  if (kind !== 'boolean' && term.kind !== 'literal') return term
  return call`CAST(${term} AS ${dialect.typeName(kind === 'string' ? 'string' : 'integer')})`
}
