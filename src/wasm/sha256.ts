import { bigEndian, leftDigits, rightDigits } from './digits'

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
const ROUND: usize = memory.data<u32>([
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
const INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])

/** Four messages at a time: a block of each, their 64 schedule words and 8 state words, four lanes a word. */
const BLOCKS: usize = memory.data(4 * 64, 16)
const SCHEDULE: usize = memory.data(64 * 16, 16)
const STATE: usize = memory.data(8 * 16, 16)

/** Rows that are fewer than four are filled up with the last one, whose digest is written once more behind the end. */
export function sha256(n: i32, offsets: usize, bytes: usize, out: usize): void {
  for (let r: i32 = 0; r < n; r += 4) {
    const most = max(
      max(blocksOf(lengthOf(offsets, r)), blocksOf(lengthOf(offsets, min(r + 1, n - 1)))),
      max(
        blocksOf(lengthOf(offsets, min(r + 2, n - 1))),
        blocksOf(lengthOf(offsets, min(r + 3, n - 1))),
      ),
    )
    for (let i: usize = 0; i < 8; i++)
      v128.store(STATE + (i << 4), v128.load32_splat(INITIAL + (i << 2)))
    for (let block: i32 = 0; block < most; block++) {
      let active = i32x4.splat(0)
      for (let lane: i32 = 0; lane < 4; lane++) {
        const row = min(r + lane, n - 1)
        const length = lengthOf(offsets, row)
        putBlock(BLOCKS + (lane << 6), bytes + load<i32>(offsets + (row << 2)), length, block)
        store<i32>(SCHEDULE + (lane << 2), block < blocksOf(length) ? -1 : 0)
      }
      active = v128.load(SCHEDULE)
      schedule()
      compress(active)
    }
    for (let lane: i32 = 0; lane < 4 && r + lane < n; lane++)
      putDigest(out + (r + lane) * 68, STATE + (lane << 2))
  }
}

// @ts-ignore: decorator
@inline function lengthOf(offsets: usize, row: i32): i32 {
  const at = offsets + (row << 2)
  return load<i32>(at, 4) - load<i32>(at)
}

/** Blocks of a message with its padding: a byte 0x80, zeros, and eight bytes of length. */
// @ts-ignore: decorator
@inline function blocksOf(length: i32): i32 {
  return ((length + 8) >> 6) + 1
}

/** Writes one block of a padded message. */
function putBlock(at: usize, message: usize, length: i32, block: i32): void {
  const zero = i32x4.splat(0)
  const left = length - (block << 6)
  const from = message + (block << 6)
  if (left >= 64) {
    for (let i: usize = 0; i < 64; i += 16) v128.store(at + i, v128.load(from + i))
    return
  }
  for (let i: usize = 0; i < 64; i += 16) v128.store(at + i, zero)
  if (left >= 0) {
    putStart(at, from, left)
    store<u8>(at + left, 0x80)
  }
  if (left < 56) store<u64>(at, bswap<u64>(<u64>length << 3), 56)
}

/** Copies the first `length` bytes, below 64, into a block of zeros. */
// @ts-ignore: decorator
@inline function putStart(at: usize, from: usize, length: i32): void {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  for (let i: i32 = 0; i < length; i += 16) {
    const wanted = i8x16.lt_u(places, i8x16.splat(<i8>min(16, length - i)))
    v128.store(at + i, v128.and(v128.load(from + i), wanted))
  }
}

// @ts-ignore: decorator
@inline function rotate(x: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by))
}

/** The schedule of four blocks, its first words turned so that each vector holds one word of all four. */
function schedule(): void {
  for (let i: usize = 0; i < 64; i += 16) {
    const a = bigEndian(v128.load(BLOCKS + i))
    const b = bigEndian(v128.load(BLOCKS + i, 64))
    const c = bigEndian(v128.load(BLOCKS + i, 128))
    const d = bigEndian(v128.load(BLOCKS + i, 192))
    const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5)
    const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5)
    const to = SCHEDULE + (i << 2)
    v128.store(to, v128.shuffle<u64>(ab, cd, 0, 2))
    v128.store(to, v128.shuffle<u64>(ab, cd, 1, 3), 16)
    const abHigh = v128.shuffle<u32>(a, b, 2, 6, 3, 7)
    const cdHigh = v128.shuffle<u32>(c, d, 2, 6, 3, 7)
    v128.store(to, v128.shuffle<u64>(abHigh, cdHigh, 0, 2), 32)
    v128.store(to, v128.shuffle<u64>(abHigh, cdHigh, 1, 3), 48)
  }
  for (let at = SCHEDULE; at < SCHEDULE + 48 * 16; at += 16) {
    const x = v128.load(at, 16)
    const y = v128.load(at, 14 * 16)
    const small0 = v128.xor(v128.xor(rotate(x, 7), rotate(x, 18)), i32x4.shr_u(x, 3))
    const small1 = v128.xor(v128.xor(rotate(y, 17), rotate(y, 19)), i32x4.shr_u(y, 10))
    const sum = i32x4.add(i32x4.add(v128.load(at), small0), i32x4.add(v128.load(at, 9 * 16), small1))
    v128.store(at, sum, 256)
  }
}

