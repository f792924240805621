import {
  add,
  col,
  div,
  draw,
  ge,
  greatest,
  gt,
  mul,
  scaleDraw,
  when,
} from '../../core/expr/build.ts'
import type { Operand } from '../../core/expr/build.ts'
import { law } from '../../core/expr/build-law.ts'
import type { Expr } from '../../core/expr/expr.ts'
import type { Law } from '../../core/expr/law.ts'
import { hidden } from '../../core/plan/build.ts'
import type { Column } from '../../core/plan/plan.ts'
import { rounded } from '../calibrate.ts'
import { NEVER } from './parts.ts'

/** Something that happens a few times between start and asOf: moves of a household, changes of a person. */
export interface Events {
  /** The column with their number, and the columns with their days after start, increasing; NEVER for the others. */
  readonly count: string
  readonly days: readonly string[]
  /** Moves fall on even days and changes on odd ones, so that a day has one event of a person at most. */
  readonly parity: 0 | 1
}

export const MOVES: Events = { count: 'moves', days: ['move_1', 'move_2', 'move_3'], parity: 0 }
export const CHANGES: Events = { count: 'changes', days: ['change_1', 'change_2'], parity: 1 }

/** The addresses of a household, and the identities of a person: one more than events. */
export const ADDRESSES = MOVES.days.length + 1
export const IDENTITIES = CHANGES.days.length + 1

/** The law of the number of events at a yearly rate. */
export const eventsLaw = (events: Events, yearly: number, days: number): Law =>
  law.poisson(rounded((yearly * days) / 365.25), events.days.length)

/** The days of the events: one in each of as many equal spans as there are events. */
export const dayColumns = ({ count, days: names, parity }: Events, days: number): Column[] => {
  const span = `${count}_span`
  const pairs = Math.floor(days / 2)
  const day = (name: string, i: number): Expr =>
    add(
      mul(add(mul(col(span), i), scaleDraw(draw('bits', { stream: name }), col(span))), 2),
      parity,
    )
  return [
    hidden(span, div(pairs, greatest(col(count), 1)), { description: 'In pairs of days.' }),
    ...names.map((name, i) => hidden(name, when(gt(col(count), i), day(name, i), NEVER))),
  ]
}

/** How many of the events have happened by the end of a day; `of` gives the column of an event. */
export const eventsBy = (day: Operand, events: Events, of: (name: string) => Expr): Expr =>
  events.days.map((name) => when(ge(day, of(name)), 1, 0)).reduce((count, each) => add(count, each))
