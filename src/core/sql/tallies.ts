import { fail } from '../errors.ts'
import type { CountedRows, RowGraph } from '../plan/graph.ts'
import { chainRows, type RowWork, type Tallied } from './rows.ts'
import { type Column, column, columns, JOIN_LISTS, type Select } from './statement.ts'
import { integer } from './term.ts'

/*
 * Spark moves conditions down through layers with the whole expressions of the columns that they name, and adds one that
 * keys of a join are not null: where folds are groups, there is no condition, and none can pass the key's maximum.
 */

/** Adds the query of tallies by one cross: a row for each row of the cross that is named. */
export const tallyQuery = (
  counted: readonly CountedRows[],
  workOf: (graph: RowGraph) => RowWork,
): Tallied => {
  const works = counted.map(({ graphs }) => graphs.map(workOf))
  const work = works[0]?.[0]
  const tally = counted[0]?.tally
  if (work === undefined || tally === undefined) return fail('internal', 'a query of no tallies')
  const { dialect, statement } = work
  const integers = dialect.typeName('integer')
  const none = `CAST(NULL AS ${integers})`
  const rows = works.flatMap((variants, at) =>
    variants.map((each) =>
      countedRows(each, (text) => counted.map((_, i) => column(i === at ? text : none, total(i)))),
    ),
  )
  const named = statement.query({
    label: tally.cross,
    note: `what is counted by ${tally.cross}`,
    text: (from) => rows.map((each) => each(from)).join('\nUNION ALL\n'),
  })
  const key = dialect.rows.folds === 'grouped' ? `max(${KEY})` : KEY
  const sums = counted.map((_, i) => column(`CAST(sum(${total(i)}) AS ${integers})`, total(i)))
  const source = statement.query({
    label: tally.cross,
    note: `counted by ${tally.cross}`,
    text: (from) =>
      `SELECT\n${columns([column(key, KEY), ...sums])}\nFROM ${from(named)}\nGROUP BY ${KEY}`,
    once: true,
  })
  const numbers = counted.map((each) => each.tally.number)
  return { source, key: KEY, total: (number) => total(numbers.indexOf(number)) }
}

const KEY = 'tally_key'

const total = (i: number): string => `tally_${i + 1}`

/** The rows that a tally counts: the key that each names, and columns of its value. */
const countedRows = (work: RowWork, valuesOf: (text: string) => readonly Column[]): Select => {
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
  const isGrouped = work.dialect.rows.folds === 'grouped'
  const named =
    isGrouped && where !== undefined
      ? `CASE WHEN ${rows.text(where)} THEN ${rows.text(key)} END`
      : rows.text(key)
  const list = [column(named, KEY), ...valuesOf(rows.text(value))]
  const lists = roots.some(rows.hasLists) ? JOIN_LISTS : ''
  const kept = isGrouped || where === undefined ? '' : `\nWHERE ${rows.text(where)}`
  return (from) => `SELECT\n${columns(list)}\nFROM ${from(rows.source)}${lists}${kept}`
}
