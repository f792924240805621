import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Plan } from '../../../src/core/plan/plan.ts'
import type { ScoreOutcome } from '../../../src/node/score/score-dataset.ts'
import { hello } from '../../support/hello.ts'
import { keptFolder } from '../../support/lake.ts'
import { people } from '../../support/people.ts'
import { call, type Called } from '../../support/world.ts'

const TRUTH = 'lake/lakewright/people'

/** A folder with lakes of the people in every format, and people without a ledger. */
const cwd = keptFolder()

const generated = async (plan: Plan, ...options: readonly string[]): Promise<void> => {
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan))
  const { code, stderr } = await call(['generate', 'plan.json', ...options], { cwd })
  expect([code, stderr]).toEqual([0, expect.stringContaining('rows')])
}

beforeAll(async () => {
  await generated(people)
  for (const format of ['csv', 'parquet'])
    await generated(people, '--format', format, '--to', format)
  await generated(hello)
  const tables = people.tables.filter(({ name }) => name !== 'truth_ledger')
  await generated({ ...people, name: 'unledgered', tables })
}, 180_000)

afterAll(() => rmSync(cwd, { recursive: true, force: true }))

/** The records of the people: record \`k\` of a source is of person k / 2; the CRM has k mod 3 records of person k. */
const RECORDS = Array.from({ length: 30 }, (_, i) => i + 1).flatMap((person) => [
  ...recordsOf('crm', person, person % 3),
  ...recordsOf('erp', person, (person + 1) % 3),
])

function recordsOf(source: string, person: number, count: number) {
  return Array.from({ length: count }, (_, k) => ({
    source,
    id: `${source}-${2 * person + k}`,
    person,
  }))
}

const TRUE_PAIRS = RECORDS.flatMap((a, i) =>
  RECORDS.slice(i + 1)
    .filter((b) => b.person === a.person)
    .map((b) => [a, b] as const),
)

const written = (name: string, text: string): string => {
  mkdirSync(join(cwd, 'in'), { recursive: true })
  writeFileSync(join(cwd, 'in', name), text)
  return `in/${name}`
}

const pairsFile = (
  name: string,
  pairs: readonly (readonly [(typeof RECORDS)[number], (typeof RECORDS)[number], score?: number])[],
): string =>
  written(
    name,
    [
      'source_l,record_id_l,source_r,record_id_r,score',
      ...pairs.map(([a, b, score = 0.5]) => [a.source, a.id, b.source, b.id, score].join(',')),
    ].join('\n'),
  )

const score = (...args: readonly string[]): Promise<Called> => call(['score', ...args], { cwd })

const outcome = async (...args: readonly string[]): Promise<ScoreOutcome> => {
  const { code, stdout, stderr } = await score('--truth', TRUTH, '--json', ...args)
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as ScoreOutcome
}

const at = (index: number): (typeof RECORDS)[number] =>
  RECORDS[index] ?? { source: '', id: '', person: 0 }

