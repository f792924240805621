import { readFileSync } from 'node:fs'

/** The example query of docs/digest.md, for a table t(id bigint, name varchar, born date, ok boolean). */
export const sqlExample = (): string => {
  const doc = readFileSync(new URL('../../docs/digest.md', import.meta.url), 'utf8')
  const query = /```sql\n([^`]*)```/.exec(doc)?.[1]
  if (query === undefined) throw new Error('docs/digest.md has no SQL example')
  return query
}
