import { fail } from '../../core/errors.ts'
import type { Journal, RunRecord } from '../../core/ports.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Part } from '../../core/run/parts.ts'
import { loadPlan } from './load-plan.ts'

/** Puts a new unfinished run into the journal; its id must be free. */
export const addRun = async (
  journal: Journal,
  { at, ...run }: Omit<RunRecord, 'state' | 'createdAt' | 'endedAt'> & { readonly at: number },
): Promise<string> => {
  const record: RunRecord = { ...run, state: 'unfinished', createdAt: at, endedAt: undefined }
  if (!(await journal.add(record))) fail('internal', `run ${run.id} is in the journal already`)
  return run.id
}

/** The plan of a run, made again; its hash must not have changed with the package's vocabularies. */
export const samePlan = async (spec: {
  readonly plan: unknown
  readonly planHash: string
}): Promise<TypedPlan> => {
  const plan = await loadPlan(spec.plan)
  return plan.hash === spec.planHash
    ? plan
    : fail('plan.invalid', 'the plan of the run now resolves to another one', {
        hint: 'Another version of Lakewright began the run; go on with that, or cancel the run.',
      })
}

/** What a run expects to make and has made already: `steps` are its journalled ones, `stepOf` names that of a part. */
export const begunEvent = (
  run: string,
  parts: readonly Part[],
  {
    steps,
    stepOf,
  }: { readonly steps: ReadonlySet<string>; readonly stepOf: (part: Part) => string },
) =>
  ({
    kind: 'begun',
    run,
    resumed: steps.size > 0,
    expected: rowsOf(parts),
    done: rowsOf(parts.filter((part) => steps.has(stepOf(part)))),
  }) as const

const rowsOf = (parts: readonly Part[]): number => parts.reduce((sum, { rows }) => sum + rows, 0)
