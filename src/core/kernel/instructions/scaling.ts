/** floor(d · n / 2^32) of the 32 bits d (int32 or uint32), exact for n from 1 to 2^31. */
export const scaled = (d: number, n: number): number =>
  Math.floor(((d >>> 16) * n + Math.floor((d & 0xffff) * n * SMALL)) * SMALL)

/** floor((a · 2^16 + floor(b / 2^16)) · n / 2^48) of the 32 bits a and b, exact for n from 1 to 2^37. */
export const scaled48 = (a: number, b: number, n: number): number => {
  const t0 = (b >>> 16) * n
  const t1 = (a & 0xffff) * n + Math.floor(t0 * SMALL)
  const t2 = (a >>> 16) * n + Math.floor(t1 * SMALL)
  return Math.floor(t2 * SMALL)
}

// A multiplication by a power of two is a division without its cost.
const SMALL = 1 / 0x10000
