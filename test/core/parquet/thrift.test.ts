import { expect, test } from 'vitest'
import {
  binary,
  boolean,
  encodeStruct,
  i16,
  i32,
  i64,
  list,
  struct,
  text,
} from '../../../src/core/parquet/thrift.ts'
import { repeated } from './tables.ts'

const bytes = (...fields: Parameters<typeof encodeStruct>[0]): number[] => [...encodeStruct(fields)]

test('fields give their distance and type in one byte, far ones in two or more', () => {
  expect(bytes([1, i32(5)], [3, i64(-1)])).toEqual([0x15, 10, 0x26, 1, 0])
  expect(bytes([20, i16(1)])).toEqual([0x04, 40, 2, 0])
})

test('booleans are told by the type alone, in lists by a byte', () => {
  expect(bytes([1, boolean(true)], [2, boolean(false)])).toEqual([0x11, 0x12, 0])
  expect(bytes([1, list([boolean(true), boolean(false)])])).toEqual([0x19, 0x21, 1, 2, 0])
})

test('undefined fields are left out', () => {
  expect(bytes([1, undefined], [2, i32(0)])).toEqual([0x25, 0, 0])
})

test('texts are UTF-8 behind their length', () => {
  expect(bytes([1, text('aü')], [2, binary(Uint8Array.of(7))])).toEqual([
    0x18, 3, 0x61, 0xc3, 0xbc, 0x18, 1, 7, 0,
  ])
})

test('structs nest and number their fields anew', () => {
  expect(bytes([4, struct([1, i32(1)])], [5, i32(2)])).toEqual([0x4c, 0x15, 2, 0, 0x15, 4, 0])
})

test('long lists give their length behind the type', () => {
  const items = repeated(i32(1), 20)
  expect(bytes([1, list(items)]).slice(0, 4)).toEqual([0x19, 0xf5, 20, 2])
  expect(bytes([1, list([])])).toEqual([0x19, 0x05, 0])
})

test('large integers are exact', () => {
  expect(bytes([1, i64(2 ** 52 - 1)])).toEqual([0x16, 254, 255, 255, 255, 255, 255, 255, 15, 0])
})
