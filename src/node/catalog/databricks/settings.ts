import { fail } from '../../../core/errors.ts'
import type { Environment } from '../../../core/warehouse/warehouse.ts'
import { allowedHosts, type HostRule, serviceOrigin } from '../../http/hosts.ts'

/** Where a workspace is and who asks it, as environment and config file say. */
export interface DatabricksSettings {
  /** Scheme and host. */
  readonly origin: string
  readonly warehouseId: string | undefined
  /** The profile of the config file that was read, if any. */
  readonly profile: string | undefined
  /** None for a server without sign-in on this machine. */
  readonly credentials: DatabricksCredentials | undefined
}

/**
 * A personal access token; the id and secret of a service principal; or the token of another identity provider, read
 * again each time, which is exchanged for one of the workspace, with the principal that it stands for if it is one.
 */
export type DatabricksCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'client'; readonly id: string; readonly secret: string }
  | {
      readonly kind: 'identity'
      readonly token: () => string | undefined
      readonly client: string | undefined
    }

/** Reads a text file; undefined when it is absent. */
export type ReadText = (path: string) => string | undefined

/**
 * Settings by the rules of Databricks' own tools: variables of the environment win over a profile of ~/.databrickscfg,
 * which is read when it is named or the environment says nothing. Throws usage.option for what is missing, ambiguous
 * or no host of Databricks.
 */
export const databricksSettings = (
  env: Environment,
  readText: ReadText,
  profile: string | undefined = env['DATABRICKS_CONFIG_PROFILE'],
): DatabricksSettings => {
  const { name, values } = isSaid(env, profile)
    ? { name: undefined, values: undefined }
    : profileOf(env, readText, profile)
  const value = (key: string): string | undefined =>
    nonEmpty(env[`DATABRICKS_${key.toUpperCase()}`]) ?? nonEmpty(values?.[key])
  const host = value('host')
  if (host === undefined) {
    return fail('usage.option', 'no Databricks workspace is named', {
      hint: 'set DATABRICKS_HOST and DATABRICKS_TOKEN, or DATABRICKS_CONFIG_PROFILE to a profile of ~/.databrickscfg',
    })
  }
  const origin = serviceOrigin(host, databricksHosts(env))
  const credentials = credentialsOf(value, readText)
  if (credentials === undefined && origin.startsWith('https:')) noCredentials(origin)
  return { origin, warehouseId: value('warehouse_id'), profile: name, credentials }
}

/** The hosts that tokens of Databricks may go to. */
export const databricksHosts = (env: Environment): HostRule => ({
  provider: 'Databricks',
  suffixes: [
    '.cloud.databricks.com',
    '.cloud.databricks.us',
    '.azuredatabricks.net',
    '.databricks.azure.us',
    '.databricks.azure.cn',
    '.gcp.databricks.com',
  ],
  allowed: allowedHosts(env),
})

/** The sections of a config file in INI form; text after ` #` or ` ;` is a comment. */
export const parseProfiles = (
  text: string,
): ReadonlyMap<string, Readonly<Record<string, string>>> => {
  const sections = new Map<string, Record<string, string>>()
  let current: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1]?.trim()
    if (section !== undefined) {
      current = sections.get(section) ?? {}
      sections.set(section, current)
      continue
    }
    const [, key, value] = /^\s*([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) {
      current[key.toLowerCase()] = value.replace(/\s[#;].*$/, '').trim()
    }
  }
  return sections
}

const AUTHENTICATION = [
  'HOST',
  'TOKEN',
  'CLIENT_ID',
  'CLIENT_SECRET',
  'OIDC_TOKEN',
  'OIDC_TOKEN_FILEPATH',
]

const isSaid = (env: Environment, profile: string | undefined): boolean =>
  nonEmpty(profile) === undefined &&
  AUTHENTICATION.some((each) => nonEmpty(env[`DATABRICKS_${each}`]) !== undefined)

const profileOf = (env: Environment, readText: ReadText, asked: string | undefined) => {
  const path = nonEmpty(env['DATABRICKS_CONFIG_FILE']) ?? `${env['HOME'] ?? '~'}/.databrickscfg`
  const text = readText(path)
  const sections = parseProfiles(text ?? '')
  const name =
    nonEmpty(asked) ?? nonEmpty(sections.get('__settings__')?.['default_profile']) ?? 'DEFAULT'
  const values = sections.get(name)
  if (values === undefined && nonEmpty(asked) !== undefined) {
    return fail(
      'usage.option',
      text === undefined ? `there is no ${path}` : `${path} has no profile ${name}`,
      { hint: 'DATABRICKS_CONFIG_PROFILE names a section of that file' },
    )
  }
  return { name: values === undefined ? undefined : name, values }
}

const credentialsOf = (
  value: (key: string) => string | undefined,
  readText: ReadText,
): DatabricksCredentials | undefined => {
  const token = value('token')
  const id = value('client_id')
  const secret = value('client_secret')
  const path = value('oidc_token_filepath')
  const identity = (): string | undefined =>
    path === undefined ? value('oidc_token') : nonEmpty(readText(path))
  // By the names of DATABRICKS_AUTH_TYPE.
  const found = new Map<string, DatabricksCredentials>()
  if (token !== undefined) found.set('pat', { kind: 'token', token })
  if (id !== undefined && secret !== undefined)
    found.set('oauth-m2m', { kind: 'client', id, secret })
  if (path !== undefined || value('oidc_token') !== undefined)
    found.set(path === undefined ? 'env-oidc' : 'file-oidc', {
      kind: 'identity',
      token: identity,
      client: id,
    })
  const way = value('auth_type')
  if (way !== undefined) return found.get(way) ?? noSuchWay(way)
  if (found.size > 1) {
    return fail('usage.option', 'several kinds of credentials of Databricks are given', {
      hint: `set DATABRICKS_AUTH_TYPE to ${[...found.keys()].join(' or ')}, or remove the others`,
    })
  }
  return [...found.values()][0]
}

const noSuchWay = (way: string): never =>
  fail('usage.option', `nothing to sign in by as DATABRICKS_AUTH_TYPE=${way} asks is given`, {
    hint: 'It can be pat, oauth-m2m, env-oidc or file-oidc, with the variables of docs/databricks.md.',
  })

const noCredentials = (origin: string): never =>
  fail('usage.option', `no token for ${origin} is given`, {
    hint: 'set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or DATABRICKS_CONFIG_PROFILE',
  })

const nonEmpty = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text.trim()
