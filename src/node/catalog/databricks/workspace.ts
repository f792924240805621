import { fail } from '../../../core/errors.ts'
import type { Http, Json, StopSignal } from '../../../core/ports.ts'
import type { Pause } from '../../http/fetch.ts'
import { ask, isObject, type Problem, type RestService } from '../../http/rest.ts'
import { createSecrets } from '../../http/secrets.ts'
import { fixedToken, renewedToken, type ShortToken, type TokenSource } from '../../http/token.ts'
import type { DatabricksCredentials, DatabricksSettings } from './settings.ts'

/** What asking a workspace depends on. */
export interface Outside {
  readonly http: Http
  readonly pause: Pause
}

/** A workspace that can be asked; nothing is sent yet. */
export const openWorkspace = (
  { origin, credentials }: DatabricksSettings,
  outside: Outside,
): RestService => {
  const service = { name: 'Databricks', origin, ...outside, secrets: createSecrets(), problem }
  if (credentials === undefined) return service
  return { ...service, token: tokenSource(service, credentials) }
}

/** What a body of Databricks, Unity Catalog or SCIM says of an error. */
export const problem = (body: Json | undefined): Problem | undefined => {
  if (!isObject(body)) return undefined
  const message = [body['message'], body['error_description'], body['detail'], body['error']].find(
    (each): each is string => typeof each === 'string' && each !== '',
  )
  if (message === undefined) return undefined
  const code = body['error_code'] ?? body['error']
  return {
    message,
    ended: ENDED.test(message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
  }
}

/** What Databricks says of a token that has ended or never was one, with status 401 or 403. */
const ENDED = /\b(invalid|expired)\b.*\btoken\b|\btoken\b.*\b(invalid|expired)\b|\bExpiredJwt\b/i

const tokenSource = (service: RestService, credentials: DatabricksCredentials): TokenSource => {
  if (credentials.kind === 'token') return fixedToken(service.secrets.keep(credentials.token))
  const { id, secret } = credentials
  const basic = Buffer.from(`${id}:${service.secrets.keep(secret)}`).toString('base64')
  service.secrets.keep(basic)
  return renewedToken((signal) => clientToken(service, basic, signal), service.pause.now)
}

/** A token for a service principal, by OAuth's client credentials. */
const clientToken = async (
  service: RestService,
  basic: string,
  signal: StopSignal | undefined,
): Promise<ShortToken> => {
  const { json } = await ask(service, {
    method: 'POST',
    path: '/oidc/v1/token',
    headers: { authorization: `Basic ${basic}` },
    form: { grant_type: 'client_credentials', scope: 'all-apis' },
    repeatable: true,
    signal,
  })
  const token = isObject(json) ? json['access_token'] : undefined
  const seconds = isObject(json) ? json['expires_in'] : undefined
  if (typeof token !== 'string' || typeof seconds !== 'number') {
    return fail('service.failed', 'Databricks answered a request for a token without one')
  }
  return {
    token: service.secrets.keep(token),
    expiresAt: service.pause.now() + seconds * 1000,
  }
}
