import { describe, expect, it } from 'vitest'
import {
  hasBegun,
  nextMove,
  type Publication,
  publicationWay,
  type PublishState,
} from '../../../src/core/warehouse/publication.ts'

const RUN = 'run2'
const publication = (parts: Partial<Publication>): Publication => ({
  table: 'orders',
  landed: 'orders',
  way: 'replace',
  rowsBefore: 0,
  before: 'run1',
  ...parts,
})
const state = (parts: Partial<PublishState>): PublishState => ({
  staging: true,
  retired: false,
  madeBy: 'run1',
  ...parts,
})

describe('the way a table is published', () => {
  it.each([
    ['create', false, 'take'],
    ['overwrite', false, 'take'],
    ['overwrite', true, 'replace'],
    ['append', true, 'insert'],
  ] as const)('of an %s with a table there: %s is %s', (kind, exists, way) => {
    expect(publicationWay(kind, exists)).toBe(way)
  })
})

describe('the next move', () => {
  it.each([
    ['take', { madeBy: undefined }, 'rename'],
    ['take', { madeBy: RUN, staging: false }, 'done'],
    ['take', { madeBy: 'other' }, 'moved'],
    ['take', { madeBy: undefined, staging: false }, 'moved'],
    ['replace', {}, 'retire'],
    ['replace', { madeBy: undefined, retired: true }, 'rename'],
    ['replace', { madeBy: RUN, staging: false, retired: true }, 'done'],
    ['replace', { madeBy: 'other' }, 'moved'],
    ['replace', { retired: true }, 'moved'],
    ['replace', { madeBy: undefined }, 'moved'],
    ['insert', { rows: { published: 0, staging: 4 } }, 'insert'],
    ['insert', { rows: { published: 4, staging: 4 } }, 'done'],
    ['insert', { rows: { published: 0, staging: 0 } }, 'done'],
    ['insert', { rows: { published: 3, staging: 4 } }, 'moved'],
    ['insert', { rows: { published: 0, staging: 4 }, madeBy: 'other' }, 'moved'],
    ['insert', {}, 'moved'],
  ] as const)('of %s with %j is %s', (way, parts, move) => {
    const before = way === 'take' ? '' : 'run1'
    expect(nextMove(RUN, publication({ way, before }), state(parts))).toBe(move)
  })

  it('goes forwards only once a table is retired, renamed or inserted', () => {
    expect(hasBegun(RUN, publication({}), state({}))).toBe(false)
    expect(hasBegun(RUN, publication({}), state({ retired: true }))).toBe(true)
    expect(hasBegun(RUN, publication({}), state({ madeBy: RUN }))).toBe(true)
    const insert = publication({ way: 'insert', rowsBefore: 5 })
    expect(hasBegun(RUN, insert, state({ rows: { published: 5, staging: 2 } }))).toBe(false)
    expect(hasBegun(RUN, insert, state({ rows: { published: 7, staging: 2 } }))).toBe(true)
    expect(hasBegun(RUN, insert, state({ rows: { published: 5, staging: 0 } }))).toBe(false)
  })
})
