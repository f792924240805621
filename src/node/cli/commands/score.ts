import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fail } from '../../../core/errors.ts'
import { quote } from '../../../core/plan/names.ts'
import { crashSettings } from '../../run/crash.ts'
import type { PredictedFile } from '../../score/predicted-file.ts'
import { scoreDataset } from '../../score/score-dataset.ts'
import { failFile, isAbsent } from '../../store/file-errors.ts'
import { DEFAULT_LIMITS } from '../../verify/session.ts'
import type { Command } from '../command.ts'
import { openForReading } from '../dataset-reading.ts'
import { datasetPath, JSON_OPTION } from '../lake-options.ts'
import { flagValue, numberValue, type OptionValues, textValue } from '../option.ts'
import { scoreText } from '../score-text.ts'
import type { World } from '../world.ts'
import { MEMORY_OPTION } from './read-options.ts'

/** `lakewright score`: holds what a matcher claims against the truth of a dataset. */
export const scoreCommand: Command = {
  name: 'score',
  summary: 'hold the pairs or clusters of a matcher against the truth of a dataset',
  usage: '--truth <lake/catalog/dataset> --pairs <file>',
  positionals: [0, 0],
  options: [
    {
      name: 'truth',
      kind: 'text',
      placeholder: 'lake/catalog/dataset',
      description: 'the dataset that the records come from, landed with its truth',
    },
    {
      name: 'pairs',
      kind: 'text',
      placeholder: 'file',
      description:
        'Parquet or CSV of source_l, record_id_l, source_r, record_id_r and, if there is one, score',
    },
    {
      name: 'clusters',
      kind: 'text',
      placeholder: 'file',
      description: 'Parquet or CSV of source, record_id, cluster_id, in place of --pairs',
    },
    {
      name: 'worst',
      kind: 'integer',
      min: 0,
      max: 1000,
      default: 3,
      description: 'how many of the worst false positives and false negatives to show',
    },
    MEMORY_OPTION,
    JSON_OPTION,
  ],
  examples: [
    {
      line: 'lakewright score --truth lake/lakewright/mdm --pairs predicted.parquet',
      says: 'precision, recall and F1 of pairs, records and clusters',
    },
    {
      line: 'lakewright score --truth lake/lakewright/mdm --clusters clusters.csv --json',
      says: 'the same of clusters, as one JSON document',
    },
  ],
  run: async (world, { values }) => {
    const predicted = await predictedFile(world, values)
    const path = datasetPath(world, required(values, 'truth', 'the folder of a dataset'))
    const { manifest, place } = await openForReading(path, { crash: crashSettings(world.env) })
    const outcome = await scoreDataset({
      dataset: { root: path.lake, folder: place.folder, manifest },
      predicted,
      worst: numberValue(values, 'worst') ?? 0,
      limits: {
        ...DEFAULT_LIMITS,
        memoryMb: numberValue(values, 'memory') ?? DEFAULT_LIMITS.memoryMb,
      },
    })
    world.stdout(
      flagValue(values, 'json') ? `${JSON.stringify(outcome, null, 2)}\n` : scoreText(outcome),
    )
    return 0
  },
}

const required = (values: OptionValues, name: string, what: string): string =>
  textValue(values, name) ??
  fail('usage.option', `lakewright score needs --${name}: ${what}`, {
    hint: 'See lakewright score --help.',
  })

const predictedFile = async (world: World, values: OptionValues): Promise<PredictedFile> => {
  const clusters = textValue(values, 'clusters')
  if (clusters !== undefined && values.has('pairs'))
    fail('usage.option', '--pairs and --clusters exclude one another', {
      hint: 'Give one of them.',
    })
  const kind = clusters === undefined ? 'pairs' : 'clusters'
  const name = clusters ?? required(values, 'pairs', 'a file of predicted pairs, or --clusters')
  const path = resolve(world.cwd, name)
  const found = await stat(path).catch((error: unknown) =>
    isAbsent(error)
      ? fail('usage.option', `--${kind}: there is no file ${quote(name)}`)
      : failFile(error, 'reading', name),
  )
  if (!found.isFile()) fail('usage.option', `--${kind}: ${quote(name)} is no file`)
  return { kind, name, path }
}
