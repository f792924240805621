import { fail, isLakewrightError } from '../../../core/errors.ts'
import { list, text } from './document.ts'
import { askGoogleJson, type Google } from './google.ts'

/** Services that a run may need, by host. */
export const BIGQUERY_API = 'bigquery.googleapis.com'
export const DATAPROC_API = 'dataproc.googleapis.com'
export const STORAGE_API = 'storage.googleapis.com'

/**
 * Sees to it that services are enabled in the project, before anything is computed. Throws service.denied with the
 * command that enables those which are not. Where Service Usage may not be asked, nothing is thrown: then a disabled
 * service says so itself. (cloud.google.com/service-usage/docs/reference/rest/v1/services/batchGet)
 */
export const requireApis = async (google: Google, hosts: readonly string[]): Promise<void> => {
  const enabled = await enabledApis(google, hosts)
  const missing = hosts.filter((host) => enabled !== undefined && !enabled.has(host))
  if (missing.length === 0) return
  const names = missing.join(' ')
  fail(
    'service.denied',
    `project ${google.project} has not enabled ${missing.length === 1 ? 'the API' : 'the APIs'} ${missing.join(', ')}`,
    {
      hint: `Enable ${missing.length === 1 ? 'it' : 'them'}: gcloud services enable ${names} --project=${google.project} (it takes a minute or two to hold)`,
      details: { project: google.project, missing },
    },
  )
}

const enabledApis = async (
  google: Google,
  hosts: readonly string[],
): Promise<ReadonlySet<string> | undefined> => {
  const parent = `projects/${google.project}`
  const names = hosts.map((host) => `names=${encodeURIComponent(`${parent}/services/${host}`)}`)
  try {
    const answer = await askGoogleJson(google.service('serviceusage.googleapis.com'), {
      method: 'GET',
      path: `/v1/${parent}/services:batchGet?${names.join('&')}`,
    })
    return new Set(
      list(answer['services'])
        .filter(({ state }) => state === 'ENABLED')
        .flatMap(({ name }) => text(name)?.split('/').at(-1) ?? []),
    )
  } catch (error) {
    if (isLakewrightError(error) && error.details['status'] === 403) return undefined
    throw error
  }
}
