import { fail, isLakewrightError } from '../../core/errors.ts'
import { compareForAppend } from '../../core/plan/append.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { factProperties, factsIn, factsOf, planWithSizes } from '../../core/warehouse/facts.ts'
import type { FoundTables } from '../../core/warehouse/found.ts'
import type { FoundTable } from '../../core/warehouse/warehouse.ts'
import { loadPlan } from '../run/load-plan.ts'
import { planBefore } from '../warehouse/begin.ts'
import { type BatchPlace, getBatch, placeOptions } from './batches.ts'

/** The batch that wrote a table last, as its properties say; undefined for a table of another kind of run. */
export const batchOfTable = ({ properties }: FoundTable): string | undefined => properties[BATCH]

/**
 * What tables say of themselves once a batch writes them: the plan, the batch, and the sizes that it added to. They
 * have no `lakewright.run`, which is for rows that were proven: runs of other kinds take them for tables of others.
 */
export const batchProperties = (
  plan: TypedPlan,
  batch: string,
  before: TypedPlan | undefined,
): FoundTable['properties'] => {
  const { fingerprint: _, run: _run, number: _number, ...facts } = factsOf(plan, NO_RUN)
  const raised = before === undefined ? [] : compareForAppend(before, plan).raised
  const sizes = Object.fromEntries(raised.map((each) => [each.name, each.before]))
  return {
    ...factProperties(facts),
    [BATCH]: batch,
    ...(before === undefined ? {} : { [BEFORE]: JSON.stringify(sizes) }),
  }
}

/** The plan that tables had before the batch that wrote them last added to it; undefined when it made all their rows. */
export const planBeforeBatch = async (
  plan: TypedPlan,
  { properties }: FoundTable,
): Promise<TypedPlan | undefined> => {
  const sizes = properties[BEFORE]
  if (sizes === undefined) return undefined
  const facts = factsIn({ ...properties, 'lakewright.parameters': sizes, [RUN]: 'before' })
  return facts && loadPlan(planWithSizes(plan.plan, facts))
}

/**
 * The plan whose rows tables have, so that an append adds what is new. Throws plan.append where a table cannot tell and
 * where an append would do more than add rows, run.unfinished where the batch that wrote it last has not succeeded.
 */
export const planInTables = async (
  place: BatchPlace,
  plan: TypedPlan,
  found: FoundTables,
): Promise<TypedPlan> => {
  const known = new Map(
    [...found].map(([name, table]) => {
      const run = table.properties[RUN] ?? batchOfTable(table) ?? ''
      return [name, { ...table, properties: { ...table.properties, [RUN]: run } }] as const
    }),
  )
  for (const [name, { properties }] of known)
    if (factsIn(properties) === undefined)
      fail('plan.append', `cannot append: ${name} does not say which rows it has`, {
        hint: 'It was made by others. --write-mode overwrite replaces its rows.',
      })
  const batches = new Set([...found.values()].flatMap((table) => batchOfTable(table) ?? []))
  for (const batch of batches) await requireSuccess(place, batch)
  return planBefore(plan, known)
}

/** Throws run.unfinished unless a batch has written its tables to their end. */
export const requireSuccess = async (place: BatchPlace, id: string): Promise<void> => {
  const batch = await getBatch(place, id).catch((error: unknown) => {
    if (isLakewrightError(error) && error.code === 'run.missing') return undefined
    throw error
  })
  if (batch?.state === 'SUCCEEDED') return
  const which = `batch ${id}, which wrote the tables last, is`
  fail(
    'run.unfinished',
    batch === undefined ? `${which} not known in ${place.region}` : `${which} ${batch.state}`,
    {
      hint: `So nobody can tell which rows they have${batch === undefined ? '' : ` yet: lakewright dataproc describe ${id}${placeOptions(place)}`}. --write-mode overwrite replaces them.`,
    },
  )
}

const BATCH = 'lakewright.batch'
const BEFORE = 'lakewright.before'
const RUN = 'lakewright.run'
const NO_RUN = { fingerprint: '', run: '', number: 0 }
