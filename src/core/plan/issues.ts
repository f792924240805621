import { LakewrightError } from '../errors.ts'
import { suggestion } from './names.ts'

/** A place in a plan's JSON, as steps from the root (undefined). */
export type Path = { readonly up: Path; readonly step: string | number } | undefined

/** One mistake in a plan: where, in words and as a JSON path, and what was expected there. */
export interface PlanIssue {
  readonly path: string
  readonly table?: string
  readonly column?: string
  readonly message: string
}

/** Collects the mistakes of one plan. */
export interface Issues {
  readonly report: (path: Path, message: string) => undefined
  readonly count: () => number
  /** Throws plan.invalid with every mistake when there was one. */
  readonly throwIfAny: () => void
}

/** The path one or more steps further in. */
export const below = (path: Path, ...steps: readonly (string | number)[]): Path => {
  let at = path
  for (const step of steps) at = { up: at, step }
  return at
}

/** An empty collection for a plan; `input` is only read for the names of tables and columns. */
export const collectIssues = (input: unknown): Issues => {
  const kept: PlanIssue[] = []
  let count = 0
  return {
    count: () => count,
    report: (path, message) => {
      count += 1
      if (kept.length < MOST_KEPT) kept.push(issueAt(input, path, message))
      return undefined
    },
    throwIfAny: () => {
      if (count > 0) throw planError(kept, count)
    },
  }
}

/** `, did you mean "x"?` and the like; nothing more for a plan with many mistakes, which is not worth the time. */
export const suggest = (issues: Issues, name: string, known: Iterable<string>): string =>
  issues.count() < MOST_SUGGESTED ? suggestion(name, [...known]) : ''

/** The mistakes of a plan that the message of its error has no room for, in words, at most twenty. */
export const furtherMistakes = ({ code, details }: LakewrightError): readonly string[] => {
  const errors = code === 'plan.invalid' ? details['errors'] : undefined
  if (!Array.isArray(errors)) return []
  return (errors as readonly PlanIssue[]).slice(MOST_SHOWN, MOST_SHOWN + MOST_FURTHER).map(describe)
}

const MOST_SUGGESTED = 20
const MOST_KEPT = 200
const MOST_SHOWN = 3
const MOST_FURTHER = 20

const planError = (issues: readonly PlanIssue[], count: number): LakewrightError => {
  const shown = issues.slice(0, MOST_SHOWN).map(describe).join('; ')
  const rest = count > MOST_SHOWN ? `; and ${count - MOST_SHOWN} more` : ''
  return new LakewrightError('plan.invalid', `the plan is invalid: ${shown}${rest}`, {
    details: { errors: issues, count },
  })
}

const describe = ({ path, table, column, message }: PlanIssue): string => {
  if (table === undefined) return path === '' ? message : `${path}: ${message}`
  const inner = path.replace(/^tables\[\d+\]\.?/, '')
  const where = column === undefined ? inner : inner.replace(/^columns\[\d+\]\.?/, '')
  const names = column === undefined ? `table ${table}` : `table ${table}, column ${column}`
  return where === '' ? `${names}: ${message}` : `${names}, ${where}: ${message}`
}

const issueAt = (input: unknown, path: Path, message: string): PlanIssue => {
  const steps = stepsOf(path)
  const table = steps[0] === 'tables' ? nameAt(input, steps.slice(0, 2)) : undefined
  const column =
    table !== undefined && steps[2] === 'columns' ? nameAt(input, steps.slice(0, 4)) : undefined
  return {
    path: join(steps),
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
    message,
  }
}

const nameAt = (input: unknown, steps: readonly (string | number)[]): string | undefined => {
  const name = [...steps, 'name'].reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    input,
  )
  return typeof name === 'string' && name.length <= 128 ? name : undefined
}

const stepsOf = (path: Path): readonly (string | number)[] => {
  const steps: (string | number)[] = []
  for (let at = path; at !== undefined; at = at.up) steps.push(at.step)
  return steps.toReversed()
}

const join = (steps: readonly (string | number)[]): string =>
  steps
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('')
