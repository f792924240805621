import { fail } from '../../core/errors.ts'
import { numberValue, type OptionDefinition, type OptionValues, textValue } from './option.ts'

const MOST = 100_000

/** Into how many pieces the work on a table is cut: those that are retried, and those inside a statement. */
export const CUTTING_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'parts',
    kind: 'integer',
    min: 1,
    max: MOST,
    description: 'parts a table; without it, one for each million rows expected',
  },
  {
    name: 'partitions',
    kind: 'integer',
    min: 1,
    max: MOST,
    description:
      'into how many partitions Spark cuts a table inside a statement; without it, 100, 1,000 or 5,000 by the rows of the largest on Databricks and Dataproc; --parts on other engines',
  },
]

const SPARKS: ReadonlySet<string | undefined> = new Set(['spark', 'databricks', 'dataproc'])

const isSpark = (values: OptionValues): boolean => SPARKS.has(textValue(values, 'engine'))

/** Parts a table, as asked for. */
export const partsAsked = (values: OptionValues): number | undefined =>
  isSpark(values) ? numberValue(values, 'parts') : partsByEitherName(values)

/** Spark's partitions of a table, as asked for; undefined on other engines. */
export const partitionsAsked = (values: OptionValues): number | undefined =>
  isSpark(values) ? numberValue(values, 'partitions') : undefined

const partsByEitherName = (values: OptionValues): number | undefined => {
  const [parts, partitions] = [numberValue(values, 'parts'), numberValue(values, 'partitions')]
  if (parts !== undefined && partitions !== undefined)
    fail('usage.option', '--parts is given 2 times, once as --partitions')
  return parts ?? partitions
}
