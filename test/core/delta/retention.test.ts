import { describe, expect, test } from 'vitest'
import { checkpointActions, checkpointDue } from '../../../src/core/delta/checkpoint.ts'
import {
  deletedFileRetention,
  durationOf,
  vacuumCandidates,
} from '../../../src/core/delta/retention.ts'
import { replay } from '../../../src/core/delta/snapshot.ts'
import type { StoredObject } from '../../../src/core/ports.ts'
import { add, METADATA, PROTOCOL, remove, vector } from './actions.ts'

const DAY = 86_400_000
const NOW = 100 * DAY

describe('durations', () => {
  test.each([
    ['interval 1 week', 7 * DAY],
    ['interval 168 hours', 7 * DAY],
    ['INTERVAL 1 day 12 hours', 1.5 * DAY],
    ['30 days', 30 * DAY],
    ['interval 5 milliseconds', 5],
    ['interval 1 month', undefined],
    ['interval', undefined],
    ['interval one week', undefined],
    ['interval 1 constructor', undefined],
    ['', undefined],
  ])('%j is %s ms', (text, expected) => {
    expect(durationOf(text)).toBe(expected)
  })

  test('a table keeps removed files for a week, or as long as it says', () => {
    const name = 'delta.deletedFileRetentionDuration'
    const saying = (text: string): number =>
      deletedFileRetention({ ...METADATA, configuration: { [name]: text } })
    expect(deletedFileRetention(METADATA)).toBe(7 * DAY)
    expect(saying('interval 2 days')).toBe(2 * DAY)
    expect(() => saying('soon')).toThrow(/expected a duration/)
  })
})

const snapshot = replay(undefined, [
  {
    version: 0,
    actions: [
      PROTOCOL,
      METADATA,
      { kind: 'txn', appId: 'a', version: 1 },
      { kind: 'domainMetadata', domain: 'd', configuration: '', removed: false },
      add('live'),
      { ...add('vectored'), deletionVector: vector('^-aqEH.-t@S}K{vb[*k^', 1) },
      { ...add('old'), stats: '{"numRecords":1}' },
      add('young'),
    ],
  },
  { version: 1, actions: [remove('old', NOW - 8 * DAY), remove('young', NOW - 6 * DAY)] },
])

describe('a vacuum', () => {
  const object = (path: string, modifiedAt = 0): StoredObject => ({ path, size: 1, modifiedAt })
  const found = (...objects: readonly StoredObject[]): readonly string[] =>
    vacuumCandidates(snapshot, objects, { now: NOW, retention: 7 * DAY }).map(({ path }) => path)

  test('finds files no version needs, and expired tombstones', () => {
    expect(found(object('orphan'), object('old'), object('p=1/orphan'))).toEqual([
      'orphan',
      'old',
      'p=1/orphan',
    ])
  })

  test('keeps files of the snapshot, young tombstones and files just written', () => {
    expect(found(object('live'), object('young'), object('new', NOW - DAY))).toEqual([])
  })

  test('keeps the deletion vectors of the snapshot and finds others', () => {
    const kept = 'deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin'
    const other = 'deletion_vector_00000000-0000-0000-0000-000000000000.bin'
    expect(found(object(kept), object(other))).toEqual([other])
  })

  test('never touches the log or what is hidden, but partitions and change data', () => {
    expect(
      found(
        object('_delta_log/00000000000000000000.json'),
        object('_SUCCESS'),
        object('.hidden/x'),
        object('a/_b/x'),
        object('_year=2020/x'),
        object('_change_data/x'),
      ),
    ).toEqual(['_year=2020/x', '_change_data/x'])
  })
})

describe('a checkpoint', () => {
  test('holds all that is live and the tombstones that have not expired', () => {
    const actions = checkpointActions(snapshot, NOW)
    expect(actions.map((action) => ('path' in action && action.path) || action.kind)).toEqual([
      'protocol',
      'metaData',
      'txn',
      'domainMetadata',
      'live',
      'vectored',
      'young',
    ])
    expect(actions.every((action) => !('dataChange' in action) || !action.dataChange)).toBe(true)
  })

  test('gives the same snapshot when it is replayed', () => {
    const again = replay(undefined, [{ version: 1, actions: checkpointActions(snapshot, NOW) }])
    expect([...again.files.keys()]).toEqual([...snapshot.files.keys()])
    expect(again).toMatchObject({
      version: 1,
      protocol: snapshot.protocol,
      metadata: snapshot.metadata,
      transactions: snapshot.transactions,
      domains: snapshot.domains,
    })
  })

  test.each([
    [0, undefined, false],
    [9, undefined, false],
    [10, undefined, true],
    [20, undefined, true],
    [10, '3', false],
    [9, '3', true],
    [10, '0', false],
    [10, 'often', false],
  ])('after version %s with the interval %s: %s', (version, interval, due) => {
    const configuration = interval === undefined ? {} : { 'delta.checkpointInterval': interval }
    expect(checkpointDue({ version, metadata: { ...METADATA, configuration } })).toBe(due)
  })
})
