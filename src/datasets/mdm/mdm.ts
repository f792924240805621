import { formatDate } from '../../core/expr/civil.ts'
import { plan, size } from '../../core/plan/build.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { type DatasetDefinition, resolveParameters } from '../definition.ts'
import { MOST_CUSTOMERS, PARAMETERS, type Settings } from './parameters.ts'
import { fitRecipe } from './recipe.ts'
import { NOISE_VOCABULARIES, sourceNoise } from './noise/noise.ts'
import { sourceTable } from './source.ts'
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
  build: (values, inputs): Plan => {
    const settings = resolveParameters(PARAMETERS, values) as Settings
    const recipe = fitRecipe(settings, inputs)
    const noise = sourceNoise(settings, inputs)
    return plan({
      name: 'mdm',
      description: 'The records that a CRM, an ERP and a web shop have of the same customers.',
      seed: inputs.seed,
      start: formatDate(settings.start),
      asOf: formatDate(settings.asOf),
      parameters: {
        uniqueCustomers: size(recipe.volumes.customers, { min: 1, max: MOST_CUSTOMERS }),
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
          sourceTable(source(recipe), ({ name }) => noise.columns(name)),
        ),
        ...(settings.withTruth === 1
          ? [entityTable(recipe), xrefTable(recipe), hardPairTable(), ...noise.ledger]
          : []),
      ],
    })
  },
}
