import { fail } from '../../core/errors.ts'

/** Pages that any question is answered in at most; a service that gives more goes in circles. */
const MOST_PAGES = 10_000

/**
 * Takes the tokens of next pages as a service gives them, and gives each back, undefined for none and for an empty one.
 * Fails with service.failed when one comes again, so that no list is read for ever.
 */
export const pageTokens = (
  service: string,
): ((token: string | undefined) => string | undefined) => {
  const seen = new Set<string>()
  return (token) => {
    if (token === undefined || token === '') return undefined
    if (seen.has(token) || seen.size >= MOST_PAGES)
      fail('service.failed', `${service} gives pages of a list without end`)
    seen.add(token)
    return token
  }
}
