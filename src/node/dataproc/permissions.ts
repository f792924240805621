import { fail, LakewrightError } from '../../core/errors.ts'
import type { BatchSpec } from '../../core/warehouse/dataproc.ts'
import type { PrivilegeFinding } from '../../core/warehouse/warehouse.ts'
import { BIGQUERY_API, DATAPROC_API, requireApis, STORAGE_API } from '../catalog/google/apis.ts'
import { datasetLocation } from '../catalog/google/datasets.ts'
import { findPermissions } from '../catalog/google/permissions.ts'
import { bigQueryService } from '../engine/bigquery/bigquery.ts'
import type { BatchPlace } from './batches.ts'
import { stagingBucket } from './staging.ts'

/** Where a batch lands and works. */
export interface BatchLanding {
  readonly dataset: BatchSpec['dataset']
  /** The account that it runs as. */
  readonly serviceAccount: string | undefined
  /** The staging bucket, if one is named. */
  readonly bucket: string | undefined
}

/** What the account that submits needs; the one that the batch runs as needs its own, see docs/dataproc.md. */
const DATASET_PERMISSIONS: readonly string[] = [
  'bigquery.datasets.get',
  'bigquery.tables.create',
  'bigquery.tables.get',
  'bigquery.tables.update',
  'bigquery.tables.updateData',
]

/**
 * All permissions that a submission takes, once the APIs are known to be enabled. Nothing is made. Throws
 * service.denied for an API, dataset.missing for a dataset that is not there in a project of others.
 */
export const submitPermissions = async (
  place: BatchPlace,
  submission: BatchLanding,
): Promise<readonly PrivilegeFinding[]> => {
  await requireApis(place.google, [BIGQUERY_API, DATAPROC_API, STORAGE_API])
  const bucket = await stagingBucket(place, submission.bucket)
  return permissionsFor(place, submission, { bucket, isThere: await isThere(place, submission) })
}

/** Whether the dataset of a submission is there. */
export const isThere = async (
  { google }: BatchPlace,
  { dataset }: BatchLanding,
): Promise<boolean> => (await datasetLocation(bigQueryService(google), dataset)) !== undefined

/** Those permissions, where bucket and dataset are known already. */
export const permissionsFor = async (
  { google }: BatchPlace,
  { dataset, serviceAccount }: BatchLanding,
  found: { readonly bucket: string; readonly isThere: boolean },
): Promise<readonly PrivilegeFinding[]> => {
  if (!found.isThere && dataset.project !== google.project)
    fail('dataset.missing', `there is no dataset ${dataset.project}.${dataset.dataset}`, {
      hint: `Make it: bq mk --dataset ${dataset.project}:${dataset.dataset}`,
    })
  return findPermissions(google, {
    onProject: [
      'bigquery.jobs.create',
      ...(found.isThere ? [] : ['bigquery.datasets.create']),
      'dataproc.batches.create',
      'dataproc.batches.get',
    ],
    ...(found.isThere ? { onDataset: { name: dataset, permissions: DATASET_PERMISSIONS } } : {}),
    onBucket: {
      name: found.bucket,
      permissions: ['storage.objects.create', 'storage.objects.delete'],
    },
    ...(serviceAccount === undefined ? {} : { actAs: serviceAccount }),
  })
}

/** Throws service.denied unless none is missing; then all are shown first. */
export const requireAll = (
  findings: readonly PrivilegeFinding[],
  onPrivileges: (findings: readonly PrivilegeFinding[]) => void,
): void => {
  const missing = findings.filter(({ held }) => held === false)
  if (missing.length === 0) return
  onPrivileges(findings)
  throw new LakewrightError(
    'service.denied',
    `${missing.length} of ${findings.length} permissions are missing: ${missing.map(({ privilege }) => privilege).join(', ')}`,
    { hint: `Grant the first: ${missing[0]?.mend ?? ''}`, details: { findings } },
  )
}
