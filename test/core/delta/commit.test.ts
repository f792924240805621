import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/delta/actions.ts'
import type { CommitDraft, DataFile, TableDefinition } from '../../../src/core/delta/commit.ts'
import {
  appendDraft,
  checksOf,
  createDraft,
  metadataOf,
  overwriteDraft,
  renderCommit,
} from '../../../src/core/delta/commit.ts'
import { conflictWith, headAfter, repeats } from '../../../src/core/delta/conflict.ts'
import { schemaOf } from '../../../src/core/delta/schema.ts'
import type { Commit, Snapshot } from '../../../src/core/delta/snapshot.ts'
import { replay } from '../../../src/core/delta/snapshot.ts'
import { METADATA, PROTOCOL, remove } from './actions.ts'

const definition: TableDefinition = {
  id: 'table',
  name: 'people',
  schema: schemaOf([{ name: 'id', type: { kind: 'integer' }, long: true, nullable: false }]),
  properties: { 'lakewright.key': 'id' },
}

const file = (path: string): DataFile => ({
  path,
  size: 10,
  rows: 2,
  sha256: 'ab',
  stats: '{"numRecords":2}',
})

const committed = (base: Snapshot | undefined, draft: CommitDraft): Snapshot => {
  const { version, actions } = renderCommit(draft, base)
  return replay(base, [{ version, actions }])
}

const created = committed(undefined, createDraft(definition, [file('a')], { at: 100 }))

describe('the commit that creates a table', () => {
  test('defines it and adds its files with checksum and statistics', () => {
    const { version, text } = renderCommit(
      createDraft(definition, [file('a')], { at: 100 }),
      undefined,
    )
    expect(version).toBe(0)
    const [info, protocol, metadata, add] = text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(info).toMatchObject({
      commitInfo: {
        timestamp: 100,
        isBlindAppend: false,
        operationMetrics: { numOutputRows: '2' },
      },
    })
    expect(info).not.toHaveProperty('commitInfo.readVersion')
    expect(protocol).toEqual({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } })
    expect(metadata).toMatchObject({
      metaData: {
        id: 'table',
        format: { provider: 'parquet', options: {} },
        configuration: { 'lakewright.key': 'id' },
        createdTime: 100,
      },
    })
    expect(add).toEqual({
      add: {
        path: 'a',
        partitionValues: {},
        size: 10,
        modificationTime: 100,
        dataChange: true,
        stats: '{"numRecords":2}',
        tags: { 'lakewright.sha256': 'ab' },
      },
    })
  })

  test('asks for writer version 3 when the table has CHECK constraints', () => {
    const checked = { ...definition, checks: { adult: 'age >= 18' } }
    const snapshot = committed(undefined, createDraft(checked, [], { at: 1 }))
    expect(snapshot.protocol).toMatchObject({ minReaderVersion: 1, minWriterVersion: 3 })
    expect(snapshot.metadata.configuration).toEqual({
      'lakewright.key': 'id',
      'delta.constraints.adult': 'age >= 18',
    })
    expect(checksOf(snapshot.metadata)).toEqual({ adult: 'age >= 18' })
  })
})

describe('an append', () => {
  test('adds files, carries its transaction and is blind', () => {
    const draft = appendDraft(created, [file('b')], {
      at: 200,
      transaction: { appId: 'run', version: 3 },
    })
    const { text } = renderCommit(draft, created)
    expect(text).toContain('"readVersion":0')
    expect(text).toContain('"isBlindAppend":true')
    expect(text).toContain('{"txn":{"lastUpdated":200,"appId":"run","version":3}}')
    expect([...committed(created, draft).files.keys()]).toEqual(['a', 'b'])
  })

  test('is dated 1 ms after the commit before when its own instant is not later', () => {
    const draft = appendDraft(created, [], { at: 100 })
    expect(renderCommit(draft, created).timestamp).toBe(101)
    expect(renderCommit({ ...draft, at: 500 }, created).timestamp).toBe(500)
    expect(renderCommit(draft, { version: 4, timestamp: undefined })).toMatchObject({
      version: 5,
      timestamp: 100,
    })
  })

  test('renders the same text for the same inputs', () => {
    const text = (): string =>
      renderCommit(appendDraft(created, [file('b')], { at: 7 }), created).text
    expect(text()).toBe(text())
  })
})

describe('an overwrite', () => {
  test('removes every file and keeps the id of the table, whatever the new definition says', () => {
    const redefined = { ...definition, id: 'other', checks: { c: 'id > 0' } }
    const draft = overwriteDraft(
      created,
      { files: [file('z')], definition: redefined },
      { at: 300 },
    )
    const snapshot = committed(created, draft)
    expect([...snapshot.files.keys()]).toEqual(['z'])
    expect(snapshot.tombstones.get('a')).toMatchObject({ deletionTimestamp: 300, size: 10 })
    expect(snapshot.metadata).toMatchObject({ id: 'table', createdTime: 100 })
    expect(snapshot.protocol.minWriterVersion).toBe(3)
  })

  test('leaves metadata and protocol alone when the definition is the same', () => {
    const draft = overwriteDraft(created, { files: [], definition }, { at: 300 })
    expect(draft.actions.map(({ kind }) => kind)).toEqual(['remove'])
  })

  test('of an append-only table is refused', () => {
    const metadata = { ...created.metadata, configuration: { 'delta.appendOnly': 'true' } }
    const overwriting = (): unknown =>
      overwriteDraft({ ...created, metadata }, { files: [] }, { at: 1 })
    expect(overwriting).toThrow(/append-only/)
  })
})

