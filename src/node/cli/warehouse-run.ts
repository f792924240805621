import { performance } from 'node:perf_hooks'
import { fail, isLakewrightError, LakewrightError } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { RunRecord } from '../../core/ports.ts'
import { parseTarget, type Target } from '../../core/warehouse/target.ts'
import type { PrivilegeFinding, WarehouseName } from '../../core/warehouse/warehouse.ts'
import type { Notice } from '../../datasets/definition.ts'
import { crashSettings } from '../run/crash.ts'
import type { CancelOutcome } from '../run/runs.ts'
import { type ExplainedTarget, explainTarget } from '../warehouse/explain.ts'
import { generateInWarehouse, type WarehouseRequest } from '../warehouse/generate.ts'
import type { WarehouseOutcome } from '../warehouse/outcome.ts'
import type { WarehouseHost } from '../warehouse/host.ts'
import { providerOf } from '../warehouse/providers.ts'
import { cancelWarehouseRun, forgetWarehouseRun, resumeWarehouseRun } from '../warehouse/runs.ts'
import type { CommandInput } from './command.ts'
import { modeOf } from './commands/generate-options.ts'
import { lakePath } from './lake-options.ts'
import { textValue } from './option.ts'
import { createProgress, type Progress } from './progress.ts'
import { duration, grouped, textTable } from './text.ts'
import {
  connectionOptions,
  refuseOtherConnections,
  warehouseFileOptions,
} from './warehouse-options.ts'
import type { World } from './world.ts'

/** Options of files in a lake, which have no meaning in a warehouse. */
const OF_LAKES = [
  'format',
  'compression',
  'file-rows',
  'no-checksums',
  'workers',
  'catalog',
  'foreign',
]

/** What a command asks of a warehouse. Fails with usage.option on options that do not fit, or without a target. */
export const warehouseRequest = async (
  world: World,
  input: CommandInput,
  { plan, name }: { readonly plan: TypedPlan; readonly name: WarehouseName },
): Promise<WarehouseRequest> => {
  const { values } = input
  const asked = warehouseAsked(input, { plan, name })
  const provider = await providerOf(name)
  return {
    lake: lakePath(world, values),
    place: {
      warehouse: name,
      connection: provider.connection(connectionOptions(input), world.env),
      target: asked.target,
    },
    plan,
    mode: asked.mode,
    options: asked.options,
  }
}

/** What is to be made in a warehouse, whoever does it. Fails with usage.option on options that do not fit, or without a target. */
export const warehouseAsked = (
  input: CommandInput,
  { plan, name }: { readonly plan: TypedPlan; readonly name: WarehouseName },
): Pick<WarehouseRequest, 'mode' | 'options'> & { readonly target: Target } => {
  const { values, given } = input
  refuseOtherConnections(input, name)
  const stray = OF_LAKES.find((each) => given.has(each))
  if (stray !== undefined)
    fail('usage.option', `--${stray} is for files in a lake, not for --engine ${name}`)
  const mode = modeOf(values)
  if (mode === 'merge')
    fail('usage.option', `--mode merge is for a lake, not for --engine ${name}`, {
      hint: 'Choose --mode append or --mode overwrite.',
    })
  const target =
    textValue(values, 'target') ??
    fail('usage.option', `--engine ${name} needs --target <catalog>.<schema>`)
  return { target: parseTarget(target), mode, options: warehouseFileOptions(plan, values) }
}

/** What a run would find at the target of a request, which is not changed. */
export const targetExplained = (
  world: World,
  request: WarehouseRequest,
): Promise<ExplainedTarget> => explainTarget(request, warehouseHost(world).host)

/** What was found at a target, for people. */
export const targetLines = ({ where, privileges, tables, problem }: ExplainedTarget): string =>
  [
    privileges.length === 0 ? `${where} asks for no privileges\n` : privilegeTable(privileges),
    ...(problem === undefined ? [] : [`its tables cannot be looked at: ${problem}\n`]),
    ...tables.map(({ table, is }) => `${table} is there: ${is}\n`),
  ].join('')

/** Does what a request asks, shows how far it is and tells what became of it. */
export const runInWarehouse = async (
  world: World,
  request: WarehouseRequest,
  { notices, json }: { readonly notices: readonly Notice[]; readonly json: boolean },
): Promise<void> => {
  const { host, progress, run } = warehouseHost(world)
  const outcome = await generateInWarehouse(request, host)
    .catch((error: unknown) => throwHalted(error, { lake: request.lake, run: run() }))
    .finally(progress.finish)
  tellWarehouseOutcome(world, { outcome, notices }, json)
}