describe('score', () => {
  test('of all true pairs is one everywhere, with nothing to show', async () => {
    const { truth, predicted, all, ...rest } = await outcome(
      '--pairs',
      pairsFile('all.csv', TRUE_PAIRS),
    )
    expect(TRUE_PAIRS.length).toBeGreaterThan(30)
    expect(truth).toEqual({
      records: 60,
      entities: 30,
      sources: [
        { name: 'crm', records: 30 },
        { name: 'erp', records: 30 },
      ],
    })
    expect(predicted).toMatchObject({ kind: 'pairs', rows: TRUE_PAIRS.length, clusters: 30 })
    expect(all.givenPairs).toMatchObject({ f1: 1, actual: TRUE_PAIRS.length })
    expect([all.pairs.f1, all.bCubed.f1, all.exactClusters.f1]).toEqual([1, 1, 1])
    expect([rest.falsePositives, rest.falseNegatives]).toEqual([[], []])
  })

  test('counts a pair once, whatever its order, and leaves out a record with itself', async () => {
    const [first = [at(0), at(1)] as const] = TRUE_PAIRS
    const pairs = [first, [first[1], first[0]] as const, first, [first[0], first[0]] as const]
    const { predicted, all } = await outcome('--pairs', pairsFile('twice.csv', pairs))
    expect(predicted).toMatchObject({ rows: 4, repeated: 2, selfPairs: 1 })
    expect(all.givenPairs).toMatchObject({ right: 1, claimed: 1 })
  })

  test('is split by sources and by entries in the ledger', async () => {
    const { bySources, byNoise } = await outcome('--pairs', pairsFile('all.csv', TRUE_PAIRS))
    const across = TRUE_PAIRS.filter(([a, b]) => a.source !== b.source)
    expect(bySources.map(({ sources, pairs }) => [sources.join(), pairs.actual])).toEqual([
      ['crm,crm', 10],
      ['crm,erp', across.length],
      ['erp,erp', 10],
    ])
    expect(byNoise?.map(({ noise, bCubed }) => [noise, bCubed.records])).toEqual([
      ['0', expect.any(Number)],
      ['1', expect.any(Number)],
      ['2-3', expect.any(Number)],
      ['4+', expect.any(Number)],
    ])
    const records = byNoise?.reduce((sum, { bCubed }) => sum + bCubed.records, 0)
    expect(records).toBe(60)
    expect(byNoise?.every(({ bCubed }) => bCubed.records > 5)).toBe(true)
  })

  test('has nothing by noise where no ledger was landed', async () => {
    const truth = ['--truth', 'lake/lakewright/unledgered', '--json']
    const { stdout } = await score(...truth, '--pairs', pairsFile('all.csv', TRUE_PAIRS))
    const found = JSON.parse(stdout) as ScoreOutcome
    expect(found.all.pairs.f1).toBe(1)
    expect(found.byNoise).toBeUndefined()
  })

  test.each([
    ['csv', 'csv'],
    ['parquet', 'parquet/lakewright/people'],
  ])('is the same of a dataset that landed as %s', async (_format, dataset) => {
    const pairs = pairsFile(
      'half.csv',
      TRUE_PAIRS.filter((_, i) => i % 2 === 0),
    )
    const args = ['--pairs', pairs, '--json']
    const delta = await score('--truth', TRUTH, ...args)
    const other = await score('--truth', dataset, ...args)
    expect(other.code).toBe(0)
    expect(JSON.parse(other.stdout)).toEqual(JSON.parse(delta.stdout))
  })

  test('of clusters counts records that are not named as alone', async () => {
    const rows = RECORDS.filter(({ person }) => person <= 10).map(
      ({ source, id, person }) => `${source},${id},c${person}`,
    )
    const file = written('clusters.csv', ['source,record_id,cluster_id', ...rows].join('\n'))
    const { all, predicted } = await outcome('--clusters', file)
    const right = TRUE_PAIRS.filter(([a]) => a.person <= 10).length
    expect(all.givenPairs).toBeUndefined()
    expect(all.pairs).toMatchObject({ right, claimed: right, actual: TRUE_PAIRS.length })
    expect(predicted.clusters).toBe(10 + RECORDS.filter(({ person }) => person > 10).length)
  })

  test('reads Parquet and the names that Splink gives', async () => {
    const csv = pairsFile('some.csv', TRUE_PAIRS.slice(0, 7))
    const connection = await (await DuckDBInstance.create()).connect()
    await connection.run(
      `COPY (SELECT source_l AS source_dataset_l, record_id_l AS unique_id_l,
        source_r AS source_dataset_r, record_id_r AS unique_id_r, score AS match_probability
        FROM read_csv('${join(cwd, csv)}')) TO '${join(cwd, 'in/splink.parquet')}'`,
    )
    connection.closeSync()
    const { all } = await outcome('--pairs', 'in/splink.parquet')
    expect(all.givenPairs).toMatchObject({ right: 7, claimed: 7 })
  })
})

describe('the worst', () => {
  const wrong = [
    [at(0), at(9), 0.2],
    [at(1), at(12), 0.9],
    [at(2), at(20), 0.7],
  ] as const

  test('false positives are those of the highest score, side by side', async () => {
    const file = pairsFile('wrong.csv', [...TRUE_PAIRS, ...wrong])
    const { falsePositives } = await outcome('--pairs', file, '--worst', '2')
    expect(falsePositives.map((pair) => pair.score)).toEqual([0.9, 0.7])
    const [first] = falsePositives
    const shown = new Set([first?.left.recordId, first?.right.recordId])
    expect(shown).toEqual(new Set([at(1).id, at(12).id]))
    expect(first?.fields.map(({ name }) => name)).toEqual(['first_name', 'last_name'])
    const last = first?.fields.find(({ name }) => name === 'last_name')
    expect(last).toMatchObject({ same: false })
    expect(new Set([last?.left, last?.right])).toEqual(
      new Set([`Smith${at(1).person}`, `Smith${at(12).person}`]),
    )
  })

  test('false negatives are the most alike, of one entity and in two clusters', async () => {
    const file = pairsFile('few.csv', TRUE_PAIRS.slice(0, 3))
    const { falseNegatives } = await outcome('--pairs', file, '--worst', '1000')
    expect(falseNegatives.length).toBeGreaterThan(20)
    const likeness = falseNegatives.map((pair) => pair.likeness ?? NaN)
    expect(likeness).toEqual(likeness.toSorted((a, b) => b - a))
    for (const { left, right, fields } of falseNegatives) {
      expect(left.entityId).toBe(right.entityId)
      expect(fields.find(({ name }) => name === 'last_name')?.same).toBe(true)
    }
  })

  test('of clusters are pairs that are no entity', async () => {
    const rows = RECORDS.map(
      ({ source, id, person }) => `${source},${id},${Math.floor(person / 2)}`,
    )
    const file = written('merged.csv', ['source,record_id,cluster_id', ...rows].join('\n'))
    const { falsePositives, all } = await outcome('--clusters', file, '--worst', '1000')
    expect(falsePositives).toHaveLength(all.pairs.claimed - all.pairs.right)
    for (const { left, right } of falsePositives) expect(left.entityId).not.toBe(right.entityId)
  })

  test('are shown to people with what differs marked', async () => {
    const file = pairsFile('wrong.csv', [...TRUE_PAIRS, ...wrong])
    const { stdout } = await score('--truth', TRUTH, '--pairs', file, '--worst', '1')
    expect(stdout).toContain('60 records of 30 entities (crm 30, erp 30)')
    expect(stdout).toMatch(/pairs as given +0\.\d{4} +1\.0000/)
    expect(stdout).toMatch(/crm - erp +0\.\d{4}/)
    expect(stdout).toContain('false positive, score 0.9, likeness')
    expect(stdout).toMatch(/^≠ +last_name +Smith\d+ +Smith\d+$/m)
  })
})

