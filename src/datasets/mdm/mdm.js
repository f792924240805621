import { formatDate } from '../../core/expr/civil.js'
import { plan, size } from '../../core/plan/build.js'
import { MOST_CUSTOMERS, PARAMETERS, readSettings } from './parameters.js'
import { fitRecipe } from './recipe.js'
import { noNoise, sourceTable } from './source.js'
import { crmSource } from './tables/crm.js'
import { customerTable } from './tables/customers.js'
import { groupTable } from './tables/groups.js'
import { householdTable } from './tables/households.js'
import { identityTable, lineTable } from './tables/identities.js'
import { residenceTable } from './tables/residences.js'
/** The mdm dataset: one pool of customers as three systems know them, and the truth about them. */
export const mdm = {
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
  ],
  parameters: PARAMETERS,
  build: (values, inputs) => {
    const settings = readSettings(values)
    const recipe = fitRecipe(settings, inputs)
    return plan({
      name: 'mdm',
      description: 'The records that a CRM, an ERP and a web shop have of the same customers.',
      seed: inputs.seed,
      start: formatDate(settings.start),
      asOf: formatDate(settings.asOf),
      parameters: {
        uniqueCustomers: size(recipe.customers, { min: 1, max: MOST_CUSTOMERS }),
      },
      tables: [
        groupTable(),
        householdTable(recipe),
        residenceTable(recipe),
        customerTable(recipe),
        identityTable(),
        lineTable(),
        sourceTable(crmSource(recipe), noNoise),
      ],
    })
  },
}
