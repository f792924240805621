import { fail } from '../../../core/errors.ts'
import type { Engine } from '../../../core/ports.ts'
import type { Google, GoogleService } from '../../catalog/google/google.ts'
import { problemOf } from '../../catalog/google/problem.ts'
import { createSecrets } from '../../http/secrets.ts'
import type { GoogleHost } from '../../catalog/google/google.ts'
import { type BigQueryPlace, runQueryJob } from './jobs.ts'
import { readResults } from './results.ts'

/** An engine whose statements are query jobs; closing it ends nothing, since a job has no session. */
export const bigQueryEngine = (place: BigQueryPlace): Engine => ({
  run: async (sql, options) => {
    await runQueryJob(place, sql, options)
  },
  columns: async (sql, options) =>
    readResults(place, await runQueryJob(place, sql, options), options?.signal),
  close: async () => undefined,
})

/** BigQuery as a session with Google gives it. */
export const bigQueryService = (google: Google): GoogleService =>
  google.service('bigquery.googleapis.com')

/**
 * The emulator that BIGQUERY_EMULATOR_HOST names, asked without any token; undefined when it names none. Throws
 * usage.option unless it is http to this machine.
 */
export const emulatedBigQuery = ({ env, http, pause }: GoogleHost): GoogleService | undefined => {
  const named = env['BIGQUERY_EMULATOR_HOST']
  if (named === undefined || named === '') return undefined
  const url = loopback(named)
  return {
    name: 'the BigQuery emulator',
    origin: url.origin,
    http,
    pause,
    secrets: createSecrets(),
    problem: problemOf(undefined),
    headers: {},
    // It answers most mistakes of a statement with 500 and 503.
    patience: { attempts: 1, waitMs: 0 },
  }
}

const loopback = (text: string): URL => {
  const address = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    return url
  return fail('usage.option', 'BIGQUERY_EMULATOR_HOST must be http on this machine', {
    hint: 'Such as http://127.0.0.1:9050.',
  })
}
