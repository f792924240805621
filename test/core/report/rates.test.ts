import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Conditions,
  countRates,
  kernelRates,
  type RateQuestion,
} from '../../../src/core/report/rates.ts'
import { loadKernel } from '../../../src/node/store/wasm.ts'

const kernel = loadKernel(1 << 20)
if (kernel === undefined) throw new Error('the kernel module is not built: run scripts/build')
const { buffer } = kernel.memory
const twin = kernelRates((given) => (given === buffer ? kernel : undefined))

interface Given {
  readonly values: readonly number[]
  readonly nulls: readonly number[] | undefined
}

const ROWS = 100
const exactly = { minLength: ROWS, maxLength: ROWS }
const bits = fc.array(fc.constantFrom(0, 1), exactly)
// A null's value may be anything.
const conditions: fc.Arbitrary<Given> = fc
  .record({
    values: bits,
    nulls: fc.option(bits, { nil: undefined }),
    stray: fc.array(fc.integer(), exactly),
  })
  .map(({ values, nulls, stray }) => ({
    nulls,
    values: values.map((value, i) => (nulls?.[i] === 1 ? stray[i]! : value)),
  }))

const onHeap = ({ values, nulls }: Given): Conditions => ({
  values: Int32Array.from(values),
  nulls: nulls && Uint8Array.from(nulls),
})

/** The conditions in the kernel's memory from a place on, amid rubbish. */
const inKernel = ({ values, nulls }: Given, place: number): Conditions => {
  new Uint8Array(buffer, place, 4096).fill(0xa5)
  const placed = new Int32Array(buffer, place, values.length)
  placed.set(values)
  if (nulls === undefined) return { values: placed, nulls: undefined }
  const mask = new Uint8Array(buffer, place + 2048, nulls.length)
  mask.set(nulls)
  return { values: placed, nulls: mask }
}

const questions = fc.record({
  of: conditions,
  among: conditions,
  rows: fc.integer({ min: 0, max: ROWS }),
})

test('the SIMD twin counts the same rows and hits as the plain loop', () => {
  fc.assert(
    fc.property(questions, ({ of, among, rows }) => {
      const plain: RateQuestion = { of: onHeap(of), among: onHeap(among), rows }
      const placed = { of: inKernel(of, 1 << 17), among: inKernel(among, 1 << 18), rows }
      expect(twin(placed)).toEqual(countRates(plain))
    }),
  )
})

test('a whole block of rows that are all hits is counted', () => {
  const rows = 16384
  const values = new Int32Array(buffer, 1 << 17, rows).fill(1)
  const all = { values, nulls: undefined }
  expect(twin({ of: all, among: all, rows })).toEqual({ n: rows, hits: rows })
})

test('conditions outside the kernel’s memory are counted too', () => {
  const of = onHeap({ values: [1, 1, 0], nulls: [0, 1, 0] })
  const among = { values: Int32Array.of(1, 1, 1), nulls: undefined }
  expect(twin({ of, among, rows: 3 })).toEqual({ n: 2, hits: 1 })
})
