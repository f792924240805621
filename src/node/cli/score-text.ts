import type { Quality } from '../../core/score/ratio.ts'
import type { Score } from '../../core/score/score.ts'
import type { WrongPair } from '../score/examples.ts'
import type { ScoreOutcome } from '../score/score-dataset.ts'
import { grouped, textTable } from './text.ts'

/** A score for people: what was read, the metrics, by source and noise, and the worst pairs side by side. */
export const scoreText = (outcome: ScoreOutcome): string =>
  [
    header(outcome),
    metricTable(outcome.all),
    strataTable(
      'sources',
      outcome.bySources.map((score) => [score.sources.join(' - '), score]),
    ),
    ...(outcome.byNoise === undefined
      ? []
      : [
          strataTable(
            'ledger entries',
            outcome.byNoise.map((score) => [score.noise, score]),
          ),
        ]),
    ...outcome.falsePositives.map((pair) => pairText('false positive', pair)),
    ...outcome.falseNegatives.map((pair) => pairText('false negative', pair)),
  ].join('\n')

const header = ({ truth, predicted }: ScoreOutcome): string => {
  const sources = truth.sources.map(({ name, records }) => `${name} ${grouped(records)}`)
  const left = predicted.selfPairs + predicted.repeated
  return [
    `truth: ${grouped(truth.records)} records of ${grouped(truth.entities)} entities (${sources.join(', ')})`,
    `${predicted.file}: ${grouped(predicted.rows)} ${predicted.kind === 'pairs' ? 'pairs' : 'records'} that make ${grouped(predicted.clusters)} clusters${left === 0 ? '' : `; ${grouped(left)} rows left out, repeated or a record with itself`}`,
    '',
  ].join('\n')
}

const metricTable = ({ givenPairs, pairs, bCubed, exactClusters }: Score): string => {
  const counted = (name: string, quality: Score['pairs']): readonly string[] => [
    name,
    ...figures(quality),
    ...[quality.right, quality.claimed, quality.actual].map(grouped),
  ]
  return textTable(
    ['', ...HEADINGS, 'right', 'claimed', 'actual'],
    [
      ...(givenPairs === undefined ? [] : [counted('pairs as given', givenPairs)]),
      counted(givenPairs === undefined ? 'pairs' : 'pairs, closed', pairs),
      ['B-cubed', ...figures(bCubed), '', '', ''],
      counted('exact clusters', exactClusters),
    ],
    new Set([1, 2, 3, 4, 5, 6]),
  )
}

const HEADINGS = ['precision', 'recall', 'F1']

const strataTable = (name: string, rows: readonly (readonly [string, Score])[]): string =>
  textTable(
    [
      name,
      ...['pairs', 'B-cubed', 'clusters'].flatMap((metric) => [`${metric}: P`, 'R', 'F1']),
      'right',
      'claimed',
      'actual',
    ],
    rows.map(([stratum, { givenPairs, pairs, bCubed, exactClusters }]) => {
      const shown = givenPairs ?? pairs
      return [
        stratum,
        ...[shown, bCubed, exactClusters].flatMap(figures),
        ...[shown.right, shown.claimed, shown.actual].map(grouped),
      ]
    }),
    new Set(Array.from({ length: 12 }, (_, i) => i + 1)),
  )

const figures = ({ precision, recall, f1 }: Quality): readonly string[] =>
  [precision, recall, f1].map((value) => (value === null ? '–' : value.toFixed(4)))

const pairText = (kind: string, pair: WrongPair): string => {
  const { left, right, score, likeness, fields } = pair
  const facts = [
    ...(score === null ? [] : [`score ${round(score)}`]),
    ...(likeness === null ? [] : [`likeness ${round(likeness)}`]),
  ]
  const names = [left, right].map(({ source, recordId }) => `${source} ${recordId}`)
  const rows = [
    ['', 'entity', left.entityId, right.entityId],
    ...fields.map(({ name, left: a, right: b, same }) => [
      same ? '' : '≠',
      name,
      a ?? '∅',
      b ?? '∅',
    ]),
  ]
  const title = facts.length === 0 ? kind : `${kind}, ${facts.join(', ')}`
  return `${title}\n${textTable(['', '', ...names], rows)}`
}

const round = (value: number): string => String(Number(value.toFixed(4)))
