import { fail } from '../errors.ts'
import {
  and,
  cases,
  col,
  draw,
  eq,
  gt,
  isNull,
  lit,
  lt,
  ne,
  or,
  sample,
  when,
} from '../expr/build.ts'
import { law } from '../expr/build-law.ts'
import type { Expr } from '../expr/expr.ts'
import { hidden } from '../plan/build.ts'
import type { Column } from '../plan/plan.ts'
import { sumOf } from '../random/math.ts'
import type { NoiseModel, NoiseStep, Scene } from './model.ts'
import { type Classes, classRates } from './odds.ts'

/** A place of a record that a step may change: one step and one of its columns. */
export interface Slot {
  /** The step's number, from 1. */
  readonly number: number
  readonly step: NoiseStep
  readonly column: string
  /** Hidden columns with the value before and after, whether it shows (0 or 1), and which operator struck (0: none). */
  readonly before: string
  readonly after: string
  readonly shows: string
  readonly struck: string
}

/** Where an operator strikes, of the places where it applies. */
export interface Strike {
  readonly step: NoiseStep
  readonly operator: string
  readonly rate: number
  readonly columns: readonly string[]
  readonly strikes: Expr
  /** Left out where it applies everywhere. */
  readonly applies: Expr | undefined
}

/** A table's noise as columns. */
export interface Noisy {
  readonly columns: readonly Column[]
  readonly strikes: readonly Strike[]
  /** For each column the name of the hidden column with its last value. */
  readonly last: Readonly<Record<string, string>>
  readonly slots: readonly Slot[]
  /** For each step the hidden columns that only its draws decide. */
  readonly draws: ReadonlyMap<NoiseStep, readonly string[]>
}

/** Applies the steps of a model one after another; every value after a step is a hidden column of its own. */
export const applyNoise = ({ clean, steps }: NoiseModel): Noisy => {
  const last: Record<string, string> = { ...clean }
  const columns: Column[] = []
  const slots: Slot[] = []
  const strikes: Strike[] = []
  const draws = new Map<NoiseStep, readonly string[]>()
  steps.forEach((whole, i) => {
    const step = { ...whole, operators: whole.operators.filter(({ rate }) => rate > 0) }
    if (step.operators.length === 0) return
    const applied = applyStep(step, { last: { ...last }, slots: [...slots] })
    columns.push(...applied.columns)
    strikes.push(...applied.strikes)
    draws.set(step, applied.draws)
    for (const slot of applied.slots) {
      slots.push({ ...slot, number: i + 1 })
      last[slot.column] = slot.after
    }
  })
  return { columns, last, slots, strikes, draws }
}

/** The share of records that a step strikes in each class of its odds. */
export const stepRates = ({ operators, odds, name }: NoiseStep): Classes => {
  const total = sumOf(operators.map(({ rate }) => rate))
  if (total > 1 + 1e-9)
    fail('plan.infeasible', `the rates of ${name} add up to ${total}, more than 1`, {
      hint: 'at most one of them happens to a cell: lower some of them',
    })
  return classRates(Math.min(1, total), odds)
}

/** The hidden column that says which operator of a step strikes: its number from 1, or 0. */
export const struckName = ({ name }: NoiseStep): string => `${name}_struck`

interface Applied {
  readonly columns: readonly Column[]
  readonly strikes: readonly Strike[]
  readonly slots: readonly Omit<Slot, 'number'>[]
  readonly draws: readonly string[]
}

const applyStep = (step: NoiseStep, earlier: Earlier): Applied => {
  const { scene, draws } = sceneOf(step, earlier)
  const struck = struckName(step)
  const strikes = step.operators.map(({ name, rate, where, changes }, i) => {
    const changed = changes(scene)
    const strike = { step, operator: name, rate, columns: Object.keys(changed) }
    return { ...strike, strikes: eq(col(struck), i + 1), applies: where?.(scene), changed }
  })
  const touched = [...new Set(strikes.flatMap((strike) => strike.columns))]
  const slots = touched.map((column) => ({
    step,
    column,
    before: earlier.last[column]!,
    struck,
    ...slotNames(step, column),
  }))
  const results = slots.flatMap(({ column, before, after, shows: name }) => {
    const branches = strikes.flatMap(({ strikes: struckBy, applies, changed }) => {
      const change = changed[column]
      const condition = applies === undefined ? struckBy : and(struckBy, applies)
      return change === undefined ? [] : [[condition, change] as const]
    })
    const result = when(gt(col(struck), 0), cases(branches, col(before)), col(before))
    return [hidden(after, result), hidden(name, shows(col(struck), col(before), col(after)))]
  })
  return {
    columns: [hidden(struck, strike(step)), ...draws.values(), ...results],
    slots,
    strikes,
    draws: [...draws.keys()],
  }
}

/** What was before a step: the columns with the values, and the slots so far. */
interface Earlier {
  readonly last: Readonly<Record<string, string>>
  readonly slots: readonly Slot[]
}

/** What operators of a step see; the draws they ask for become hidden columns. */
const sceneOf = (
  { name }: NoiseStep,
  { last, slots }: Earlier,
): { readonly scene: Scene; readonly draws: ReadonlyMap<string, Column> } => {
  const draws = new Map<string, Column>()
  const drawn = (column: string, expr: Expr): Expr => {
    draws.set(column, hidden(column, expr))
    return col(column)
  }
  const scene: Scene = {
    before: (column) =>
      col(last[column] ?? fail('internal', `the noise ${name} needs a column ${column}`)),
    isClean: (column) =>
      slots
        .filter((slot) => slot.column === column)
        .map(({ shows: shown }) => eq(col(shown), 0))
        .reduce<Expr>((all, each) => and(all, each), lit(true)),
    named: (what, value) => drawn(`${name}_${what}`, value),
    bits: (index) => drawn(`${name}_bits_${index}`, draw()),
    sample: (of, what) => drawn(`${name}_${what}`, sample(of)),
  }
  return { scene, draws }
}

const slotNames = ({ name }: NoiseStep, column: string): Pick<Slot, 'after' | 'shows'> => ({
  after: `${name}_${column}`,
  shows: `${name}_${column}_shows`,
})

/**
 * Which operator strikes a record: one where the step's draw is below the threshold of the record's class, so that a
 * higher rate strikes the same records and more.
 */
const strike = (step: NoiseStep): Expr => {
  const { class: given, rates } = stepRates(step)
  const limits = rates.map((rate) => Math.round(rate * DRAWS))
  const limit =
    limits.length === 1
      ? lit(limits[0]!)
      : cases(
          limits.slice(0, -1).map((each, i) => [eq(given, i), each] as const),
          limits.at(-1) ?? 0,
        )
  return when(lt(draw('bits', { stream: step.name }), limit), whichOperator(step), 0)
}

const DRAWS = 4294967296

const whichOperator = ({ name, operators }: NoiseStep): Expr =>
  operators.length === 1
    ? lit(1)
    : sample(law.weighted(operators.map(({ rate }, i) => [i + 1, fine(rate)] as const)), {
        stream: `${name}_operator`,
      })

/** Rates as a plan shows them. */
const fine = (rate: number): number => Math.round(rate * 1e12) / 1e12

/** 1 where a struck cell reads otherwise than before, else 0. */
const shows = (struck: Expr, before: Expr, after: Expr): Expr =>
  when(gt(struck, 0), when(or(ne(before, after), ne(isNull(before), isNull(after))), 1, 0), 0)
