import { formatDate } from '../../core/expr/civil.ts'
import { plan, size } from '../../core/plan/build.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { planParameters } from '../declare.ts'
import { type DatasetDefinition, type ParameterValues, resolveParameters } from '../definition.ts'
import { PARAMETERS, type Settings } from './parameters.ts'
import { volumeNotices } from './notices.ts'
import { fitRecipe } from './recipe.ts'
import { mostCustomers } from './record-keys.ts'
import { NOISE_VOCABULARIES, sourceNoise } from './noise/noise.ts'
import { type Source, sourceTable } from './source.ts'
import { blockTable, shuffleTable } from './tables/blocks.ts'
import { crmSource } from './tables/crm.ts'
import { customerTable } from './tables/customers.ts'
import { ecommerceSource } from './tables/ecommerce.ts'
import { erpSource } from './tables/erp.ts'
import { groupTable } from './tables/groups.ts'
import { hardPairTable } from './tables/hard-pairs.ts'
import { householdTable } from './tables/households.ts'
import { identityTable, lineTable } from './tables/identities.ts'
import { residenceTable } from './tables/residences.ts'
import { entityTable } from './tables/truth-entities.ts'
import { xrefTable } from './tables/truth-xref.ts'
import { unionView } from './union-view.ts'
import { fitVolumes } from './volumes.ts'

/** The mdm dataset: one pool of customers as three systems know them, and the truth about them. */
export const mdm: DatasetDefinition = {
  name: 'mdm',
  summary: 'Customer master data: the records of three systems, with the truth behind them.',
  seed: 42,
  vocabularies: [
    'email_domains',
    'given_names_female',
    'given_names_male',
    'street_types',
    'streets',
    'surnames',
    'us_places',
    ...NOISE_VOCABULARIES,
  ],
  parameters: PARAMETERS,
  notices: (values) => {
    const settings = settingsOf(values)
    return volumeNotices(settings, fitVolumes(settings))
  },
  views: {
    union: {
      summary: 'the records of all sources, with the columns that they have in common',
      table: (parameters) => unionView({ suffix: settingsOf(parameters).tableSuffix }),
    },
  },
  examples: [
    {
      options: '--total-records 1000000 --table-suffix _scale',
      says: 'a million records of three systems, and who is behind each',
    },
    {
      options: '--unique-customers 50000 --rates as-stated --no-truth',
      says: 'the stated rates of duplicates, and the sources alone',
    },
    {
      options: '--total-records 100000 --noise typical --difficulty 7',
      says: 'realistic dirt, and more of it',
    },
  ],
  build: (values, inputs): Plan => {
    const settings = settingsOf(values)
    const recipe = fitRecipe(settings, inputs)
    const noise = sourceNoise(settings, inputs)
    return plan({
      name: 'mdm',
      description: 'The records that a CRM, an ERP and a web shop have of the same customers.',
      seed: inputs.seed,
      start: formatDate(settings.start),
      asOf: formatDate(settings.asOf),
      parameters: {
        uniqueCustomers: size(recipe.volumes.customers, {
          min: 1,
          max: mostCustomers(recipe.volumes),
        }),
        ...planParameters(LAWS, settings),
      },
      tables: [
        groupTable(),
        blockTable(),
        shuffleTable(),
        householdTable(recipe),
        residenceTable(recipe),
        customerTable(recipe),
        identityTable(),
        lineTable(),
        ...[crmSource, erpSource, ecommerceSource].map((source) =>
          sourceTable(
            noise.proven(suffixed(source(recipe), settings)),
            ({ name }) => noise.columns(name),
            recipe.volumes,
          ),
        ),
        ...(settings.withTruth === 1
          ? [entityTable(recipe), xrefTable(recipe), hardPairTable(recipe), ...noise.ledger]
          : []),
      ],
    })
  },
}

const settingsOf = (values: ParameterValues): Settings =>
  resolveParameters(PARAMETERS, values) as Settings

/** The number of customers stands in the plan as it was worked out, and the records follow from it. */
const LAWS = PARAMETERS.filter(({ role }) => role === 'law')

/** The suffix changes the name under which a table lands, never its rows. */
const suffixed = (source: Source, { tableSuffix }: Settings): Source =>
  tableSuffix === '' ? source : { ...source, as: `${source.table}${tableSuffix}` }
