import { col, parent, sample } from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { applyNoise, type Noisy } from '../../../core/noise/apply.ts'
import { ledgerColumns, ledgerSteps, ledgerTable } from '../../../core/noise/ledger.ts'
import type { Odds } from '../../../core/noise/odds.ts'
import {
  oddsPromises,
  operatorPromises,
  stepPromises,
  togetherPromise,
} from '../../../core/noise/promises.ts'
import { column, hidden, table, union } from '../../../core/plan/build.ts'
import type { Column, PlanPromise, Table } from '../../../core/plan/plan.ts'
import type { Vocabulary } from '../../../core/plan/vocabulary.ts'
import { sumOf } from '../../../core/random/math.ts'
import { rounded } from '../../calibrate.ts'
import type { BuildInputs } from '../../definition.ts'
import { foreignBornShare } from '../origin.ts'
import { PERSON_DESCRIPTIONS, PERSON_FIELDS } from '../person.ts'
import { cleanName, type Source, SOURCE_TABLES, type SourceName, SOURCES } from '../source.ts'
import { type NoiseSettings, ratesOf } from './rates.ts'
import { partColumns } from './parts.ts'
import { noiseSteps } from './steps.ts'

/** The vocabularies that noise looks up. */
export const NOISE_VOCABULARIES = [
  'accented_names',
  'given_variants_female',
  'given_variants_male',
  'keyboard',
  'scanner',
  'surname_variants',
] as const

/** Noise for each source: the columns of its table, and the ledger of all. */
export interface SourceNoise {
  readonly columns: (source: SourceName) => readonly Column[]
  readonly ledger: readonly Table[]
  /** The source with the promises of its noise: that the ledger explains every cell that differs from the truth. */
  readonly proven: (source: Source) => Source
}

/** The noise of the settings over the clean columns of every source. */
export const sourceNoise = (
  settings: NoiseSettings & { readonly asOf: number; readonly withTruth: number },
  { vocabularies }: BuildInputs,
): SourceNoise => {
  const odds = oddsOf(vocabularies)
  const noisy = Object.fromEntries(
    SOURCES.map((source) => [
      source,
      applyNoise({
        clean: Object.fromEntries(PERSON_FIELDS.map((field) => [field, cleanName(field)])),
        steps: noiseSteps({
          rate: ratesOf(settings, source),
          ...odds,
          providers: vocabularies.get('email_domains')?.rows ?? 1,
          asOf: settings.asOf,
        }),
      }),
    ]),
  ) as Record<SourceName, Noisy>
  return {
    columns: (source) => noisyColumns(noisy[source]),
    ledger: ledgerTables(noisy),
    proven: (source) => ({
      ...source,
      promises: [
        ...source.promises,
        ...(settings.withTruth === 1
          ? [
              replay(source.name, noisy[source.name]),
              ...operatorPromises(noisy[source.name]),
              ...oddsPromises(noisy[source.name]),
              ...togetherPromise(noisy[source.name], ['no_email', 'no_phone']),
            ]
          : stepPromises(noisy[source.name])),
      ],
    }),
  }
}

/** One of ten records is typed badly, three as usual, six with care; the mean factor is 1. */
const TYPISTS = { shares: [0.6, 0.3, 0.1], factors: [0.5, 1, 4] }

/** Names of people born abroad have twice the odds of a typo (splink_synthetic_data). */
const FOREIGN_FACTOR = 2

const oddsOf = (
  vocabularies: ReadonlyMap<string, Vocabulary>,
): { readonly slips: readonly Odds[]; readonly nameSlips: readonly Odds[] } => {
  const surnames = vocabularies.get('surnames')
  const abroad = surnames === undefined ? 0 : rounded(foreignBornShare(surnames))
  const typist: Odds = { name: 'typist', class: col('typist'), ...TYPISTS }
  const foreign: Odds = {
    name: 'born abroad',
    class: parent('foreign_born'),
    shares: [1 - abroad, abroad],
    factors: [1, FOREIGN_FACTOR],
  }
  return { slips: [typist], nameSlips: [typist, foreign] }
}

const noisyColumns = ({ columns, last, slots }: Noisy): readonly Column[] => [
  ...PERSON_FIELDS.map((field) =>
    column(field, col(last[field]!), { description: PERSON_DESCRIPTIONS[field] }),
  ),
  hidden(
    'typist',
    sample(law.weighted(TYPISTS.shares.map((share, typist) => [typist, share] as const))),
    { description: 'How carefully the record was typed: 0 with care, 2 badly.' },
  ),
  ...partColumns(),
  ...columns,
  ...ledgerColumns(slots),
]

const replay = (source: SourceName, noisy: Noisy): PlanPromise => ({
  kind: 'replay',
  name: 'the ledger, undone backwards, gives the true records, and played forwards these',
  source,
  record: 'record_id',
  time: 'updated_at',
  columns: PERSON_FIELDS,
  ledger: 'truth_ledger',
  links: 'truth_xref',
  truth: 'truth_entities',
  steps: ledgerSteps(noisy),
})

/** Members of the ledger by source, and the ledger of all. */
const ledgerTables = (noisy: Readonly<Record<SourceName, Noisy>>): readonly Table[] => [
  ...SOURCES.map((source) =>
    ledgerTable({
      name: `${source}_changes`,
      records: SOURCE_TABLES[source],
      recordId: 'record_id',
      source,
      slots: noisy[source].slots,
      mean: meanChanges(noisy[source]),
    }),
  ),
  table('truth_ledger', {
    description:
      'One row a cell that noise has changed, in the order of its steps: undone backwards, the rows give the true records.',
    rows: union(8, ...SOURCES.map((source, i) => [`${source}_changes`, i + 1] as const)),
    key: ['source', 'record_id', 'step', 'column'],
    columns: Object.entries(LEDGER).map(([name, description]) =>
      column(name, parent(name), { description }),
    ),
  }),
]

/** Of the cells that operators strike by their rates so many are there and read otherwise afterwards, at any difficulty. */
const SHOWN = 0.85

const meanChanges = ({ strikes }: Noisy): number =>
  Math.round(100 * SHOWN * sumOf(strikes.map(({ rate, columns }) => rate * columns.length))) / 100

const LEDGER = {
  source: 'The source: crm, erp or ecommerce.',
  record_id: 'The record, in its source.',
  step: 'The number of the step that changed the cell; steps of a record follow one another.',
  column: 'The column that changed.',
  operator: 'What happened; a swap of two fields is two rows of one step.',
  true_value: 'The value before the step, as text; null for an empty cell.',
  emitted_value: 'The value after the step.',
}
