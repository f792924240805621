import { fail, unreachable } from '../../../core/errors.ts'
import type { Json, StopSignal } from '../../../core/ports.ts'
import type { Outside } from '../../http/fetch.ts'
import { ask, isObject, type Problem, type RestAnswer, type RestService } from '../../http/rest.ts'
import { createSecrets } from '../../http/secrets.ts'
import { fixedToken, renewedToken, type ShortToken, type TokenSource } from '../../http/token.ts'
import type { DatabricksCredentials, DatabricksSettings } from './settings.ts'

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
  const { secrets, pause } = service
  switch (credentials.kind) {
    case 'token':
      return fixedToken(secrets.keep(credentials.token))
    case 'client': {
      const basic = Buffer.from(`${credentials.id}:${secrets.keep(credentials.secret)}`).toString(
        'base64',
      )
      secrets.keep(basic)
      return renewedToken((signal) => clientToken(service, basic, signal), pause.now)
    }
    case 'identity':
      return renewedToken((signal) => exchangedToken(service, credentials, signal), pause.now)
    default:
      return unreachable(credentials)
  }
}

/** A token for a service principal, by OAuth's client credentials. */
const clientToken = async (
  service: RestService,
  basic: string,
  signal: StopSignal | undefined,
): Promise<ShortToken> => {
  const headers = { authorization: `Basic ${basic}` }
  const form = { grant_type: 'client_credentials', scope: 'all-apis' }
  const path = WORKSPACE_TOKENS
  const answer = await ask(service, { ...POST, path, headers, form, signal })
  return tokenIn(service, answer)
}

/** A token in exchange for that of another identity provider (RFC 8693), at a workspace or else at the open-source server. */
const exchangedToken = async (
  service: RestService,
  { token, client }: Extract<DatabricksCredentials, { readonly kind: 'identity' }>,
  signal: StopSignal | undefined,
): Promise<ShortToken> => {
  const subject =
    token() ??
    fail('usage.option', 'DATABRICKS_OIDC_TOKEN_FILEPATH names a file that is empty or not there')
  const form = { grant_type: EXCHANGE, subject_token: service.secrets.keep(subject) }
  const answer = await ask(service, {
    ...POST,
    path: WORKSPACE_TOKENS,
    form: {
      ...form,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      scope: 'all-apis',
      ...(client === undefined ? {} : { client_id: client }),
    },
    accept: [404, 405, 500],
    signal,
  })
  if (answer.status === 200) return tokenIn(service, answer)
  const own = {
    ...form,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  }
  return tokenIn(service, await ask(service, { ...POST, path: SERVER_TOKENS, form: own, signal }))
}

const POST = { method: 'POST', repeatable: true } as const
const WORKSPACE_TOKENS = '/oidc/v1/token'
const SERVER_TOKENS = '/api/1.0/unity-control/auth/tokens'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

const tokenIn = ({ secrets, pause }: RestService, { json }: RestAnswer): ShortToken => {
  const token = isObject(json) ? json['access_token'] : undefined
  const seconds = isObject(json) ? json['expires_in'] : undefined
  if (typeof token !== 'string' || token === '' || typeof seconds !== 'number') {
    return fail('service.failed', 'Databricks answered a request for a token without one')
  }
  return { token: secrets.keep(token), expiresAt: pause.now() + seconds * 1000 }
}
