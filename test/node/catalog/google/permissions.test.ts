import { describe, expect, test } from 'vitest'
import type { LakewrightError } from '../../../../src/core/errors.ts'
import type { PrivilegeFinding } from '../../../../src/core/warehouse/warehouse.ts'
import { requireApis } from '../../../../src/node/catalog/google/apis.ts'
import {
  findPermissions,
  LANDING_PERMISSIONS,
} from '../../../../src/node/catalog/google/permissions.ts'
import { stubGoogle } from '../../../support/google/session.ts'
import { ALL_SERVICES, googleWorld, type GoogleWorld } from '../../../support/google/world.ts'

const BUCKET = 'dataproc-staging-europe-west1-123-abcd'

const findings = async (world: GoogleWorld): Promise<readonly PrivilegeFinding[]> =>
  findPermissions(await stubGoogle(world), {
    onProject: ['bigquery.jobs.create', 'dataproc.batches.create'],
    onDataset: {
      name: { project: 'demo-project', dataset: 'mdm_demo' },
      permissions: LANDING_PERMISSIONS,
    },
    onBucket: { name: BUCKET, permissions: ['storage.objects.create', 'storage.objects.delete'] },
    actAs: 'runner@demo-project.iam.gserviceaccount.com',
  })

const open = (all: readonly PrivilegeFinding[]) =>
  all
    .filter(({ held }) => held !== true)
    .map(({ privilege, held, mend }) => [privilege, held, mend])

describe('permissions at Google', () => {
  test('are all found where the project’s roles hold them, without a dry run', async () => {
    const world = googleWorld()
    const all = await findings(world)
    expect(all).toHaveLength(12)
    expect(open(all)).toEqual([])
    expect(all.every(({ mend }) => mend === '')).toBe(true)
    expect(world.log.some((each) => each.includes('/jobs'))).toBe(false)
  })

  test('that lack on the project, a bucket or an account come with the command that grants them', async () => {
    const world = googleWorld()
    for (const each of ['dataproc.batches.create', 'storage.objects.delete'])
      world.permissions.delete(each)
    world.serviceAccounts.clear()
    const member = `serviceAccount:${world.email}`
    expect(open(await findings(world))).toEqual([
      [
        'dataproc.batches.create',
        false,
        `gcloud projects add-iam-policy-binding demo-project --member="${member}" --role=roles/dataproc.serverlessEditor`,
      ],
      [
        'storage.objects.delete',
        false,
        `gcloud storage buckets add-iam-policy-binding gs://${BUCKET} --member="${member}" --role=roles/storage.objectUser`,
      ],
      [
        'iam.serviceAccounts.actAs',
        false,
        `gcloud iam service-accounts add-iam-policy-binding runner@demo-project.iam.gserviceaccount.com --member="${member}" --role=roles/iam.serviceAccountUser`,
      ],
    ])
  })

  test('that a dataset alone grants are found by a dry run, which makes no job', async () => {
    const world = googleWorld()
    for (const each of ['create', 'updateData', 'delete'])
      world.permissions.delete(`bigquery.tables.${each}`)
    const seen: string[] = []
    world.query = (sql) => {
      seen.push(sql)
      return {}
    }
    expect(open(await findings(world)).map(([privilege, held]) => [privilege, held])).toEqual([
      ['bigquery.tables.delete', undefined],
    ])
    expect(seen).toEqual([
      'CREATE TABLE `demo-project.mdm_demo.lakewright_dry_run` AS SELECT 1 AS probe',
    ])
    expect(world.jobs.size).toBe(0)
  })

  test('that neither project nor dataset grants come with a GRANT statement', async () => {
    const world = googleWorld()
    world.permissions.delete('bigquery.tables.create')
    world.query = () => ({ reason: 'accessDenied', message: 'Access Denied' })
    expect(open(await findings(world))).toEqual([
      [
        'bigquery.tables.create',
        false,
        `GRANT \`roles/bigquery.dataEditor\` ON SCHEMA \`demo-project.mdm_demo\` TO "serviceAccount:${world.email}"`,
      ],
    ])
  })

  test('that cannot be told are neither held nor missing', async () => {
    const world = googleWorld()
    world.services.add('!cloudresourcemanager')
    const untold = (await findings(world)).filter(({ held }) => held === undefined)
    expect(untold.map(({ privilege }) => privilege)).toContain('bigquery.jobs.create')
    expect(untold.map(({ privilege }) => privilege)).not.toContain('bigquery.datasets.get')
  })
})

describe('APIs at Google', () => {
  test('that are enabled let a run begin', async () => {
    await expect(
      requireApis(await stubGoogle(googleWorld()), ALL_SERVICES),
    ).resolves.toBeUndefined()
  })

  test('that are not enabled are named with the command that enables them', async () => {
    const world = googleWorld({ services: new Set(['bigquery.googleapis.com']) })
    const error = await requireApis(await stubGoogle(world), ALL_SERVICES).then(
      () => undefined,
      (thrown: LakewrightError) => thrown,
    )
    expect(error?.code).toBe('service.denied')
    expect(error?.hint).toContain(
      'gcloud services enable dataproc.googleapis.com storage.googleapis.com --project=demo-project',
    )
  })

  test('of which nobody may tell whether they are enabled are left to speak for themselves', async () => {
    const world = googleWorld({ services: new Set() })
    world.permissions.delete('serviceusage.services.get')
    await expect(requireApis(await stubGoogle(world), ALL_SERVICES)).resolves.toBeUndefined()
  })
})
