import { describe, expect, it } from 'vitest'
import { createLadder, type Ladder } from '../../../src/core/sql/ladder.ts'
import { call, heavy, sql, type Term } from '../../../src/core/sql/term.ts'

const KEY: Term = { kind: 'row', name: 'key' }

const ladderOf = (roots: readonly Term[], repeats: boolean): Ladder => {
  let names = 0
  const context = { needs: () => [], name: () => `c${++names}`, repeats }
  return createLadder(context, { roots, columns: [] })
}

/** A value that takes so many layers of its own. */
const chain = (steps: number, from: Term = KEY): Term =>
  steps === 0 ? from : chain(steps - 1, heavy(call`f(${from}, ${from})`))

describe('the layers of terms', () => {
  const draw = heavy(call`draw(${KEY})`)
  const late = sql`${chain(6)} + ${sql`${draw} * ${draw}`}`

  it('have a draw just below its use where layers carry columns by name', () => {
    const top = heavy(call`h(${chain(6)}, ${draw}, ${draw})`)
    const ladder = ladderOf([top, top], true)
    expect(ladder.item(top).layer).toBe(6)
    expect(ladder.item(draw).layer).toBe(5)
  })

  it('have it at once where all columns are carried along', () => {
    expect(ladderOf([late], false).item(draw).layer).toBe(1)
  })

  it('have a value of two at once, rather than carry both', () => {
    const [one, other] = [chain(1), chain(1, heavy(call`other(${KEY})`))]
    const both = heavy(call`both(${one}, ${other}, ${one}, ${other})`)
    const top = heavy(call`h(${chain(9)}, ${both}, ${both})`)
    expect(ladderOf([top, top], true).item(both).layer).toBeLessThan(4)
  })
})
