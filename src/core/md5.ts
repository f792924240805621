import { utf8 } from './utf8.ts'

/** The MD5 digest (RFC 1321) of a text's UTF-8 bytes as four unsigned words, as the 32 hex digits show them. */
export const md5Words = (text: string): readonly [number, number, number, number] => {
  const message = padded(utf8(text))
  const view = new DataView(message.buffer)
  const state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let at = 0; at < message.length; at += BLOCK) compress(state, view, at)
  return [swap(state[0]), swap(state[1]), swap(state[2]), swap(state[3])]
}

/** The MD5 digest of a text's UTF-8 bytes as 32 lower-case hex digits. */
export const md5Hex = (text: string): string =>
  md5Words(text)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')

type State = [number, number, number, number]

const BLOCK = 64

// floor(|sin(i + 1)| * 2^32) for i from 0 to 63 (RFC 1321, 3.4).
// prettier-ignore
const SINES = new Uint32Array([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
])

// Left rotations of the four rounds, four each in turn (RFC 1321, 3.4).
const ROTATIONS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

const padded = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const message = new Uint8Array(BLOCK * Math.ceil((bytes.length + 9) / BLOCK))
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  view.setUint32(message.length - 8, bytes.length * 8, true)
  view.setUint32(message.length - 4, Math.floor(bytes.length / 0x20000000), true)
  return message
}

const compress = (state: State, view: DataView, at: number): void => {
  let [a, b, c, d] = state
  for (let i = 0; i < 64; i++) {
    const { mixed, word } = step(i, [b, c, d])
    const sum = (a + mixed + (SINES[i] ?? 0) + view.getUint32(at + 4 * word, true)) | 0
    const turn = ROTATIONS[4 * (i >>> 4) + (i & 3)] ?? 0
    ;[a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0]
  }
  state[0] = (state[0] + a) | 0
  state[1] = (state[1] + b) | 0
  state[2] = (state[2] + c) | 0
  state[3] = (state[3] + d) | 0
}

/** The round function of step i, and which word of the block it takes. */
const step = (
  i: number,
  [b, c, d]: readonly [number, number, number],
): { readonly mixed: number; readonly word: number } => {
  if (i < 16) return { mixed: (b & c) | (~b & d), word: i }
  if (i < 32) return { mixed: (d & b) | (~d & c), word: (5 * i + 1) & 15 }
  if (i < 48) return { mixed: b ^ c ^ d, word: (3 * i + 5) & 15 }
  return { mixed: c ^ (b | ~d), word: (7 * i) & 15 }
}

/** The word read with its bytes in the other order, unsigned. */
const swap = (word: number): number =>
  (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0