describe('bad input is one clear line', () => {
  const good = pairsFile('good.csv', TRUE_PAIRS)
  const header = 'source_l,record_id_l,source_r,record_id_r'
  const cluster = 'source,record_id,cluster_id'

  test.each<readonly [string, readonly string[], string]>([
    ['no truth option', ['--pairs', good], 'needs --truth'],
    ['nothing predicted', ['--truth', TRUTH], 'needs --pairs'],
    ['both kinds', ['--truth', TRUTH, '--pairs', good, '--clusters', good], 'exclude one another'],
    ['no such file', ['--truth', TRUTH, '--pairs', 'none.csv'], 'there is no file "none.csv"'],
    ['a folder', ['--truth', TRUTH, '--pairs', 'lake'], '"lake" is no file'],
    ['not a dataset', ['--truth', 'in', '--pairs', good], 'there is no dataset in'],
    [
      'no truth landed',
      ['--truth', 'lake/lakewright/hello', '--pairs', good],
      'no table truth_xref',
    ],
  ])('%s', async (_, args, message) => {
    expectMistake(await score(...args), message)
  })

  test.each([
    ['another format', 'pairs.txt', header, 'ends with .parquet or .csv'],
    ['not Parquet', 'pairs.parquet', 'hello', 'cannot be read as Parquet'],
    [
      'a missing column',
      'a.csv',
      'source_l,record_id_l,source_r,record_id\n',
      'no column record_id_r, did you mean "record_id',
    ],
    ['no rows', 'b.csv', `${header}\n`, 'b.csv holds no pairs'],
    ['an empty file', 'c.csv', '', 'no column source_l'],
    [
      'an unknown record',
      'd.csv',
      `${header}\ncrm,crm-2,erp,nobody\n`,
      'd.csv names erp nobody, which the truth lacks',
    ],
    [
      'unknown records',
      'e.csv',
      `${header}\ncrm,x,erp,y\ncrm,z,crm,crm-2\n`,
      'names crm x and 2 other records',
    ],
    [
      'an unknown source',
      'f.csv',
      `${header}\ncmr,crm-2,crm,crm-4\n`,
      'no source "cmr", did you mean "crm"?',
    ],
    [
      'an empty cell',
      'g.csv',
      `${header}\ncrm,,crm,crm-2\n`,
      'rows without a source or a record_id',
    ],
    [
      'a ragged file',
      'h.csv',
      `${header}\n${'crm,crm-2,crm,crm-4\n'.repeat(30)}crm,crm-4,"`,
      'cannot be read as CSV',
    ],
  ])('pairs: %s', async (...row) => {
    const [, name, text, message] = row
    expectMistake(await score('--truth', TRUTH, '--pairs', written(name, text)), message)
  })

  test.each([
    ['a missing column', 'i.csv', 'source,record_id\n', 'no column cluster_id'],
    [
      'a record in two clusters',
      'j.csv',
      `${cluster}\ncrm,crm-2,a\ncrm,crm-2,b\n`,
      'puts crm crm-2 into two clusters, a and b',
    ],
    [
      'a record without a cluster',
      'k.csv',
      `${cluster}\ncrm,crm-2,\n`,
      '1 rows without cluster_id',
    ],
    ['no rows', 'l.csv', `${cluster}\n`, 'l.csv holds no clusters'],
  ])('clusters: %s', async (...row) => {
    const [, name, text, message] = row
    expectMistake(await score('--truth', TRUTH, '--clusters', written(name, text)), message)
  })
})

const expectMistake = ({ code, stdout, stderr }: Called, message: string): void => {
  expect(stderr).toContain(message)
  expect(stderr).toMatch(/^lakewright: .*\n( {2}.*\n)?$/)
  expect([code, stdout]).toEqual([2, ''])
}
