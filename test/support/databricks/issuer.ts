import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'

/** An identity provider, as OpenID Connect Discovery publishes its key, on this machine. */
export interface Issuer {
  /** An id_token for someone's address, as long as its claims say. */
  readonly tokenFor: (email: string, claims?: Readonly<Record<string, string | number>>) => string
  readonly close: () => void
}

/** Who the tokens of an issuer are for. */
export const AUDIENCE = 'lakewright'

/** Starts an issuer at an address that a server was told to trust, such as `http://127.0.0.1:8390`. */
export const startIssuer = async (origin: string): Promise<Issuer> => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: KEY, alg: 'RS256', use: 'sig' }]
  const server = createServer(({ url }, answer) => {
    const isDiscovery = url === '/.well-known/openid-configuration'
    answer.setHeader('content-type', 'application/json')
    answer.end(
      JSON.stringify(isDiscovery ? { issuer: origin, jwks_uri: `${origin}/jwks` } : { keys }),
    )
  })
  const { hostname, port } = new URL(origin)
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(Number(port), hostname, resolve)
  })
  return {
    tokenFor: (email, claims = {}) => {
      const now = Math.floor(Date.now() / 1000)
      const said = { iss: origin, aud: AUDIENCE, sub: email, email, iat: now, exp: now + 600 }
      const text = `${part({ alg: 'RS256', kid: KEY, typ: 'JWT' })}.${part({ ...said, ...claims })}`
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const KEY = 'lakewright-1'
