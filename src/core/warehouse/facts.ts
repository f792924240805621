import { jsonObject } from '../json-object.ts'
import { lawsHash } from '../plan/append.ts'
import { createDigest } from '../plan/digest.ts'
import type { Plan } from '../plan/plan.ts'
import type { TypedPlan } from '../plan/typed.ts'

/** What a table of ours says of itself in its properties. */
export interface TableFacts {
  /** The plan's name. */
  readonly plan: string
  readonly planHash: string
  /** Of all that an append may not change; see lawsHash. */
  readonly laws: string
  readonly seed: string
  readonly parameters: Readonly<Record<string, number>>
  readonly fingerprint: string
  /** The run that made the table or last added to it, and its number. */
  readonly run: string
  readonly number: number
  /** Absent until they are proven; the digest, when only rows were counted. */
  readonly rows?: number
  readonly digest?: string
}

/** Facts of the tables that a run makes. */
export const factsOf = (
  { plan, hash }: TypedPlan,
  { fingerprint, run, number }: Pick<TableFacts, 'fingerprint' | 'run' | 'number'>,
): TableFacts => ({
  plan: plan.name,
  planHash: hash,
  laws: lawsHash(plan),
  seed: String(plan.seed),
  parameters: Object.fromEntries(
    Object.entries(plan.parameters ?? {}).map(([name, { value }]) => [name, value]),
  ),
  fingerprint,
  run,
  number,
})

/** Facts as properties, each name with `lakewright.` in front. */
export const factProperties = (facts: Partial<TableFacts>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[PREFIX + name, typeof value === 'object' ? JSON.stringify(value) : String(value)]],
    ),
  )

/** The facts in a table's properties; undefined for a table that is not ours. */
export const factsIn = (properties: Readonly<Record<string, string>>): TableFacts | undefined => {
  const text = (name: string): string => properties[PREFIX + name] ?? ''
  const parameters = numbersIn(text('parameters'))
  if (text('plan') === '' || text('run') === '' || parameters === undefined) return undefined
  return {
    plan: text('plan'),
    planHash: text('planHash'),
    laws: text('laws'),
    seed: text('seed'),
    parameters,
    fingerprint: text('fingerprint'),
    run: text('run'),
    number: Number(text('number')),
    ...(text('rows') === '' ? {} : { rows: Number(text('rows')) }),
    ...(text('digest') === '' ? {} : { digest: text('digest') }),
  }
}

/** The digest of two disjoint sets of rows together; undefined when one is not known. */
export const joinedDigest = (
  one: string | undefined,
  other: string | undefined,
): string | undefined => {
  if (one === undefined || other === undefined) return undefined
  const digest = createDigest()
  digest.merge(one)
  digest.merge(other)
  return digest.hex()
}

/** The plan as it was when a table was made, sizes apart that it did not have. */
export const planWithSizes = (plan: Plan, { parameters }: TableFacts): Plan => ({
  ...plan,
  parameters: Object.fromEntries(
    Object.entries(plan.parameters ?? {}).map(([name, parameter]) => {
      const before = parameters[name]
      return [
        name,
        parameter.role === 'size' && before !== undefined
          ? { ...parameter, value: before }
          : parameter,
      ]
    }),
  ),
})

/** In words, how the laws of a plan differ from those of a table, as far as the table's facts tell; none when they are equal. */
export const lawDifferences = (plan: Plan, facts: TableFacts): readonly string[] => {
  if (lawsHash(plan) === facts.laws) return []
  const parameters = Object.entries(plan.parameters ?? {}).flatMap(([name, { role, value }]) => {
    const before = facts.parameters[name]
    return role === 'law' && before !== undefined && before !== value
      ? [`parameter ${name} was ${before} and is ${value}`]
      : []
  })
  const seed = String(plan.seed) === facts.seed ? [] : ['the seed differs']
  const name = plan.name === facts.plan ? [] : [`the plan was ${facts.plan}`]
  const found = [...name, ...seed, ...parameters]
  return found.length > 0 ? found : ['the plan differs in more than sizes']
}

const PREFIX = 'lakewright.'

const numbersIn = (text: string): Readonly<Record<string, number>> | undefined => {
  const json = jsonObject(text)
  return (
    json &&
    Object.fromEntries(
      Object.entries(json).filter(
        (entry): entry is [string, number] => typeof entry[1] === 'number',
      ),
    )
  )
}
