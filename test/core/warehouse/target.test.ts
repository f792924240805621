import { describe, expect, it } from 'vitest'
import { parseTarget } from '../../../src/core/warehouse/target.ts'

describe('a target', () => {
  it.each([
    ['main.bronze', 'main', 'bronze'],
    ['my-project.mdm_demo', 'my-project', 'mdm_demo'],
    ['`a.b`.`c``d`', 'a.b', 'c`d'],
  ])('%s is a catalog and a schema', (text, catalog, schema) => {
    expect(parseTarget(text)).toEqual({ catalog, schema })
  })

  it.each(['main', 'a.b.c', '', '.', 'a.', '.b', 'a b.c', '`a.b', '`a`b.c', 'a..b'])(
    '%j is refused',
    (text) => {
      expect(() => parseTarget(text)).toThrow(/expected <catalog>.<schema>/)
    },
  )
})
