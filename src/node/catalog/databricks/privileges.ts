import { fail, isLakewrightError } from '../../../core/errors.ts'
import { SPARK } from '../../../core/sql/spark.ts'
import {
  unityFinding,
  unityNeeds,
  type UnityNeed,
} from '../../../core/warehouse/unity-privileges.ts'
import type { Target } from '../../../core/warehouse/target.ts'
import { parseVolume } from '../../../core/warehouse/volume.ts'
import type { Needs, PrivilegeFinding } from '../../../core/warehouse/warehouse.ts'
import type { RestService } from '../../http/rest.ts'
import { grantsOn } from './grants.ts'
import {
  lookAtTable,
  lookAtTarget,
  lookAtVolume,
  noCatalog,
  type Owned,
  schemaName,
  type TargetState,
} from './securables.ts'
import { whoAsks } from './who.ts'

/**
 * The privileges of Unity Catalog that a run needs on a target, and on a volume if it has one, each with whether it is
 * held; none where nobody has to sign in. Throws dataset.missing when the catalog or the volume is not there.
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
  const beside = await stateOfVolume(catalog, needs.volume)
  const owners = new Map([...(beside ?? []), ...stateByName(target, state)])
  const granted = new Map<string, Promise<ReadonlySet<string> | undefined>>()
  const findings: PrivilegeFinding[] = []
  for (const need of unityNeeds(target, { ...needs, existing }, state.schema !== undefined)) {
    const known = granted.get(need.fullName) ?? grantsOn(catalog, need, who)
    granted.set(need.fullName, known)
    const owner = await ownerOf(catalog, need, owners)
    const owns = owner !== undefined && (owner === who.name || who.groups.includes(owner))
    findings.push(unityFinding(need, { granted: await known, owns, principal: who.name }))
  }
  return findings
}

/** What is there by kind and full name. */
type Owners = ReadonlyMap<string, Owned | 'hidden' | undefined>

const stateByName = (target: Target, { catalog, schema }: TargetState): Owners =>
  new Map([
    [`catalog ${target.catalog}`, catalog],
    [`schema ${schemaName(target)}`, schema],
  ])

/** A volume and what it lies in, which may be elsewhere than the target. */
const stateOfVolume = async (
  catalog: RestService,
  folder: string | undefined,
): Promise<Owners | undefined> => {
  if (folder === undefined) return undefined
  const place = parseVolume(folder)
  const state = await lookAtTarget(catalog, place)
  if (state.catalog === undefined) await noCatalog(catalog, place)
  const fullName = `${schemaName(place)}.${place.volume}`
  const volume = await lookAtVolume(catalog, fullName)
  if (state.schema === undefined || volume === undefined) {
    const names = [place.catalog, place.schema, place.volume].map(SPARK.quoteIdentifier)
    return fail('dataset.missing', `there is no volume ${fullName}`, {
      hint: `CREATE VOLUME ${names.join('.')}, or name another one with --volume`,
    })
  }
  return new Map([...stateByName(place, state), [`volume ${fullName}`, volume]])
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

const ownerOf = async (
  catalog: RestService,
  { kind, fullName }: UnityNeed,
  owners: Owners,
): Promise<string | undefined> => {
  if (kind === 'table') return (await lookAtTable(catalog, fullName))?.owner
  const found = owners.get(`${kind} ${fullName}`)
  return found === 'hidden' ? undefined : found?.owner
}
