import { fail, isLakewrightError, LakewrightError } from '../../../core/errors.ts'
import type { Json } from '../../../core/ports.ts'
import type { Outside } from '../../http/fetch.ts'
import { allowedHosts, type HostRule, serviceOrigin } from '../../http/hosts.ts'
import {
  ask,
  isObject,
  type RestAnswer,
  type RestRequest,
  type RestService,
} from '../../http/rest.ts'
import { delayBefore, isRepeatable } from '../../http/retry.ts'
import { createSecrets, type Secrets } from '../../http/secrets.ts'
import { fields, text } from './document.ts'
import { type GoogleCredentials, googleCredentials } from './credentials.ts'
import { kindOf, problemOf } from './problem.ts'
import { googleTokens, keepSecrets, METADATA, tokenProblem, tokenUrl } from './tokens.ts'

/** What a session with Google depends on. */
export interface GoogleHost extends Outside {
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A session with Google's services for one project, under one account. */
export interface Google {
  /** Who pays, and where batches, jobs and datasets without another project are. */
  readonly project: string
  readonly secrets: Secrets
  /** The account as IAM names it, such as `serviceAccount:x@y.iam.gserviceaccount.com` or `user:x@y.org`. */
  readonly member: () => Promise<string>
  /** A service by its host, such as `bigquery.googleapis.com`. */
  readonly service: (host: string) => GoogleService
}

/** A service and the headers that each of its requests has. */
export interface GoogleService extends RestService {
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Opens a session; nothing is asked before the first request. `project` is what the user named; without it the
 * environment's GOOGLE_CLOUD_PROJECT or that of the credentials holds. Throws as googleCredentials, and usage.option
 * without a project or with a host that is not Google's.
 */
export const openGoogle = async (
  host: GoogleHost,
  project: string | undefined,
): Promise<Google> => {
  const { env, http, pause } = host
  const secrets = createSecrets()
  const credentials = await googleCredentials(env)
  keepSecrets(credentials, secrets)
  const rule = hostRule(env)
  const at = (origin: string): string =>
    serviceOrigin(env['LAKEWRIGHT_GOOGLE_ENDPOINT'] ?? origin, rule)
  const named = projectName(project ?? projectOf(env, credentials))
  const plain: RestService = {
    name: 'the token service',
    origin:
      credentials.kind === 'metadata'
        ? `http://${credentials.host}`
        : at(new URL(tokenUrl(credentials)).origin),
    http,
    pause,
    secrets,
    problem: tokenProblem,
  }
  const token = googleTokens(credentials, plain)
  const service = (name: string): GoogleService => ({
    ...plain,
    name: SERVICE_NAMES.get(name) ?? name,
    origin: at(`https://${name}`),
    token,
    problem: problemOf(named),
    headers: quotaHeaders(credentials),
  })
  return {
    project: named,
    secrets,
    member: async () => memberOf(credentials, plain, service('openidconnect.googleapis.com')),
    service,
  }
}

/**
 * Sends a request as `ask` of rest.ts does, and again where Google says with 403 that requests came too fast or, of
 * one that may be repeated, with 500 that something of its own failed. A quota that is used up is service.unreachable,
 * since it fills again.
 */
export const askGoogle = async (
  service: GoogleService,
  request: RestRequest,
): Promise<RestAnswer> => {
  const full = { ...request, headers: { ...service.headers, ...request.headers } }
  const repeatable = request.repeatable ?? isRepeatable(request.method)
  const attempts = Math.min(service.patience?.attempts ?? MOST_ATTEMPTS, MOST_ATTEMPTS)
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(service, full)
    } catch (error) {
      const kind = isLakewrightError(error) ? kindOf(String(error.details['errorCode'])) : 'other'
      if (kind === 'quota') throw busy(error)
      if (kind !== 'rate' && !(kind === 'passing' && repeatable)) throw error
      if (attempt >= attempts) throw busy(error)
      await service.pause.sleep(delayBefore(attempt, undefined, service.pause), request.signal)
    }
  }
}

/** The object that a request is answered with. */
export const askGoogleJson = async (
  service: GoogleService,
  request: RestRequest,
): Promise<Readonly<Record<string, Json | undefined>>> => {
  const { json } = await askGoogle(service, request)
  return isObject(json)
    ? json
    : fail('service.failed', `${service.name} answered ${request.path} without JSON`)
}

/** Whether an error says that a thing is not there. */
export const isNotFound = (error: unknown): boolean =>
  isLakewrightError(error) && error.code === 'service.failed' && error.details['status'] === 404

const MOST_ATTEMPTS = 5

const busy = (error: unknown): unknown =>
  isLakewrightError(error)
    ? new LakewrightError('service.unreachable', error.message, {
        details: error.details,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      })
    : error

const SERVICE_NAMES: ReadonlyMap<string, string> = new Map([
  ['bigquery.googleapis.com', 'BigQuery'],
  ['storage.googleapis.com', 'Cloud Storage'],
  ['serviceusage.googleapis.com', 'Service Usage'],
  ['cloudresourcemanager.googleapis.com', 'Resource Manager'],
  ['iam.googleapis.com', 'IAM'],
  ['logging.googleapis.com', 'Cloud Logging'],
])

const hostRule = (env: GoogleHost['env']): HostRule => ({
  provider: 'Google',
  suffixes: ['.googleapis.com'],
  allowed: allowedHosts(env),
})

const quotaHeaders = (credentials: GoogleCredentials): Readonly<Record<string, string>> =>
  credentials.kind === 'user' && credentials.quotaProject !== undefined
    ? { 'x-goog-user-project': credentials.quotaProject }
    : {}

const projectOf = (env: GoogleHost['env'], credentials: GoogleCredentials): string | undefined => {
  const named = env['GOOGLE_CLOUD_PROJECT']
  if (named !== undefined && named !== '') return named
  if (credentials.kind === 'service-account') return credentials.project
  return credentials.kind === 'user' ? credentials.quotaProject : undefined
}

/** A project's id: 6 to 30 lower-case letters, digits and hyphens, perhaps below a domain. */
const projectName = (name: string | undefined): string => {
  if (name === undefined)
    return fail('usage.option', 'no Google Cloud project is named', {
      hint: 'Give --project-id, or set GOOGLE_CLOUD_PROJECT.',
    })
  return /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(name)
    ? name
    : fail('usage.option', `${JSON.stringify(name)} is no project id`, {
        hint: 'It has 6 to 30 lower-case letters, digits and hyphens; gcloud projects list shows yours.',
      })
}

const memberOf = async (
  credentials: GoogleCredentials,
  plain: RestService,
  user: GoogleService,
): Promise<string> => {
  switch (credentials.kind) {
    case 'service-account':
      return `serviceAccount:${credentials.email}`
    case 'user':
      return `user:${await userAddress(user)}`
    case 'metadata': {
      const { bytes } = await ask(plain, {
        method: 'GET',
        path: `${METADATA}/email`,
        headers: { 'metadata-flavor': 'Google' },
      })
      return `serviceAccount:${new TextDecoder().decode(bytes).trim()}`
    }
  }
}

/** The address of a user, where their credentials let it be asked for; else a word to put it in place of. */
const userAddress = async (service: GoogleService): Promise<string> => {
  const { json } = await askGoogle(service, {
    method: 'GET',
    path: '/v1/userinfo',
    accept: [400, 401, 403, 404],
  })
  return text(fields(json)['email']) ?? 'YOUR_ADDRESS'
}
