import {
  add,
  cases,
  col,
  div,
  eq,
  key,
  lookup,
  lt,
  mod,
  mul,
  sub,
  toExpr,
  when,
} from '../../../core/expr/build.ts'
import type { Operand } from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { hidden } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { entryOf } from '../../expressions.ts'
import type { Recipe } from '../recipe.ts'
import { type SourceName, SOURCES } from '../source.ts'
import { BLOCK, EVEN, SHIFTS, SIDE } from './blocks.ts'

/** The column of customers with their number of records in a source. */
export const countColumn = (source: SourceName): string => `${source}_records`

/**
 * How many records of a customer each source has. The customers of a block are shuffled; the place i of one then gives
 * three numbers that are spread evenly together, by the lattice of points (i, 633·i, 269·i) mod 1024 with a random
 * shift, and these decide which sources know the customer and how often.
 */
export const recordCounts = ({ volumes }: Recipe): Table['columns'] => [
  hidden('block', lookup('blocks', add(div(sub(key(), 1), BLOCK), 1), 'block_id')),
  hidden('row_of_block', mod(add(div(PLACE, SIDE), turn(0, mod(PLACE, SIDE))), SIDE)),
  hidden('column_of_block', mod(add(PLACE, turn(SIDE, col('row_of_block'))), SIDE)),
  hidden('place_of_block', add(mul(col('row_of_block'), SIDE), col('column_of_block'))),
  ...SHIFTS.map((shift, dimension) => hidden(evenName(dimension), even(dimension, shift))),
  hidden('sources', chosen(col(evenName(0)), volumes.coverage), {
    description: 'The sources that know the customer, by their bits: 1 CRM, 2 ERP, 4 shop.',
  }),
  ...SOURCES.map((source, bit) =>
    hidden(
      countColumn(source),
      when(
        knows(bit),
        add(1, bit === 1 ? 0 : chosen(col(evenName(bit === 0 ? 1 : 2)), volumes.counts[source])),
        0,
      ),
    ),
  ),
]

const PLACE = mod(sub(key(), 1), BLOCK)

const turn = (from: number, at: Expr): Expr =>
  lookup('shuffles', add(mul(col('block'), 2 * SIDE), add(from, at)), 'turn')

const evenName = (dimension: number): string => `even_${dimension + 1}`

const LATTICE = [1, 633, 269]

/** An evenly spread number of 0..2^20 - 1. */
const even = (dimension: number, shift: string): Expr =>
  mod(
    add(
      mul(col('place_of_block'), (LATTICE[dimension] ?? 1) * BLOCK),
      lookup('blocks', col('block'), shift),
    ),
    EVEN,
  )

/** The outcome 0, 1, 2 ... whose share of 0..2^20 - 1 a number lies in. */
const chosen = (number: Expr, probabilities: readonly number[]): Expr => {
  let sum = 0
  const ends = probabilities.map((each) => Math.round((sum += each) * EVEN))
  const possible = ends.flatMap((end, outcome) =>
    end > (ends[outcome - 1] ?? 0) ? [{ end, outcome }] : [],
  )
  const branches = possible
    .slice(0, -1)
    .map(({ end, outcome }): readonly [Operand, Operand] => [lt(number, end), outcome])
  const last = possible.at(-1)?.outcome ?? 0
  return branches.length === 0 ? toExpr(last) : cases(branches, last)
}

const knows = (bit: number): Expr =>
  eq(
    entryOf(
      col('sources'),
      Array.from({ length: 1 << SOURCES.length }, (_, set) => (set >> bit) % 2),
    ),
    1,
  )
