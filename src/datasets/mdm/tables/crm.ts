import { col, sample } from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { children, column } from '../../../core/plan/build.ts'
import { MOST_RECORDS } from '../record-keys.ts'
import type { Recipe } from '../recipe.ts'
import { type Source, SOURCE_TABLES } from '../source.ts'
import { countColumn } from './record-counts.ts'
import { cleanColumns, timeColumns } from './records.ts'

/** raw_crm_customers: the customers that sales knows. */
export const crmSource = (recipe: Recipe): Source => ({
  name: 'crm',
  table: SOURCE_TABLES.crm,
  description: 'Customers as the CRM knows them: one row a record, some customers twice.',
  rows: children('customers', MOST_RECORDS, col(countColumn('crm'))),
  clean: cleanColumns(recipe),
  times: timeColumns(recipe),
  own: [
    column('lead_source', sample(LEAD_SOURCES), { description: 'How the customer was found.' }),
    column('sales_rep', sample(SALES_REPS), { description: 'Who looks after the customer.' }),
    column('deal_stage', sample(DEAL_STAGES), { description: 'How far the sale has come.' }),
  ],
  checks: [],
  promises: [
    {
      kind: 'distribution',
      name: 'lead sources have their shares',
      column: 'lead_source',
      tolerance: 0.005,
    },
    {
      kind: 'distribution',
      name: 'deal stages have their shares',
      column: 'deal_stage',
      tolerance: 0.005,
    },
  ],
})

const LEAD_SOURCES = law.weighted({
  Web: 31,
  Referral: 22,
  'Trade Show': 9,
  'Cold Call': 8,
  'E-mail Campaign': 14,
  Partner: 9,
  Advertisement: 7,
})

const DEAL_STAGES = law.weighted({
  Prospecting: 18,
  Qualification: 15,
  Proposal: 13,
  Negotiation: 9,
  'Closed Won': 32,
  'Closed Lost': 13,
})

/** Sales people, who look after unlike numbers of customers. */
const SALES_REPS = law.weighted(
  [
    'Alicia Moreno',
    'Ben Whitfield',
    'Carla Jennings',
    'Deepa Raman',
    'Elliot Brandt',
    'Fiona Gallagher',
    'Greg Sandoval',
    'Hannah Oyelaran',
    'Ivan Petrov',
    'Jasmine Cole',
    'Kyle Nakamura',
    'Lena Fischer',
    'Marcus Reed',
    'Nadia Haddad',
    'Oscar Lindqvist',
    'Priya Desai',
    'Quentin Hayes',
    'Rosa Delgado',
    'Sam Whitaker',
    'Tessa Lombardi',
  ].map((name, i) => [name, 60 - 2 * i] as const),
)
