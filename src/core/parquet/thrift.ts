import { utf8 } from '../utf8.ts'

/** A value of the Thrift compact protocol, as far as Parquet's metadata needs it; integers are exact. */
export type ThriftValue =
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'i16' | 'i32' | 'i64'; readonly value: number }
  | { readonly kind: 'binary'; readonly value: Uint8Array }
  | { readonly kind: 'list'; readonly value: readonly ThriftValue[] }
  | { readonly kind: 'struct'; readonly value: ThriftFields }

/** Fields of a struct by rising id; an undefined one is left out. */
export type ThriftFields = readonly (readonly [id: number, value: ThriftValue | undefined])[]

/** A boolean field. */
export const boolean = (value: boolean): ThriftValue => ({ kind: 'boolean', value })

/** A 16-bit integer. */
export const i16 = (value: number): ThriftValue => ({ kind: 'i16', value })

/** A 32-bit integer or an enum's number. */
export const i32 = (value: number): ThriftValue => ({ kind: 'i32', value })

/** A 64-bit integer, below 2^52 in size. */
export const i64 = (value: number): ThriftValue => ({ kind: 'i64', value })

/** Raw bytes. */
export const binary = (value: Uint8Array): ThriftValue => ({ kind: 'binary', value })

/** A text, as UTF-8. */
export const text = (value: string): ThriftValue => binary(utf8(value))

/** A list whose elements are of one kind. */
export const list = (value: readonly ThriftValue[]): ThriftValue => ({ kind: 'list', value })

/** A struct, or a union with its one member. */
export const struct = (...value: ThriftFields): ThriftValue => ({ kind: 'struct', value })

/**
 * The bytes of a struct in the compact protocol
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
 */
export const encodeStruct = (fields: ThriftFields): Uint8Array => {
  const out: number[] = []
  putStruct(out, fields)
  return Uint8Array.from(out)
}

const TYPE = { i16: 4, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const
const TRUE = 1
const FALSE = 2

const typeOf = (value: ThriftValue): number =>
  value.kind === 'boolean' ? (value.value ? TRUE : FALSE) : TYPE[value.kind]

const putStruct = (out: number[], fields: ThriftFields): void => {
  let last = 0
  for (const [id, value] of fields) {
    if (value === undefined) continue
    const step = id - last
    if (step <= 15) out.push((step << 4) | typeOf(value))
    else {
      out.push(typeOf(value))
      putVarint(out, zigzag(id))
    }
    last = id
    if (value.kind !== 'boolean') putValue(out, value)
  }
  out.push(0)
}

const putValue = (out: number[], value: ThriftValue): void => {
  switch (value.kind) {
    case 'boolean':
      out.push(typeOf(value))
      return
    case 'i16':
    case 'i32':
    case 'i64':
      putVarint(out, zigzag(value.value))
      return
    case 'binary':
      putVarint(out, value.value.length)
      for (const byte of value.value) out.push(byte)
      return
    case 'list':
      putList(out, value.value)
      return
    case 'struct':
      putStruct(out, value.value)
  }
}

const putList = (out: number[], items: readonly ThriftValue[]): void => {
  const first = items[0]
  const type = first === undefined ? TYPE.i32 : first.kind === 'boolean' ? TRUE : TYPE[first.kind]
  if (items.length < 15) out.push((items.length << 4) | type)
  else {
    out.push(0xf0 | type)
    putVarint(out, items.length)
  }
  for (const item of items) putValue(out, item)
}

const zigzag = (value: number): number => (value >= 0 ? 2 * value : -2 * value - 1)

const putVarint = (out: number[], value: number): void => {
  while (value > 127) {
    out.push((value % 128) | 128)
    value = Math.floor(value / 128)
  }
  out.push(value)
}
