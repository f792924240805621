import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fail } from '../../../core/errors.ts'
import { quote } from '../../../core/plan/names.ts'
import { parseTarget, type Target } from '../../../core/warehouse/target.ts'
import type { PipelineFile, PipelineWork } from '../../engine/spark/pipeline.ts'
import { failFile, isAbsent } from '../../store/file-errors.ts'
import type { Command, CommandInput } from '../command.ts'
import { JSON_OPTION } from '../lake-options.ts'
import { flagValue, textValue } from '../option.ts'

/** `lakewright pipeline`: runs the source of a declarative pipeline on Spark. */
export const pipelineCommand: Command = {
  name: 'pipeline',
  summary: 'run a declarative pipeline on Spark: derived tables, brought up to date',
  usage: '<folder>',
  positionals: [1, 1],
  options: [
    {
      name: 'remote',
      kind: 'text',
      placeholder: 'sc://host:port',
      description: 'the Spark Connect server; without it, SPARK_REMOTE says',
    },
    {
      name: 'target',
      kind: 'text',
      placeholder: 'catalog.schema',
      description: 'where names without a place stand, both of tables that are read and made',
    },
    {
      name: 'storage',
      kind: 'text',
      placeholder: 'URI',
      defaultText: 'file:///tmp/lakewright-pipelines/<target>',
      description: 'where the server keeps how far streaming tables have read',
    },
    { name: 'dry-run', kind: 'flag', description: 'check the source and change nothing' },
    {
      name: 'refresh',
      kind: 'text',
      placeholder: 'table',
      many: true,
      description: 'bring only this table up to date; repeatable',
    },
    {
      name: 'full-refresh',
      kind: 'flag',
      description: 'make the tables from scratch: all, or those of --refresh',
    },
    JSON_OPTION,
  ],
  examples: [
    {
      line: 'lakewright pipeline mdm-bundle/pipeline --remote sc://localhost --target spark_catalog.mdm',
      says: 'makes the tables that the SQL files of the folder derive',
    },
  ],
  run: async (world, input) => {
    const { values, positionals } = input
    const target = parseTarget(
      textValue(values, 'target') ?? fail('usage.option', '--target is needed: catalog.schema'),
    )
    const { parseRemote } = await import('../../warehouse/spark.ts')
    const address = parseRemote(textValue(values, 'remote') ?? world.env['SPARK_REMOTE'])
    const files = await readSource(resolve(world.cwd, positionals[0] ?? ''), positionals[0] ?? '')
    const pipeline = { files, ...target, storage: storageOf(input, target) }
    const [{ openSpark }, { runPipeline }] = await Promise.all([
      import('../../engine/spark/session.ts'),
      import('../../engine/spark/pipeline.ts'),
    ])
    const session = await openSpark(address)
    const events: string[] = []
    const onEvent = (message: string): void => {
      events.push(message)
      world.stderr(`${message.split('\n')[0] ?? ''}\n`)
    }
    try {
      const work = workOf(input)
      await runPipeline(session, { pipeline, work }, { onEvent, signal: world.signal })
    } finally {
      await session.close()
    }
    if (flagValue(values, 'json'))
      world.stdout(`${JSON.stringify({ files: files.map(({ path }) => path), events }, null, 2)}\n`)
    return 0
  },
}

const workOf = ({ values }: CommandInput): PipelineWork => {
  const tables = values.get('refresh') as readonly string[] | undefined
  const full = flagValue(values, 'full-refresh')
  if (flagValue(values, 'dry-run')) {
    if (full || tables !== undefined)
      fail('usage.option', '--dry-run refreshes nothing', { hint: 'Give one of them.' })
    return { kind: 'dry' }
  }
  const kind = full ? 'full-refresh' : 'refresh'
  return tables === undefined ? { kind } : { kind, tables }
}

const storageOf = ({ values }: CommandInput, { catalog, schema }: Target): string => {
  const text = textValue(values, 'storage')
  if (text === undefined)
    return `file:///tmp/lakewright-pipelines/${encodeURIComponent(`${catalog}.${schema}`)}`
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text
    : fail('usage.option', `--storage: expected a URI such as file:///data, got ${quote(text)}`)
}

/** The SQL files below a folder, in the order of their paths. */
const readSource = async (folder: string, given: string): Promise<readonly PipelineFile[]> => {
  try {
    const found = await stat(folder)
    const paths = found.isDirectory() ? await readdir(folder, { recursive: true }) : []
    const sources = paths.filter((path) => path.endsWith('.sql')).toSorted()
    if (sources.length === 0) fail('usage.option', `there is no SQL file below ${quote(given)}`)
    return await Promise.all(
      sources.map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })),
    )
  } catch (error) {
    return isAbsent(error)
      ? fail('usage.option', `there is no folder ${quote(given)}`)
      : failFile(error, 'reading', given)
  }
}
