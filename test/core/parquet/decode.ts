/** Slow, obvious decoders, written from the format's own description; judges of the encoders. */

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

const varint = (cursor: Cursor): bigint => {
  let value = 0n
  for (let shift = 0n; ; shift += 7n) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) throw new Error('the bytes end within a varint')
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return value
  }
}

const zigzag = (cursor: Cursor): bigint => {
  const value = varint(cursor)
  return (value >> 1n) ^ -(value & 1n)
}

/** `count` unsigned values of `width` bits, lowest bit first. */
export const unpackBits = (bytes: Uint8Array, width: number, count: number): bigint[] =>
  Array.from({ length: count }, (_, i) => {
    let value = 0n
    for (let bit = 0; bit < width; bit++) {
      const place = i * width + bit
      value |= BigInt(((bytes[place >> 3] ?? 0) >> (place & 7)) & 1) << BigInt(bit)
    }
    return value
  })

/** The values of a DELTA_BINARY_PACKED stream that must end with the bytes given. */
export const decodeDelta = (bytes: Uint8Array): bigint[] => {
  const cursor = { bytes, at: 0 }
  const block = Number(varint(cursor))
  const miniblocks = Number(varint(cursor))
  const count = Number(varint(cursor))
  const values = [zigzag(cursor)]
  while (values.length < count) {
    const least = zigzag(cursor)
    const widths = bytes.subarray(cursor.at, (cursor.at += miniblocks))
    for (const width of widths) {
      if (values.length >= count) continue
      const size = block / miniblocks
      const deltas = unpackBits(bytes.subarray(cursor.at), width, size)
      cursor.at += (size * width) / 8
      for (const delta of deltas) {
        if (values.length < count) values.push(values.at(-1)! + least + delta)
      }
    }
  }
  if (cursor.at !== bytes.length) throw new Error(`${bytes.length - cursor.at} bytes are left over`)
  return values.slice(0, count)
}

/** `count` values of a stream in the RLE / bit-packing hybrid that must end with the bytes given. */
export const decodeHybrid = (bytes: Uint8Array, width: number, count: number): number[] => {
  const cursor = { bytes, at: 0 }
  const values: number[] = []
  while (cursor.at < bytes.length) {
    const header = Number(varint(cursor))
    const size = header >> 1
    if (header % 2 === 1) {
      const packed = bytes.subarray(cursor.at, (cursor.at += size * width))
      if (packed.length < size * width) throw new Error('the bytes end within a run')
      values.push(...unpackBits(packed, width, 8 * size).map(Number))
    } else {
      const stored = bytes.subarray(cursor.at, (cursor.at += Math.ceil(width / 8)))
      const value = Number(unpackBits(stored, 8 * stored.length, 1)[0] ?? 0n)
      for (let i = 0; i < size; i++) values.push(value)
    }
  }
  if (values.slice(count).some((padding) => padding !== 0)) throw new Error('padding is not zero')
  return values.slice(0, count)
}
