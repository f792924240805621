import { describe, expect, test } from 'vitest'
import type { Action, AddFile } from '../../../src/core/delta/actions.ts'
import type { Snapshot } from '../../../src/core/delta/snapshot.ts'
import { replay, snapshotRows } from '../../../src/core/delta/snapshot.ts'
import { add, METADATA, PROTOCOL, remove, vector } from './actions.ts'

const START: readonly Action[] = [PROTOCOL, METADATA]

const after = (...commits: readonly (readonly Action[])[]): Snapshot =>
  replay(
    undefined,
    [START, ...commits].map((actions, version) => ({ version, actions })),
  )

const paths = ({ files }: Snapshot): readonly string[] =>
  [...files.values()].map(({ path }) => path)

describe('replaying a log', () => {
  test('adds and removes files, the newest action winning', () => {
    const snapshot = after([add('a'), add('b')], [remove('a')], [add('c')])
    expect(snapshot.version).toBe(3)
    expect(paths(snapshot)).toEqual(['b', 'c'])
    expect([...snapshot.tombstones.keys()]).toEqual(['a'])
  })

  test('brings a removed file back when it is added again, as a restore does', () => {
    const snapshot = after([add('a')], [remove('a')], [add('a')])
    expect(paths(snapshot)).toEqual(['a'])
    expect(snapshot.tombstones.size).toBe(0)
  })

  test('tells a file with a deletion vector from the same file without', () => {
    const vectored: AddFile = { ...add('a'), deletionVector: vector('one', 3) }
    const snapshot = after([add('a')], [remove('a'), vectored])
    expect([...snapshot.files.values()]).toEqual([vectored])
    expect([...snapshot.tombstones.values()]).toEqual([remove('a')])
    const next = after(
      [add('a')],
      [remove('a'), vectored],
      [
        { ...remove('a'), deletionVector: vector('one', 3) },
        { ...add('a'), deletionVector: vector('two', 5) },
      ],
    )
    expect([...next.files.values()]).toEqual([{ ...add('a'), deletionVector: vector('two', 5) }])
    expect(next.tombstones.size).toBe(2)
  })

  test('keeps the newest protocol, metadata, transaction and domain', () => {
    const snapshot = after(
      [{ kind: 'txn', appId: 'a', version: 1 }],
      [
        { ...PROTOCOL, minWriterVersion: 3 },
        { ...METADATA, name: 'new' },
        { kind: 'txn', appId: 'a', version: 2 },
        { kind: 'txn', appId: 'b', version: 9 },
        { kind: 'domainMetadata', domain: 'd', configuration: 'x', removed: false },
        { kind: 'domainMetadata', domain: 'e', configuration: 'y', removed: false },
      ],
      [{ kind: 'domainMetadata', domain: 'd', configuration: '', removed: true }],
    )
    expect(snapshot.protocol.minWriterVersion).toBe(3)
    expect(snapshot.metadata.name).toBe('new')
    expect([...snapshot.transactions.values()].map(({ version }) => version)).toEqual([2, 9])
    expect([...snapshot.domains.keys()]).toEqual(['e'])
  })

  test('is dated by the last commit, and by nothing when that does not say', () => {
    const info: Action = { kind: 'commitInfo', timestamp: 5 }
    expect(after([info]).timestamp).toBe(5)
    expect(after([{ ...info, inCommitTimestamp: 7 }]).timestamp).toBe(7)
    expect(after([info], [add('a')]).timestamp).toBeUndefined()
  })

  test('continues from a snapshot and leaves that as it was', () => {
    const base = after([add('a')])
    const next = replay(base, [{ version: 2, actions: [remove('a'), add('b')] }])
    expect(paths(base)).toEqual(['a'])
    expect(paths(next)).toEqual(['b'])
    expect(base.tombstones.size).toBe(0)
  })

  test.each([
    [
      'a version is missing',
      () => replay(after(), [{ version: 2, actions: [] }]),
      /version 2 after version 0/,
    ],
    [
      'there is no protocol',
      () => replay(undefined, [{ version: 0, actions: [METADATA] }]),
      /no protocol/,
    ],
    [
      'there is no metadata',
      () => replay(undefined, [{ version: 0, actions: [PROTOCOL] }]),
      /no metaData/,
    ],
    ['there is no commit', () => replay(undefined, []), /no version/],
  ])('fails when %s', (_, replaying, message) => {
    expect(replaying).toThrow(message)
    expect(replaying).toThrow(expect.objectContaining({ code: 'delta.log' }))
  })
})

test('rows are counted from statistics, less the deleted ones, or not at all', () => {
  const counted = (path: string, rows: number): AddFile => ({
    ...add(path),
    stats: `{"numRecords":${rows}}`,
  })
  expect(snapshotRows(after([counted('a', 5), counted('b', 7)]))).toBe(12)
  expect(snapshotRows(after([{ ...counted('a', 5), deletionVector: vector('v', 2) }]))).toBe(3)
  expect(snapshotRows(after([counted('a', 5), add('b')]))).toBeUndefined()
  expect(snapshotRows(after())).toBe(0)
})
