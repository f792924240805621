import { readFileSync } from 'node:fs'
import { col, concat, key, lookup, sample, text } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { applyNoise } from '../../../src/core/noise/apply.ts'
import { ledgerColumns, ledgerTable } from '../../../src/core/noise/ledger.ts'
import type { NoiseStep } from '../../../src/core/noise/model.ts'
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
    'surnames',
    'surname_variants',
    'given_names_female',
    'given_variants_female',
    'given_variants_male',
    'keyboard',
    'scanner',
  ].map((name) => [name, vocabulary(name)]),
)

/** Columns that noise may change, by the hidden column with their true values. */
export const CLEAN = {
  first: 'clean_first',
  last: 'clean_last',
  born: 'clean_born',
  zip: 'clean_zip',
  phone: 'clean_phone',
} as const

/** People with a few true columns, what noise makes of them, and its ledger. */
export const peoplePlan = (steps: readonly NoiseStep[], count: number, seed = 7): Plan => {
  const noisy = applyNoise({ clean: CLEAN, steps })
  return plan({
    name: 'people',
    seed,
    tables: [
      table('people', {
        rows: range(count),
        columns: [
          column('record_id', concat('P', text(key()))),
          ...Object.keys(CLEAN).map((name) => column(name, col(noisy.last[name]!))),
          hidden('surname_row', sample(law.vocabulary('surnames', 'weight'))),
          hidden('given_row', sample(law.vocabulary('given_names_female', 'weight'))),
          hidden('clean_first', lookup('given_names_female', col('given_row'), 'name')),
          hidden('clean_last', lookup('surnames', col('surname_row'), 'name')),
          hidden('clean_born', sample(law.calendar({ start: '1930-01-01', days: 25_000 }))),
          hidden('clean_zip', text(sample(law.uniform(10_000, 99_999), { stream: 'zip' }))),
          hidden(
            'clean_phone',
            concat('212-055-', text(sample(law.uniform(1000, 9999), { stream: 'line' }))),
          ),
          hidden(
            'foreign',
            sample(
              law.weighted([
                [0, 0.86],
                [1, 0.14],
              ]),
            ),
          ),
          hidden(
            'typist',
            sample(
              law.weighted([
                [0, 0.6],
                [1, 0.3],
                [2, 0.1],
              ]),
            ),
          ),
          ...noisy.columns,
          ...ledgerColumns(noisy.slots),
        ],
      }),
      ledgerTable({
        name: 'people_changes',
        records: 'people',
        recordId: 'record_id',
        source: 'people',
        slots: noisy.slots,
      }),
      table('ledger', {
        rows: union(8, ['people_changes', 1]),
        columns: [
          'source',
          'record_id',
          'step',
          'column',
          'operator',
          'true_value',
          'emitted_value',
        ].map((name) => column(name, { kind: 'parent', column: name })),
      }),
    ],
  })
}

/** The plan ready to interpret, as it reads from its JSON. */
export const typedPeople = (steps: readonly NoiseStep[], count: number, seed?: number): TypedPlan =>
  resolvePlan(JSON.parse(JSON.stringify(peoplePlan(steps, count, seed))), VOCABULARIES)
