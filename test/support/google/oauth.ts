import { verify } from 'node:crypto'
import { Refusal, type StubAnswer, type StubRequest } from './contract.ts'
import type { GoogleWorld } from './world.ts'

/** POST /token: RFC 7523 assertions and refresh tokens, form encoded, as oauth2.googleapis.com takes them. */
export const tokenAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  if (request.method !== 'POST') refuseToken('invalid_request', 'Only POST is allowed.')
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    refuseToken('invalid_request', 'Bad content type.')
  const form = new URLSearchParams(new TextDecoder().decode(request.body))
  switch (form.get('grant_type') ?? '') {
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      only(form, ['grant_type', 'assertion'])
      checkAssertion(world, form.get('assertion') ?? '')
      break
    case 'refresh_token':
      only(form, ['grant_type', 'client_id', 'client_secret', 'refresh_token'])
      if (form.get('client_secret') !== 'canary-client-secret-55')
        refuseToken('invalid_client', 'The OAuth client was not found.')
      if (form.get('refresh_token') !== world.refreshToken)
        refuseToken('invalid_grant', 'Token has been expired or revoked.')
      break
    default:
      refuseToken('unsupported_grant_type', 'Invalid grant_type.')
  }
  return { status: 200, body: newToken(world) }
}

/** GET of the metadata server, which wants its header and refuses forwarded requests. */
export const metadataAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  if (request.headers['metadata-flavor'] !== 'Google') return { status: 403 }
  if (request.path.endsWith('/email'))
    return { status: 200, body: new TextEncoder().encode(world.email) }
  return { status: 200, body: newToken(world) }
}

/** Refuses a request without a token of ours that still holds. */
export const authorize = (world: GoogleWorld, request: StubRequest): void => {
  const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1]
  const ends = token === undefined ? undefined : world.tokens.get(token)
  if (ends !== undefined && world.now < ends) return
  throw new Refusal({
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/"' },
    body: {
      error: {
        code: 401,
        message: 'Request had invalid authentication credentials.',
        errors: [{ message: 'Invalid Credentials', domain: 'global', reason: 'authError' }],
        status: 'UNAUTHENTICATED',
      },
    },
  })
}

const newToken = (world: GoogleWorld) => {
  const token = `ya29.canary-token-${world.tokens.size + 1}`
  world.tokens.set(token, world.now + world.tokenSeconds * 1000)
  return { access_token: token, expires_in: world.tokenSeconds, token_type: 'Bearer' }
}

const checkAssertion = (world: GoogleWorld, assertion: string): void => {
  const [head = '', claims = '', signature = ''] = assertion.split('.')
  const genuine = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${claims}`),
    world.publicKey,
    Buffer.from(signature, 'base64url'),
  )
  if (!genuine) refuseToken('invalid_grant', 'Invalid JWT Signature.')
  const { alg, typ } = decoded(head)
  if (alg !== 'RS256' || typ !== 'JWT') refuseToken('invalid_grant', 'Invalid JWT header.')
  const { iss, scope, aud, iat, exp } = decoded(claims)
  if (iss !== world.email) refuseToken('invalid_grant', 'Not a valid email or user ID.')
  if (scope !== 'https://www.googleapis.com/auth/cloud-platform')
    refuseToken('invalid_scope', 'Invalid OAuth scope.')
  if (!String(aud).endsWith('/token')) refuseToken('invalid_grant', 'Invalid JWT audience.')
  const now = world.now / 1000
  if (!(Number(iat) <= now + 60 && Number(exp) > now && Number(exp) - Number(iat) <= 3600))
    refuseToken('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes).')
}

const decoded = (part: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Readonly<Record<string, unknown>>

const only = (form: URLSearchParams, names: readonly string[]): void => {
  for (const name of form.keys())
    if (!names.includes(name)) refuseToken('invalid_request', `Parameter not allowed: ${name}`)
}

const refuseToken = (error: string, description: string): never => {
  throw new Refusal({
    status: error === 'invalid_client' ? 401 : 400,
    body: { error, error_description: description },
  })
}
