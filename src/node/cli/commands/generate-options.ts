import { fail } from '../../../core/errors.ts'
import { FOREIGN_RULES, type ForeignRule, type Mode, MODES } from '../../../core/run/decide.ts'
import {
  type Compression,
  COMPRESSIONS,
  type EngineName,
  ENGINES,
  type FileOptions,
  type Format,
  FORMATS,
} from '../../../core/run/spec.ts'
import { WAREHOUSE_NAMES } from '../../warehouse/providers.ts'
import { CUTTING_OPTIONS, partsAsked } from '../cutting.ts'
import {
  flagValue,
  numberValue,
  type OptionDefinition,
  type OptionValues,
  textValue,
} from '../option.ts'

const MODE_OPTION: OptionDefinition = {
  name: 'mode',
  aliases: ['write-mode'],
  kind: 'choice',
  choices: MODES,
  description: 'what to do with a dataset, or an unfinished run, that is there',
}

const OVERWRITE_OPTION: OptionDefinition = {
  name: 'overwrite',
  kind: 'flag',
  description: 'the same as --mode overwrite; with false, never replace a dataset that is there',
}

const FOREIGN_OPTION: OptionDefinition = {
  name: 'foreign',
  kind: 'choice',
  choices: FOREIGN_RULES,
  description: 'what --mode merge does when tables hold files of other writers; without it, fail',
}

/** The options that say what to do with what is there. */
export const MODE_OPTIONS: readonly OptionDefinition[] = [
  MODE_OPTION,
  OVERWRITE_OPTION,
  FOREIGN_OPTION,
]

/** What a merge is to do with files of other writers. Fails with usage.option when the mode is another one. */
export const foreignOf = (values: OptionValues): { readonly foreign?: ForeignRule } => {
  const foreign = textValue(values, 'foreign') as ForeignRule | undefined
  if (foreign === undefined) return {}
  if (modeOf(values) !== 'merge')
    fail('usage.option', '--foreign is for --mode merge', {
      hint: 'An append leaves every file alone, an overwrite replaces them all.',
    })
  return { foreign }
}

/** The mode that was asked for; undefined when none was. Fails with usage.option when two options contradict. */
export const modeOf = (values: OptionValues): Mode | undefined => {
  const mode = textValue(values, 'mode') as Mode | undefined
  const overwrite = values.get('overwrite')
  if (overwrite === undefined) return mode
  if (mode !== undefined && overwrite !== (mode === 'overwrite'))
    fail('usage.option', `--overwrite ${String(overwrite)} contradicts --mode ${mode}`, {
      hint: 'Give one of them.',
    })
  return overwrite === true ? 'overwrite' : mode
}

/** Options that shape the files of a run. */
export const FILE_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'format',
    kind: 'choice',
    choices: FORMATS,
    default: 'delta',
    description: 'how tables land',
  },
  {
    name: 'compression',
    kind: 'choice',
    choices: COMPRESSIONS,
    default: 'none',
    description: 'codec of Parquet column chunks that shrink by it',
  },
  ...CUTTING_OPTIONS,
  {
    name: 'file-rows',
    kind: 'integer',
    min: 1,
    max: 1_000_000_000,
    description: 'the most rows of a file; without it, a part is one file',
  },
  { name: 'no-checksums', kind: 'flag', description: 'leave out the SHA-256 of each file' },
  {
    name: 'engine',
    kind: 'choice',
    choices: ['native', 'duckdb', ...WAREHOUSE_NAMES, 'dataproc'],
    unlisted: ENGINES,
    default: 'native',
    description: 'what makes the rows; a warehouse also keeps them, where --target says',
  },
]

/** The option for the number of worker threads. */
export const WORKERS_OPTION: OptionDefinition = {
  name: 'workers',
  kind: 'integer',
  min: 1,
  max: 256,
  description: 'worker threads; without it, as many as cores, at most one a part',
}

/** The options that shape files, as they were given. */
export const fileOptions = (values: OptionValues): FileOptions => {
  const parts = partsAsked(values)
  const fileRows = numberValue(values, 'file-rows')
  const format = textValue(values, 'format') as Format
  const compression = textValue(values, 'compression') as Compression
  if (compression !== 'none' && (format === 'csv' || format === 'jsonl'))
    fail('usage.option', `--compression ${compression} cannot hold with --format ${format}`, {
      hint: 'Only Parquet files are compressed: --format delta or parquet.',
    })
  return {
    format,
    compression,
    checksums: !flagValue(values, 'no-checksums'),
    engine: textValue(values, 'engine') as EngineName,
    ...(parts === undefined ? {} : { parts }),
    ...(fileRows === undefined ? {} : { fileRows }),
  }
}
