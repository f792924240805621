import { describe, expect, test } from 'vitest'
import { isLakewrightError } from '../../../../src/core/errors.ts'
import {
  databricksSettings,
  parseProfiles,
  type ReadText,
} from '../../../../src/node/catalog/databricks/settings.ts'

const HOST = 'https://dbc-1.cloud.databricks.com'
const FILE = `; a comment
[DEFAULT]
host = dbc-0.cloud.databricks.com
token = dapi-default

[work]
host          = ${HOST}/
client_id     = id-1
client_secret = se#cret ; not part of it
warehouse_id  = abc123
`

const home: ReadText = (path) => (path === '/people/ann/.databrickscfg' ? FILE : undefined)
const none: ReadText = () => undefined

const problemOf = (env: Readonly<Record<string, string>>, read: ReadText = none) => {
  try {
    databricksSettings({ HOME: '/people/ann', ...env }, read)
  } catch (error) {
    if (isLakewrightError(error))
      return { code: error.code, text: `${error.message}; ${error.hint}` }
  }
  return undefined
}

describe('settings', () => {
  test('come from the environment', () => {
    const env = { DATABRICKS_HOST: HOST, DATABRICKS_TOKEN: 'dapi-1', DATABRICKS_WAREHOUSE_ID: 'w' }
    expect(databricksSettings(env, home)).toEqual({
      origin: HOST,
      warehouseId: 'w',
      profile: undefined,
      credentials: { kind: 'token', token: 'dapi-1' },
    })
  })

  test('come from a profile that is named, where the environment says nothing else', () => {
    const env = { HOME: '/people/ann', DATABRICKS_CONFIG_PROFILE: 'work' }
    expect(databricksSettings(env, home)).toEqual({
      origin: HOST,
      warehouseId: 'abc123',
      profile: 'work',
      credentials: { kind: 'client', id: 'id-1', secret: 'se#cret' },
    })
    expect(databricksSettings({ ...env, DATABRICKS_WAREHOUSE_ID: 'w' }, home).warehouseId).toBe('w')
  })

  test('come from the default profile when nothing is said', () => {
    expect(databricksSettings({ HOME: '/people/ann' }, home)).toMatchObject({
      origin: 'https://dbc-0.cloud.databricks.com',
      profile: 'DEFAULT',
    })
    const chosen: ReadText = () => `${FILE}[__settings__]\ndefault_profile = work\n`
    expect(databricksSettings({ HOME: '/people/ann' }, chosen).profile).toBe('work')
  })

  test('come from another file when it is named', () => {
    const other: ReadText = (path) => (path === '/etc/cfg' ? FILE : undefined)
    expect(databricksSettings({ DATABRICKS_CONFIG_FILE: '/etc/cfg' }, other).profile).toBe(
      'DEFAULT',
    )
  })

  test.each([
    [{}, 'no Databricks workspace is named'],
    [{ DATABRICKS_HOST: HOST }, `no token for ${HOST} is given`],
    [{ DATABRICKS_HOST: HOST, DATABRICKS_CLIENT_ID: 'x' }, 'no token for'],
    [
      {
        DATABRICKS_HOST: HOST,
        DATABRICKS_TOKEN: 't',
        DATABRICKS_CLIENT_ID: 'x',
        DATABRICKS_CLIENT_SECRET: 'y',
      },
      'several kinds of credentials of Databricks are given; set DATABRICKS_AUTH_TYPE to pat or oauth-m2m',
    ],
    [
      { DATABRICKS_HOST: 'evil.example', DATABRICKS_TOKEN: 'dapi-1' },
      'LAKEWRIGHT_ALLOW_HOSTS=evil.example',
    ],
    [
      {
        DATABRICKS_HOST: 'https://dbc-1.cloud.databricks.com',
        DATABRICKS_TOKEN: 'dapi-1',
        DATABRICKS_AUTH_TYPE: 'azure-cli',
      },
      'nothing to sign in by as DATABRICKS_AUTH_TYPE=azure-cli asks is given; It can be pat,',
    ],
    [{ DATABRICKS_CONFIG_PROFILE: 'x' }, 'there is no /people/ann/.databrickscfg'],
  ])('%j are refused: %s', (env, reason) => {
    const problem = problemOf(env)
    expect(problem?.code).toBe('usage.option')
    expect(problem?.text).toContain(reason)
    expect(problem?.text).not.toContain('dapi-1')
  })

  test('of a profile that is not there are refused by its name', () => {
    expect(problemOf({ DATABRICKS_CONFIG_PROFILE: 'prod' }, home)?.text).toContain(
      '/people/ann/.databrickscfg has no profile prod',
    )
  })

  test('with two kinds of credentials obey the kind that is named', () => {
    const env = {
      DATABRICKS_HOST: HOST,
      DATABRICKS_TOKEN: 't',
      DATABRICKS_CLIENT_ID: 'x',
      DATABRICKS_CLIENT_SECRET: 'y',
    }
    const kindOf = (way: string) =>
      databricksSettings({ ...env, DATABRICKS_AUTH_TYPE: way }, none).credentials?.kind
    expect(kindOf('pat')).toBe('token')
    expect(kindOf('oauth-m2m')).toBe('client')
  })
})

test('a config file may have blank lines, comments, and signs in its values', () => {
  const text = '[a]\n# x = 1\ntoken=ab=c;d#e\n\n[b]\r\ntoken = q # note\r\nnonsense\n'
  expect(parseProfiles(text)).toEqual(
    new Map([
      ['a', { token: 'ab=c;d#e' }],
      ['b', { token: 'q' }],
    ]),
  )
})
