import { sign } from 'node:crypto'
import { fail } from '../../../core/errors.ts'
import type { Json } from '../../../core/ports.ts'
import { askJson, isObject, type Problem, type RestService } from '../../http/rest.ts'
import { renewedToken, type ShortToken, type TokenSource } from '../../http/token.ts'
import { type GoogleCredentials, TOKEN_URL } from './credentials.ts'

/** The right to all that the account may do; what that is, is the account's roles' to say. */
export const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'

/**
 * Access tokens for credentials: a signed assertion of a service account (RFC 7523), a user's refresh token, or the
 * metadata server of a machine. `service` is the token service without a token; what it answers is kept as a secret.
 */
export const googleTokens = (credentials: GoogleCredentials, service: RestService): TokenSource =>
  renewedToken(async (signal) => {
    const path = tokenPath(credentials)
    const answer = await askJson(
      service,
      credentials.kind === 'metadata'
        ? { method: 'GET', path, headers: { 'metadata-flavor': 'Google' }, signal }
        : { method: 'POST', path, form: grant(credentials, service), repeatable: true, signal },
    )
    return tokenOf(answer, service)
  }, service.pause.now)

/** Remembers all that is secret in credentials, so that no message shows it. */
export const keepSecrets = (
  credentials: GoogleCredentials,
  { keep }: RestService['secrets'],
): void => {
  switch (credentials.kind) {
    case 'service-account':
      keep(credentials.privateKey)
      credentials.privateKey
        .split('\n')
        .filter((line) => line.length > 20 && !line.startsWith('-----'))
        .forEach(keep)
      return
    case 'user':
      keep(credentials.clientSecret)
      keep(credentials.refreshToken)
      return
    case 'metadata':
  }
}

/** Where tokens of credentials come from, as an URL. */
export const tokenUrl = (credentials: GoogleCredentials): string => {
  switch (credentials.kind) {
    case 'service-account':
      // What old key files say; the service moved and takes assertions for its new place.
      return credentials.tokenUrl === 'https://accounts.google.com/o/oauth2/token'
        ? TOKEN_URL
        : credentials.tokenUrl
    case 'user':
      return TOKEN_URL
    case 'metadata':
      return `http://${credentials.host}${METADATA}/token`
  }
}

/** The folder of the machine's account at the metadata server. */
export const METADATA = '/computeMetadata/v1/instance/service-accounts/default'

/** What the token service says of an error: `{error, error_description}` of RFC 6749. */
export const tokenProblem = (body: Json | undefined): Problem | undefined => {
  if (!isObject(body) || typeof body['error'] !== 'string') return undefined
  const said = body['error_description']
  const message = typeof said === 'string' ? `${body['error']}: ${said}` : body['error']
  return {
    message,
    code: body['error'],
    hint:
      body['error'] === 'invalid_grant'
        ? 'The credentials have ended, were revoked, or the clock of this machine is wrong: run gcloud auth application-default login, or make a new key of the service account.'
        : 'Check the credentials: gcloud auth application-default login makes new ones.',
  }
}

type Granted = Exclude<GoogleCredentials, { readonly kind: 'metadata' }>

const tokenPath = (credentials: GoogleCredentials): string => {
  const { pathname } = new URL(tokenUrl(credentials))
  return pathname
}

const grant = (credentials: Granted, service: RestService): Readonly<Record<string, string>> =>
  credentials.kind === 'user'
    ? {
        grant_type: 'refresh_token',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        refresh_token: credentials.refreshToken,
      }
    : {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: service.secrets.keep(assertion(credentials, service.pause.now())),
      }

const HOUR = 3600

const assertion = (
  account: Extract<GoogleCredentials, { readonly kind: 'service-account' }>,
  now: number,
): string => {
  const issued = Math.floor(now / 1000)
  const head = { alg: 'RS256', typ: 'JWT', ...(account.keyId ? { kid: account.keyId } : {}) }
  const claims = {
    iss: account.email,
    scope: SCOPE,
    aud: tokenUrl(account),
    iat: issued,
    exp: issued + HOUR,
  }
  const text = `${base64url(head)}.${base64url(claims)}`
  return `${text}.${signed(text, account.privateKey)}`
}

const base64url = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url')

const signed = (text: string, privateKey: string): string => {
  try {
    return sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')
  } catch {
    // The cause is not kept: nothing near a private key is.
    return fail('usage.option', 'the private key of the service account cannot be read', {
      hint: 'Make a new JSON key of the account, unchanged as Google hands it out.',
    })
  }
}

const tokenOf = (
  answer: Readonly<Record<string, Json | undefined>>,
  { name, secrets, pause }: RestService,
): ShortToken => {
  const token = answer['access_token']
  const seconds = answer['expires_in']
  if (typeof token !== 'string' || token === '') {
    return fail('service.failed', `${name} answered without a token`)
  }
  const lasts = typeof seconds === 'number' ? seconds : HOUR
  return { token: secrets.keep(token), expiresAt: pause.now() + lasts * 1000 }
}
