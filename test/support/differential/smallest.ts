import { isLakewrightError } from '../../../src/core/errors.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import type { KeyRange } from '../../../src/core/sql/ranges.ts'
import { resolveRandom } from '../random-plans.ts'
import type { Speaker } from './digests.ts'
import { joinedWhereEmpty, keyRanges } from './ranges.ts'
import { cellReport } from './report.ts'
import { engineRows, firstDifference, nativeRows } from './rows.ts'

/** What an engine does wrong with a plan: other rows than the native ones, or none but an error. */
export interface Failure {
  readonly kind: 'cell' | 'error'
  readonly text: string
}

/** How tables are compared: whole, and also in so many ranges of keys. */
export type Parts = readonly number[]

/** The first thing that an engine does wrong with a plan's tables; undefined when all rows are the native ones. */
export const failureOf = async (
  speaker: Speaker,
  plan: TypedPlan,
  parts: Parts = [],
): Promise<Failure | undefined> => {
  for (const table of plan.tables.values()) {
    const subject = { plan, table }
    const expected = nativeRows(subject)
    const keys = expected.map(([key]) => Number(key))
    const cuts = parts.flatMap((count) => joinedWhereEmpty(keyRanges(subject, count), keys))
    for (const range of [undefined, ...cuts]) {
      const wanted = expected.filter(([key]) => holds(range, Number(key)))
      const where = range === undefined ? '' : ` in keys ${range.from} to ${range.to}`
      try {
        const actual = await engineRows(speaker, subject, range)
        const difference = firstDifference(table, actual, wanted)
        if (difference !== undefined)
          return { kind: 'cell', text: `${cellReport(speaker.name, difference)}${where}` }
      } catch (error) {
        if (!isLakewrightError(error)) throw error
        const text = `${speaker.name} fails at table ${table.name}${where}: ${error.message}`
        return { kind: 'error', text }
      }
    }
  }
  return undefined
}

/** What to tell of a failing plan: the first differing cell of its smallest form, and that form as JSON. */
export const smallestReport = async (
  speaker: Speaker,
  plan: Plan,
  parts: Parts = [],
): Promise<string> => {
  const fails = async (candidate: Plan): Promise<Failure | undefined> => {
    const typed = resolveRandom(candidate)
    return typed === undefined ? undefined : failureOf(speaker, typed, parts)
  }
  const first = await fails(plan)
  if (first === undefined) return 'the plan does not fail'
  const { smallest, failure } = await shrink(plan, first, fails)
  return `${failure.text}\nplan: ${JSON.stringify(smallest)}`
}

const holds = (range: KeyRange | undefined, key: number): boolean =>
  range === undefined || (key >= range.from && key < range.to)

/** Takes away what the failure does not need, as long as something can be taken away. */
const shrink = async (
  plan: Plan,
  first: Failure,
  fails: (plan: Plan) => Promise<Failure | undefined>,
): Promise<{ readonly smallest: Plan; readonly failure: Failure }> => {
  let [smallest, failure] = [plan, first]
  let trials = 0
  for (let progress = true; progress;) {
    progress = false
    for (let i = 0, all = smaller(smallest.tables); i < all.length && trials < MOST_TRIALS;) {
      const candidate = { ...smallest, tables: all[i]?.() } as Plan
      trials += 1
      const found = await fails(candidate)
      if (found?.kind === first.kind) {
        progress = true
        smallest = candidate
        failure = found
        all = smaller(smallest.tables)
      } else i += 1
    }
  }
  return { smallest, failure }
}

const MOST_TRIALS = 3000

/** Forms of a JSON value with something less in it, the smallest first; most are no valid plans any more. */
const smaller = (value: unknown): readonly (() => unknown)[] => {
  if (typeof value === 'number') return value > 1 ? [() => 1, () => Math.floor(value / 2)] : []
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return [
      ...items.map((_, i) => () => items.toSpliced(i, 1)),
      ...items.flatMap((item, i) => smaller(item).map((make) => () => items.with(i, make()))),
    ]
  }
  if (typeof value !== 'object' || value === null) return []
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value)
  const replaced = (key: string, make: () => unknown) => () => ({ ...value, [key]: make() })
  return [
    ...inside(value).map((each) => () => each),
    ...entries.map(
      ([key]) =>
        () =>
          Object.fromEntries(entries.filter(([name]) => name !== key)),
    ),
    ...entries.flatMap(([key, each]) => smaller(each).map((make) => replaced(key, make))),
  ]
}

/** The expressions directly inside of one. */
const inside = (value: object): readonly unknown[] =>
  'kind' in value
    ? Object.values(value)
        .flat(2)
        .filter((each) => typeof each === 'object' && each !== null && 'kind' in each)
    : []
