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

/** The queries of a statement, the longest in views until it is short enough: as text, and those views. */
export const movedToViews = (
  queries: readonly Movable[],
  length: number,
  places: ViewPlaces | undefined,
): { readonly texts: readonly string[]; readonly views: readonly View[] } => {
  const views = new Map<Movable, View>()
  let rest = length
  for (const query of queries.toSorted((a, b) => b.select.length - a.select.length)) {
    if (places === undefined || rest <= places.most) break
    // Named by its content, so that what other statements of the session bind is the same or elsewhere.
    const name = places.nameOf(`lakewright_${md5Hex(query.select).slice(0, 16)}`)
    const moved = `SELECT * FROM ${name}`
    if (moved.length >= query.select.length) break
    views.set(query, { name, text: query.select })
    rest -= query.select.length - moved.length
  }
  const texts = queries.map((query) => {
    const view = views.get(query)
    return `${query.name} AS (${view === undefined ? query.select : `SELECT * FROM ${view.name}`})`
  })
  return { texts, views: [...views.values()] }
}
