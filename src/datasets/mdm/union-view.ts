import type { DerivedTable } from '../../core/warehouse/derived.ts'
import { PERSON_FIELDS } from './person.ts'
import { SOURCE_TABLES, SOURCES } from './source.ts'

/** The columns that all sources have, in the order of the view, behind its column `source`. */
export const UNION_COLUMNS = ['record_id', ...PERSON_FIELDS, 'created_at', 'updated_at'] as const

/** The view's name; the suffix of the tables stands behind it too. */
const UNION_VIEW = 'raw_customers'

/** All records of the three sources: their common columns, and `source` with crm, erp or ecommerce. */
export const unionView = ({ suffix }: { readonly suffix: string }): DerivedTable => ({
  name: `${UNION_VIEW}${suffix}`,
  streams: true,
  query: ({ quoteIdentifier: quote, quoteString }, read) => {
    const columns = UNION_COLUMNS.map(quote).join(', ')
    return SOURCES.map(
      (source) =>
        `SELECT ${quoteString(source)} AS ${quote('source')}, ${columns}\nFROM ${read(`${SOURCE_TABLES[source]}${suffix}`)}`,
    ).join('\nUNION ALL\n')
  },
})
