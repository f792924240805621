import { fail } from '../../../core/errors.ts'
import type { RunRecord, StepRecord } from '../../../core/ports.ts'
import { crashSettings } from '../../run/crash.ts'
import { cancelRun, listRuns, resumeRunById, showRun, unfinishedRun } from '../../run/runs.ts'
import { specOf } from '../../run/target.ts'
import { isWarehouseRun, warehouseSpecOf } from '../../warehouse/state.ts'
import { actionNamed } from '../action.ts'
import type { Command, CommandInput } from '../command.ts'
import { JSON_OPTION, LAKE_OPTION, lakePath } from '../lake-options.ts'
import { flagValue, numberValue } from '../option.ts'
import { runHost } from '../run-host.ts'
import { tellOutcome } from '../summary.ts'
import { duration, textTable } from '../text.ts'
import type { World } from '../world.ts'
import { throwStopped } from '../stopped.ts'
import { WORKERS_OPTION } from './generate-options.ts'

/** `lakewright runs`: the journal of a lake. */
export const runsCommand: Command = {
  name: 'runs',
  summary: 'list, show, resume or cancel runs',
  usage: '<list | show ID | resume ID | cancel ID>',
  positionals: [1, 2],
  options: [
    LAKE_OPTION,
    WORKERS_OPTION,
    {
      name: 'forget',
      kind: 'flag',
      description: 'cancel a run in a warehouse without going there, when it is no more',
    },
    JSON_OPTION,
  ],
  examples: [
    { line: 'lakewright runs list --to lake', says: 'all runs, oldest first' },
    { line: 'lakewright runs resume 27da6932f1a8', says: 'goes on where the run was stopped' },
    { line: 'lakewright runs cancel 27da6932f1a8', says: 'drops the run and removes its files' },
  ],
  run: async (world, input) => {
    const [action = '', id] = input.positionals
    const act = actionNamed('runs', ACTIONS, action)
    if (action === 'list') return act(world, input, '')
    return id === undefined
      ? fail('usage.option', `lakewright runs ${action} needs the id of a run`, {
          hint: 'See lakewright runs list.',
        })
      : act(world, input, id)
  },
}

type Action = (world: World, input: CommandInput, id: string) => Promise<number>

const list: Action = async (world, { values }) => {
  const runs = await listRuns(lakePath(world, values))
  if (flagValue(values, 'json')) return json(world, runs.map(runJson))
  if (runs.length === 0) world.stdout('no runs\n')
  else
    world.stdout(
      textTable(
        ['run', 'dataset', 'no.', 'kind', 'state', 'begun'],
        runs.map((run) => [
          run.id,
          run.dataset,
          String(run.number),
          kindOf(run),
          run.state,
          instant(run.createdAt),
        ]),
        new Set([2]),
      ),
    )
  return 0
}

const show: Action = async (world, { values }, id) => {
  const { run, steps } = await showRun(lakePath(world, values), id)
  if (flagValue(values, 'json')) return json(world, { ...runJson(run), steps: steps.map(stepJson) })
  const facts: readonly (readonly [string, string])[] = [
    ['run', run.id],
    ['dataset', run.dataset],
    ...specFacts(run),
    ['state', run.state],
    ['begun', instant(run.createdAt)],
    ...(run.endedAt === undefined ? [] : [['ended', instant(run.endedAt)] as const]),
    ['parts', `${steps.filter(({ name }) => PART_STEP.test(name)).length} of ${partsOf(run)} done`],
  ]
  world.stdout(facts.map(([name, value]) => `${name.padEnd(8)} ${value}\n`).join(''))
  world.stdout('\n')
  world.stdout(
    textTable(
      ['step', 'ended', 'took'],
      steps.map(({ name, startedAt, endedAt }) => [
        name,
        instant(endedAt),
        duration((endedAt - startedAt) / 1000),
      ]),
      new Set([2]),
    ),
  )
  return 0
}

