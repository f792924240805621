import { describe, expect, test } from 'vitest'
import { type Asked, decide, type Found, type Mode, MODES } from '../../../src/core/run/decide.ts'

const asked = (mode: Mode | undefined, parts: Partial<Asked> = {}): Asked => ({
  mode,
  fingerprint: 'same',
  format: 'delta',
  ...parts,
})

const nothing: Found = { dataset: { kind: 'none' }, unfinished: undefined }
const ours = (fingerprint: string): Found => ({
  dataset: { kind: 'ours', fingerprint, format: 'delta' },
  unfinished: undefined,
})
const unfinished = (fingerprint: string, found = nothing): Found => ({
  ...found,
  unfinished: { id: 'r9', fingerprint },
})

const EVERY_MODE = [undefined, ...MODES]

describe('where nothing is', () => {
  test.each(EVERY_MODE)('mode %s begins a new dataset', (mode) => {
    expect(decide(asked(mode), nothing)).toEqual({ kind: 'begin', run: 'create' })
  })
})

describe('where a dataset is', () => {
  test('no mode refuses, even for the very same run', () => {
    expect(decide(asked(undefined), ours('same'))).toEqual({ kind: 'refuse', reason: 'exists' })
  })

  test('overwrite replaces any dataset of ours', () => {
    expect(decide(asked('overwrite'), ours('other'))).toEqual({ kind: 'begin', run: 'overwrite' })
    expect(decide(asked('overwrite', { format: 'csv' }), ours('other'))).toEqual({
      kind: 'begin',
      run: 'overwrite',
    })
  })

  test.each(['append', 'merge'] as const)('%s needs the same format', (mode) => {
    expect(decide(asked(mode), ours('other'))).toEqual({ kind: 'begin', run: mode })
    expect(decide(asked(mode, { format: 'csv' }), ours('other'))).toEqual({
      kind: 'refuse',
      reason: 'format',
    })
  })

  test('resume of the same finished run says that it is complete', () => {
    expect(decide(asked('resume'), ours('same'))).toEqual({ kind: 'complete' })
    expect(decide(asked('resume'), ours('other'))).toEqual({ kind: 'refuse', reason: 'differs' })
  })
})

describe('where a folder is that is not ours', () => {
  test.each(EVERY_MODE)('mode %s refuses', (mode) => {
    const found: Found = { dataset: { kind: 'foreign' }, unfinished: undefined }
    expect(decide(asked(mode), found)).toEqual({ kind: 'refuse', reason: 'foreign' })
  })
})

describe('where a run is unfinished', () => {
  test.each([nothing, ours('same'), ours('other')])(
    'the same run is resumed when asked',
    (found) => {
      expect(decide(asked('resume'), unfinished('same', found))).toEqual({
        kind: 'resume',
        id: 'r9',
      })
    },
  )

  test.each([undefined, 'overwrite', 'append'] as const)('mode %s offers to resume', (mode) => {
    expect(decide(asked(mode), unfinished('same'))).toEqual({
      kind: 'refuse',
      reason: 'unfinished',
      id: 'r9',
    })
  })

  test.each(EVERY_MODE)('another run refuses in mode %s', (mode) => {
    expect(decide(asked(mode), unfinished('other'))).toEqual({
      kind: 'refuse',
      reason: 'otherUnfinished',
      id: 'r9',
    })
  })
})
