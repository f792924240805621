import { Refusal, type StubRequest, type StubRoute } from './server.ts'

/** Recognisable in any output that it should not be in. */
export const CANARY = 'canary9d1f'
export const PERSONAL_TOKEN = `dapi${CANARY}personal`
export const CLIENT = { id: 'client-1', secret: `dose${CANARY}secret` }

/** What another identity provider says of ann@x.org. */
export const IDENTITY_TOKEN = `eyJ${CANARY}identity`

/** Who may ask: a personal token, and tokens given to a service principal. */
export interface SignIn {
  readonly routes: readonly StubRoute[]
  /** Tokens given out so far. */
  readonly given: () => number
  /** Ends every token given out so far. */
  readonly endAll: () => void
}

/**
 * POST /oidc/v1/token with client credentials in a Basic header or with the token of another provider, and a gate before
 * all routes that follow: no token is 401, a wrong or ended one 403 as a workspace says it.
 */
export const signIn = (): SignIn => {
  const valid = new Set([PERSONAL_TOKEN])
  let given = 0
  const issue: StubRoute = ({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/oidc/v1/token') return undefined
    const form = new URLSearchParams(Buffer.from(body).toString())
    const type = headers['content-type'] ?? ''
    if (!type.startsWith('application/x-www-form-urlencoded')) return oauth(400, 'invalid_request')
    if (form.get('scope') !== 'all-apis') return oauth(400, 'invalid_scope')
    const problem = workspaceProblem(form, headers['authorization'])
    if (problem !== undefined) return problem
    const token = `eyJ${CANARY}issued${++given}`
    valid.add(token)
    return {
      json: { access_token: token, token_type: 'Bearer', scope: 'all-apis', expires_in: 3600 },
    }
  }
  const gate: StubRoute = ({ headers }) => {
    const token = bearerOf(headers)
    if (token === undefined)
      throw new Refusal(401, '401', 'Credential was not sent or was of an unsupported type')
    if (!valid.has(token)) throw new Refusal(403, '403', `Invalid access token ${token}.`)
    return undefined
  }
  return { routes: [issue, gate], given: () => given, endAll: () => valid.clear() }
}

/**
 * The open-source server: its own exchange of tokens, and a gate that knows those it has given alone; none and a
 * wrong one are 401. It has no other way to sign in.
 */
export const serverSignIn = (): SignIn => {
  const valid = new Set<string>()
  let given = 0
  const issue: StubRoute = ({ method, path, body }) => {
    if (path === '/oidc/v1/token') return { status: 404, bytes: NO_PAGE }
    if (method !== 'POST' || path !== '/api/1.0/unity-control/auth/tokens') return undefined
    const form = new URLSearchParams(Buffer.from(body).toString())
    const wrong = Object.entries({
      grant_type: EXCHANGE,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    }).find(([name, value]) => form.get(name) !== value)
    if (wrong !== undefined) throw new Refusal(400, 'INVALID_ARGUMENT', `Unsupported ${wrong[0]}`)
    if (form.get('subject_token') !== IDENTITY_TOKEN)
      throw new Refusal(
        401,
        'UNAUTHENTICATED',
        'Invalid token: The token was expected to have 3 parts',
      )
    const token = `eyJ${CANARY}server${++given}`
    valid.add(token)
    return {
      json: {
        access_token: token,
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 86_400,
      },
    }
  }
  const gate: StubRoute = ({ headers }) => {
    const token = bearerOf(headers)
    if (token === undefined) throw new Refusal(401, 'UNAUTHENTICATED', 'No authorization found.')
    if (!valid.has(token)) throw new Refusal(401, 'UNAUTHENTICATED', 'Invalid access token.')
    return undefined
  }
  return { routes: [issue, gate], given: () => given, endAll: () => valid.clear() }
}

/** The user that a request's token stands for. */
export const userOf = ({ headers }: StubRequest): string => {
  const token = bearerOf(headers) ?? ''
  return token === PERSONAL_TOKEN || token.includes('server') ? 'ann@x.org' : CLIENT.id
}

const NO_PAGE = new TextEncoder().encode('Status: 404\nDescription: Not Found\n')
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

const bearerOf = (headers: StubRequest['headers']): string | undefined =>
  /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1]

const workspaceProblem = (form: URLSearchParams, authorization: string | undefined) => {
  if (form.get('grant_type') === EXCHANGE) {
    if (form.get('subject_token_type') !== 'urn:ietf:params:oauth:token-type:jwt')
      return oauth(400, 'invalid_request')
    return form.get('subject_token') === IDENTITY_TOKEN ? undefined : oauth(401, 'invalid_grant')
  }
  if (form.get('grant_type') !== 'client_credentials') return oauth(400, 'unsupported_grant_type')
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')
  return authorization === `Basic ${basic}` ? undefined : oauth(401, 'invalid_client')
}

const oauth = (status: number, error: string) => ({
  status,
  json: { error, error_description: `Client authentication failed: ${error}` },
})
