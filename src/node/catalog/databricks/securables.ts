import { fail } from '../../../core/errors.ts'
import type { Json } from '../../../core/ports.ts'
import type { Target } from '../../../core/warehouse/target.ts'
import type { FoundTable } from '../../../core/warehouse/warehouse.ts'
import { ask, askJson, isObject, type RestService, said } from '../../http/rest.ts'

/** Where Unity Catalog's REST interface begins, at Databricks and in the open-source server. */
export const UNITY = '/api/2.1/unity-catalog'

/** What is there of a target; owners where they are told. */
export interface TargetState {
  /** Undefined when it is not there; `hidden` when it may be there but is not shown. */
  readonly catalog: Owned | 'hidden' | undefined
  readonly schema: Owned | 'hidden' | undefined
}

/** Something with an owner; undefined where none is told. */
export interface Owned {
  readonly owner: string | undefined
}

/** Looks for a target's catalog and schema. */
export const lookAtTarget = async (catalog: RestService, target: Target): Promise<TargetState> => {
  const found = await owned(catalog, 'catalogs', target.catalog)
  if (found === undefined) return { catalog: found, schema: undefined }
  return { catalog: found, schema: await owned(catalog, 'schemas', schemaName(target)) }
}

/** Makes the schema of a target when it is not there. Throws dataset.missing when the catalog is not. */
export const prepareSchema = async (catalog: RestService, target: Target): Promise<void> => {
  const state = await lookAtTarget(catalog, target)
  if (state.catalog === undefined) await noCatalog(catalog, target)
  if (state.schema !== undefined) return
  await ask(catalog, {
    method: 'POST',
    path: `${UNITY}/schemas`,
    json: { name: target.schema, catalog_name: target.catalog },
    // Somebody else has made it meanwhile.
    accept: [400, 409],
  })
  if ((await lookAtTarget(catalog, target)).schema === undefined) {
    fail('dataset.missing', `there is no schema ${schemaName(target)}, and it cannot be made`)
  }
}

/** Throws dataset.missing for a catalog, naming those that are shown. */
export const noCatalog = async (catalog: RestService, target: Target): Promise<never> => {
  const answer = await askJson(catalog, { method: 'GET', path: `${UNITY}/catalogs` })
  const names = listOf(answer['catalogs']).flatMap((each) =>
    isObject(each) && typeof each['name'] === 'string' ? [said(each['name'], catalog.secrets)] : [],
  )
  return fail('dataset.missing', `there is no catalog ${target.catalog}`, {
    hint:
      names.length === 0
        ? 'none is shown to you; ask for USE CATALOG on one'
        : `those shown to you are ${names.slice(0, 10).join(', ')}`,
  })
}

/** A table or view; undefined when there is none of that name. */
export const lookAtTable = async (
  catalog: RestService,
  fullName: string,
): Promise<(FoundTable & Owned) | undefined> => {
  const answer = await ask(catalog, {
    method: 'GET',
    path: `${UNITY}/tables/${encodeURIComponent(fullName)}`,
    accept: [404],
  })
  if (answer.status === 404) return undefined
  if (!isObject(answer.json)) {
    return fail('service.failed', `${catalog.name} answered a look at ${fullName} without JSON`)
  }
  const { columns, properties, table_type: type, owner } = answer.json
  return {
    kind: typeof type === 'string' && type.endsWith('VIEW') ? 'view' : 'table',
    columns: listOf(columns)
      .filter((each) => isObject(each))
      .toSorted((a, b) => Number(a['position']) - Number(b['position']))
      .map((each) => ({
        name: textOf(each['name']),
        type: textOf(each['type_text']).toLowerCase(),
      })),
    properties: Object.fromEntries(
      Object.entries(isObject(properties) ? properties : {}).map(([name, value]) => [
        name,
        textOf(value),
      ]),
    ),
    owner: typeof owner === 'string' ? owner : undefined,
  }
}

/** A volume; undefined when there is none of that name, `hidden` when it may be there but is not shown. */
export const lookAtVolume = (
  catalog: RestService,
  fullName: string,
): Promise<Owned | 'hidden' | undefined> => owned(catalog, 'volumes', fullName)

/** The full name of a target's schema. */
export const schemaName = ({ catalog, schema }: Target): string => `${catalog}.${schema}`

const owned = async (
  catalog: RestService,
  kind: 'catalogs' | 'schemas' | 'volumes',
  fullName: string,
): Promise<Owned | 'hidden' | undefined> => {
  const answer = await ask(catalog, {
    method: 'GET',
    path: `${UNITY}/${kind}/${encodeURIComponent(fullName)}`,
    accept: [403, 404],
  })
  if (answer.status === 404) return undefined
  if (answer.status === 403 || !isObject(answer.json)) return 'hidden'
  const { owner } = answer.json
  return { owner: typeof owner === 'string' ? owner : undefined }
}

const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : []
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
