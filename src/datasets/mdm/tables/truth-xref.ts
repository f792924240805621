import { col, eq, ordinal, parent, sub } from '../../../core/expr/build.ts'
import { sumOf } from '../../../core/random/math.ts'
import { column, table, union } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { rounded } from '../../calibrate.ts'
import { entryOf } from '../../expressions.ts'
import type { Recipe } from '../recipe.ts'
import { SOURCE_TABLES, SOURCES } from '../source.ts'

/** truth_xref: who is behind every record of every source. */
export const xrefTable = ({ volumes }: Recipe): Table => {
  const total = sumOf(SOURCES.map((source) => volumes.records[source]))
  return table('truth_xref', {
    description: 'One row a record of a source: the customer behind it.',
    rows: union(
      SOURCES.length + 1,
      ...SOURCES.map((source, i) => [SOURCE_TABLES[source], i + 1] as const),
    ),
    key: ['source', 'record_id'],
    columns: [
      column('source', entryOf(sub(ordinal(), 1), SOURCES), {
        description: 'crm, erp or ecommerce.',
      }),
      column('record_id', parent('record_id'), { description: 'The record in that source.' }),
      column('entity_id', parent('entity_id'), { description: 'The customer behind it.' }),
    ],
    references: [{ columns: ['entity_id'], table: 'truth_entities', to: ['entity_id'] }],
    promises: [
      { kind: 'unique', name: 'a record stands once', columns: ['source', 'record_id'] },
      ...SOURCES.map((source) => ({
        kind: 'rate' as const,
        name: `records that are of the ${source} table`,
        of: eq(col('source'), source),
        asked: rounded(volumes.records[source] / total),
        tolerance: 0.005,
      })),
    ],
  })
}
