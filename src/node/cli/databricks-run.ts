import { fail } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { parseCluster } from '../../core/warehouse/databricks-cluster.ts'
import type { JobCompute } from '../../core/warehouse/databricks-job.ts'
import { parseTarget } from '../../core/warehouse/target.ts'
import { parseVolume } from '../../core/warehouse/volume.ts'
import { unityPrivileges } from '../catalog/databricks/privileges.ts'
import { databricksSettings } from '../catalog/databricks/settings.ts'
import { openWorkspace } from '../catalog/databricks/workspace.ts'
import { cancelRun, describeRun, type JobRun } from '../engine/databricks/jobs.ts'
import { stoppedBy } from '../http/fetch.ts'
import type { RestService } from '../http/rest.ts'
import { SYSTEM } from '../warehouse/databricks.ts'
import { submitJob } from '../warehouse/databricks-job.ts'
import type { CommandInput } from './command.ts'
import { flagValue, type OptionValues, textValue } from './option.ts'
import { textTable } from './text.ts'
import { privilegeTable, warehouseAsked, warehouseHost } from './warehouse-run.ts'
import type { World } from './world.ts'

/** Submits a plan as a job and tells how to follow it. */
export const submitAction = async (
  world: World,
  input: CommandInput,
  plan: TypedPlan,
): Promise<number> => {
  const { values } = input
  const asked = warehouseAsked(input, { plan, name: 'databricks' })
  if (asked.options.volume !== undefined)
    fail('usage.option', '--async cannot write to a --volume: nobody waits for the end of the job')
  const settings = databricksSettings(world.env, SYSTEM.readText)
  const workspace = openWorkspace(settings, stoppedBy(SYSTEM, world.signal))
  const request = { plan, ...asked, compute: computeOf(values, settings.warehouseId) }
  const { host, progress } = warehouseHost(world)
  const submitted = await submitJob(workspace, request, host).finally(progress.finish)
  const { run, folder, tables } = submitted
  const commands = [
    `lakewright databricks describe ${run} --wait`,
    `lakewright databricks cancel ${run}`,
  ]
  if (flagValue(values, 'json')) json(world, { ...submitted, commands })
  else world.stdout(`${run}\n`)
  world.stderr(`run ${run} is submitted for ${tables.join(', ')}; its SQL lies in ${folder}\n`)
  world.stderr(`follow it:\n${commands.map((line) => `  ${line}\n`).join('')}`)
  return 0
}

/** Shows the run of a job; with `--wait`, when it has ended: then it fails when the run did. */
export const describeAction = async (world: World, input: CommandInput): Promise<number> => {
  const workspace = workspaceOf(world)
  const id = runNamed(input, 'describe')
  const waits = flagValue(input.values, 'wait')
  const run = waits ? await ended(workspace, id, world.signal) : await describeRun(workspace, id)
  if (flagValue(input.values, 'json')) json(world, run)
  else world.stdout(description(run))
  if (waits && run.result !== 'SUCCESS') {
    fail('engine.failed', `run ${id} ended with ${run.result}: ${failureIn(run)}`, {
      hint: `Repair it where it failed, at ${run.page || 'its page in the workspace'}, or submit it again as it was; no staged table is visible under its own name before all are made.`,
    })
  }
  return 0
}

/** Asks for a run to be cancelled. */
export const cancelAction = async (world: World, input: CommandInput): Promise<number> => {
  const id = runNamed(input, 'cancel')
  await cancelRun(workspaceOf(world), id)
  world.stderr(
    `run ${id} is asked to stop; see lakewright databricks describe ${id}. Its staging tables are replaced when it is submitted again.\n`,
  )
  return 0
}

/** Shows the privileges that landing a dataset takes; fails when one is missing. */
export const privilegesAction = async (
  world: World,
  { positionals, values }: CommandInput,
): Promise<number> => {
  const target = parseTarget(
    positionals[1] ??
      fail('usage.option', 'lakewright databricks privileges needs <catalog>.<schema>'),
    'lakewright databricks privileges',
  )
  const volume = textValue(values, 'volume')
  const needs = { existing: [], replaces: false, volume: volume && parseVolume(volume).path }
  const findings = await unityPrivileges(workspaceOf(world), target, needs)
  if (flagValue(values, 'json')) json(world, findings)
  else if (findings.length === 0) world.stdout('nobody signs in here: everything is allowed\n')
  else world.stdout(privilegeTable(findings))
  return findings.some(({ held }) => held === false) ? 1 : 0
}

const POLL_MS = 10_000

const ended = async (workspace: RestService, id: string, signal: AbortSignal): Promise<JobRun> => {
  for (;;) {
    const run = await describeRun(workspace, id)
    if (run.state === 'TERMINATED') return run
    await workspace.pause.sleep(POLL_MS, signal)
  }
}

const workspaceOf = (world: World): RestService =>
  openWorkspace(databricksSettings(world.env, SYSTEM.readText), stoppedBy(SYSTEM, world.signal))

const computeOf = (values: OptionValues, warehouseId: string | undefined): JobCompute => {
  const path = textValue(values, 'cluster')
  if (path !== undefined) {
    const text = SYSTEM.readText(path) ?? fail('usage.option', `--cluster: ${path} cannot be read`)
    return { kind: 'cluster', cluster: parseCluster(text, path) }
  }
  const id = textValue(values, 'warehouse-id') ?? warehouseId
  if (id !== undefined) return { kind: 'warehouse', id }
  return fail('usage.option', 'what is to run the job?', {
    hint: 'Give --warehouse-id, set DATABRICKS_WAREHOUSE_ID, or describe a cluster with --cluster FILE; assets/databricks/cluster.json is one.',
  })
}

const runNamed = ({ positionals }: CommandInput, action: string): string =>
  positionals[1] ?? fail('usage.option', `lakewright databricks ${action} needs the id of a run`)

const description = ({ id, state, result, message, page, tasks }: JobRun): string => {
  const facts = [`run ${id}: ${result || state}`, message, page].filter((each) => each !== '')
  const rows = tasks.map((task) => [task.key, task.result || task.state, task.message])
  return `${facts.join('\n')}\n${textTable(['task', 'state', 'message'], rows)}`
}

const failureIn = ({ tasks, message }: JobRun): string =>
  tasks.find((task) => task.result !== 'SUCCESS' && task.message !== '')?.message ?? message

const json = (world: World, value: unknown): void =>
  world.stdout(`${JSON.stringify(value, null, 2)}\n`)
