import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, test } from 'vitest'
import { draw, highWord, lowWord, wide } from '../../../src/core/random/mixer.ts'
import type { StreamConstants } from '../../../src/core/random/mixer.ts'
import { streamConstants } from '../../../src/core/random/stream.ts'
import { requireService, servicePath } from '../../support/services.ts'

const service = requireService('dieharder')
const title = service.kind === 'missing' ? `dieharder, skipped: ${service.reason}` : 'dieharder'

// Numbers of the battery's tests: birthday spacings, count of ones, runs; distances of points need few words.
// Each runs at its default size, since with less the battery fails the kernel's own random device, too.
const BATTERY = [0, 8, 15]
const FEW_WORDS = [12]

type Word = (i: number) => number

const table = 'individuals'
const streams = Array.from({ length: 16 }, (_, i) =>
  streamConstants(1, { table, stream: `stream${i}` }),
)
const constants = (i: number): StreamConstants => streams[i % 16] ?? [0, 0, 0, 0, 0]
const drawAt = (stream: number, key: number): number =>
  draw(constants(stream), lowWord(key), highWord(key))

const nameOf = (i: number): StreamConstants =>
  i % 2 === 0
    ? streamConstants(i, { table, stream: 'age' })
    : streamConstants(1, { table, stream: 'age', index: i })

const axes: readonly (readonly [string, readonly number[], Word])[] = [
  ['keys across 2^32', BATTERY, (i) => drawAt(0, 2 ** 32 - 2 ** 20 + i)],
  ['sixteen streams in turn', BATTERY, (i) => drawAt(i, Math.floor(i / 16))],
  ['lanes of wide values', BATTERY, (i) => wide(constants(0), i >>> 2, 0)[i & 3] ?? 0],
  ['seeds and stream indexes in turn', FEW_WORDS, (i) => draw(nameOf(i), 1, 0)],
]

describe.skipIf(service.kind === 'missing')(title, { timeout: 600_000 }, () => {
  test.each(axes)('passes %s', async (_, numbers, word) => {
    for (const number of numbers) {
      const verdicts = await run(number, word)
      expect(verdicts.filter((each) => each.verdict === 'FAILED')).toEqual([])
    }
  })

  test('fails a key that is only multiplied', async () => {
    const verdicts = await run(8, (i) => Math.imul(i, 0x61c88647))
    expect(verdicts.map((each) => each.verdict)).toContain('FAILED')
  })
})

interface Verdict {
  readonly name: string
  readonly p: number
  readonly verdict: string
}

// Without this choice it also measures the generator's speed, on ten million words.
const COLUMNS = ['test_name', 'ntuple', 'tsamples', 'psamples', 'pvalues', 'assessment']

const LINE = /^ *(\w+)\| *\d+\| *\d+\| *\d+\|([\d.]+)\| *(\w+)/gm

const run = async (number: number, word: Word): Promise<Verdict[]> => {
  const options = ['-g', '200', '-d', String(number), ...COLUMNS.flatMap((each) => ['-D', each])]
  const child = spawn(servicePath(service), options, { stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const closed = once(child, 'close')
  await feed(child.stdin, word)
  await closed
  const verdicts = [...output.matchAll(LINE)].map(([, name = '', p, verdict = '']) => ({
    name,
    p: Number(p),
    verdict,
  }))
  expect(verdicts.length, output).toBeGreaterThan(0)
  return verdicts
}

// Writes words until the reader has had enough and closes the pipe.
const feed = async (sink: Writable, word: Word): Promise<void> => {
  const closed = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'])
  await pipeline(Readable.from(chunks(word)), sink).catch((error: NodeJS.ErrnoException) => {
    if (!closed.has(error.code ?? '')) throw error
  })
}

const CHUNK = 2 ** 14

function* chunks(word: Word): Generator<Uint8Array> {
  for (let i = 0; ; i += CHUNK) {
    const words = new Uint32Array(CHUNK)
    for (let j = 0; j < CHUNK; j++) words[j] = word(i + j)
    yield new Uint8Array(words.buffer)
  }
}