/** 64 rounds on the state, eight at a time with the words' names turning; lanes that are not active keep theirs. */
function compress(active: v128): void {
  let a = v128.load(STATE)
  let b = v128.load(STATE, 16)
  let c = v128.load(STATE, 32)
  let d = v128.load(STATE, 48)
  let e = v128.load(STATE, 64)
  let f = v128.load(STATE, 80)
  let g = v128.load(STATE, 96)
  let h = v128.load(STATE, 112)
  let t: v128
  let w = SCHEDULE
  for (let k = ROUND; k < ROUND + 256; k += 32, w += 128) {
    t = before(h, e, f, g, input(w, k))
    d = i32x4.add(d, t)
    h = after(t, a, b, c)
    t = before(g, d, e, f, input(w + 16, k + 4))
    c = i32x4.add(c, t)
    g = after(t, h, a, b)
    t = before(f, c, d, e, input(w + 32, k + 8))
    b = i32x4.add(b, t)
    f = after(t, g, h, a)
    t = before(e, b, c, d, input(w + 48, k + 12))
    a = i32x4.add(a, t)
    e = after(t, f, g, h)
    t = before(d, a, b, c, input(w + 64, k + 16))
    h = i32x4.add(h, t)
    d = after(t, e, f, g)
    t = before(c, h, a, b, input(w + 80, k + 20))
    g = i32x4.add(g, t)
    c = after(t, d, e, f)
    t = before(b, g, h, a, input(w + 96, k + 24))
    f = i32x4.add(f, t)
    b = after(t, c, d, e)
    t = before(a, f, g, h, input(w + 112, k + 28))
    e = i32x4.add(e, t)
    a = after(t, b, c, d)
  }
  add(0, a, active)
  add(16, b, active)
  add(32, c, active)
  add(48, d, active)
  add(64, e, active)
  add(80, f, active)
  add(96, g, active)
  add(112, h, active)
}

/** A round's word of the schedule and its constant. */
// @ts-ignore: decorator
@inline function input(word: usize, constant: usize): v128 {
  return i32x4.add(v128.load(word), v128.load32_splat(constant))
}

/** T1 of a round (FIPS 180-4, 6.2.2). */
// @ts-ignore: decorator
@inline function before(h: v128, e: v128, f: v128, g: v128, input: v128): v128 {
  const sum = v128.xor(v128.xor(rotate(e, 6), rotate(e, 11)), rotate(e, 25))
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)))
  return i32x4.add(i32x4.add(h, input), i32x4.add(sum, choice))
}

/** T1 + T2 of a round. */
// @ts-ignore: decorator
@inline function after(t1: v128, a: v128, b: v128, c: v128): v128 {
  const sum = v128.xor(v128.xor(rotate(a, 2), rotate(a, 13)), rotate(a, 22))
  const majority = v128.or(v128.and(a, b), v128.and(c, v128.or(a, b)))
  return i32x4.add(t1, i32x4.add(sum, majority))
}

// @ts-ignore: decorator
@inline function add(at: usize, value: v128, active: v128): void {
  v128.store(STATE + at, i32x4.add(v128.load(STATE + at), v128.and(value, active)))
}

/** A lane of the state as 64 hex digits behind their number. */
function putDigest(at: usize, state: usize): void {
  const left = i32x4(load<i32>(state), load<i32>(state, 16), load<i32>(state, 32), load<i32>(state, 48))
  const right = i32x4(load<i32>(state, 64), load<i32>(state, 80), load<i32>(state, 96), load<i32>(state, 112))
  const first = bigEndian(left)
  const second = bigEndian(right)
  store<i32>(at, 64)
  v128.store(at, leftDigits(first), 4)
  v128.store(at, rightDigits(first), 20)
  v128.store(at, leftDigits(second), 36)
  v128.store(at, rightDigits(second), 52)
}
