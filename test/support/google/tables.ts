import type { Json } from '../../../src/core/ports.ts'
import type { GoogleWorld, QueryResult } from './world.ts'

const NAME = '`[^`]+`\\.`[^`]+`\\.`[^`]+`'

/**
 * A handler of statements that keeps tables as the landing of BigQuery makes them: created, filled with `rows` rows an
 * insertion, renamed, labelled, counted, digested and dropped. Everything else is an error. The digest is that of so many
 * rows, and another one of a table that a test has marked as `changed`.
 */
export const tableStatements = (
  world: Pick<GoogleWorld, 'tables'>,
  rows: number,
): ((sql: string) => QueryResult) => {
  const { tables } = world
  const counts = new Map<string, number>()
  const there = (name: string): string => {
    if (!tables.has(name)) throw new Error(`Not found: Table ${name}`)
    return name
  }
  const forms: readonly (readonly [RegExp, (...groups: string[]) => QueryResult])[] = [
    [
      new RegExp(`^CREATE OR REPLACE TABLE (${NAME}) \\(\\n(.*?)\\n\\)(.*)$`, 's'),
      (name, columns, rest) => {
        tables.set(short(name), { schema: { fields: fieldsOf(columns) }, labels: labelsOf(rest) })
        counts.set(short(name), 0)
        return {}
      },
    ],
    [
      new RegExp(`^INSERT INTO (${NAME}) (.*) = (\\d+)$`, 's'),
      (name, query, before) => {
        for (const view of viewsIn(query)) there(view)
        const has = counts.get(there(short(name))) ?? 0
        if (has === Number(before)) counts.set(short(name), has + rows)
        return {}
      },
    ],
    [
      new RegExp(`^CREATE OR REPLACE VIEW (${NAME}) AS\\n(.*)$`, 's'),
      (name, text) => {
        for (const view of viewsIn(text)) there(view)
        tables.set(short(name), {})
        return {}
      },
    ],
    [
      new RegExp(`^DROP VIEW IF EXISTS (${NAME})$`),
      (name) => {
        tables.delete(there(short(name)))
        return {}
      },
    ],
    [
      new RegExp(`^SELECT count\\(\\*\\) AS n FROM (${NAME})$`),
      (name) => ({
        fields: [{ name: 'n', type: 'INTEGER' }],
        rows: [[String(counts.get(there(short(name))))]],
      }),
    ],
    [
      new RegExp(`^WITH hashes AS .*FROM \\(SELECT \\* FROM (${NAME})\\) AS landed`, 's'),
      (name) => {
        const count = counts.get(there(short(name))) ?? 0
        const filler = tables.get(short(name))?.['changed'] === true ? 'e' : 'd'
        return {
          fields: [
            { name: 'rows', type: 'INTEGER' },
            { name: 'digest', type: 'STRING' },
          ],
          rows: [[String(count), count.toString(16).padStart(8, '0') + filler.repeat(64)]],
        }
      },
    ],
    [
      new RegExp(
        `^ALTER TABLE ${NAME} DROP PRIMARY KEY IF EXISTS;\\nALTER TABLE (${NAME}) RENAME TO \`([^\`]+)\`$`,
      ),
      (from, to) => {
        const name = `${short(from).split('.')[0]}.${to}`
        if (tables.has(name)) throw new Error(`Already Exists: Table ${name}`)
        tables.set(name, tables.get(there(short(from))) ?? {})
        counts.set(name, counts.get(short(from)) ?? 0)
        tables.delete(short(from))
        return {}
      },
    ],
    [
      new RegExp(`^ALTER TABLE (${NAME}) SET OPTIONS \\((.*)\\)$`, 's'),
      (name, options) => {
        tables.set(there(short(name)), { ...tables.get(short(name)), labels: labelsOf(options) })
        return {}
      },
    ],
    [
      new RegExp(`^DROP TABLE IF EXISTS (${NAME})$`),
      (name) => {
        tables.delete(short(name))
        return {}
      },
    ],
    [/^IF NOT EXISTS \(SELECT 1 FROM .*ADD PRIMARY KEY/s, () => ({})],
    [new RegExp(`^ALTER TABLE ${NAME} ADD CONSTRAINT IF NOT EXISTS `), () => ({})],
  ]
  return (sql) => {
    for (const [form, run] of forms) {
      const found = form.exec(sql)
      if (found === null) continue
      try {
        return run(...found.slice(1))
      } catch (error) {
        return { reason: 'notFound', message: String(error) }
      }
    }
    return { reason: 'invalidQuery', message: `Syntax error: ${sql.slice(0, 80)}` }
  }
}

/** `dataset.table` of a full name. */
const short = (name: string): string => name.replaceAll('`', '').split('.').slice(1).join('.')

/** The views of ours that a text reads from. */
const viewsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`[^`]+`\.`[^`]+`\.`lakewright_\w+_view_\w+`/g)].map(([name]) => short(name))

/** The columns of a CREATE statement as a table's resource has them. */
export const fieldsOf = (columns: string): Json[] =>
  [...columns.matchAll(/^ {2}`([^`]+)` (\w+)(?:\((\d+), (\d+)\))?/gm)].map(
    ([, name = '', type = '', precision, scale]) => ({
      name,
      type,
      ...(precision === undefined ? {} : { precision, scale: scale ?? '0' }),
    }),
  )

const labelsOf = (options: string): Json =>
  Object.fromEntries(
    [...options.matchAll(/\('([^']*)', '([^']*)'\)/g)].map(([, key = '', value = '']) => [
      key,
      value,
    ]),
  )
