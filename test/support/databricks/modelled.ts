import type { Outcome } from './statements.ts'
import type { UnityWorld } from './unity.ts'

/** Tables of a catalog as statements leave them: declared columns and properties, and numbers of rows, but no rows. */
export interface Modelled {
  readonly execute: (sql: string) => Outcome
  /** Rows by full name. */
  readonly rows: Map<string, number>
  /** Informational keys and tags by full name. */
  readonly keys: Map<string, string>
  readonly tags: Map<string, string>
}

/**
 * Understands the statements that land tables at Databricks by their form alone and keeps count; what it does not
 * know is a syntax error. An insertion adds as many rows as `rowsOf` says of the table that it is for.
 */
export const modelled = (world: UnityWorld, rowsOf: (table: string) => number): Modelled => {
  const rows = new Map<string, number>()
  const keys = new Map<string, string>()
  const tags = new Map<string, string>()
  const model: Model = { world, rows, keys, tags, rowsOf }
  const execute = (sql: string): Outcome => {
    for (const { form, act } of FORMS) {
      const match = form.exec(sql)
      if (match !== null) return act(model, match) ?? DONE
    }
    return error('PARSE_SYNTAX_ERROR', '42601', `Syntax error at or near '${sql.slice(0, 60)}'.`)
  }
  return { execute, rows, keys, tags }
}

interface Model {
  readonly world: UnityWorld
  readonly rows: Map<string, number>
  readonly keys: Map<string, string>
  readonly tags: Map<string, string>
  readonly rowsOf: (table: string) => number
}

interface Form {
  readonly form: RegExp
  readonly act: (model: Model, match: RegExpExecArray) => Outcome | undefined
}

const NAME = '(`[^`]+`\\.`[^`]+`\\.`[^`]+`)'
const DONE: Outcome = { columns: [], rows: [] }

const error = (errorClass: string, sqlState: string, text: string): Outcome => ({
  code: 'BAD_REQUEST',
  message: `[${errorClass}] ${text} SQLSTATE: ${sqlState}`,
  sqlState,
})

const bare = (name: string | undefined): string => (name ?? '').replaceAll('`', '')

const pairs = (text: string | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...(text ?? '').matchAll(/'([^']*)' = '((?:[^'\\]|\\.)*)'/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll(/\\(.)/g, '$1')],
    ),
  )

const missing = (name: string): Outcome =>
  error('TABLE_OR_VIEW_NOT_FOUND', '42P01', `The table or view ${name} cannot be found.`)

/** Something that is done to a table that is there. */
const alter = (
  clause: string,
  act: (model: Model, name: string, match: RegExpExecArray) => Outcome | undefined,
): Form => ({
  form: new RegExp(`^ALTER TABLE ${NAME} ${clause}$`, 's'),
  act: (model, match) => {
    const name = bare(match[1])
    return model.world.tables.has(name) ? act(model, name, match) : missing(name)
  },
})

const number = (column: string, value: number): Outcome => ({
  columns: [{ name: column, type: 'LONG' }],
  rows: [[String(value)]],
})

const move = <T>(map: Map<string, T>, from: string, to: string): void => {
  const value = map.get(from)
  if (value === undefined) return
  map.delete(from)
  map.set(to, value)
}

/** A digest of so many rows, of which nothing else is known. */
const digestOf = (count: number): string => count.toString(16).padStart(8, '0') + 'd'.repeat(64)

/** The views of ours that a text reads from, by full name. */
const viewsIn = (text: string): readonly string[] =>
  [...text.matchAll(/FROM (`[^`]+`\.`[^`]+`\.`lakewright_\w+_view_\w+`)/g)].map(([, name]) =>
    bare(name),
  )

