import { col, sample } from '../../../core/expr/build.js'
import { law } from '../../../core/expr/build-law.js'
import { children, column } from '../../../core/plan/build.js'
import { MOST_RECORDS } from '../record-id.js'
import { SOURCE_TABLES } from '../source.js'
import { cleanColumns, timeColumns } from './records.js'
/** raw_crm_customers: the customers that sales knows. */
export const crmSource = (recipe) => ({
  name: 'crm',
  table: SOURCE_TABLES.crm,
  description: 'Customers as the CRM knows them: one row a record, some customers twice.',
  rows: children('customers', MOST_RECORDS, col('crm_records')),
  clean: cleanColumns(recipe),
  times: timeColumns(recipe),
  own: [
    column('lead_source', sample(LEAD_SOURCES), { description: 'How the customer was found.' }),
    column('deal_stage', sample(DEAL_STAGES), { description: 'How far the sale has come.' }),
  ],
  checks: [],
  promises: [],
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
