/** Logical names: of tables, columns, parameters, streams, locals and checks. */
export const NAME = '^[A-Za-z_][A-Za-z0-9_]{0,127}$'

/** The name of a plan or of a landed table: also a folder's name, which readers of lakes skip when it begins with `_`. */
export const FOLDER = '^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$'

/** The name a column lands under: what Delta accepts without column mapping. */
export const LANDED = '^[^ ,;{}()\\n\\t=`\\u0000-\\u001f\\u007f\\ud800-\\udfff]{1,128}$'

/** Text of the basic multilingual plane without NUL. */
export const TEXT = '^[\\u0001-\\ud7ff\\ue000-\\uffff]*$'

/** The candidate that a misspelt name most likely means, if one is near. */
export const nearest = (name: string, candidates: Iterable<string>): string | undefined => {
  const wanted = name.slice(0, LONGEST).toLowerCase()
  let best: string | undefined
  let least = 1 + Math.min(MOST_EDITS, Math.max(1, Math.floor(wanted.length / 3)))
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue
    const distance = editDistance(wanted, candidate.toLowerCase(), least)
    if (distance >= least) continue
    best = candidate
    least = distance
  }
  return best
}

/** `, did you mean "x"?` when a candidate is near, else the candidates if they are few, else nothing. */
export const suggestion = (name: string, candidates: readonly string[]): string => {
  const near = nearest(name, candidates)
  if (near !== undefined) return `, did you mean ${quote(near)}?`
  if (candidates.length === 0 || candidates.length > FEW) return ''
  return `; there ${candidates.length === 1 ? 'is' : 'are'} ${candidates.join(', ')}`
}

/** A user's text for a message: quoted, and cut when it is long. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

const LONGEST = 128
const MOST_EDITS = 4
const FEW = 20

/**
 * Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), counted only within a band
 * of `limit` about the diagonal; at least `limit` when there are not fewer.
 */
const editDistance = (a: string, b: string, limit: number): number => {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i]
    let least = i
    for (let j = Math.max(1, i - limit); j <= Math.min(b.length, i + limit); j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const cheapest = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same)
      const cost = swapped ? Math.min(cheapest, at(before, j - 2) + 1) : cheapest
      row[j] = cost
      least = Math.min(least, cost)
    }
    if (least >= limit) return limit
    before = last
    last = row
  }
  return at(last, b.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity
