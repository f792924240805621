import { expect, test } from 'vitest'
import {
  createEncoderMemory,
  createSlabBuffer,
  createSlabPool,
  roomFor,
} from '../../../src/core/parquet/memory.ts'

const SLAB = 1 << 20

test('a slot is the same bytes for the same name, larger only when it must be', () => {
  const { slot } = createEncoderMemory()
  const first = slot('a', 100)
  expect(slot('a', 50)).toBe(first)
  expect(slot('b', 100)).not.toBe(first)
  const larger = slot('a', 10_000)
  expect(larger.length).toBeGreaterThanOrEqual(10_000)
  expect(slot('a', 10_000)).toBe(larger)
})

test('room of varying size grows by doubling', () => {
  const memory = createEncoderMemory()
  const sizes = [1, 70_000, 131_000, 140_000].map((bytes) => roomFor(memory, 'text', bytes).length)
  expect(sizes.map((size) => Math.floor(size / 65536))).toEqual([1, 2, 2, 4])
})

test('a buffer hands over what was appended, in order, and is empty again', () => {
  const buffer = createSlabBuffer(createSlabPool())
  const bytes = Uint8Array.from({ length: 2.5 * SLAB }, (_, i) => i * 31)
  for (let at = 0; at < bytes.length; at += 300_000) buffer.append(bytes.subarray(at, at + 300_000))
  expect(buffer.length()).toBe(bytes.length)
  const parts: Uint8Array[] = []
  buffer.drain((part) => parts.push(part.slice()))
  expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0)
  expect(parts).toHaveLength(3)
  expect(buffer.length()).toBe(0)
  buffer.drain(() => expect.unreachable())
})

test('slabs are used again', () => {
  const pool = createSlabPool()
  const slabs = new Set<ArrayBufferLike>()
  for (let round = 0; round < 5; round++) {
    const buffer = createSlabBuffer(pool)
    buffer.append(new Uint8Array(1.5 * SLAB))
    buffer.drain((part) => slabs.add(part.buffer))
  }
  expect(slabs.size).toBe(2)
})
