import { Refusal, type StubRequest, type StubRoute } from './server.ts'

/** Recognisable in any output that it should not be in. */
export const CANARY = 'canary9d1f'
export const PERSONAL_TOKEN = `dapi${CANARY}personal`
export const CLIENT = { id: 'client-1', secret: `dose${CANARY}secret` }

/** Who may ask: a personal token, and tokens given to a service principal. */
export interface SignIn {
  readonly routes: readonly StubRoute[]
  /** Tokens given out so far. */
  readonly given: () => number
  /** Ends every token given out so far. */
  readonly endAll: () => void
}

/**
 * POST /oidc/v1/token with client credentials in a Basic header, and a gate before all routes that follow: no token is
 * 401, a wrong or ended one 403 as a workspace says it.
 */
export const signIn = (): SignIn => {
  const valid = new Set([PERSONAL_TOKEN])
  let given = 0
  const issue: StubRoute = ({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/oidc/v1/token') return undefined
    const form = new URLSearchParams(Buffer.from(body).toString())
    const type = headers['content-type'] ?? ''
    const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')
    if (!type.startsWith('application/x-www-form-urlencoded')) return oauth(400, 'invalid_request')
    if (form.get('grant_type') !== 'client_credentials') return oauth(400, 'unsupported_grant_type')
    if (form.get('scope') !== 'all-apis') return oauth(400, 'invalid_scope')
    if (headers['authorization'] !== `Basic ${basic}`) return oauth(401, 'invalid_client')
    const token = `eyJ${CANARY}issued${++given}`
    valid.add(token)
    return {
      json: { access_token: token, token_type: 'Bearer', scope: 'all-apis', expires_in: 3600 },
    }
  }
  const gate: StubRoute = ({ headers }) => {
    const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1]
    if (token === undefined)
      throw new Refusal(401, '401', 'Credential was not sent or was of an unsupported type')
    if (!valid.has(token)) throw new Refusal(403, '403', `Invalid access token ${token}.`)
    return undefined
  }
  return { routes: [issue, gate], given: () => given, endAll: () => valid.clear() }
}

/** The user that a request's token stands for. */
export const userOf = ({ headers }: StubRequest): string =>
  (headers['authorization'] ?? '').includes(PERSONAL_TOKEN) ? 'ann@x.org' : CLIENT.id

const oauth = (status: number, error: string) => ({
  status,
  json: { error, error_description: `Client authentication failed: ${error}` },
})
