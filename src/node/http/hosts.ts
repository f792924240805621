import { fail } from '../../core/errors.ts'

/** Which hosts a provider's tokens may go to. */
export interface HostRule {
  /** The provider's name in messages. */
  readonly provider: string
  /** Ends of its host names, each beginning with a dot. */
  readonly suffixes: readonly string[]
  /** Hosts allowed besides, as `host` or `host:port`; one on this machine may then also be http. */
  readonly allowed: readonly string[]
}

/** The hosts that LAKEWRIGHT_ALLOW_HOSTS names, separated by commas. */
export const allowedHosts = (
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] =>
  (env['LAKEWRIGHT_ALLOW_HOSTS'] ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '')

/**
 * The origin, such as `https://x.cloud.databricks.com`, of a host as people write it: with or without scheme and
 * trailing slash. Throws usage.option for a host that is not the provider's and not allowed, a path, a user or http
 * to anywhere but an allowed host on this machine.
 */
export const serviceOrigin = (text: string, rule: HostRule): string => {
  const url = parsed(text, rule)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return refuse(rule, 'must be a host name alone, without user, query or fragment')
  }
  if (url.pathname !== '/') refuse(rule, `must be a host name alone, without ${url.pathname}`)
  const allowed = rule.allowed.includes(url.host) || rule.allowed.includes(url.hostname)
  const isTheirs = url.port === '' && rule.suffixes.some((suffix) => url.hostname.endsWith(suffix))
  if (!allowed && !isTheirs) {
    // It may be a token that was put in the place of the host.
    if (!isHostLike(url.hostname)) return refuse(rule, 'is not a host name')
    return refuse(rule, `is ${url.host}, which is none of *${rule.suffixes.join(', *')}`, url.host)
  }
  if (url.protocol === 'https:') return url.origin
  if (url.protocol === 'http:' && allowed && LOOPBACK.has(url.hostname)) return url.origin
  return refuse(rule, `must be https, not ${url.protocol.slice(0, -1)}`)
}

const isHostLike = (name: string): boolean =>
  LOOPBACK.has(name) ||
  (name.includes('.') && name.split('.').every((label) => label.length < LONGEST_LABEL))

/** Longer labels are no words of people. */
const LONGEST_LABEL = 50

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

const parsed = (text: string, rule: HostRule): URL => {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  } catch {
    return refuse(rule, 'is not a host name')
  }
}

const refuse = ({ provider }: HostRule, problem: string, host?: string): never =>
  fail(
    'usage.option',
    `the host of ${provider} ${problem}`,
    host === undefined ? {} : { hint: `if it is right, name it in LAKEWRIGHT_ALLOW_HOSTS=${host}` },
  )
