import { type DialectName, dialectNamed } from '../../core/sql/dialects.ts'
import { PERSON_FIELDS } from './person.ts'
import { SOURCE_TABLES, SOURCES } from './source.ts'

/** The columns that all sources have, in the order of the view, behind its column `source`. */
export const UNION_COLUMNS = ['record_id', ...PERSON_FIELDS, 'created_at', 'updated_at'] as const

/** The view's name; the suffix of the tables stands behind it too. */
const UNION_VIEW = 'raw_customers'

/**
 * A statement that makes a view of all records of the three sources: their common columns, and `source` with crm, erp
 * or ecommerce. Tables and view stand in `schema`, whose parts are separated by dots.
 */
export const unionViewSql = (
  dialect: DialectName,
  { suffix, schema }: { readonly suffix: string; readonly schema?: string },
): string => {
  const quote = dialectNamed(dialect).quoteIdentifier
  const placed = (table: string): string =>
    [...(schema === undefined ? [] : schema.split('.')), `${table}${suffix}`].map(quote).join('.')
  const columns = UNION_COLUMNS.map(quote).join(', ')
  const selects = SOURCES.map(
    (source) =>
      `SELECT '${source}' AS ${quote('source')}, ${columns}\nFROM ${placed(SOURCE_TABLES[source])}`,
  )
  return `CREATE OR REPLACE VIEW ${placed(UNION_VIEW)} AS\n${selects.join('\nUNION ALL\n')};\n`
}
