import { fail } from '../errors.ts'
import { quote } from '../plan/names.ts'

/** Where a dataset lands in a warehouse: a schema of a catalog, or in BigQuery's words a dataset of a project. */
export type Target = {
  readonly catalog: string
  readonly schema: string
}

/** A table by its three names, unquoted. */
export interface TableName extends Target {
  readonly table: string
}

/**
 * Reads `<catalog>.<schema>`; fails with usage.option on anything else. A name with a dot or other special characters
 * stands between backquotes, a backquote in it is doubled. `what` is what was given, for the message.
 */
export const parseTarget = (text: string, what = '--target'): Target => {
  const [catalog, schema, ...more] = [...text.matchAll(PIECE)].map(nameOf)
  const whole = new RegExp(`^(?:${PIECE.source})(?:\\.(?:${PIECE.source}))$`).test(text)
  return whole && catalog !== undefined && schema !== undefined && more.length === 0
    ? { catalog, schema }
    : fail('usage.option', `${what}: expected <catalog>.<schema>, got ${quote(text)}`, {
        hint: 'A name with a dot in it stands between backquotes.',
      })
}

/** A target as people read it, and as the journal names the dataset. */
export const targetText = ({ catalog, schema }: Target): string => `${catalog}.${schema}`

/** The table in which a run builds what is to become `table`; no other run has one of that name. */
export const stagingName = (run: string, table: string): string => `lakewright_${run}_${table}`

/** The name under which a table that a run replaces waits to be dropped. */
export const retiredName = (run: string, table: string): string => `lakewright_${run}_old_${table}`

const PIECE = /`(?:[^`]|``)+`|[^`.\s]+/g

const nameOf = ([text]: RegExpMatchArray): string =>
  text.startsWith('`') ? text.slice(1, -1).replaceAll('``', '`') : text
