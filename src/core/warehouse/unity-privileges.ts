import { SPARK } from '../sql/spark.ts'
import { fullName } from './spark-landing.ts'
import { type Target } from './target.ts'
import { parseVolume } from './volume.ts'
import type { Needs, PrivilegeFinding } from './warehouse.ts'

/** Where a privilege of Unity Catalog is needed. */
export interface UnityNeed {
  readonly kind: 'catalog' | 'schema' | 'table' | 'volume'
  /** As people and the REST interface write it. */
  readonly fullName: string
  /** As SQL writes it. */
  readonly quoted: string
  readonly privilege: string
}

/**
 * The privileges that a run needs, containers first. A schema that is not there is made, which then belongs to the run's
 * user with all that is in it. What is there is added to, which reads its rows first and describes it anew, or given another
 * name. A volume takes its own two, which are needed once where it lies beside the tables.
 */
export const unityNeeds = (
  target: Target,
  needs: Needs,
  schemaExists: boolean,
): readonly UnityNeed[] => {
  const all = [...targetNeeds(target, needs, schemaExists), ...volumeNeeds(needs)]
  const names = all.map(({ privilege, fullName: on }) => `${privilege} ${on}`)
  return all.filter((_, i) => names.indexOf(names[i] ?? '') === i)
}

const volumeNeeds = ({ volume: folder }: Needs): readonly UnityNeed[] => {
  if (folder === undefined) return []
  const { catalog, schema, volume } = parseVolume(folder)
  const need = (
    kind: UnityNeed['kind'],
    privilege: string,
    names: readonly string[],
  ): UnityNeed => ({
    kind,
    privilege,
    fullName: names.join('.'),
    quoted: names.map(SPARK.quoteIdentifier).join('.'),
  })
  return [
    need('catalog', 'USE CATALOG', [catalog]),
    need('schema', 'USE SCHEMA', [catalog, schema]),
    need('volume', 'READ VOLUME', [catalog, schema, volume]),
    need('volume', 'WRITE VOLUME', [catalog, schema, volume]),
  ]
}

const targetNeeds = (
  { catalog, schema }: Target,
  { existing, replaces }: Needs,
  schemaExists: boolean,
): readonly UnityNeed[] => {
  const quoted = SPARK.quoteIdentifier
  const on = { kind: 'catalog' as const, fullName: catalog, quoted: quoted(catalog) }
  const container = {
    kind: 'schema' as const,
    fullName: `${catalog}.${schema}`,
    quoted: `${quoted(catalog)}.${quoted(schema)}`,
  }
  if (!schemaExists) {
    return [
      { ...on, privilege: 'USE CATALOG' },
      { ...on, privilege: 'CREATE SCHEMA' },
    ]
  }
  return [
    { ...on, privilege: 'USE CATALOG' },
    { ...container, privilege: 'USE SCHEMA' },
    { ...container, privilege: 'CREATE TABLE' },
    ...existing.flatMap((table) =>
      (replaces ? ['MANAGE'] : ['SELECT', 'MODIFY', 'MANAGE', 'APPLY TAG']).map((privilege) => ({
        kind: 'table' as const,
        fullName: `${catalog}.${schema}.${table}`,
        quoted: fullName({ catalog, schema, table }),
        privilege,
      })),
    ),
  ]
}

/** What was found of a need: held when granted or when the asker owns the thing. */
export const unityFinding = (
  need: UnityNeed,
  { granted, owns, principal }: UnityHolding,
): PrivilegeFinding => {
  const { privilege } = need
  // MANAGE is not among all privileges.
  const isGranted =
    granted && (granted.has(privilege) || (privilege !== 'MANAGE' && granted.has('ALL PRIVILEGES')))
  const held = owns ? true : isGranted
  return {
    privilege,
    on: `${need.kind} ${need.fullName}`,
    held,
    mend: held === true ? '' : grant(need, principal),
  }
}

/** What somebody holds on one thing: privileges granted (undefined when it cannot be told), and whether it is theirs. */
export interface UnityHolding {
  readonly granted: ReadonlySet<string> | undefined
  readonly owns: boolean
  readonly principal: string
}

const grant = ({ kind, quoted, privilege }: UnityNeed, principal: string): string =>
  `GRANT ${privilege} ON ${kind.toUpperCase()} ${quoted} TO ${SPARK.quoteIdentifier(principal)}`
