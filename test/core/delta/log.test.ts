import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/delta/actions.ts'
import { commitPath, decodePath, encodePath, logFile } from '../../../src/core/delta/log-path.ts'
import { parseActions } from '../../../src/core/delta/parse.ts'
import { serialiseActions } from '../../../src/core/delta/serialise.ts'

const ADD: Action = {
  kind: 'add',
  path: 'part-0.parquet',
  partitionValues: {},
  size: 10,
  modificationTime: 5,
  dataChange: true,
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** True for a text that can stand between two slashes of a path and has no lone surrogate. */
const isSegment = (text: string): boolean =>
  text !== '.' && text !== '..' && !/[/\0]/.test(text) && !LONE_SURROGATE.test(text)

describe('a log file', () => {
  test('is one JSON object a line, each ended by a newline', () => {
    const text = serialiseActions([
      { kind: 'protocol', minReaderVersion: 1, minWriterVersion: 2 },
      { ...ADD, stats: '{"numRecords":1}', tags: { a: 'b' } },
    ])
    expect(text).toBe(
      '{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}\n' +
        '{"add":{"path":"part-0.parquet","partitionValues":{},"size":10,"modificationTime":5,' +
        '"dataChange":true,"stats":"{\\"numRecords\\":1}","tags":{"a":"b"}}}\n',
    )
  })

  test('says of a removed file what the protocol asks', () => {
    const text = serialiseActions([
      {
        kind: 'remove',
        path: 'p=a b/x',
        deletionTimestamp: 7,
        dataChange: true,
        partitionValues: { p: 'a b' },
        size: 3,
      },
    ])
    expect(JSON.parse(text)).toEqual({
      remove: {
        path: 'p=a%20b/x',
        deletionTimestamp: 7,
        dataChange: true,
        extendedFileMetadata: true,
        partitionValues: { p: 'a b' },
        size: 3,
      },
    })
  })

  const path = fc
    .array(fc.string({ minLength: 1, unit: 'binary' }).filter(isSegment), {
      minLength: 1,
      maxLength: 3,
    })
    .map((segments) => segments.join('/'))
    .filter((each) => !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(each))
  const time = fc.integer({ min: 0, max: 2 ** 52 })
  const texts = fc.dictionary(fc.string(), fc.string())
  const vector = fc.record({
    storageType: fc.constantFrom('u' as const, 'i' as const, 'p' as const),
    pathOrInlineDv: fc.string(),
    offset: fc.nat(),
    sizeInBytes: fc.nat(),
    cardinality: fc.nat(),
  })
  const action: fc.Arbitrary<Action> = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      path,
      partitionValues: fc.dictionary(fc.string(), fc.option(fc.string())),
      size: time,
      modificationTime: time,
      dataChange: fc.boolean(),
      deletionVector: vector,
      tags: texts,
      stats: fc.string(),
    }),
    fc.record({
      kind: fc.constant('remove' as const),
      path,
      deletionTimestamp: time,
      dataChange: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('txn' as const), appId: fc.string(), version: time }),
    fc.record({
      kind: fc.constant('metaData' as const),
      id: fc.string(),
      schemaString: fc.string(),
      partitionColumns: fc.array(fc.string()),
      configuration: texts,
    }),
    fc.record({
      kind: fc.constant('domainMetadata' as const),
      domain: fc.string(),
      configuration: fc.string(),
      removed: fc.boolean(),
    }),
  )

  test('reads back as it was written, whatever the texts in it', () => {
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        expect(parseActions(serialiseActions(actions), 'x')).toEqual(actions)
      }),
      { numRuns: 500, seed: 3 },
    )
  })

  test('passes over blank lines, unknown actions and unknown fields', () => {
    const text = '\n{"cdc":{"path":"x"}}\n{"txn":{"appId":"a","version":1,"new":true}}\n\n'
    expect(parseActions(text, 'x')).toEqual([{ kind: 'txn', appId: 'a', version: 1 }])
  })

  test('takes null for an absent field, as checkpoints of Spark have it', () => {
    const text = '{"add":null,"remove":null,"txn":{"appId":"a","version":1,"lastUpdated":null}}'
    expect(parseActions(text, 'x')).toEqual([{ kind: 'txn', appId: 'a', version: 1 }])
  })

  test('keeps what other writers put into commitInfo as text', () => {
    const text =
      '{"commitInfo":{"timestamp":5,"operation":"OPTIMIZE","operationParameters":{"auto":false,"predicate":"[]"}}}'
    expect(parseActions(text, 'x')).toEqual([
      {
        kind: 'commitInfo',
        timestamp: 5,
        operation: 'OPTIMIZE',
        operationParameters: { auto: 'false', predicate: '[]' },
      },
    ])
  })

  test('cannot reach an object prototype through a map', () => {
    const text = '{"metaData":{"id":"a","schemaString":"{}","configuration":{"__proto__":"x"}}}'
    const [metadata] = parseActions(text, 'x')
    expect(metadata?.kind === 'metaData' && Object.keys(metadata.configuration)).toEqual([
      '__proto__',
    ])
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })
})

