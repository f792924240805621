import { formatDate } from '../../core/expr/civil.ts'
import { plan } from '../../core/plan/build.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { planParameters } from '../declare.ts'
import { type DatasetDefinition, resolveParameters } from '../definition.ts'
import { PARAMETERS, type Settings } from './parameters.ts'
import { fitRecipe } from './recipe.ts'
import { campaignTable } from './tables/campaigns.ts'
import { exposureTable } from './tables/exposures.ts'
import { householdTable } from './tables/households.ts'
import { mappingTable, slotTable } from './tables/identity-mappings.ts'
import { individualTable } from './tables/individuals.ts'
import { responseTable } from './tables/response-events.ts'
import { contactTable, edgeTable } from './tables/truth.ts'

/** The identity dataset: households, their members and the identifiers by which ads reach them. */
export const identity: DatasetDefinition = {
  name: 'identity',
  summary:
    'An identity graph: households, people, their identifiers, campaigns, exposures and responses.',
  seed: 42,
  vocabularies: [
    'advertisers',
    'campaign_words',
    'email_domains',
    'given_names_female',
    'given_names_male',
    'surnames',
    'us_ages',
    'us_places',
  ],
  parameters: PARAMETERS,
  examples: [
    {
      options: '--households 1000000 --to lake',
      says: 'six linked Delta tables below lake/lakewright/identity',
    },
    {
      options: '--households 2000000 --mode append',
      says: 'adds the second million; the first stays as it is',
    },
    {
      options: '--email-rate 0.7 --mode merge',
      says: 'replaces the files whose rows change, and leaves the others',
    },
  ],
  build: (values, inputs): Plan => {
    const settings = resolveParameters(PARAMETERS, values) as Settings
    const recipe = fitRecipe(settings, inputs)
    return plan({
      name: 'identity',
      description:
        'Households, their adult members, the identifiers by which they are seen, and the ads that reach them.',
      seed: inputs.seed,
      start: formatDate(settings.start),
      asOf: formatDate(settings.asOf),
      parameters: planParameters(PARAMETERS, settings),
      tables: [
        householdTable(recipe),
        individualTable(recipe),
        slotTable(),
        mappingTable(recipe),
        campaignTable(recipe),
        exposureTable(recipe),
        responseTable(),
        ...(settings.withTruth === 1 ? [edgeTable()] : []),
        ...(settings.withContacts === 1 ? [contactTable()] : []),
      ],
    })
  },
}
