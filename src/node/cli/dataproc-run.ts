import { fail } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import {
  type Batch,
  type BatchPlace,
  cancelBatch,
  getBatch,
  hasEnded,
  listBatches,
  placeOptions,
} from '../dataproc/batches.ts'
import { batchLogs } from '../dataproc/logs.ts'
import { submitPermissions } from '../dataproc/permissions.ts'
import { proveBatch } from '../dataproc/prove.ts'
import { sweepNewest, sweepStaged, tidyBatch } from '../dataproc/staging.ts'
import { followCommands, submitBatch } from '../dataproc/submit.ts'
import { follow } from '../http/fetch.ts'
import type { CommandInput } from './command.ts'
import { batchPlace, landingOf, submissionOf } from './dataproc-submission.ts'
import { flagValue, numberValue } from './option.ts'
import { readSubject, tellNotices } from './plan-source.ts'
import { duration, grouped, textTable } from './text.ts'
import { privilegeTable } from './warehouse-run.ts'
import type { World } from './world.ts'

/** Submits the plan that the first argument names and tells how to follow the batch; with `--wait`, follows it. */
export const submitAction = async (world: World, input: CommandInput): Promise<number> => {
  const { values } = input
  const { plan, notices } = await readSubject(world, suffixed(input))
  tellNotices(world, notices)
  const { abort, release } = follow(world.signal)
  const place = await batchPlace(world, values, abort.signal)
  const submission = submissionOf(plan, input, place.google.project)
  const submitted = await submitBatch(place, submission, {
    now: world.clock.now(),
    signal: world.signal,
    begins: release,
    onPrivileges: (findings) => world.stderr(privilegeTable(findings)),
  })
  const { id, tables, rows, partitions } = submitted
  const { project, dataset } = submission.dataset
  world.stderr(
    `batch ${id} is submitted: about ${grouped(rows)} rows in ${grouped(partitions)} partitions a table for ${tables.map((table) => `${project}.${dataset}.${table}`).join(', ')}\n`,
  )
  const commands = followCommands(place, id)
  if (flagValue(values, 'json'))
    json(world, { batch: id, ...submitted, dataset: submission.dataset, commands })
  else world.stdout(`${id}\n`)
  tellSwept(world, await sweepNewest(place))
  if (flagValue(values, 'wait')) return waitFor(world, await batchPlace(world, values), id)
  world.stderr(`follow it:\n${commands.map((line) => `  ${line}\n`).join('')}`)
  return 0
}

/** Counts and digests the tables that the plan's batch has written; stdout has a line a table. */
export const proveAction = async (world: World, input: CommandInput): Promise<number> => {
  const { plan, notices } = await readSubject(world, suffixed(input))
  tellNotices(world, notices)
  const place = await batchPlace(world, input.values)
  const { dataset } = landingOf(input.values, place.google.project)
  const proven = await proveBatch(place, { plan, dataset }, world.signal)
  if (flagValue(input.values, 'json')) return json(world, proven)
  world.stdout(
    textTable(
      ['table', 'rows', 'digest'],
      proven.map(({ table, rows, digest }) => [
        table,
        grouped(rows),
        digest ?? 'too many rows for a digest',
      ]),
      new Set([1]),
    ),
  )
  return 0
}

/** What is put behind the names of tables of a dataset that lets them be chosen. */
export const CLOUD_SUFFIX = '_scale'

const suffixed = (input: CommandInput): CommandInput => {
  const { values, given } = input
  const option = 'table-suffix'
  if (!values.has(option) || given.has(option)) return input
  return {
    ...input,
    values: new Map([...values, [option, CLOUD_SUFFIX]]),
    given: new Set([...given, option]),
  }
}

/** Lists batches, the newest first. What was staged for those that have ended is removed. */
export const listAction = async (world: World, { values }: CommandInput): Promise<number> => {
  const place = await batchPlace(world, values)
  const batches = await listBatches(place, {
    limit: numberValue(values, 'limit') ?? 20,
    all: flagValue(values, 'all'),
  })
  tellSwept(world, await sweepStaged(place, batches))
  if (flagValue(values, 'json')) return json(world, batches)
  if (batches.length === 0) world.stdout('no batches\n')
  else
    world.stdout(
      textTable(
        ['batch', 'state', 'begun', 'dataset', 'plan'],
        batches.map(({ id, state, createdAt, labels }) => [
          id,
          state,
          instant(createdAt),
          labels['dataset'] ?? '',
          labels['plan'] ?? '',
        ]),
      ),
    )
  return 0
}

const tellSwept = (world: World, count: number): void => {
  if (count > 0) world.stderr(`staged SQL of batches that have ended is removed: ${count}\n`)
}

/** Shows the permissions that a submission takes; the exit code is 1 when one is missing. */
export const permissionsAction = async (
  world: World,
  { values }: CommandInput,
): Promise<number> => {
  const place = await batchPlace(world, values)
  const findings = await submitPermissions(place, landingOf(values, place.google.project))
  if (flagValue(values, 'json')) json(world, findings)
  else world.stdout(privilegeTable(findings))
  return findings.some(({ held }) => held === false) ? 1 : 0
}

