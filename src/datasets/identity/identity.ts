import { formatDate } from '../../core/expr/civil.ts'
import { lawParameter, plan, size } from '../../core/plan/build.ts'
import type { Parameter, Plan } from '../../core/plan/plan.ts'
import type { DatasetDefinition, ParameterValues } from '../definition.ts'
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
  build: (values, inputs): Plan => {
    const settings = readSettings(values)
    const recipe = fitRecipe(settings, inputs)
    return plan({
      name: 'identity',
      description:
        'Households, their adult members, the identifiers by which they are seen, and the ads that reach them.',
      seed: inputs.seed,
      start: formatDate(settings.start),
      asOf: formatDate(settings.asOf),
      parameters: planParameters(settings),
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

const readSettings = (values: ParameterValues): Settings =>
  Object.fromEntries(
    PARAMETERS.map((each) => [each.name, values[each.name] ?? each.default]),
  ) as Settings

/** What a reader of the plan wants to know of its parameters; dates are its anchors, choices show in its tables. */
const planParameters = (settings: Settings): Readonly<Record<string, Parameter>> =>
  Object.fromEntries(
    PARAMETERS.filter(({ kind, role }) => kind !== 'date' && role !== 'choice').map(
      ({ name, role, min, max, description }) => {
        const value = settings[name as keyof Settings]
        const options = { min, max, description }
        return [name, role === 'size' ? size(value, options) : lawParameter(value, options)]
      },
    ),
  )
