import { isLakewrightError } from '../../../core/errors.ts'
import {
  unityFinding,
  unityNeeds,
  type UnityNeed,
} from '../../../core/warehouse/unity-privileges.ts'
import type { Target } from '../../../core/warehouse/target.ts'
import type { Needs, PrivilegeFinding } from '../../../core/warehouse/warehouse.ts'
import type { RestService } from '../../http/rest.ts'
import { grantsOn } from './grants.ts'
import { lookAtTable, lookAtTarget, noCatalog, schemaName, type TargetState } from './securables.ts'
import { type Asker, whoAsks } from './who.ts'

/**
 * The privileges of Unity Catalog that a run needs on a target, each with whether it is held; none where nobody has to
 * sign in. Throws dataset.missing when the catalog is not there.
 */
export const unityPrivileges = async (
  catalog: RestService,
  target: Target,
  needs: Needs,
): Promise<readonly PrivilegeFinding[]> => {
  const who = await whoAsks(catalog)
  if (who === undefined) return []
  const state = await lookAtTarget(catalog, target)
  if (state.catalog === undefined) await noCatalog(catalog, target)
  const existing = await thoseThere(catalog, target, needs.existing)
  const granted = new Map<string, Promise<ReadonlySet<string> | undefined>>()
  const findings: PrivilegeFinding[] = []
  for (const need of unityNeeds(target, { ...needs, existing }, state.schema !== undefined)) {
    const known = granted.get(need.fullName) ?? grantsOn(catalog, need, who)
    granted.set(need.fullName, known)
    const owns = await isOwner(catalog, { need, state, who })
    findings.push(unityFinding(need, { granted: await known, owns, principal: who.name }))
  }
  return findings
}

/** Of some tables those that are there, as far as they are shown. */
const thoseThere = async (
  catalog: RestService,
  target: Target,
  names: readonly string[],
): Promise<readonly string[]> => {
  const found = await Promise.all(
    names.map(async (name) =>
      lookAtTable(catalog, `${schemaName(target)}.${name}`).catch((error: unknown) => {
        if (isLakewrightError(error) && error.code === 'service.denied') return undefined
        throw error
      }),
    ),
  )
  return names.filter((_, i) => found[i] !== undefined)
}

const isOwner = async (
  catalog: RestService,
  {
    need,
    state,
    who,
  }: { readonly need: UnityNeed; readonly state: TargetState; readonly who: Asker },
): Promise<boolean> => {
  const owner = await ownerOf(catalog, need, state)
  return owner !== undefined && (owner === who.name || who.groups.includes(owner))
}

const ownerOf = async (
  catalog: RestService,
  { kind, fullName }: UnityNeed,
  state: TargetState,
): Promise<string | undefined> => {
  if (kind === 'table') return (await lookAtTable(catalog, fullName))?.owner
  const found = state[kind]
  return found === 'hidden' ? undefined : found?.owner
}