/** Goes on with an unfinished run where it was begun. */
export const resumeInWarehouse = async (
  world: World,
  { lake, record }: { readonly lake: string; readonly record: RunRecord },
  json: boolean,
): Promise<void> => {
  const { host, progress } = warehouseHost(world)
  const outcome = await resumeWarehouseRun(lake, record, host)
    .catch((error: unknown) => throwHalted(error, { lake, run: record.id }))
    .finally(progress.finish)
  tellWarehouseOutcome(world, { outcome }, json)
}

/** What is to be cancelled and how. */
export interface Cancelling {
  readonly lake: string
  readonly record: RunRecord
  /** Milliseconds that a process which works on the run gets to stop. */
  readonly patience: number
  /** Only ends the run in the journal. */
  readonly forget: boolean
}

/** Drops an unfinished run with its staging tables. */
export const cancelInWarehouse = async (
  world: World,
  { lake, record, patience, forget }: Cancelling,
): Promise<CancelOutcome> => {
  const { host, progress } = warehouseHost(world)
  if (!forget)
    return cancelWarehouseRun(lake, { record, patience }, host)
      .catch((error: unknown) => throwGone(error, record.id))
      .finally(progress.finish)
  await forgetWarehouseRun(lake, record, host)
  return 'cancelled'
}

const throwGone = (error: unknown, run: string): never => {
  if (!isLakewrightError(error) || error.code !== 'service.unreachable') throw error
  throw new LakewrightError(error.code, error.message, {
    hint: `If it is no more, end the run in the journal alone: lakewright runs cancel ${run} --forget`,
    details: error.details,
    cause: error,
  })
}

/** Throws the error again; one of a run that has begun says how to go on with it. */
export const throwHalted = (
  error: unknown,
  { lake, run }: { readonly lake: string; readonly run: string | undefined },
): never => {
  if (!isLakewrightError(error) || run === undefined) throw error
  const stopped = error.code === 'run.cancelled'
  const resume = `Go on with it: lakewright runs resume ${run} --to ${lake}`
  throw new LakewrightError(error.code, stopped ? `run ${run} was stopped` : error.message, {
    hint: error.hint === undefined || stopped ? resume : error.hint,
    details: { ...error.details, run },
    cause: error,
  })
}

/** A host that shows progress on stderr, and the id of the run once it has begun. */
export const warehouseHost = (
  world: World,
): {
  readonly host: WarehouseHost
  readonly progress: Progress
  readonly run: () => string | undefined
} => {
  const { clock, isTTY, columns, signal, stderr, env } = world
  const progress = createProgress({ write: stderr, clock, isTTY, columns })
  let run: string | undefined
  const host: WarehouseHost = {
    clock,
    now: () => performance.now(),
    signal,
    open: async ({ warehouse, connection }, looking) =>
      (await providerOf(warehouse)).open(connection, env, {
        tell: (message) => stderr(`${message}\n`),
        signal: looking,
      }),
    crash: crashSettings(env),
    onEvent: (event) => {
      if (event.kind === 'begun') run = event.run
      progress.onEvent(event)
    },
    onPrivileges: (findings) => stderr(privilegeTable(findings)),
  }
  return { host, progress, run: () => run }
}

/** Privileges as a table of needed, held and missing, with what would mend it. */
export const privilegeTable = (findings: readonly PrivilegeFinding[]): string =>
  textTable(
    ['needed', 'on', 'held', 'mended by'],
    findings.map(({ privilege, on, held, mend }) => [
      privilege,
      on,
      held === undefined ? 'unknown' : held ? 'yes' : 'missing',
      mend,
    ]),
    new Set(),
  )

/** Tells what a run in a warehouse did: on stderr for people, with `json` on stdout as one document too. */
export const tellWarehouseOutcome = (
  world: World,
  {
    outcome,
    notices = [],
  }: { readonly outcome: WarehouseOutcome; readonly notices?: readonly Notice[] },
  json: boolean,
): void => {
  const { kind, run, target, where, tables, manifest, seconds, engineSeconds } = outcome
  if (json) {
    const { kind: _, ...facts } = outcome
    world.stdout(`${JSON.stringify({ outcome: kind, ...facts, notices }, null, 2)}\n`)
  }
  if (kind === 'complete') {
    world.stderr(`${target} at ${where} is complete already (run ${run}); nothing to do\n`)
    return
  }
  world.stderr(
    textTable(
      ['table', 'rows', 'seconds', 'digest'],
      tables.map((table) => [
        table.table,
        grouped(table.rows),
        table.seconds.toFixed(1),
        table.digest ?? 'not computed',
      ]),
      new Set([1, 2]),
    ),
  )
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  world.stderr(
    `${grouped(rows)} rows in ${duration(seconds)}, of which ${duration(engineSeconds)} in ${where}: ${target}\n`,
  )
  if (manifest !== undefined) world.stderr(`manifest: ${manifest}\n`)
}
