import { expect, test } from 'vitest'
import type { ColumnBlock } from '../../../src/core/columns/block.ts'
import { createThreadKernel } from '../../../src/node/run/kernel-host.ts'

const MODULE_BYTES = 65536

const blockIn = (buffer: ArrayBuffer): ColumnBlock => ({
  kind: 'int32',
  rows: 4,
  values: new Int32Array(buffer, MODULE_BYTES, 4),
  nulls: undefined,
})

test('a memory that is done with is given again, as zeros', () => {
  const { host, recycle } = createThreadKernel()
  const first = host.allocate(1 << 20)
  new Uint8Array(first.buffer, MODULE_BYTES, 1 << 19).fill(7)
  recycle()
  const second = host.allocate(1 << 19)
  expect(second.buffer).toBe(first.buffer)
  const rest = new Uint8Array(second.buffer, MODULE_BYTES, (1 << 19) - MODULE_BYTES)
  expect(rest.every((byte) => byte === 0)).toBe(true)
  second.instructions.fill_i(2, [MODULE_BYTES, 5])
  expect([...new Int32Array(second.buffer, MODULE_BYTES, 2)]).toEqual([5, 5])
})

test('a memory in use is not given again', () => {
  const { host, recycle } = createThreadKernel()
  const first = host.allocate(1 << 20)
  expect(host.allocate(1 << 20).buffer).not.toBe(first.buffer)
  recycle()
  const [second, third] = [host.allocate(1 << 20), host.allocate(1 << 20)]
  expect(second.buffer).not.toBe(third.buffer)
})

test('a memory that is too small is not given', () => {
  const { host, recycle } = createThreadKernel()
  const first = host.allocate(1 << 20)
  recycle()
  const larger = host.allocate(first.buffer.byteLength)
  expect(larger.buffer.byteLength).toBeGreaterThan(first.buffer.byteLength)
})

test('the encoder of a memory that is given again begins with all of its room', () => {
  const { host, encoderTools, recycle } = createThreadKernel()
  const places = [1 << 20, 1 << 19].map((bytes) => {
    const { buffer } = host.allocate(bytes)
    const slot = encoderTools([blockIn(buffer)]).memory.slot('packed', 10 << 20)
    recycle()
    return { inKernel: slot.buffer === buffer, at: slot.byteOffset }
  })
  expect(places).toEqual([
    { inKernel: true, at: 1 << 20 },
    { inKernel: true, at: 1 << 19 },
  ])
})

test('conditions in a memory that is given again are counted', () => {
  const { host, countRates, recycle } = createThreadKernel()
  host.allocate(1 << 20)
  recycle()
  const { buffer } = host.allocate(1 << 20)
  const values = new Int32Array(buffer, MODULE_BYTES, 20).fill(1)
  const all = { values, nulls: undefined }
  expect(countRates({ of: all, among: all, rows: 20 })).toEqual({ n: 20, hits: 20 })
})
