/** Writes 32 bits as eight lower-case hex digits. */
export const putHex = (out: Uint8Array, at: number, bits: number): void => {
  putHexHalf(out, at, bits >>> 16)
  putHexHalf(out, at + 4, bits)
}

/** Writes the low 16 of some bits as four lower-case hex digits. */
export const putHexHalf = (out: Uint8Array, at: number, bits: number): void => {
  const left = DIGIT_PAIRS[(bits >>> 8) & 255]!
  const right = DIGIT_PAIRS[bits & 255]!
  out[at] = left >>> 8
  out[at + 1] = left
  out[at + 2] = right >>> 8
  out[at + 3] = right
}

const digit = (value: number): number => value + (value < 10 ? 0x30 : 0x57)

/** The two hex digits of each byte, the first one in the upper half. */
const DIGIT_PAIRS = Uint16Array.from(
  { length: 256 },
  (_, byte) => (digit(byte >> 4) << 8) | digit(byte & 15),
)