const resume: Action = async (world, { values }, id) => {
  const lake = lakePath(world, values)
  const record = await unfinishedRun(lake, id)
  if (isWarehouseRun(record)) {
    const { resumeInWarehouse } = await import('../warehouse-run.ts')
    await resumeInWarehouse(world, { lake, record }, flagValue(values, 'json'))
    return 0
  }
  const { host, progress } = runHost(world, await world.workers(0))
  const workers = numberValue(values, 'workers')
  const outcome = await resumeRunById(lake, { id, workers }, host)
    .catch((error: unknown) => throwStopped(error, { lake, run: id }))
    .finally(progress.finish)
  tellOutcome(world, { outcome }, flagValue(values, 'json'))
  return 0
}

const cancel: Action = async (world, { values }, id) => {
  const host = { clock: world.clock, crash: crashSettings(world.env) }
  const lake = lakePath(world, values)
  const record = await unfinishedRun(lake, id)
  const remote = isWarehouseRun(record)
  const forget = flagValue(values, 'forget')
  if (forget && !remote)
    fail('usage.option', `run ${id} is in a lake: --forget is for runs in a warehouse`)
  const outcome = remote
    ? await (
        await import('../warehouse-run.ts')
      ).cancelInWarehouse(world, { lake, record, patience: PATIENCE, forget })
    : await cancelRun(lake, { id, patience: PATIENCE }, host)
  if (flagValue(values, 'json')) return json(world, { run: id, outcome })
  world.stderr(cancelText(id, { outcome, remote, forget }))
  return 0
}

interface Cancelled {
  readonly outcome: 'cancelled' | 'published'
  readonly remote: boolean
  readonly forget: boolean
}

const cancelText = (id: string, { outcome, remote, forget }: Cancelled): string => {
  if (forget) return `run ${id} is cancelled; its staging tables are left where they are\n`
  if (outcome === 'published')
    return remote
      ? `run ${id} had begun to publish: it is finished instead\n`
      : `run ${id} had published its dataset already and counts as finished\n`
  return remote
    ? `run ${id} is cancelled, its staging tables are dropped\n`
    : `run ${id} is cancelled, its files are removed\n`
}

/** Milliseconds that a process gets to stop its run. */
const PATIENCE = 5000

const ACTIONS: Readonly<Record<string, Action>> = { list, show, resume, cancel }

const json = (world: World, document: unknown): number => {
  world.stdout(`${JSON.stringify(document, null, 2)}\n`)
  return 0
}

/** The step of a part in a lake or in a warehouse. */
const PART_STEP = /^(generate|fill) /

const specOfAny = (run: RunRecord) => (isWarehouseRun(run) ? warehouseSpecOf(run) : specOf(run))

const kindOf = (run: RunRecord): string => specOfAny(run).kind
const partsOf = (run: RunRecord): number => specOfAny(run).parts.length

const specFacts = (run: RunRecord): readonly (readonly [string, string])[] => {
  if (isWarehouseRun(run)) {
    const { kind, warehouse, planHash } = warehouseSpecOf(run)
    return [
      ['kind', `${kind}, ${warehouse}`],
      ['plan', planHash],
    ]
  }
  const { kind, options, planHash } = specOf(run)
  return [
    ['kind', `${kind}, ${options.format}`],
    ['plan', planHash],
  ]
}

const runJson = (run: RunRecord): object => {
  const { id, dataset, number, state, createdAt, endedAt } = run
  const { kind, planHash, options } = specOfAny(run)
  return {
    id,
    dataset,
    number,
    kind,
    state,
    createdAt: instant(createdAt),
    endedAt: endedAt === undefined ? null : instant(endedAt),
    planHash,
    options,
  }
}

const stepJson = ({ name, startedAt, endedAt }: StepRecord): object => ({
  name,
  startedAt: instant(startedAt),
  endedAt: instant(endedAt),
})

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()
