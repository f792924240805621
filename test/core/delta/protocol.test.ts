import { describe, expect, test } from 'vitest'
import type { Metadata, Protocol } from '../../../src/core/delta/actions.ts'
import { unreadable, unwritable } from '../../../src/core/delta/protocol.ts'
import { METADATA } from './actions.ts'

const protocol = (reader: number, writer: number, features?: readonly string[]): Protocol => ({
  kind: 'protocol',
  minReaderVersion: reader,
  minWriterVersion: writer,
  ...(features !== undefined && reader === 3 ? { readerFeatures: features } : {}),
  ...(features !== undefined && writer === 7 ? { writerFeatures: features } : {}),
})

const withField = (metadata: Readonly<Record<string, unknown>>): Metadata => ({
  ...METADATA,
  schemaString: JSON.stringify({
    type: 'struct',
    fields: [
      {
        name: 'outer',
        nullable: true,
        metadata: {},
        type: { type: 'struct', fields: [{ name: 'x', type: 'long', nullable: true, metadata }] },
      },
    ],
  }),
})

const mapped: Metadata = { ...METADATA, configuration: { 'delta.columnMapping.mode': 'name' } }

describe('what we can do with a table', () => {
  test.each<[string, Protocol, Metadata, readonly string[], readonly string[]]>([
    ['(1, 2)', protocol(1, 2), METADATA, [], []],
    ['(1, 3)', protocol(1, 3), METADATA, [], []],
    ['(2, 6) with nothing in use', protocol(2, 6), METADATA, [], []],
    ['(2, 5) with mapped columns', protocol(2, 5), mapped, ['columnMapping'], ['columnMapping']],
    [
      '(1, 4) with an invariant',
      protocol(1, 4),
      withField({ 'delta.invariants': '{}' }),
      [],
      ['invariants'],
    ],
    [
      '(1, 4) with a generated column',
      protocol(1, 4),
      withField({ 'delta.generationExpression': '1' }),
      [],
      ['generatedColumns'],
    ],
    ['deletion vectors', protocol(3, 7, ['deletionVectors']), METADATA, [], []],
    ['timestamps without zone', protocol(3, 7, ['timestampNtz']), METADATA, [], []],
    ['V2 checkpoints', protocol(3, 7, ['v2Checkpoint']), METADATA, [], ['v2Checkpoint']],
    ['row tracking', protocol(1, 7, ['rowTracking']), METADATA, [], ['rowTracking']],
    [
      'a catalog that manages commits',
      protocol(3, 7, ['catalogManaged']),
      METADATA,
      ['catalogManaged'],
      ['catalogManaged'],
    ],
    [
      'a feature from the future',
      protocol(3, 7, ['warpDrive']),
      METADATA,
      ['warpDrive'],
      ['warpDrive'],
    ],
    [
      'a feature named like a property of every object',
      protocol(3, 7, ['constructor']),
      METADATA,
      ['constructor'],
      ['constructor'],
    ],
    ['reader 4', protocol(4, 7, []), METADATA, ['reader version 4'], ['reader version 4']],
    ['writer 8', protocol(1, 8), METADATA, [], ['writer version 8']],
  ])('%s', (_, ...[of, metadata, read, written]) => {
    expect(unreadable(of, metadata)).toEqual(read)
    expect(unwritable(of, metadata)).toEqual(written)
  })
})
