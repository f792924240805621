import { readFileSync } from 'node:fs'
import {
  cases,
  col,
  concat,
  eq,
  key,
  lookup,
  nothing,
  sample,
  STRING,
  text,
} from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { applyNoise } from '../../../src/core/noise/apply.ts'
import { ledgerColumns, ledgerTable } from '../../../src/core/noise/ledger.ts'
import type { NoiseStep } from '../../../src/core/noise/model.ts'
import type { Odds } from '../../../src/core/noise/odds.ts'
import { oddsPromises, operatorPromises } from '../../../src/core/noise/promises.ts'
import { column, hidden, plan, range, table, union } from '../../../src/core/plan/build.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import { parseVocabulary, type Vocabulary } from '../../../src/core/plan/vocabulary.ts'

const vocabulary = (name: string): Vocabulary =>
  parseVocabulary(
    name,
    readFileSync(new URL(`../../../assets/vocabularies/${name}.tsv`, import.meta.url), 'utf8'),
  )

export const VOCABULARIES: ReadonlyMap<string, Vocabulary> = new Map(
  [
    'accented_names',
    'surnames',
    'surname_variants',
    'given_names_female',
    'given_variants_female',
    'keyboard',
    'scanner',
  ].map((name) => [name, vocabulary(name)]),
)

/** Columns that noise may change, by the hidden column with their true values. */
export const CLEAN = {
  first: 'clean_first',
  last: 'clean_last',
  suffix: 'clean_suffix',
  born: 'clean_born',
  zip: 'clean_zip',
  phone: 'clean_phone',
} as const

/** Three of ten are typed as usual, one badly, six with care. */
export const TYPIST: Odds = {
  name: 'typist',
  class: col('typist'),
  shares: [0.6, 0.3, 0.1],
  factors: [0.5, 1, 4],
}
export const FOREIGN: Odds = {
  name: 'foreign',
  class: col('foreign'),
  shares: [0.86, 0.14],
  factors: [1, 2],
}

const shareLaw = ({ shares }: Odds) => law.weighted(shares.map((share, i) => [i, share] as const))

const LEDGER = ['source', 'record_id', 'step', 'column', 'operator', 'true_value', 'emitted_value']

/** People with a few true columns, what noise makes of them, and its ledger. */
export const peoplePlan = (steps: readonly NoiseStep[], count: number, seed = 7): Plan => {
  const noisy = applyNoise({ clean: CLEAN, steps })
  const { slots } = noisy
  return plan({
    name: 'people',
    seed,
    tables: [
      table('people', {
        rows: range(count),
        columns: [
          column('record_id', concat('P', text(key()))),
          ...Object.keys(CLEAN).map((name) => column(name, col(noisy.last[name]!))),
          ...cleanColumns(),
          hidden('foreign', sample(shareLaw(FOREIGN))),
          hidden('typist', sample(shareLaw(TYPIST))),
          ...noisy.columns,
          ...ledgerColumns(slots),
        ],
        promises: [...operatorPromises(noisy), ...oddsPromises(noisy)],
      }),
      ledgerTable({
        mean: 1,
        name: 'people_changes',
        records: 'people',
        recordId: 'record_id',
        source: 'people',
        slots,
      }),
      table('ledger', {
        rows: union(8, ['people_changes', 1]),
        columns: LEDGER.map((name) => column(name, { kind: 'parent', column: name })),
      }),
    ],
  })
}

const cleanColumns = () => [
  hidden('surname_row', sample(law.vocabulary('surnames', 'weight'))),
  hidden('given_row', sample(law.vocabulary('given_names_female', 'weight'))),
  hidden('clean_first', lookup('given_names_female', col('given_row'), 'name')),
  hidden('clean_last', lookup('surnames', col('surname_row'), 'name')),
  hidden('clean_suffix', cases([[eq(sample(law.uniform(0, 3)), 0), 'Jr.']], nothing(STRING))),
  hidden('clean_born', sample(law.calendar({ start: '1930-01-01', days: 25_000 }))),
  hidden('clean_zip', text(sample(law.uniform(10_000, 99_999), { stream: 'zip' }))),
  hidden(
    'clean_phone',
    concat('212-055-', text(sample(law.uniform(1000, 9999), { stream: 'line' }))),
  ),
]

/** The plan ready to interpret, as it reads from its JSON. */
export const typedPeople = (steps: readonly NoiseStep[], count: number, seed?: number): TypedPlan =>
  resolvePlan(JSON.parse(JSON.stringify(peoplePlan(steps, count, seed))), VOCABULARIES)
