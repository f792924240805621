import { compare } from '../../core/score/clusters.ts'
import { clustersOf, scoreOf, type ScoreReport } from '../../core/score/score.ts'
import { type SessionLimits, withDuckDb } from '../verify/session.ts'
import { worstFalseNegatives, worstFalsePositives, type WrongPair } from './examples.ts'
import { loadPrediction } from './predicted.ts'
import type { PredictedFile } from './predicted-file.ts'
import { loadTruth, type TruthDataset } from './truth.ts'

/** What is to be scored. */
export interface ScoreRequest {
  readonly dataset: TruthDataset
  readonly predicted: PredictedFile
  /** How many of the worst pairs to show of each kind. */
  readonly worst: number
  readonly limits: SessionLimits
}

/** A prediction held against the truth of a dataset. */
export interface ScoreOutcome extends ScoreReport {
  readonly truth: {
    readonly records: number
    readonly entities: number
    readonly sources: readonly { readonly name: string; readonly records: number }[]
  }
  readonly predicted: {
    readonly kind: PredictedFile['kind']
    readonly file: string
    readonly rows: number
    /** Rows left out: a record paired with itself, or said before. */
    readonly selfPairs: number
    readonly repeated: number
    /** Clusters, those of a single record included. */
    readonly clusters: number
  }
  readonly falsePositives: readonly WrongPair[]
  readonly falseNegatives: readonly WrongPair[]
}

/** Scores predicted pairs or clusters by the truth that a dataset landed. */
export const scoreDataset = ({
  dataset,
  predicted,
  worst,
  limits,
}: ScoreRequest): Promise<ScoreOutcome> =>
  withDuckDb(limits, async (duckDb) => {
    const { truth, sources } = await loadTruth(dataset, duckDb)
    const records = truth.sources.length
    const loaded = await loadPrediction(predicted, records, duckDb)
    const { prediction, rows, selfPairs, repeated } = loaded
    const clusters = clustersOf(prediction, records)
    const comparison = compare(truth.entities, clusters)
    const judged = { comparison, sources, loaded }
    return {
      truth: {
        records,
        entities: truth.entities.count,
        sources: sources.map(({ name, records: n }) => ({ name, records: n })),
      },
      predicted: {
        kind: predicted.kind,
        file: predicted.name,
        rows,
        selfPairs,
        repeated,
        clusters: clusters.count,
      },
      ...scoreOf(truth, prediction, comparison),
      falsePositives: await worstFalsePositives(judged, worst, duckDb),
      falseNegatives: await worstFalseNegatives(judged, worst, duckDb),
    }
  })
