import {
  add,
  and,
  col,
  DATE,
  eq,
  ge,
  gt,
  lt,
  not,
  nothing,
  ordinal,
  or,
  isNull,
  length,
  parent,
  parentKey,
  reinterpret,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { Law } from '../../../core/expr/law.ts'
import { check, children, column, hidden, table } from '../../../core/plan/build.ts'
import type { Column, PlanPromise, Table } from '../../../core/plan/plan.ts'
import { meanOf, rounded } from '../../calibrate.ts'
import { NEVER } from '../parts.ts'
import { PERSON_DESCRIPTIONS, PERSON_FIELDS } from '../person.ts'
import type { Recipe } from '../recipe.ts'
import { SOURCE_TABLES, SOURCES } from '../source.ts'
import { clusterSizes } from '../volumes.ts'
import { countColumn } from './record-counts.ts'
import { instant, personAt } from './records.ts'
import { versionAt, versionDays } from './versions.ts'

/** Keys of a customer's versions lie so far apart. */
const CAPACITY = 8

/** truth_entities: who the customers are, in as many versions as they moved, married or changed their address. */
export const entityTable = (recipe: Recipe): Table =>
  table('truth_entities', {
    description:
      'The golden record of every customer: one row a version, valid from one move, wedding or change of e-mail address to the next.',
    rows: children('customers', CAPACITY, col('versions')),
    key: ['entity_id', 'valid_from'],
    columns: [...golden(recipe), ...validity(recipe)],
    checks: [
      check(
        'truth_entities_validity',
        or(isNull(col('valid_to')), lt(col('valid_from'), col('valid_to'))),
      ),
      check('truth_entities_sex', or(eq(col('sex'), 'F'), eq(col('sex'), 'M'))),
      check(
        'truth_entities_place',
        and(eq(length(col('state')), 2), eq(length(col('zip_code')), 5)),
      ),
      check('truth_entities_records', ge(col('cluster_size'), 1)),
    ],
    promises: promises(recipe),
  })

const golden = (recipe: Recipe): readonly Column[] => {
  const fields = personAt(
    {
      customer: parent,
      customerKey: parentKey(),
      address: col('address'),
      identity: col('identity'),
    },
    recipe,
  )
  return [
    column('entity_id', parentKey(), { description: 'Number of the customer.' }),
    column('household_id', parent('household'), {
      description: 'The household: the number of its first customer.',
    }),
    ...PERSON_FIELDS.map((field) =>
      column(field, fields[field], { description: PERSON_DESCRIPTIONS[field] }),
    ),
    ...SOURCES.map((source) =>
      column(countColumn(source), parent(countColumn(source)), {
        description: `Records of the customer in ${SOURCE_TABLES[source]}.`,
      }),
    ),
    column('cluster_size', clusterSize(), {
      description: 'Records of the customer in all sources.',
    }),
    column('created_at', instant(parent('created_day'), parent('created_second')), {
      description: 'When the person became a customer (UTC).',
    }),
    column('updated_at', updated(), {
      description: 'When this version came to be (UTC): as a customer, or on the day of a change.',
    }),
  ]
}

const updated = (): Expr =>
  when(
    eq(ordinal(), 0),
    instant(parent('created_day'), parent('created_second')),
    instant(col('from_day'), 0),
  )

const validity = ({ settings }: Recipe): readonly Column[] => {
  const { address, identity } = versionAt(ordinal(), parent)
  const days = versionDays({ address: col('address'), identity: col('identity') }, parent)
  const dateOf = (day: Expr): Expr => reinterpret(add(settings.start, day), DATE)
  return [
    column('valid_from', dateOf(col('from_day')), { description: 'First day of the version.' }),
    column('valid_to', when(eq(col('to_day'), NEVER), nothing(DATE), dateOf(col('to_day'))), {
      description: 'The day on which the next version begins; null for the last one.',
    }),
    hidden('address', address),
    hidden('identity', identity),
    hidden('from_day', days.from),
    hidden('to_day', days.to),
  ]
}

const clusterSize = (): Expr =>
  SOURCES.map((source) => col(countColumn(source))).reduce((sum, each) => add(sum, each))

const IS_LAST = isNull(col('valid_to'))

const promises = ({ settings, volumes }: Recipe): readonly PlanPromise[] => [
  {
    kind: 'unique',
    name: 'versions of a customer begin on different days',
    columns: ['entity_id', 'valid_from'],
  },
  {
    kind: 'disjoint',
    name: 'versions of a customer follow one another',
    by: ['entity_id'],
    from: 'valid_from',
    to: 'valid_to',
    where: not(IS_LAST),
  },
  {
    kind: 'distribution',
    name: 'clusters have the expected sizes',
    column: 'cluster_size',
    law: sizesLaw(clusterSizes(volumes, SOURCES)),
    tolerance: 0.01,
    unit: 'customers',
  },
  ...SOURCES.flatMap((source): readonly PlanPromise[] => {
    const count = col(countColumn(source))
    return [
      {
        kind: 'rate',
        name: `customers that the ${source} table knows`,
        of: gt(count, 0),
        among: IS_LAST,
        asked: settings[`${source}Coverage`],
        tolerance: 0.002,
        unit: 'customers',
      },
      {
        kind: 'mean',
        name: `records of a customer that the ${source} table knows`,
        of: count,
        among: and(IS_LAST, gt(count, 0)),
        asked: rounded(1 + meanOf(volumes.counts[source])),
        tolerance: 0.005,
        unit: 'customers',
      },
    ]
  }),
]

const sizesLaw = (probabilities: readonly number[]): Law =>
  law.weighted(probabilities.flatMap((p, size) => (p > 0 ? [[size, rounded(p)] as const] : [])))
