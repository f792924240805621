import { utf8 } from './utf8.ts'

/** The SHA-256 digest (FIPS 180-4) of some bytes, as 32 bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => {
  const words = digestWords(bytes)
  const digest = new Uint8Array(32)
  for (let i = 0; i < 32; i++) digest[i] = word(words, i >>> 2) >>> (24 - 8 * (i & 3))
  return digest
}

/** The SHA-256 digest of a text's UTF-8 bytes, as 64 lower-case hex digits. */
export const sha256Hex = (text: string): string => {
  let hex = ''
  for (const w of digestWords(utf8(text))) hex += (w >>> 0).toString(16).padStart(8, '0')
  return hex
}

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
// prettier-ignore
const ROUND = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])

// The first 32 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4, 5.3.3).
// prettier-ignore
const INITIAL = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])

const BLOCK = 64

const digestWords = (bytes: Uint8Array): Int32Array => {
  const state = INITIAL.slice()
  const schedule = new Int32Array(64)
  const whole = bytes.length - (bytes.length % BLOCK)
  for (let at = 0; at < whole; at += BLOCK) compress(state, schedule, bytes.subarray(at))
  const tail = paddedTail(bytes, whole)
  for (let at = 0; at < tail.length; at += BLOCK) compress(state, schedule, tail.subarray(at))
  return state
}

const paddedTail = (bytes: Uint8Array, from: number): Uint8Array => {
  const rest = bytes.length - from
  const tail = new Uint8Array(rest + 9 > BLOCK ? 2 * BLOCK : BLOCK)
  tail.set(bytes.subarray(from))
  tail[rest] = 0x80
  let bits = bytes.length * 8
  for (let at = tail.length - 1; bits > 0; at--) {
    tail[at] = bits % 256
    bits = Math.floor(bits / 256)
  }
  return tail
}

const compress = (state: Int32Array, schedule: Int32Array, block: Uint8Array): void => {
  expand(schedule, block)
  let [a, b, c, d] = [word(state, 0), word(state, 1), word(state, 2), word(state, 3)]
  let [e, f, g, h] = [word(state, 4), word(state, 5), word(state, 6), word(state, 7)]
  for (let t = 0; t < 64; t++) {
    const bigE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + bigE + (g ^ (e & (f ^ g))) + word(ROUND, t) + word(schedule, t)) | 0
    const bigA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (bigA + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const next = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) state[i] = word(state, i) + (next[i] ?? 0)
}

const expand = (schedule: Int32Array, block: Uint8Array): void => {
  for (let t = 0; t < 16; t++) {
    const at = 4 * t
    schedule[t] =
      (byte(block, at) << 24) |
      (byte(block, at + 1) << 16) |
      (byte(block, at + 2) << 8) |
      byte(block, at + 3)
  }
  for (let t = 16; t < 64; t++) {
    const x = word(schedule, t - 15)
    const y = word(schedule, t - 2)
    const small0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const small1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    schedule[t] = small1 + word(schedule, t - 7) + small0 + word(schedule, t - 16)
  }
}

const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n))

const word = (words: Int32Array, i: number): number => words[i] ?? 0

const byte = (bytes: Uint8Array, i: number): number => bytes[i] ?? 0
