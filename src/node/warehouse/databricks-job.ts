import { createHash } from 'node:crypto'
import { fail } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { decide, type Mode } from '../../core/run/decide.ts'
import { landedTables } from '../../core/run/landed.ts'
import type { RunKind } from '../../core/run/spec.ts'
import {
  type JobCompute,
  jobFiles,
  type JobInputs,
  jobSubmission,
} from '../../core/warehouse/databricks-job.ts'
import { DATABRICKS_LANDING } from '../../core/warehouse/databricks-landing.ts'
import type { JobTable } from '../../core/warehouse/databricks-job-sql.ts'
import { factsIn } from '../../core/warehouse/facts.ts'
import { datasetFound, factsOfTables, type FoundTables } from '../../core/warehouse/found.ts'
import { publicationWay } from '../../core/warehouse/publication.ts'
import { type WarehouseFileOptions, warehouseFingerprint } from '../../core/warehouse/spec.ts'
import { proofFor } from '../../core/warehouse/stages.ts'
import type { Target } from '../../core/warehouse/target.ts'
import type { Warehouse } from '../../core/warehouse/warehouse.ts'
import { unityPrivileges } from '../catalog/databricks/privileges.ts'
import { prepareSchema } from '../catalog/databricks/securables.ts'
import { whoAsks } from '../catalog/databricks/who.ts'
import { submitAgain, uploadFiles } from '../engine/databricks/jobs.ts'
import { foundWarehouse } from '../engine/databricks/warehouses.ts'
import type { RestService } from '../http/rest.ts'
import { planBefore, refuseArrangements, warehouseParts } from './begin.ts'
import { type DatabricksConnection, openDatabricks } from './databricks.ts'
import { checkTarget, refuseMisfits } from './generate.ts'
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
 * Submits a job that makes a dataset, replaces it or adds to it, and returns at once. Privileges, catalog, schema and
 * tables that are there are checked first, as for a run that waits. The same request on unchanged tables is the same
 * job as long as that has not ended, and goes on with what one that failed has published.
 */
export const submitJob = async (
  workspace: RestService,
  request: JobRequest,
  host: WarehouseHost,
): Promise<SubmittedJob> => {
  const { plan, target, compute } = request
  refuseArrangements(DATABRICKS_LANDING, { plan, ...request.options, target })
  const begun = await beginning(workspace, request, host)
  const inputs = await jobInputs(workspace, request, begun)
  if (compute.kind === 'warehouse')
    await foundWarehouse({ workspace, warehouseId: compute.id }, host.signal)
  const files = jobFiles(inputs)
  await uploadFiles(workspace, files, host.signal)
  const submission = (attempt: number) =>
    jobSubmission(inputs, files, attempt === 0 ? begun.token : hashOf([begun.token, attempt]))
  return {
    run: await submitAgain(workspace, submission, host.signal),
    folder: inputs.folder,
    tables: landedTables(plan).map(({ landedName }) =>
      DATABRICKS_LANDING.name({ ...target, table: landedName }),
    ),
  }
}

/** What a job begins on. */
interface Beginning {
  readonly found: FoundTables
  readonly kind: RunKind
  readonly fingerprint: string
  /** The same for the same request on the same tables. */
  readonly token: string
}

