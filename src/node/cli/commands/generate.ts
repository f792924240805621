import { isLakewrightError, LakewrightError } from '../../../core/errors.ts'
import { generate } from '../../run/generate.ts'
import type { Command } from '../command.ts'
import { generateOptions } from '../dataset-options.ts'
import {
  CATALOG_OPTION,
  datasetPlaceOf,
  JSON_OPTION,
  LAKE_OPTION,
  lakePath,
} from '../lake-options.ts'
import { flagValue, numberValue } from '../option.ts'
import { PLAN_OPTIONS, readSubject, tellNotices } from '../plan-source.ts'
import { runHost } from '../run-host.ts'
import { tellOutcome } from '../summary.ts'
import {
  FILE_OPTIONS,
  fileOptions,
  foreignOf,
  MODE_OPTIONS,
  modeOf,
  WORKERS_OPTION,
} from './generate-options.ts'

/** `lakewright generate`: makes a dataset. */
export const generateCommand: Command = {
  name: 'generate',
  summary: 'make a dataset from a plan and land it as tables',
  usage: '<dataset | plan.json>',
  positionals: [1, 1],
  options: [
    LAKE_OPTION,
    CATALOG_OPTION,
    ...MODE_OPTIONS,
    ...FILE_OPTIONS,
    WORKERS_OPTION,
    ...PLAN_OPTIONS,
    JSON_OPTION,
  ],
  further: generateOptions,
  examples: [
    {
      line: 'lakewright generate identity --households 1000000 --to lake',
      says: 'six linked Delta tables below lake/lakewright/identity',
    },
    {
      line: 'lakewright generate identity --households 2000000 --mode append',
      says: 'adds the second million; the first stays as it is',
    },
    {
      line: 'lakewright generate retail --scale small --days 30',
      says: 'a retailer whose books balance; --help after a name shows its options',
    },
    {
      line: 'lakewright generate my-plan.json --format csv --seed 7',
      says: 'a plan of your own, as CSV files',
    },
  ],
  run: async (world, input) => {
    const { values } = input
    const mode = modeOf(values)
    const foreign = foreignOf(values)
    const { plan, notices } = await readSubject(world, input)
    tellNotices(world, notices)
    const options = fileOptions(values)
    const { format } = options
    const { lake, place } = datasetPlaceOf(world, { ...input, format, name: plan.plan.name })
    const { host, progress } = await runHost(world)
    let run: string | undefined
    const outcome = await generate(
      {
        lake,
        catalog: place.catalog,
        place,
        plan,
        mode,
        ...foreign,
        options,
        workers: numberValue(values, 'workers'),
      },
      {
        ...host,
        onEvent: (event) => {
          if (event.kind === 'begun') run = event.run
          host.onEvent(event)
        },
      },
    )
      .catch((error: unknown) => throwStopped(error, { lake: lakePath(world, values), run }))
      .finally(progress.finish)
    tellOutcome(world, { outcome, notices }, flagValue(values, 'json'))
    return 0
  },
}

/** Throws the error again; one of a run that was stopped says how to go on. */
export const throwStopped = (
  error: unknown,
  { lake, run }: { readonly lake: string; readonly run: string | undefined },
): never => {
  if (!isLakewrightError(error) || error.code !== 'run.cancelled' || run === undefined) throw error
  throw new LakewrightError('run.cancelled', `run ${run} was stopped; nothing was published`, {
    hint: `Go on with it: lakewright runs resume ${run} --to ${lake}`,
    cause: error,
  })
}
