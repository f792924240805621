import { describe, expect, test } from 'vitest'
import { compare } from '../../../src/core/score/clusters.ts'
import { relabelled } from '../../../src/core/score/partition.ts'
import { scoreOf } from '../../../src/core/score/score.ts'
import { runPython } from '../../support/python.ts'
import { requireService, servicePath } from '../../support/services.ts'

const python = requireService('python')

const PROGRAM = `
import bcubed, er_evaluation as er, json, pandas as pd, sys
def measure(case):
    truth, found = pd.Series(case['entities']), pd.Series(case['clusters'])
    as_sets = [{i: {label} for i, label in enumerate(labels)} for labels in (found, truth)]
    bp, br = bcubed.precision(*as_sets), bcubed.recall(*as_sets)
    return {
        'pairs': [er.pairwise_precision(found, truth), er.pairwise_recall(found, truth), er.pairwise_f(found, truth)],
        'clusters': [er.cluster_precision(found, truth), er.cluster_recall(found, truth), er.cluster_f(found, truth)],
        'bCubed': [bp, br, bcubed.fscore(bp, br)],
    }
print(json.dumps([measure(case) for case in json.load(sys.stdin)]))
`

interface Case {
  readonly entities: readonly number[]
  readonly clusters: readonly number[]
}

/** Records of entities, some in the wrong cluster: every \`wrong\`-th joins another, every \`lost\`-th stands alone. */
const clustering = (size: number, wrong: number, lost: number): Case => {
  const entities = Array.from({ length: 240 }, (_, i) => Math.floor(i / (1 + (i % size))) % 70)
  const clusters = entities.map((entity, i) => {
    if (i % lost === lost - 1) return 100 + i
    return i % wrong === wrong - 1 ? (entity * 7 + i) % 70 : entity
  })
  return { entities, clusters }
}

const CASES: readonly Case[] = [
  clustering(3, 5, 9),
  clustering(5, 2, 3),
  clustering(1, 11, 400),
  clustering(7, 400, 2),
]

const measured = ({ entities, clusters }: Case): unknown => {
  const truth = {
    entities: relabelled(Int32Array.from(entities), 1000),
    sources: new Uint8Array(entities.length),
    sourceNames: ['crm'],
    noise: undefined,
  }
  const claimed = relabelled(Int32Array.from(clusters), 1000)
  const prediction = { kind: 'clusters', clusters: claimed } as const
  const { all } = scoreOf(truth, prediction, compare(truth.entities, claimed))
  return Object.fromEntries(
    [
      ['pairs', all.pairs] as const,
      ['clusters', all.exactClusters] as const,
      ['bCubed', all.bCubed] as const,
    ].map(([name, { precision, recall, f1 }]) => [
      name,
      [precision, recall, f1].map((value) => expect.closeTo(value ?? NaN, 10) as unknown),
    ]),
  )
}

describe.skipIf(python.kind === 'missing')('er-evaluation and bcubed', () => {
  test('give the same precision, recall and F1 for the same clusters', { timeout: 180_000 }, () => {
    const output = runPython(servicePath(python), PROGRAM, { input: JSON.stringify(CASES) })
    const published = JSON.parse(output) as readonly unknown[]
    expect(published).toHaveLength(CASES.length)
    expect(JSON.stringify(published[0])).toMatch(/"pairs": ?\[0\.[1-9]/)
    published.forEach((found, i) => {
      expect(found).toEqual(measured(CASES[i] ?? { entities: [], clusters: [] }))
    })
  })
})
