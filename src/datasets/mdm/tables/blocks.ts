import { key, sample } from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { children, hidden, range, virtualTable } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'

/** Customers of a block: the square of SIDE. */
export const BLOCK = 1024
export const SIDE = 32

/** Numbers drawn evenly by a block go up to this one, exclusive. */
export const EVEN = BLOCK * BLOCK

/** The hidden columns with the shifts of the three lattices. */
export const SHIFTS = ['shift_1', 'shift_2', 'shift_3'] as const

/**
 * blocks: 1,024 customers each, among whom the numbers of records are spread evenly, so that the total of many
 * customers hardly depends on the seed.
 */
export const blockTable = (): Table =>
  virtualTable('blocks', {
    description: 'Blocks of 1,024 customers; there are fewer than rows, the others are not used.',
    rows: range({ parameter: 'uniqueCustomers' }),
    columns: [
      hidden('block_id', key()),
      ...SHIFTS.map((shift) => hidden(shift, sample(law.uniform(0, EVEN - 1)))),
    ],
  })

/** shuffles: random functions of 0..31, two a block, by which its customers are put in another order. */
export const shuffleTable = (): Table =>
  virtualTable('shuffles', {
    description: 'Random numbers by which the customers of a block are shuffled.',
    rows: children('blocks', 2 * SIDE, 2 * SIDE),
    columns: [hidden('turn', sample(law.uniform(0, SIDE - 1)))],
  })
