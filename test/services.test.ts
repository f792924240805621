import { expect, test } from 'vitest'
import { requireService, servicePath } from './support/services.ts'

test('a program given by its variable is found', () => {
  const found = requireService('node22', { LAKEWRIGHT_NODE22: process.execPath })
  expect(found).toEqual({ kind: 'found', path: process.execPath })
  expect(servicePath(found)).toBe(process.execPath)
})

test('a missing program is a reason to skip on a laptop and an error in CI', () => {
  const environment = { LAKEWRIGHT_PYTHON: '/nowhere/python' }
  const missing = requireService('python', environment)
  expect(missing).toMatchObject({
    kind: 'missing',
    reason: expect.stringContaining('LAKEWRIGHT_PYTHON'),
  })
  expect(() => servicePath(missing)).toThrow('python is missing')
  expect(() => requireService('python', { ...environment, CI: 'true' })).toThrow(
    'python is missing',
  )
})

test('a program that is there but unfit counts as missing', () => {
  expect(requireService('node24', { LAKEWRIGHT_NODE24: '/bin/false' }).kind).toBe('missing')
})

test('Spark is a folder that it was installed into', () => {
  expect(requireService('spark', { LAKEWRIGHT_SPARK: '/nowhere' }).kind).toBe('missing')
  expect(() => requireService('spark', { CI: 'true' })).toThrow('spark is missing')
})
