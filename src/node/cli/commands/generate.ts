import { availableParallelism } from 'node:os'
import { fail } from '../../../core/errors.ts'
import { generate } from '../../run/generate.ts'
import type { Command } from '../command.ts'
import { DATAPROC_OPTIONS, isDataproc } from '../dataproc-options.ts'
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
import { throwStopped } from '../stopped.ts'
import { tellOutcome } from '../summary.ts'
import { refuseWarehouseOptions, WAREHOUSE_OPTIONS, warehouseNamed } from '../warehouse-options.ts'
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
    ...WAREHOUSE_OPTIONS,
    ...DATAPROC_OPTIONS,
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
    {
      line: 'SPARK_REMOTE=sc://localhost lakewright generate identity --engine spark --target spark_catalog.demo',
      says: 'the same rows, made by Spark and landed there; docs/engines.md tells more',
    },
  ],
  run: async (world, input) => {
    const { values } = input
    if (isDataproc(input)) return (await import('../dataproc-run.ts')).submitAction(world, input)
    const mode = modeOf(values)
    const foreign = foreignOf(values)
    const warehouse = warehouseNamed(values)
    const workers = numberValue(values, 'workers')
    const cores = availableParallelism()
    const warm = warehouse === undefined ? Math.min(workers ?? cores, cores) - 1 : 0
    const startWorkers = await world.workers(warm)
    const { plan, notices } = await readSubject(world, input)
    tellNotices(world, notices)
    if (flagValue(values, 'async') || input.given.has('cluster')) {
      if (warehouse !== 'databricks')
        fail('usage.option', '--async, and --cluster with it, are for --engine databricks')
      if (!flagValue(values, 'async'))
        fail('usage.option', '--cluster is the cluster of a job: give --async with it')
      const { submitAction } = await import('../databricks-run.ts')
      return submitAction(world, input, plan)
    }
    if (warehouse !== undefined) {
      const { runInWarehouse, warehouseRequest } = await import('../warehouse-run.ts')
      const request = await warehouseRequest(world, input, { plan, name: warehouse })
      await runInWarehouse(world, request, { notices, json: flagValue(values, 'json') })
      return 0
    }
    refuseWarehouseOptions(input)
    const options = fileOptions(values)
    const { format } = options
    const { lake, place } = datasetPlaceOf(world, { ...input, format, name: plan.plan.name })
    const { host, progress } = runHost(world, startWorkers)
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
        workers,
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
