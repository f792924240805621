import { md5Hex } from '../md5.ts'

/** A view that a statement reads from: what it is called where it is read, and its SELECT. */
export interface View {
  readonly name: string
  readonly text: string
}

/** Characters of a statement from which its lists and inner layers are views, which are shorter than that. */
export const LONG_STATEMENT = 150_000

/** How long a statement may get, and what a view is called in it: one of a session or of a schema, by its own name. */
export interface ViewPlaces {
  readonly most: number
  readonly nameOf: (name: string) => string
}

/** Views that end with the session, or tables' neighbours in a schema. */
export type ViewKind = 'TEMPORARY VIEW' | 'VIEW'

/** Views of a session under names of their own: for files of statements, which share one. */
export const SESSION_VIEWS: ViewPlaces = {
  most: LONG_STATEMENT,
  nameOf: (name) => `lakewright_view_${name}`,
}

/** Makes a view; one of that name is replaced. */
export const makeView = (kind: ViewKind, { name, text }: View): string =>
  `CREATE OR REPLACE ${kind} ${name} AS\n${text}`

/** Removes a view of either kind; absent is fine. */
export const dropView = ({ name }: View): string => `DROP VIEW IF EXISTS ${name}`

/** A large list by the name of its column. */
export interface NamedList {
  readonly name: string
  readonly text: string
}

/** A view of one row, and the lists that are its columns. */
export interface ListView {
  readonly view: View
  readonly names: readonly string[]
}

/** Lists in as few views as the length of a statement allows, in their order. */
export const packed = (lists: readonly NamedList[], places: ViewPlaces): readonly ListView[] => {
  const groups: NamedList[][] = []
  let length = Infinity
  for (const list of lists) {
    const own = list.text.length + list.name.length + BETWEEN
    if (length + own > places.most) {
      groups.push([])
      length = 0
    }
    length += own
    groups.at(-1)?.push(list)
  }
  return groups.map((group) => ({
    view: viewOf(
      `SELECT\n${group.map(({ name, text }) => `  ${text} AS ${name}`).join(',\n')}`,
      places,
    ),
    names: group.map(({ name }) => name),
  }))
}

/** The characters around a list and its name. */
const BETWEEN = 8

/** A view named by its content, so that what other statements of the session or schema read is the same or elsewhere. */
export const viewOf = (text: string, { nameOf }: ViewPlaces): View => ({
  name: nameOf(md5Hex(text).slice(0, 16)),
  text,
})