/** Shows a batch; with `--wait`, when it has ended. What was staged for one that has ended is removed. */
export const describeAction = async (world: World, input: CommandInput): Promise<number> => {
  const { values } = input
  const id = batchNamed(input, 'describe')
  const place = await batchPlace(world, values)
  if (flagValue(values, 'wait')) return waitFor(world, place, id)
  const batch = await getBatch(place, id)
  const removed = await tidyBatch(place, batch)
  if (flagValue(values, 'json')) return json(world, { ...batch, stagedSqlRemoved: removed })
  world.stdout(description(batch))
  if (removed) world.stderr('its staged SQL is removed\n')
  if (!hasEnded(batch))
    world.stderr(`its output: lakewright dataproc logs ${id}${placeOptions(place)}\n`)
  return 0
}

/** Prints what a batch has logged. */
export const logsAction = async (world: World, input: CommandInput): Promise<number> => {
  const { values } = input
  const id = batchNamed(input, 'logs')
  const place = await batchPlace(world, values)
  const batch = await getBatch(place, id)
  const lines = await batchLogs(place, id, numberValue(values, 'limit') ?? 1000)
  await tidyBatch(place, batch)
  if (flagValue(values, 'json')) return json(world, lines)
  for (const { at, severity, text } of lines)
    world.stdout(`${instant(at)} ${severity.padEnd(7)} ${text.trimEnd()}\n`)
  if (lines.length === 0)
    world.stderr(
      `batch ${id} (${batch.state}) has logged nothing yet${batch.output === undefined ? '' : `; its driver writes to ${batch.output}`}\n`,
    )
  return 0
}

/** Asks for the end of a batch. */
export const cancelAction = async (world: World, input: CommandInput): Promise<number> => {
  const { values } = input
  const id = batchNamed(input, 'cancel')
  const place = await batchPlace(world, values)
  const asked = await cancelBatch(place, await getBatch(place, id))
  const batch = await getBatch(place, id)
  await tidyBatch(place, batch)
  if (flagValue(values, 'json')) return json(world, { batch: id, asked, state: batch.state })
  world.stderr(
    asked
      ? `batch ${id} is asked to stop (${batch.state}); tables that it had not finished stay as they were\n`
      : `batch ${id} had ended already: ${batch.state}\n`,
  )
  return 0
}

const waitFor = async (world: World, place: BatchPlace, id: string): Promise<number> => {
  let last: Batch | undefined
  for (;;) {
    const batch = await getBatch(place, id)
    if (batch.state !== last?.state) world.stderr(`${instant(batch.since)} ${batch.state}\n`)
    last = batch
    if (hasEnded(batch)) break
    await pauseOf(place).sleep(WAIT_MS, world.signal)
  }
  await tidyBatch(place, last)
  world.stderr(description(last))
  if (last.state === 'SUCCEEDED') return 0
  return fail(
    'service.failed',
    `batch ${id} ended as ${last.state}: ${last.message ?? 'no reason given'}`,
    {
      hint: `See lakewright dataproc logs ${id}${placeOptions(place)}.`,
    },
  )
}

const WAIT_MS = 10_000

const pauseOf = ({ google }: BatchPlace) => google.service('dataproc.googleapis.com').pause

const batchNamed = ({ positionals }: CommandInput, action: string): string => {
  const [, id] = positionals
  if (id === undefined)
    return fail('usage.option', `lakewright dataproc ${action} needs the id of a batch`, {
      hint: 'See lakewright dataproc list.',
    })
  return /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/.test(id)
    ? id
    : fail('usage.option', `${quote(id)} is no id of a batch`, {
        hint: 'It has 4 to 63 small letters, digits and hyphens.',
      })
}

const description = (batch: Batch): string => {
  const { id, state, message, createdAt, since, creator, labels, query, output } = batch
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['batch', id],
    ['state', state],
    ['reason', message],
    ['begun', instant(createdAt)],
    [hasEnded(batch) ? 'ended' : 'since', instant(since)],
    ['took', hasEnded(batch) ? duration(seconds(createdAt, since)) : undefined],
    ['by', creator],
    ['dataset', labels['dataset']],
    ['plan', labels['plan-hash']],
    ['sql', query],
    ['output', output],
    ['used', used(batch)],
  ]
  return facts
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(8)} ${value}\n`]))
    .join('')
}

const used = ({ milliDcuSeconds }: Batch): string | undefined =>
  milliDcuSeconds === undefined
    ? undefined
    : `${(milliDcuSeconds / 3_600_000).toFixed(2)} DCU hours`

const seconds = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)

/** To the second, in UTC. */
const instant = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? text : `${new Date(text).toISOString().slice(0, 19)}Z`

const json = (world: World, document: unknown): number => {
  world.stdout(`${JSON.stringify(document, null, 2)}\n`)
  return 0
}
