import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../../core/errors.ts'

/** How Google is told who asks; the secrets in it leave this process only for the token service. */
export type GoogleCredentials =
  | {
      readonly kind: 'service-account'
      readonly email: string
      readonly keyId: string | undefined
      /** PKCS 8, PEM. */
      readonly privateKey: string
      readonly tokenUrl: string
      readonly project: string | undefined
    }
  | {
      readonly kind: 'user'
      readonly clientId: string
      readonly clientSecret: string
      readonly refreshToken: string
      /** The project that pays for the quota of requests. */
      readonly quotaProject: string | undefined
    }
  | { readonly kind: 'metadata'; readonly host: string }

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Finds the application default credentials as Google's own clients do: the file that GOOGLE_APPLICATION_CREDENTIALS
 * names, else what `gcloud auth application-default login` has left, else, only if LAKEWRIGHT_GOOGLE_AUTH says
 * `metadata`, the account of the machine. Throws service.denied with what to do when there is nothing, and
 * usage.option when a file is not what it should be; no message holds more of a file than its path and kind.
 */
export const googleCredentials = async (env: Environment): Promise<GoogleCredentials> => {
  if (env['LAKEWRIGHT_GOOGLE_AUTH'] === 'metadata')
    return { kind: 'metadata', host: metadataHost(env['GCE_METADATA_HOST']) }
  const named = env['GOOGLE_APPLICATION_CREDENTIALS']
  const path = named === undefined || named === '' ? wellKnown(env) : named
  const text = await readFile(path, 'utf8').catch((cause: unknown) => missing(path, named, cause))
  return parseCredentials(text, path)
}

const metadataHost = (named = ''): string => {
  if (named === '') return 'metadata.google.internal'
  return /^[\w.-]+(:\d+)?$/.test(named)
    ? named
    : fail('usage.option', 'GCE_METADATA_HOST must be a host name alone, perhaps with a port')
}

const wellKnown = (env: Environment): string => {
  const folder =
    env['CLOUDSDK_CONFIG'] ??
    (env['APPDATA'] === undefined
      ? join(env['HOME'] ?? '', '.config', 'gcloud')
      : join(env['APPDATA'], 'gcloud'))
  return join(folder, 'application_default_credentials.json')
}

const missing = (path: string, named: string | undefined, cause: unknown): never =>
  fail(
    'service.denied',
    named === undefined || named === ''
      ? 'there are no Google credentials'
      : `GOOGLE_APPLICATION_CREDENTIALS names ${JSON.stringify(path)}, which cannot be read`,
    {
      hint: 'Run gcloud auth application-default login, or let GOOGLE_APPLICATION_CREDENTIALS name the key file of a service account; on a machine of Google, LAKEWRIGHT_GOOGLE_AUTH=metadata takes its own account.',
      cause,
    },
  )

/** Reads a credentials file; `path` is for messages. Throws usage.option. */
export const parseCredentials = (text: string, path: string): GoogleCredentials => {
  const file = jsonObject(text) ?? refuse(path, 'it is not a JSON object')
  const field = (name: string): string => {
    const value = file[name]
    return typeof value === 'string' && value !== ''
      ? value
      : refuse(path, `it has no ${JSON.stringify(name)}`)
  }
  const optional = (name: string): string | undefined =>
    typeof file[name] === 'string' ? file[name] : undefined
  switch (file['type']) {
    case 'service_account':
      return {
        kind: 'service-account',
        email: field('client_email'),
        keyId: optional('private_key_id'),
        privateKey: field('private_key'),
        tokenUrl: tokenUrlIn(optional('token_uri') ?? TOKEN_URL, path),
        project: optional('project_id'),
      }
    case 'authorized_user':
      return {
        kind: 'user',
        clientId: field('client_id'),
        clientSecret: field('client_secret'),
        refreshToken: field('refresh_token'),
        quotaProject: optional('quota_project_id'),
      }
    default:
      return refuse(
        path,
        'its type is neither service_account nor authorized_user, and no other is supported',
      )
  }
}

const tokenUrlIn = (url: string, path: string): string =>
  URL.canParse(url) ? url : refuse(path, 'its "token_uri" is no address')

/** Where tokens are exchanged. */
export const TOKEN_URL = 'https://oauth2.googleapis.com/token'

const jsonObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    // The parser's message would quote the file.
    return undefined
  }
}

const refuse = (path: string, why: string): never =>
  fail('usage.option', `the Google credentials in ${JSON.stringify(path)} cannot be used: ${why}`, {
    hint: 'Run gcloud auth application-default login, or let GOOGLE_APPLICATION_CREDENTIALS name the key file of a service account.',
  })
