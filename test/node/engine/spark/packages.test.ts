import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CLIENT_PACKAGES } from '../../../../src/node/engine/spark/protocol.ts'
import { ROOT } from '../../../support/sources.ts'

interface Package {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>
}

const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package

it('the client of Spark asks for the versions that are tested, which are installed when they are wanted', () => {
  const asked = CLIENT_PACKAGES.split(' ').map((each) => each.split(/(?!^)@/))
  expect(Object.fromEntries(asked)).toEqual(own.peerDependencies)
  for (const [name, version] of Object.entries(own.peerDependencies)) {
    expect(own.devDependencies[name]).toBe(version)
    expect(own.peerDependenciesMeta[name]).toEqual({ optional: true })
    expect(own.dependencies[name]).toBeUndefined()
  }
})
