import { randomUUID } from 'node:crypto'
import { fail } from '../../core/errors.ts'
import type { Json } from '../../core/ports.ts'
import { BIGQUERY_LANDING } from '../../core/warehouse/bigquery-landing.ts'
import { type Target, targetText } from '../../core/warehouse/target.ts'
import type {
  Environment,
  Needs,
  PrivilegeFinding,
  Warehouse,
  WarehouseProvider,
} from '../../core/warehouse/warehouse.ts'
import { BIGQUERY_API, requireApis } from '../catalog/google/apis.ts'
import {
  datasetLocation,
  type DatasetName,
  findTables,
  makeDataset,
} from '../catalog/google/datasets.ts'
import { fields, text } from '../catalog/google/document.ts'
import { type Google, type GoogleHost, openGoogle } from '../catalog/google/google.ts'
import { findPermissions, LANDING_PERMISSIONS } from '../catalog/google/permissions.ts'
import { bigQueryEngine, bigQueryService, emulatedBigQuery } from '../engine/bigquery/bigquery.ts'
import { stopJobs } from '../engine/bigquery/jobs.ts'
import { fetchHttp, stoppedBy, systemPause } from '../http/fetch.ts'

/** BigQuery, or its emulator where BIGQUERY_EMULATOR_HOST names one; a target is `<project>.<dataset>`. */
export const BIGQUERY_PROVIDER: WarehouseProvider = {
  connection: (options, env) => ({
    project: options.get('project-id') ?? env['GOOGLE_CLOUD_PROJECT'] ?? null,
    location: options.get('location') ?? null,
    emulator: env['BIGQUERY_EMULATOR_HOST'] ?? null,
  }),
  open: async (connection, env, { signal } = {}) => {
    const host = { env, http: fetchHttp(), pause: systemPause() }
    return openBigQuery(connection, stoppedBy(host, signal))
  },
}

/** Opens BigQuery over a host, as the provider does over the network. */
export const openBigQuery = async (connection: Json, host: GoogleHost): Promise<Warehouse> => {
  const settings = fields(connection)
  const location = text(settings['location'])
  const emulator = text(settings['emulator'])
  const env: Environment = { ...host.env, BIGQUERY_EMULATOR_HOST: emulator }
  const emulated = emulatedBigQuery({ ...host, env })
  const project = text(settings['project'])
  const google = emulated === undefined ? await openGoogle(host, project) : undefined
  const service = emulated ?? (google && bigQueryService(google))
  if (service === undefined) return fail('internal', 'BigQuery is neither real nor emulated')
  const session = `lakewright_${randomUUID().replaceAll('-', '')}`
  const place = {
    service,
    project: google?.project ?? project ?? 'test',
    jobPrefix: session,
    ...(location === undefined ? {} : { location }),
  }
  return {
    name: 'bigquery',
    place: emulated === undefined ? `project ${place.project}` : emulated.origin,
    engine: bigQueryEngine(place),
    landing: BIGQUERY_LANDING,
    session: { jobPrefix: session },
    stopSession: async (earlier) =>
      stopJobs(place, text(fields(earlier)['jobPrefix']) ?? fail('internal', 'no job prefix')),
    privileges: async (target, needs) =>
      google === undefined ? [] : privileges(google, target, needs),
    prepare: async (target) => {
      const name = datasetOf(target)
      if ((await datasetLocation(service, name)) === undefined)
        await makeDataset(service, name, location)
    },
    look: async (target, names) => findTables(service, datasetOf(target), names),
    close: async () => undefined,
  }
}

const datasetOf = ({ catalog, schema }: Target): DatasetName => ({
  project: catalog,
  dataset: schema,
})

/** Whoever may make a dataset owns it, so nothing else is asked for one that is not there. */
const privileges = async (
  google: Google,
  target: Target,
  _needs: Needs,
): Promise<readonly PrivilegeFinding[]> => {
  await requireApis(google, [BIGQUERY_API])
  const name = datasetOf(target)
  if (!(await isThere(google, name))) {
    if (target.catalog !== google.project)
      return fail('dataset.missing', `there is no dataset ${targetText(target)}`, {
        hint: `Make it, or see it: bq mk --dataset ${target.catalog}:${target.schema}`,
      })
    return findPermissions(google, {
      onProject: ['bigquery.jobs.create', 'bigquery.datasets.create'],
    })
  }
  return findPermissions(google, {
    onProject: ['bigquery.jobs.create'],
    onDataset: { name, permissions: LANDING_PERMISSIONS },
  })
}

/** A dataset that may not be seen may be there. */
const isThere = async (google: Google, name: DatasetName): Promise<boolean> =>
  datasetLocation(bigQueryService(google), name).then(
    (location) => location !== undefined,
    () => true,
  )
