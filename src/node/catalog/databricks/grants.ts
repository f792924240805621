import type { Json } from '../../../core/ports.ts'
import { pageTokens } from '../../http/pages.ts'
import { ask, isObject, type RestAnswer, type RestService } from '../../http/rest.ts'
import { UNITY } from './securables.ts'
import type { Asker } from './who.ts'

/** Something that privileges are granted on, such as a schema by its full name. */
export interface Securable {
  readonly kind: 'catalog' | 'schema' | 'table' | 'volume'
  readonly fullName: string
}

/**
 * The privileges that someone holds on something, by own and group grants and inherited from what it lies in; names
 * have blanks (`USE CATALOG`). Undefined when nobody may tell.
 */
export const grantsOn = async (
  catalog: RestService,
  securable: Securable,
  who: Asker,
): Promise<ReadonlySet<string> | undefined> => {
  const names = new Set([who.name, ...who.groups].map((name) => name.toLowerCase()))
  const effective = await assignments(catalog, 'effective-permissions', { securable, who })
  if (effective !== 'absent') return effective && privilegesOf(effective, names)
  const held = new Set<string>()
  for (const each of [...parentsOf(securable), securable]) {
    const own = await assignments(catalog, 'permissions', { securable: each, who })
    if (own === undefined) return undefined
    if (own !== 'absent') for (const privilege of privilegesOf(own, names)) held.add(privilege)
  }
  return held
}

/** What a securable lies in, outermost first. */
const parentsOf = ({ fullName }: Securable): readonly Securable[] => {
  const [catalog = '', schema, table] = fullName.split(SEPARATOR)
  return [
    ...(schema === undefined ? [] : [{ kind: 'catalog' as const, fullName: catalog }]),
    ...(table === undefined
      ? []
      : [{ kind: 'schema' as const, fullName: [catalog, schema].join(SEPARATOR) }]),
  ]
}

const SEPARATOR = '.'

interface Asked {
  readonly securable: Securable
  readonly who: Asker
}

/**
 * Everything granted on a securable; where the asker may only see own grants, those. `absent` when the server does not
 * offer this or has no such securable; undefined when it may not be told.
 */
const assignments = async (
  catalog: RestService,
  kind: 'effective-permissions' | 'permissions',
  { securable, who }: Asked,
): Promise<readonly Json[] | 'absent' | undefined> => {
  const all = await pages(catalog, kind, { securable })
  if (all !== undefined) return all
  const found: Json[] = []
  for (const principal of [who.name, ...who.groups]) {
    const own = await pages(catalog, kind, { securable, principal })
    if (own === 'absent') return own
    if (own === undefined && principal === who.name) return undefined
    found.push(...(own ?? []))
  }
  return found
}

const pages = async (
  catalog: RestService,
  kind: string,
  { securable, principal }: { readonly securable: Securable; readonly principal?: string },
): Promise<readonly Json[] | 'absent' | undefined> => {
  const path = `${UNITY}/${kind}/${securable.kind}/${encodeURIComponent(securable.fullName)}`
  const found: Json[] = []
  const turn = pageTokens(catalog.name)
  // The open-source server says 500 to addresses that it does not know.
  const accept = [400, 403, 404, ...(kind === 'permissions' ? [] : [500, 501])]
  for (let token: string | undefined; ;) {
    const query = { max_results: '0', principal, page_token: token }
    const answer = await ask(catalog, { method: 'GET', path, query, accept })
    if (answer.status === 403) return undefined
    if (answer.status !== 200) return 'absent'
    const { assigned, next } = pageOf(answer)
    found.push(...assigned)
    token = turn(next)
    if (token === undefined) return found
  }
}

const pageOf = ({
  json,
}: RestAnswer): { readonly assigned: readonly Json[]; readonly next?: string } => {
  const fields = isObject(json) ? json : {}
  const next = fields['next_page_token']
  return {
    assigned: listOf(fields['privilege_assignments']),
    ...(typeof next === 'string' && next !== '' ? { next } : {}),
  }
}

const privilegesOf = (assigned: readonly Json[], names: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    assigned.flatMap((each) => {
      if (!isObject(each) || typeof each['principal'] !== 'string') return []
      if (!names.has(each['principal'].toLowerCase())) return []
      return listOf(each['privileges']).flatMap(privilegeName)
    }),
  )

/** A privilege is a text, or an object that also tells where it is inherited from. */
const privilegeName = (value: Json): readonly string[] => {
  const name = isObject(value) ? value['privilege'] : value
  return typeof name === 'string' ? [name.replaceAll('_', ' ')] : []
}

const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : []
