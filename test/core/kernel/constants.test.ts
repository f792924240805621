import { expect, test } from 'vitest'
import { add, col, fold, key, mod, mul, when, eq } from '../../../src/core/expr/build.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { children, column, plan, range, table } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { cellOf, plainHost } from '../../support/kernel-rows.ts'

const ROWS = 40_000

const typed = resolvePlan(
  plan({
    name: 'constants',
    seed: 1,
    tables: [
      table('parents', {
        rows: range(ROWS),
        columns: [
          column('seven', 7),
          column('word', 'word'),
          column('chosen', when(eq(mod(key(), 2), 0), 5, key())),
          column('sum', fold.sum('children', add(mul(mod(key(), 3), 11), 13))),
        ],
      }),
      table('children', {
        rows: children('parents', 4, add(mod(key(), 3), 1)),
        columns: [column('nine', 9), column('plus', add(col('nine'), mod(key(), 2)))],
      }),
    ],
  }),
  new Map(),
)

const expected = {
  parents: (id: number) => [7, 'word', id % 2 === 0 ? 5 : id, sumOf(id)],
  children: (id: number) => [9, 9 + (id % 2)],
}

const sumOf = (id: number): number => {
  let sum = 0
  for (let k = 0; k <= id % 3; k++) sum += ((4 * id + k) % 3) * 11 + 13
  return sum
}

test.each(['parents', 'children'] as const)(
  'constants of %s stand in every row, be the first blocks small or large',
  (name) => {
    const found = typed.tables.get(name)!
    const wanted = [...found.columns, { name: 'id', expr: { kind: 'key' as const, shape: keys } }]
    const generator = createGenerator(typed, { table: found, wanted }, plainHost)
    let rows = 0
    for (const [lo, hi] of [
      [1, 20],
      [20, 700],
      [700, 5 * ROWS],
    ] as const)
      generator.generate({ variant: 0, lo, hi }, (blocks, count) => {
        for (let row = 0; row < count; row++) {
          const cells = blocks.map((block) => cellOf(block, row))
          const id = Number(cells.pop())
          const wrong = expected[name](id).findIndex((cell, i) => cell !== cells[i])
          if (wrong >= 0) throw new Error(`cell ${wrong} of ${name} ${id} is ${cells[wrong]}`)
        }
        rows += count
      })
    const counts = { parents: ROWS, children: 2 * ROWS }
    expect(Math.abs(rows - counts[name])).toBeLessThanOrEqual(1)
  },
)

const keys = {
  type: { kind: 'integer' },
  nullable: false,
  min: 0,
  max: 5 * ROWS,
  maxLength: 0,
  ascii: true,
} as const
