import { md5Hex } from '../md5.ts'

/** A view that a statement reads from: what it is called where it is read, and its SELECT. */
export interface View {
  readonly name: string
  readonly text: string
}

/** How long a statement may get, and what a view is called in it: one of a session or of a schema, by its own name. */
export interface ViewPlaces {
  readonly most: number
  readonly nameOf: (name: string) => string
}

/** A query of a statement whose text may also stand in a view. */
export interface Movable {
  readonly name: string
  readonly select: string
}

/** Queries to be named in front of a statement, and the views that these read from. */
export interface Moved {
  readonly queries: readonly Movable[]
  readonly views: readonly View[]
}

/** Named queries as they stand in front of a statement. */
export const withTexts = (queries: readonly Movable[]): readonly string[] =>
  queries.map(({ name, select }) => `${name} AS (${select})`)

/** Queries of a statement of a length, the longest in views until it is short enough. */
export const movedToViews = (
  queries: readonly Movable[],
  length: number,
  places: ViewPlaces | undefined,
): Moved => {
  const views = new Map<Movable, View>()
  let rest = length
  for (const query of queries.toSorted((a, b) => b.select.length - a.select.length)) {
    if (places === undefined || rest <= places.most) break
    const view = viewOf(query.select, places)
    const { length: short } = readFrom(view)
    if (short >= query.select.length) break
    views.set(query, view)
    rest -= query.select.length - short
  }
  return {
    queries: queries.map((query) => {
      const view = views.get(query)
      return view === undefined ? query : { ...query, select: readFrom(view) }
    }),
    views: [...views.values()],
  }
}

/** The same, and views of pieces of the statement, each with those queries in front of it that it names. */
export const cutToViews = (
  moved: Moved,
  pieces: readonly Movable[],
  places: ViewPlaces | undefined,
): Moved =>
  pieces.reduce<Moved>(({ queries, views }, { name, select }) => {
    if (places === undefined) return { queries, views }
    const front = withTexts(mentioned(queries, select))
    const text = front.length === 0 ? select : `WITH\n${front.join(',\n')}\n${select}`
    const view = viewOf(text, places)
    return {
      queries: [...queries, { name, select: readFrom(view) }],
      views: [...views, view],
    }
  }, moved)

/** Those of some queries that a text reads from. */
export const mentioned = (queries: readonly Movable[], text: string): readonly Movable[] =>
  queries.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(text))

// Named by its content, so that what other statements of the session bind is the same or elsewhere.
const viewOf = (text: string, { nameOf }: ViewPlaces): View => ({
  name: nameOf(`lakewright_${md5Hex(text).slice(0, 16)}`),
  text,
})

const readFrom = ({ name }: View): string => `SELECT * FROM ${name}`
