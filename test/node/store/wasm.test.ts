import { describe, expect, test } from 'vitest'
import { loadKernel } from '../../../src/node/store/wasm.ts'

describe('loadKernel', () => {
  test('gives memory of at least the size asked, all 0', () => {
    const wasm = loadKernel(70_000_000)!
    expect(wasm.memory.buffer.byteLength).toBeGreaterThanOrEqual(70_000_000)
    expect(new Float64Array(wasm.memory.buffer, 65536).every((each) => each === 0)).toBe(true)
  })

  test('gives every caller a memory of its own', () => {
    const [one, other] = [loadKernel(70_000)!, loadKernel(70_000)!]
    one.exports['fill_i']!(4, 65536, 7)
    expect([...new Int32Array(one.memory.buffer, 65536, 4)]).toEqual([7, 7, 7, 7])
    expect([...new Int32Array(other.memory.buffer, 65536, 4)]).toEqual([0, 0, 0, 0])
  })

  test('leaves the memory from 65,536 on to its users', () => {
    const wasm = loadKernel(1)!
    const used = new Uint8Array(wasm.memory.buffer, 0, 65536).findLastIndex((each) => each !== 0)
    expect(used).toBeGreaterThan(0)
    expect(used).toBeLessThan(60_000)
  })
})
