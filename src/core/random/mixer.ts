/**
 * The random mixer. Every value of every dataset depends on it, so its form and constants can never change;
 * docs/decisions/0001-mixer.md has the search that chose them and the tests they passed.
 */

/** Shift distances and odd multipliers (below 2^31) of the mixer, in the order in which they are applied. */
export const MIXER = { s1: 16, m1: 569420461, s2: 15, m2: 1935289751, s3: 15 } as const

/** The odd multiplier (below 2^31) that brings in the high word of a key. */
export const HIGH_WORD_MULTIPLIER = 1540483477

/** The five 32-bit words (unsigned) of a stream; a draw uses the first two, a wide value all. */
export type StreamConstants = readonly [number, number, number, number, number]

/** Four 32-bit words, unsigned, most significant first. */
export type Lanes = readonly [number, number, number, number]

/** A one-to-one scrambling of 32 bits (two xorshift-multiply rounds); takes any int32 or uint32, returns an int32. */
export const mix = (x: number): number => {
  x = Math.imul(x ^ (x >>> MIXER.s1), MIXER.m1)
  x = Math.imul(x ^ (x >>> MIXER.s2), MIXER.m2)
  return x ^ (x >>> MIXER.s3)
}

/** 32 uniform bits (unsigned) of a stream at the key hi * 2^32 + lo. */
export const draw = (constants: StreamConstants, lo: number, hi: number): number =>
  second(constants, mix(lo ^ constants[0]), hi) >>> 0

/**
 * 128 uniform bits of a stream at the key hi * 2^32 + lo, as four unsigned lanes. Each adjacent pair of lanes
 * is a bijection of (lo, hi), so wide values of one stream never repeat; the first lane equals `draw`.
 */
export const wide = (constants: StreamConstants, lo: number, hi: number): Lanes => {
  const x = mix(lo ^ constants[0])
  const l1 = second(constants, x, hi)
  const l2 = (x + mix(l1 ^ constants[2])) | 0
  const l3 = (l1 + mix(l2 ^ constants[3])) | 0
  const l4 = (l2 + mix(l3 ^ constants[4])) | 0
  return [l1 >>> 0, l2 >>> 0, l3 >>> 0, l4 >>> 0]
}

/** The low 32 bits of a key, which is an integer from 0 to 2^53 - 1. */
export const lowWord = (key: number): number => key % WORD

/** The high 21 bits of a key, which is an integer from 0 to 2^53 - 1. */
export const highWord = (key: number): number => Math.floor(key / WORD)

/** Both words of a key, low word first. */
export const keyWords = (key: number): readonly [lo: number, hi: number] => [
  lowWord(key),
  highWord(key),
]

/** An integer in [0, n) from one draw, n from 1 to 2^20: exactly floor(d * n / 2^32). */
export const uniform = (d: number, n: number): number => {
  const low = Math.floor(((d % HALF) * n) / HALF)
  return Math.floor((Math.floor(d / HALF) * n + low) / HALF)
}

/**
 * An integer in [0, n) from the upper 48 bits of two draws, n from 1 to 2^37:
 * exactly floor((a * 2^16 + floor(b / 2^16)) * n / 2^48).
 */
export const uniform48 = (a: number, b: number, n: number): number => {
  const t0 = Math.floor(b / HALF) * n
  const t1 = (a % HALF) * n + Math.floor(t0 / HALF)
  const t2 = Math.floor(a / HALF) * n + Math.floor(t1 / HALF)
  return Math.floor(t2 / HALF)
}

const WORD = 0x100000000
const HALF = 0x10000

const second = (constants: StreamConstants, x: number, hi: number): number =>
  mix((x + Math.imul(hi, HIGH_WORD_MULTIPLIER)) ^ constants[1])
