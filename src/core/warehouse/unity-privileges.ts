import { SPARK } from '../sql/spark.ts'
import { fullName } from './spark-landing.ts'
import { type Target } from './target.ts'
import type { Needs, PrivilegeFinding } from './warehouse.ts'

/** Where a privilege of Unity Catalog is needed. */
export interface UnityNeed {
  readonly kind: 'catalog' | 'schema' | 'table'
  /** As people and the REST interface write it. */
  readonly fullName: string
  /** As SQL writes it. */
  readonly quoted: string
  readonly privilege: string
}

/**
 * The privileges that a run needs, containers first. A schema that is not there is made, which then belongs to the run's
 * user with all that is in it. What is there is added to, which reads its rows first and describes it anew, or given another
 * name.
 */
export const unityNeeds = (
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
