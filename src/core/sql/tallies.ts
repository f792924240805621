import { fail } from '../errors.ts'
import type { CountedRows, RowGraph } from '../plan/graph.ts'
import { chainRows, type RowWork, TALLY } from './rows.ts'
import { column, columns, JOIN_LISTS } from './statement.ts'
import { integer } from './term.ts'

/** Adds the query of a tally, one row for each row of the cross that is named, and gives its name. */
export const tallyQuery = (
  { tally, graphs }: CountedRows,
  workOf: (graph: RowGraph) => RowWork,
): string => {
  const works = graphs.map(workOf)
  const [work] = works
  if (work === undefined) return fail('internal', `no rows of ${tally.table}`)
  const { dialect, statement } = work
  const rows = works.map(countedRows).join('\nUNION ALL\n')
  const counted = statement.query({
    label: tally.table,
    note: `${tally.table}, to count by ${tally.cross}`,
    text: rows,
  })
  const total = `CAST(sum(${VALUE}) AS ${dialect.typeName('integer')})`
  const list = [column(TALLY.key, TALLY.key), column(total, TALLY.total)]
  return statement.query({
    label: tally.table,
    note: `${tally.table}, counted by ${tally.cross}`,
    text: `SELECT\n${columns(list)}\nFROM ${counted}\nGROUP BY ${TALLY.key}`,
    once: true,
  })
}

const VALUE = 'tally_value'

const countedRows = (work: RowWork): string => {
  const { graph, terms } = work
  const term = (name: string) => {
    const output = graph.outputs.find((each) => each.name === name)
    return output && terms.term(output.node)
  }
  const key = term('key') ?? fail('internal', `no key of the rows of ${graph.table}`)
  const value = term('value') ?? integer(1)
  const where = term('where')
  const roots = [key, value, ...(where === undefined ? [] : [where])]
  const rows = chainRows(work, { scope: graph.rows, roots, columns: [], range: undefined })
  const list = [column(rows.text(key), TALLY.key), column(rows.text(value), VALUE)]
  const lists = roots.some(rows.hasLists) ? JOIN_LISTS : ''
  const kept = where === undefined ? '' : `\nWHERE ${rows.text(where)}`
  return `SELECT\n${columns(list)}\nFROM ${rows.source}${lists}${kept}`
}