test.each([['the same file twice', [file('a'), file('a')], /file a twice/]])(
  'a commit of %s is a defect',
  (_, files, message) => {
    const draft = appendDraft(created, files, { at: 1 })
    expect(() => renderCommit(draft, created)).toThrow(message)
  },
)

describe('a commit that came in between', () => {
  const append = appendDraft(created, [file('ours')], {
    at: 1,
    transaction: { appId: 'run', version: 3 },
  })
  const overwrite = overwriteDraft(created, { files: [file('ours')] }, { at: 1 })
  const deleting: CommitDraft = {
    ...overwrite,
    reads: { kind: 'files', keys: new Set(['read']) },
    actions: [remove('mine')],
  }
  const blind: Action = { kind: 'commitInfo', isBlindAppend: true }
  const added: Action = {
    kind: 'add',
    path: 'theirs',
    partitionValues: {},
    size: 1,
    modificationTime: 0,
    dataChange: true,
  }
  const winner = (...actions: readonly Action[]): Commit => ({ version: 1, actions })
  const between = (draft: CommitDraft, commit: Commit): unknown => {
    const found = conflictWith(draft, commit, headAfter(created, commit))
    return typeof found === 'object' ? found.kind : found
  }
  const weaker = (isolation: CommitDraft['isolation']): CommitDraft => ({ ...overwrite, isolation })

  test.each<[string, CommitDraft, Commit, string | undefined]>([
    ['an append after an append', append, winner(blind, added), undefined],
    ['an append after an overwrite', append, winner(remove('a'), added), undefined],
    ['an append after a change of metadata', append, winner(METADATA), 'metadataChanged'],
    [
      'an append after a harmless protocol',
      append,
      winner({ ...PROTOCOL, minWriterVersion: 3 }),
      undefined,
    ],
    [
      'an append after a protocol we cannot write',
      append,
      winner({ ...PROTOCOL, minWriterVersion: 7, writerFeatures: ['rowTracking'] }),
      'protocolChanged',
    ],
    [
      'a change of protocol after another',
      { ...append, actions: [PROTOCOL] },
      winner({ ...PROTOCOL, minWriterVersion: 3 }),
      'protocolChanged',
    ],
    [
      'an append after an older one of its application',
      append,
      winner({ kind: 'txn', appId: 'run', version: 2 }),
      'concurrentTransaction',
    ],
    [
      'an append after itself',
      append,
      winner({ kind: 'txn', appId: 'run', version: 3 }),
      'repeated',
    ],
    [
      'an append after another application',
      append,
      winner({ kind: 'txn', appId: 'other', version: 9 }),
      undefined,
    ],
    ['an overwrite after an append', overwrite, winner(blind, added), 'concurrentAppend'],
    [
      'an overwrite after an overwrite',
      overwrite,
      winner(remove('a'), added),
      'concurrentDeleteDelete',
    ],
    [
      'an overwrite after another delete',
      overwrite,
      winner(remove('other')),
      'concurrentDeleteRead',
    ],
    ['an overwrite after a commit without data', overwrite, winner(blind), undefined],
    [
      'a weaker overwrite after a blind append',
      weaker('WriteSerializable'),
      winner(blind, added),
      undefined,
    ],
    [
      'a weaker overwrite after another append',
      weaker('WriteSerializable'),
      winner(added),
      'concurrentAppend',
    ],
    ['a compaction after an append', weaker('SnapshotIsolation'), winner(added), undefined],
    [
      'a compaction after a delete of what it read',
      weaker('SnapshotIsolation'),
      winner(remove('a')),
      'concurrentDeleteDelete',
    ],
    ['a delete after an append', deleting, winner(added), undefined],
    [
      'a delete after a delete of what it read',
      deleting,
      winner(remove('read')),
      'concurrentDeleteRead',
    ],
    [
      'a delete after a delete of the same',
      deleting,
      winner(remove('mine')),
      'concurrentDeleteDelete',
    ],
    ['a delete after a delete of something else', deleting, winner(remove('else')), undefined],
  ])('%s', (_, ...[draft, commit, expected]) => {
    expect(between(draft, commit)).toBe(expected)
  })

  test('conflicts over the same domain metadata', () => {
    const domain = (name: string): Action => ({
      kind: 'domainMetadata',
      domain: name,
      configuration: '',
      removed: false,
    })
    const draft: CommitDraft = { ...append, actions: [domain('d')] }
    expect(between(draft, winner(domain('d')))).toBe('concurrentDomain')
    expect(between(draft, winner(domain('e')))).toBeUndefined()
  })

  test('that created the table first refuses a second creation', () => {
    const create = createDraft(definition, [], { at: 1 })
    const first: Commit = { version: 0, actions: [PROTOCOL, METADATA] }
    expect(conflictWith(create, first, headAfter(undefined, first))).toMatchObject({
      kind: 'tableCreated',
      version: 0,
      message: 'version 0 created the table already',
    })
  })

  test('but does not define the table it creates is a damaged log', () => {
    const empty: Commit = { version: 0, actions: [PROTOCOL] }
    expect(() => headAfter(undefined, empty)).toThrow(/version 0 does not define the table/)
  })

  test('is known as a repeat from the snapshot alone', () => {
    const holding = (version: number): boolean =>
      repeats(append, { transactions: new Map([['run', { kind: 'txn', appId: 'run', version }]]) })
    expect([holding(2), holding(3), holding(4)]).toEqual([false, true, true])
  })
})

test('the metadata of a definition leaves out what it does not say', () => {
  expect(metadataOf({ id: 'x', schema: definition.schema }, 5)).toEqual({
    kind: 'metaData',
    id: 'x',
    schemaString: expect.stringContaining('"struct"'),
    partitionColumns: [],
    configuration: {},
    createdTime: 5,
  })
})