/** Checks privileges, catalog and schema, and decides what is to be done with the tables that are there. */
const beginning = async (
  workspace: RestService,
  { plan, target, mode, options, compute }: JobRequest,
  host: WarehouseHost,
): Promise<Beginning> => {
  if (mode === 'resume') {
    fail('usage.option', '--async cannot resume: a job has no run in the lake', {
      hint: 'Submit it again as it was submitted, or repair its run in the workspace.',
    })
  }
  const connection = { host: workspace.origin, warehouse: idOf(compute), profile: '' }
  const place = { warehouse: 'databricks' as const, connection, target }
  const warehouse = asleep(workspace, connection)
  const all = await checkTarget(warehouse, { place, plan, kind: mode, host })
  const fingerprint = warehouseFingerprint(plan.hash, place, options)
  const tokenFor = (found: FoundTables): string => {
    const runs = factsOfTables(plan, found).map((facts) => facts?.run ?? '')
    return hashOf([connection, target, fingerprint, compute, runs])
  }
  const found = isHalfPublished(plan, all, tokenFor(NOTHING).slice(0, 12)) ? NOTHING : all
  const decision = decide(
    { mode, fingerprint, format: 'delta' },
    { dataset: datasetFound(plan, found), unfinished: undefined },
  )
  if (decision.kind === 'refuse') return refuseTarget(warehouse, { place, plan, found, decision })
  if (decision.kind !== 'begin') return fail('internal', 'a job begins')
  if (decision.run === 'append') refuseMisfits(warehouse, { place, plan, found })
  return { found, kind: decision.run, fingerprint, token: tokenFor(found) }
}

/** Databricks where nothing is computed before the job, which replaces tables where they are, so that they stay whose they were. */
const asleep = (workspace: RestService, connection: DatabricksConnection): Warehouse => ({
  ...openDatabricks(connection, workspace),
  prepare: (to) => prepareSchema(workspace, to),
  privileges: (to, needs) => unityPrivileges(workspace, to, { ...needs, replaces: false }),
})

const jobInputs = async (
  workspace: RestService,
  request: JobRequest,
  { found, kind, fingerprint, token }: Beginning,
): Promise<JobInputs> => {
  const { plan, target, options, compute } = request
  const run = token.slice(0, 12)
  const who = await whoAsks(workspace)
  const tables = await jobTables(request, found, kind)
  return {
    plan,
    target,
    tables,
    arrangements: options.arrangements,
    // All tables are proven alike.
    proof: proofFor(Math.max(...tables.map(rowsOf)), options.proof),
    ...(options.partitions === undefined ? {} : { partitions: options.partitions }),
    fingerprint,
    run,
    number: Math.max(0, ...factsOfTables(plan, found).map((facts) => facts?.number ?? 0)) + 1,
    compute,
    folder: `/Workspace/Users/${who?.name ?? 'nobody'}/.lakewright/${run}`,
  }
}

const NOTHING: FoundTables = new Map()

/** Whether what is there are tables of a job that was to make all of them, and did not come to its end. */
const isHalfPublished = (plan: TypedPlan, found: FoundTables, run: string): boolean => {
  const facts = factsOfTables(plan, found)
  const isWhole =
    facts.length === landedTables(plan).length && facts.every((each) => each?.rows !== undefined)
  return facts.length > 0 && facts.every((each) => each?.run === run) && !isWhole
}

/** What a job does to each table. Fails with plan.append when the tables that are there cannot be added to. */
const jobTables = async (
  { plan, options }: JobRequest,
  found: FoundTables,
  kind: RunKind,
): Promise<readonly JobTable[]> => {
  const before = kind === 'append' ? await planBefore(plan, found) : undefined
  const parts = warehouseParts(plan, options, before)
  return landedTables(plan).map((table): JobTable => {
    const there = found.get(table.landedName)
    const facts = there && factsIn(there.properties)
    const way = publicationWay(kind, there !== undefined)
    if (way === 'insert' && facts?.rows === undefined) {
      fail('plan.append', `${table.landedName} does not say how many rows it has`, {
        hint: 'The job that made it has not come to its end; let it, or append without --async.',
        details: { table: table.landedName },
      })
    }
    return {
      table,
      parts: parts.filter((part) => part.table === table.name),
      way,
      before: way === 'insert' ? facts : undefined,
    }
  })
}

/** The rows that a table is expected to have in the end. */
const rowsOf = ({ parts, before }: JobTable): number =>
  parts.reduce((sum, { rows }) => sum + rows, before?.rows ?? 0)

const idOf = (compute: JobCompute): string => (compute.kind === 'warehouse' ? compute.id : '')

/** At most 64 characters, the most that the Jobs API takes for a token. */
const hashOf = (facts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex')