const FORMS: readonly Form[] = [
  {
    form: /^SELECT current_timezone\(\) AS zone$/,
    act: () => ({ columns: [{ name: 'zone', type: 'STRING' }], rows: [['Etc/UTC']] }),
  },
  {
    form: new RegExp(
      `^CREATE OR REPLACE TABLE ${NAME} \\(\\n(.*)\\n\\) USING delta.*TBLPROPERTIES \\((.*)\\)$`,
      's',
    ),
    act: ({ world, rows, keys }, [, quoted, columns = '', properties]) => {
      const name = bare(quoted)
      world.tables.set(name, {
        columns: [...columns.matchAll(/^ {2}`([^`]+)` (\w+(?:\([\d,]+\))?)/gm)].map(
          ([, column = '', type = '']) => ({ name: column, type: type.toLowerCase() }),
        ),
        properties: pairs(properties),
      })
      rows.set(name, 0)
      keys.delete(name)
      return undefined
    },
  },
  {
    form: new RegExp(
      `^INSERT INTO ${NAME} .*?(?:FROM ${NAME}\\n\\) AS made\\n)?WHERE \\(SELECT count\\(\\*\\) FROM ${NAME}\\) = (\\d+)L$`,
      's',
    ),
    act: ({ world, rows, rowsOf }, [sql, quoted, from, , before]) => {
      const name = bare(quoted)
      const lost = [name, ...viewsIn(sql)].find((each) => !world.tables.has(each))
      if (lost !== undefined) return missing(lost)
      const there = rows.get(name) ?? 0
      const table =
        name
          .split('.')
          .at(-1)
          ?.replace(/^lakewright_[^_]+_/, '') ?? ''
      const more = from === undefined ? rowsOf(table) : (rows.get(bare(from)) ?? 0)
      if (there === Number(before)) rows.set(name, there + more)
      return undefined
    },
  },
  {
    form: new RegExp(`^CREATE OR REPLACE VIEW ${NAME} AS\\n(.*)$`, 's'),
    act: ({ world }, [, name, text = '']) => {
      const lost = viewsIn(text).find((each) => !world.tables.has(each))
      if (lost !== undefined) return missing(lost)
      world.tables.set(bare(name), { columns: [], properties: {} })
      return undefined
    },
  },
  {
    form: new RegExp(`^DROP VIEW IF EXISTS ${NAME}$`),
    act: ({ world }, [, name]) => void world.tables.delete(bare(name)),
  },
  {
    form: new RegExp(`^SELECT count\\(\\*\\) AS n FROM ${NAME}$`),
    act: ({ rows }, [, name]) => number('n', rows.get(bare(name)) ?? 0),
  },
  {
    form: new RegExp(`^WITH hashes AS .*FROM \\(SELECT \\* FROM ${NAME}\\) AS landed.*$`, 's'),
    act: ({ rows }, [, name]) => ({
      columns: [
        { name: 'rows', type: 'LONG' },
        { name: 'digest', type: 'STRING' },
      ],
      rows: [[String(rows.get(bare(name)) ?? 0), digestOf(rows.get(bare(name)) ?? 0)]],
    }),
  },
  alter(`RENAME TO ${NAME}`, ({ world, rows, keys, tags }, name, match) => {
    const to = bare(match[2])
    if (world.tables.has(to))
      return error('TABLE_OR_VIEW_ALREADY_EXISTS', '42P07', `Cannot create table or view ${to}.`)
    for (const map of [rows, keys, tags]) move<string | number>(map, name, to)
    move(world.tables, name, to)
    return undefined
  }),
  alter('SET TBLPROPERTIES \\((.*)\\)', ({ world }, name, match) => {
    const table = world.tables.get(name)
    if (table === undefined) return missing(name)
    world.tables.set(name, { ...table, properties: { ...table.properties, ...pairs(match[2]) } })
    return undefined
  }),
  alter('SET TAGS \\((.*)\\)', ({ tags }, name, match) => {
    // Keys of tags may have none of these.
    const wrong = Object.keys(pairs(match[2])).find((key) => /[.,\-=/:]/.test(key))
    if (wrong !== undefined)
      return error('INVALID_PARAMETER_VALUE.INVALID_TAG', '22023', `tag key ${wrong}`)
    tags.set(name, `${tags.get(name) ?? ''}${match[2]};`)
    return undefined
  }),
  alter('DROP PRIMARY KEY IF EXISTS CASCADE', ({ keys }, name) => void keys.delete(name)),
  alter('ADD PRIMARY KEY \\((.*)\\) NOT ENFORCED', ({ keys }, name, match) => {
    if (keys.has(name)) return error('DELTA_PRIMARY_KEY_EXISTS', '42P16', name)
    keys.set(name, match[2] ?? '')
    return undefined
  }),
  alter('DROP FOREIGN KEY IF EXISTS \\(.*\\)', () => undefined),
  alter(
    `ADD FOREIGN KEY \\((.*?)\\) REFERENCES ${NAME} \\((.*?)\\) NOT ENFORCED`,
    ({ keys }, name, match) => {
      const parent = bare(match[3])
      if (keys.get(parent) === match[4]) return undefined
      return error(
        'PARENT_HAS_NO_PRIMARY_KEY',
        '42P16',
        `${name} refers to ${parent}, which has no such key.`,
      )
    },
  ),
  alter('DROP CONSTRAINT IF EXISTS `[^`]+`', () => undefined),
  alter('ADD CONSTRAINT `[^`]+` CHECK \\((.*)\\)', () => undefined),
  { form: new RegExp(`^OPTIMIZE ${NAME}(?: ZORDER BY \\(.*\\))?$`), act: () => undefined },
  {
    form: new RegExp(`^DROP TABLE IF EXISTS ${NAME}$`),
    act: ({ world, rows, keys, tags }, [, name]) => {
      for (const map of [world.tables, rows, keys, tags]) map.delete(bare(name))
      return undefined
    },
  },
]
