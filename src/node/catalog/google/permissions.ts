import { isLakewrightError } from '../../../core/errors.ts'
import type { PrivilegeFinding } from '../../../core/warehouse/warehouse.ts'
import type { RestRequest } from '../../http/rest.ts'
import { type DatasetName, datasetPath } from './datasets.ts'
import { askGoogle, askGoogleJson, type Google, isNotFound } from './google.ts'
import { kindOf } from './problem.ts'
import { roleOf } from './roles.ts'

/** Permissions that are needed, by the thing they are needed on. */
export interface GooglePermissions {
  readonly onProject: readonly string[]
  readonly onDataset?: { readonly name: DatasetName; readonly permissions: readonly string[] }
  readonly onBucket?: { readonly name: string; readonly permissions: readonly string[] }
  /** A service account that a batch is to run as. */
  readonly actAs?: string
}

/** What it takes to land tables by query jobs, in a dataset that is there. */
export const LANDING_PERMISSIONS: readonly string[] = [
  'bigquery.datasets.get',
  'bigquery.tables.create',
  'bigquery.tables.get',
  'bigquery.tables.getData',
  'bigquery.tables.update',
  'bigquery.tables.updateData',
  'bigquery.tables.delete',
]

/**
 * Which of the permissions the account holds, each with the command or statement that grants it. What is granted on
 * folders, by groups or by custom roles counts, since IAM itself is asked. IAM tests no datasets: what the project does
 * not give is found by asking for the dataset, and by a dry run of a CREATE TABLE in it, which writes and costs nothing.
 */
export const findPermissions = async (
  google: Google,
  needed: GooglePermissions,
): Promise<readonly PrivilegeFinding[]> => {
  const member = await google.member()
  const { onProject, onDataset, onBucket, actAs } = needed
  const held = await heldOnProject(google, [...onProject, ...(onDataset?.permissions ?? [])])
  const project = onProject.map((privilege) => ({
    privilege,
    on: `project ${google.project}`,
    held: held?.has(privilege),
    mend: `gcloud projects add-iam-policy-binding ${google.project} --member="${member}" --role=${roleOf(privilege)}`,
  }))
  const findings = [
    ...project,
    ...(onDataset === undefined
      ? []
      : await datasetFindings(google, { ...onDataset, member, held })),
    ...(onBucket === undefined ? [] : await bucketFindings(google, { ...onBucket, member })),
    ...(actAs === undefined ? [] : [await actAsFinding(google, actAs, member)]),
  ]
  return findings.map((each) => (each.held === true ? { ...each, mend: '' } : each))
}

type Held = ReadonlySet<string> | undefined

/** Undefined where IAM may not be asked. */
const heldOnProject = async (google: Google, permissions: readonly string[]): Promise<Held> =>
  tested(google, 'cloudresourcemanager.googleapis.com', {
    method: 'POST',
    path: `/v3/projects/${encodeURIComponent(google.project)}:testIamPermissions`,
    json: { permissions: [...new Set(permissions)] },
    repeatable: true,
  })

const tested = async (google: Google, host: string, request: RestRequest): Promise<Held> => {
  try {
    const { permissions } = await askGoogleJson(google.service(host), request)
    return new Set(Array.isArray(permissions) ? (permissions as readonly string[]) : [])
  } catch (error) {
    if (isLakewrightError(error) && UNTESTED.has(error.details['status'])) return undefined
    throw error
  }
}

/** Refused, or nothing there to ask about: then the account holds nothing that could be told. */
const UNTESTED: ReadonlySet<unknown> = new Set([403, 404])

interface DatasetNeeds {
  readonly name: DatasetName
  readonly permissions: readonly string[]
  readonly member: string
  readonly held: Held
}

const datasetFindings = async (
  google: Google,
  { name, permissions, member, held }: DatasetNeeds,
): Promise<readonly PrivilegeFinding[]> => {
  const full = `${name.project}.${name.dataset}`
  // The project of the session is not that of the dataset: what is held there says nothing.
  const above = name.project === google.project ? held : undefined
  const all = permissions.every((each) => above?.has(each))
  const seen = all || (await mayGet(google, name))
  const created = all || (seen && (await mayCreate(google, name)))
  const holds = (permission: string): boolean | undefined => {
    if (above?.has(permission) === true) return true
    if (permission === 'bigquery.datasets.get') return seen
    if (BY_DRY_RUN.has(permission)) return created
    // A dataset's role that lets tables be made lets them be changed too, but for custom ones.
    return created ? undefined : false
  }
  return permissions.map((privilege) => ({
    privilege,
    on: `dataset ${full}`,
    held: holds(privilege),
    mend: `GRANT \`${roleOf(privilege)}\` ON SCHEMA \`${full}\` TO "${member}"`,
  }))
}

const BY_DRY_RUN: ReadonlySet<string> = new Set([
  'bigquery.tables.create',
  'bigquery.tables.updateData',
])

const mayGet = async (google: Google, name: DatasetName): Promise<boolean> =>
  allowed(google, { method: 'GET', path: datasetPath(name) })

const mayCreate = async (google: Google, { project, dataset }: DatasetName): Promise<boolean> => {
  const table = `\`${project}.${dataset}.lakewright_dry_run\``
  return allowed(google, {
    method: 'POST',
    path: `/bigquery/v2/projects/${encodeURIComponent(google.project)}/jobs`,
    json: {
      configuration: {
        dryRun: true,
        query: { query: `CREATE TABLE ${table} AS SELECT 1 AS probe`, useLegacySql: false },
      },
    },
    repeatable: true,
  })
}

/** Whether BigQuery does not refuse a request for want of a permission, nor hides what it is about. */
const allowed = async (google: Google, request: RestRequest): Promise<boolean> => {
  try {
    await askGoogle(google.service('bigquery.googleapis.com'), request)
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    if (isLakewrightError(error) && kindOf(String(error.details['errorCode'])) === 'denied')
      return false
    throw error
  }
}

const bucketFindings = async (
  google: Google,
  needs: {
    readonly name: string
    readonly permissions: readonly string[]
    readonly member: string
  },
): Promise<readonly PrivilegeFinding[]> => {
  const { name, permissions, member } = needs
  const asked = permissions.map((each) => `permissions=${encodeURIComponent(each)}`).join('&')
  const held = await tested(google, 'storage.googleapis.com', {
    method: 'GET',
    path: `/storage/v1/b/${encodeURIComponent(name)}/iam/testPermissions?${asked}`,
  })
  return permissions.map((privilege) => ({
    privilege,
    on: `bucket ${name}`,
    held: held?.has(privilege) ?? false,
    mend: `gcloud storage buckets add-iam-policy-binding gs://${name} --member="${member}" --role=${roleOf(privilege)}`,
  }))
}

const actAsFinding = async (
  google: Google,
  account: string,
  member: string,
): Promise<PrivilegeFinding> => {
  const privilege = 'iam.serviceAccounts.actAs'
  const held = await tested(google, 'iam.googleapis.com', {
    method: 'POST',
    path: `/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:testIamPermissions`,
    json: { permissions: [privilege] },
    repeatable: true,
  })
  return {
    privilege,
    on: `service account ${account}`,
    held: held?.has(privilege),
    mend: `gcloud iam service-accounts add-iam-policy-binding ${account} --member="${member}" --role=${roleOf(privilege)}`,
  }
}
