import { fail } from '../../../core/errors.ts'
import { quote, suggestion } from '../../../core/plan/names.ts'
import { DIALECT_NAMES, type DialectName, dialectNamed } from '../../../core/sql/dialects.ts'
import { DERIVED_KINDS, type DerivedKind, derivedSql } from '../../../core/warehouse/derived.ts'
import {
  type DatasetDefinition,
  resolveParameters,
  type ViewDefinition,
} from '../../../datasets/definition.ts'
import type { Command } from '../command.ts'
import { datasetOptions, givenParameters } from '../dataset-options.ts'
import { DATASETS, findDataset } from '../datasets.ts'
import { textValue } from '../option.ts'

/** `lakewright sql`: prints the statement that makes a view over a dataset's tables. */
export const sqlCommand: Command = {
  name: 'sql',
  summary: 'print the SQL of a view over the tables of a dataset',
  usage: '<dataset> <view>',
  positionals: [2, 2],
  options: [
    {
      name: 'dialect',
      kind: 'choice',
      choices: DIALECT_NAMES,
      default: 'duckdb',
      description: 'whose SQL it is',
    },
    {
      name: 'as',
      kind: 'choice',
      choices: DERIVED_KINDS,
      default: 'view',
      description: 'a view, or a table of a Spark Declarative Pipeline',
    },
    {
      name: 'schema',
      kind: 'text',
      placeholder: 'catalog.schema',
      form: {
        pattern: '[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)?',
        maxLength: 200,
        expects: 'a name, or two with a dot between',
      },
      description: 'where tables and view stand; without it, names alone',
    },
  ],
  further: datasetOptions,
  examples: [
    {
      line: 'lakewright sql mdm union --dialect bigquery --table-suffix _scale',
      says: 'one view over the records of the three sources',
    },
    {
      line: 'lakewright sql mdm union --dialect spark --as materialized-view',
      says: 'the same as source of a declarative pipeline',
    },
    {
      line: 'lakewright sql retail daily --dialect spark --as materialized-view',
      says: 'a step from lines of orders to daily sums',
    },
  ],
  run: async (world, input) => {
    const [subject = '', name = ''] = input.positionals
    const dataset = await datasetNamed(subject)
    const view = viewNamed(dataset, name)
    const parameters = resolveParameters(
      dataset.parameters,
      givenParameters(dataset.parameters, input),
    )
    const schema = textValue(input.values, 'schema')
    const dialect = textValue(input.values, 'dialect') as DialectName
    const kind = textValue(input.values, 'as') as DerivedKind
    if (kind !== 'view' && dialect !== 'spark')
      fail('usage.option', `--as ${kind}: only Spark and Databricks have pipelines`, {
        hint: 'Add --dialect spark.',
      })
    const table = view.table(parameters)
    if (kind === 'streaming-table' && table.streams !== true)
      fail('usage.option', `--as streaming-table: ${name} joins or sums what its tables hold`, {
        hint: 'It is brought up to date as a whole: --as materialized-view.',
      })
    world.stdout(
      derivedSql(table, {
        dialect: dialectNamed(dialect),
        kind,
        place: schema?.split('.') ?? [],
      }),
    )
    return 0
  },
}

const datasetNamed = async (name: string): Promise<DatasetDefinition> =>
  (await findDataset(name)) ??
  fail(
    'usage.option',
    `there is no dataset ${quote(name)}${suggestion(name, Object.keys(DATASETS))}`,
  )

const viewNamed = ({ name, views = {} }: DatasetDefinition, view: string): ViewDefinition => {
  const found = Object.hasOwn(views, view) ? views[view] : undefined
  const names = Object.keys(views)
  const known = names.length === 0 ? '; it has none' : suggestion(view, names)
  return found ?? fail('usage.option', `${name} has no view ${quote(view)}${known}`)
}