describe('a malformed log is refused with the file, the line and what was expected', () => {
  const add = (fields: string): string => `{"add":{"path":"x","size":1,${fields}}}`
  test.each([
    ['{"add":', /line 1: expected JSON/],
    ['[]', /line 1: expected an object/],
    ['"add"', /line 1: expected an object/],
    ['{}\n{"add":7}', /line 2, add: expected an object/],
    ['{"add":{"size":1}}', /"path" is missing/],
    ['{"add":{"path":"x"}}', /"size" is missing/],
    ['{"add":{"path":7,"size":1}}', /expected a string in "path"/],
    ['{"add":{"path":"x","size":"1"}}', /expected an integer below 2\^53 in "size"/],
    ['{"add":{"path":"x","size":9007199254740993}}', /integer below 2\^53/],
    ['{"add":{"path":"x","size":1.5}}', /integer below 2\^53/],
    ['{"add":{"path":"../x","size":1}}', /does not stay inside the table/],
    ['{"add":{"path":"a/%2e%2e/%2e%2e/x","size":1}}', /does not stay inside the table/],
    ['{"add":{"path":"%zz","size":1}}', /does not stay inside the table/],
    ['{"add":{"path":"a%00b","size":1}}', /does not stay inside the table/],
    [add('"partitionValues":{"p":7}'), /expected strings in "partitionValues"/],
    [add('"partitionValues":[]'), /expected an object in "partitionValues"/],
    [add('"dataChange":"yes"'), /expected true or false in "dataChange"/],
    [
      add(
        '"deletionVector":{"storageType":"z","pathOrInlineDv":"","sizeInBytes":1,"cardinality":1}',
      ),
      /storage type "z"/,
    ],
    [
      '{"metaData":{"id":"a","schemaString":"{}","format":{"provider":"orc"}}}',
      /"orc", expected parquet/,
    ],
    ['{"metaData":{"id":"a","schemaString":"{}","partitionColumns":"p"}}', /list of strings/],
    ['{"protocol":{"minReaderVersion":1}}', /"minWriterVersion" is missing/],
  ])('%s', (text, message) => {
    const reading = (): unknown => parseActions(text, 'log/7.json')
    expect(reading).toThrow(expect.objectContaining({ code: 'delta.log' }))
    expect(reading).toThrow(message)
    expect(reading).toThrow(/log\/7\.json/)
  })

  test('any text at all gives actions or an error of the catalogue', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"add":${json}}`),
    )
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          expect(Array.isArray(parseActions(text, 'x'))).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ name: 'LakewrightError', code: 'delta.log' })
        }
      }),
      { numRuns: 2000, seed: 5 },
    )
  })
})

describe('names in the log folder', () => {
  const uuid = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'
  test.each([
    ['00000000000000000007.json', { kind: 'commit', version: 7 }],
    [
      '00000000000000000010.checkpoint.parquet',
      { kind: 'checkpoint', version: 10, format: 'parquet' },
    ],
    [
      `00000000000000000010.checkpoint.${uuid}.json`,
      { kind: 'checkpoint', version: 10, format: 'json' },
    ],
    [
      '00000000000000000010.checkpoint.0000000002.0000000003.parquet',
      { kind: 'checkpointPart', version: 10, part: 2, parts: 3 },
    ],
  ])('%s is known', (name, expected) => {
    expect(logFile(name)).toEqual(expected)
  })

  test.each([
    '_last_checkpoint',
    '00000000000000000007.crc',
    '.00000000000000000007.json.crc',
    '00000000000000000004.00000000000000000006.compacted.json',
    `_staged_commits/00000000000000000007.${uuid}.json`,
    '7.json',
    '.tmp-x',
  ])('%s is left alone', (name) => {
    expect(logFile(name)).toBeUndefined()
  })

  test('a version is twenty digits', () => {
    expect(commitPath(42)).toBe('_delta_log/00000000000000000042.json')
  })
})

describe('paths in the log', () => {
  test.each([
    ['p=1/part-0.parquet', 'p=1/part-0.parquet'],
    ['p=a%20b/x', 'p=a%2520b/x'],
    ['a b?#:ü', 'a%20b%3F%23%3A%C3%BC'],
  ])('%s is written as %s', (path, encoded) => {
    expect(encodePath(path)).toBe(encoded)
    expect(decodePath(encoded)).toBe(path)
  })
})
