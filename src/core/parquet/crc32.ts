/** The CRC-32 (polynomial 0x04C11DB7, as in gzip) of bytes that follow bytes with the CRC `seed`; 0 starts; unsigned. */
export type Crc32 = (bytes: Uint8Array, seed: number) => number

/** A CRC-32 over tables of its own, eight bytes a step ("slicing by 8", Kounavis and Berry 2005). */
export const createCrc32 = (): Crc32 => {
  const tables = sliceTables()
  return (bytes, seed) => {
    let crc = ~seed
    let at = 0
    for (; at + 8 <= bytes.length; at += 8) {
      crc =
        tables[0x700 + ((crc ^ bytes[at]!) & 255)]! ^
        tables[0x600 + (((crc >>> 8) ^ bytes[at + 1]!) & 255)]! ^
        tables[0x500 + (((crc >>> 16) ^ bytes[at + 2]!) & 255)]! ^
        tables[0x400 + ((crc >>> 24) ^ bytes[at + 3]!)]! ^
        tables[0x300 + bytes[at + 4]!]! ^
        tables[0x200 + bytes[at + 5]!]! ^
        tables[0x100 + bytes[at + 6]!]! ^
        tables[bytes[at + 7]!]!
    }
    for (; at < bytes.length; at++) crc = (crc >>> 8) ^ tables[(crc ^ bytes[at]!) & 255]!
    return ~crc >>> 0
  }
}

const REFLECTED_POLYNOMIAL = 0xedb88320

/** Table k, at 256 k, advances a byte that is followed by k others. */
const sliceTables = (): Int32Array => {
  const tables = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? REFLECTED_POLYNOMIAL : 0)
    tables[byte] = crc
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!
    tables[i] = (before >>> 8) ^ tables[before & 255]!
  }
  return tables
}
