import { fail } from '../../../core/errors.ts'
import type { Json } from '../../../core/ports.ts'
import { ask, isObject, type RestService } from '../../http/rest.ts'

/** The names under which privileges may have been granted to who asks. */
export interface Asker {
  /** A user's address or a service principal's id. */
  readonly name: string
  readonly groups: readonly string[]
}

/**
 * Who the token stands for, as the workspace or else the open-source server says; undefined where no sign-in is asked
 * for, so that everything is allowed.
 */
export const whoAsks = async (catalog: RestService): Promise<Asker | undefined> => {
  for (const { path, accept } of PLACES) {
    const answer = await ask(catalog, {
      method: 'GET',
      path,
      headers: { accept: 'application/json, application/scim+json' },
      accept,
    })
    if (answer.status === 200) return asker(answer.json)
  }
  return undefined
}

/** A workspace has the first. The open-source server where nobody signs in says 500 at its own. */
const PLACES = [
  { path: '/api/2.0/preview/scim/v2/Me', accept: [404] },
  { path: '/api/1.0/unity-control/scim2/Me', accept: [400, 404, 500] },
] as const

const asker = (json: Json | undefined): Asker => {
  const fields = isObject(json) ? json : {}
  const emails = texts(fields['emails'], 'value')
  const name = fields['userName'] ?? emails[0]
  if (typeof name !== 'string') {
    return fail('service.failed', 'the catalog does not say who the token stands for')
  }
  // Everybody is in this group, which no list of groups names.
  return { name, groups: [...texts(fields['groups'], 'display'), 'account users'] }
}

const texts = (list: Json | undefined, field: string): readonly string[] =>
  (Array.isArray(list) ? (list as readonly Json[]) : []).flatMap((each) => {
    const value = isObject(each) ? each[field] : undefined
    return typeof value === 'string' ? [value] : []
  })
