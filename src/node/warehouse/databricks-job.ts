import { createHash } from 'node:crypto'
import { fail } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { decide, type Mode } from '../../core/run/decide.ts'
import { landedTables } from '../../core/run/landed.ts'
import {
  type JobCompute,
  jobFiles,
  type JobInputs,
  jobSubmission,
} from '../../core/warehouse/databricks-job.ts'
import { datasetFound, factsOfTables } from '../../core/warehouse/found.ts'
import { type WarehouseFileOptions, warehouseFingerprint } from '../../core/warehouse/spec.ts'
import type { Target } from '../../core/warehouse/target.ts'
import { prepareSchema } from '../catalog/databricks/securables.ts'
import { whoAsks } from '../catalog/databricks/who.ts'
import { submitRun, uploadFiles } from '../engine/databricks/jobs.ts'
import type { RestService } from '../http/rest.ts'
import { openDatabricks } from './databricks.ts'
import { checkTarget } from './generate.ts'
import type { WarehouseHost } from './host.ts'
import { refuseTarget } from './refuse.ts'

/** What a job is to make, where and on what. */
export interface JobRequest {
  readonly plan: TypedPlan
  readonly target: Target
  readonly mode: Mode | undefined
  readonly options: WarehouseFileOptions
  readonly compute: JobCompute
}

/** A job that was submitted: the id of its run, and where its SQL lies in the workspace. */
export interface SubmittedJob {
  readonly run: string
  readonly folder: string
  readonly tables: readonly string[]
}

/**
 * Submits a job that makes a dataset and returns at once. Privileges, catalog, schema and tables that are there are
 * checked first, as for a run that waits. The same request on unchanged tables is the same job, however often it is
 * submitted.
 */
export const submitJob = async (
  workspace: RestService,
  request: JobRequest,
  host: WarehouseHost,
): Promise<SubmittedJob> => {
  const { plan, target, mode, options, compute } = request
  if (mode === 'append' || mode === 'resume') {
    fail('usage.option', `--async makes or replaces tables; it cannot ${mode}`, {
      hint: `Leave --async out, or choose --mode overwrite.`,
    })
  }
  const connection = { host: workspace.origin, warehouse: idOf(compute), profile: '' }
  const place = { warehouse: 'databricks' as const, connection, target }
  // Nothing is computed before the job.
  const warehouse = {
    ...openDatabricks(connection, workspace),
    prepare: (to: Target) => prepareSchema(workspace, to),
  }
  const found = await checkTarget(warehouse, { place, plan, kind: mode, host })
  const fingerprint = warehouseFingerprint(plan.hash, place, options)
  const decision = decide(
    { mode, fingerprint, format: 'delta' },
    { dataset: datasetFound(plan, found), unfinished: undefined },
  )
  if (decision.kind === 'refuse') refuseTarget(warehouse, { place, plan, found, decision })
  const token = tokenOf([
    connection,
    target,
    fingerprint,
    compute,
    factsOfTables(plan, found).map((facts) => facts?.run ?? ''),
  ])
  const run = token.slice(0, 12)
  const who = await whoAsks(workspace)
  const folder = `/Workspace/Users/${who?.name ?? 'nobody'}/.lakewright/${run}`
  const { arrangements } = options
  const inputs: JobInputs = { plan, target, arrangements, fingerprint, run, compute, folder }
  await uploadFiles(workspace, jobFiles(inputs), host.signal)
  return {
    run: await submitRun(workspace, jobSubmission(inputs, token), host.signal),
    folder,
    tables: landedTables(plan).map(({ landedName }) =>
      warehouse.landing.name({ ...target, table: landedName }),
    ),
  }
}

const idOf = (compute: JobCompute): string => (compute.kind === 'warehouse' ? compute.id : '')

/** At most 64 characters, the most that the Jobs API takes. */
const tokenOf = (facts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex')
