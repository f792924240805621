import { expect, test } from 'vitest'
import { isLakewrightError } from '../../../src/core/errors.ts'
import { allowedHosts, serviceOrigin, type HostRule } from '../../../src/node/http/hosts.ts'

const rule: HostRule = {
  provider: 'Databricks',
  suffixes: ['.cloud.databricks.com', '.azuredatabricks.net'],
  allowed: ['lake.example', '127.0.0.1:8080'],
}

test.each([
  ['dbc-1.cloud.databricks.com', 'https://dbc-1.cloud.databricks.com'],
  ['https://adb-1.2.azuredatabricks.net/', 'https://adb-1.2.azuredatabricks.net'],
  ['HTTPS://DBC-1.Cloud.Databricks.com', 'https://dbc-1.cloud.databricks.com'],
  ['lake.example', 'https://lake.example'],
  ['https://lake.example:8443', 'https://lake.example:8443'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
])('%s is %s', (text, origin) => {
  expect(serviceOrigin(text, rule)).toBe(origin)
})

test.each([
  ['dbc-1.cloud.databricks.com.evil.example', 'none of'],
  ['evil.example/.cloud.databricks.com', 'without /.cloud.databricks.com'],
  ['https://x.cloud.databricks.com@evil.example', 'without user'],
  ['https://x.cloud.databricks.com:8443', 'none of'],
  ['https://evil.example?x=.cloud.databricks.com', 'without user, query or fragment'],
  ['evilcloud.databricks.com', 'none of'],
  ['http://x.cloud.databricks.com', 'must be https, not http'],
  ['http://lake.example', 'must be https, not http'],
  ['http://127.0.0.1:9999', 'none of'],
  ['ftp://127.0.0.1:8080', 'must be https, not ftp'],
  ['https://evil.example\\@x.cloud.databricks.com', 'without /@x.cloud.databricks.com'],
  ['https://x.cloud.databricks.com\u3002evil.example', 'none of'],
  ['https://x.cloud.databricks\u0430.com', 'none of'],
  ['https://x.cloud.databricks.com.', 'none of'],
  ['https://x.cloud.databricks.com%2eevil.example', 'none of'],
  ['https://x.cloud.databricks.com#@evil.example', 'without user, query or fragment'],
  ['javascript://x.cloud.databricks.com', 'must be a host name alone'],
  ['https://', 'is not a host name'],
  ['', 'is not a host name'],
  ['dapi0123456789abcdef', 'is not a host name'],
  [`eyJhbGciOi.${'x'.repeat(60)}.c2ln`, 'is not a host name'],
])('%s is refused: %s', (text, reason) => {
  try {
    serviceOrigin(text, rule)
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'usage.option' })
    expect(isLakewrightError(error) && error.message).toContain(reason)
    if (reason === 'is not a host name' && text !== '')
      expect(JSON.stringify(error)).not.toContain(text.slice(0, 10))
  }
})

test('hosts are allowed by a variable of the environment', () => {
  expect(allowedHosts({})).toEqual([])
  expect(allowedHosts({ LAKEWRIGHT_ALLOW_HOSTS: ' A.example, 127.0.0.1:1 ,' })).toEqual([
    'a.example',
    '127.0.0.1:1',
  ])
})
