/**
 * Checks of 32-bit values. Each gives a z that is standard normal, or nearly, for independent uniform values;
 * docs/decisions/0001-mixer.md lists the same checks at larger samples.
 */

/** z of the number of repeats among n values: Poisson with mean n^2 / 2^33. */
export const repeatsZ = (values: Uint32Array): number => {
  const sorted = values.toSorted()
  const repeats = sorted.reduce(
    (sum, each, i) => sum + (i > 0 && each === sorted[i - 1] ? 1 : 0),
    0,
  )
  return poissonZ(repeats, values.length ** 2 / 2 ** 33)
}

/** z of the number of values of `a` that also occur in `b`. */
export const sharedZ = (a: Uint32Array, b: Uint32Array): number => {
  const known = new Set(b)
  const shared = a.reduce((sum, each) => sum + (known.has(each) ? 1 : 0), 0)
  return poissonZ(shared, (a.length * known.size) / 2 ** 32)
}

/** z of the repeats among the row-wise XORs; a translation makes them all equal. */
export const translationZ = (a: Uint32Array, b: Uint32Array): number =>
  repeatsZ(a.map((each, i) => each ^ at(b, i)))

/** z of the chi-square of `count` buckets, by the values' high ends or by their remainders. */
export const bucketsZ = (values: Uint32Array, count: number, end: 'high' | 'low'): number => {
  const cells = new Uint32Array(count)
  for (const each of values) {
    const cell = end === 'high' ? Math.floor((each * count) / 2 ** 32) : each % count
    cells[cell] = at(cells, cell) + 1
  }
  return chiSquareZ(cells, values.length)
}

/** z of Pearson's correlation of uniform values. */
export const correlationZ = (a: Uint32Array, b: Uint32Array): number => {
  const centred = (x: number): number => (x - (2 ** 32 - 1) / 2) / 2 ** 32
  const sum = a.reduce((s, each, i) => s + centred(each) * centred(at(b, i)), 0)
  return (12 * sum) / Math.sqrt(a.length)
}

/** z of the chi-square of the 16 x 16 table of the four highest or lowest bits. */
export const jointZ = (a: Uint32Array, b: Uint32Array, end: 'high' | 'low'): number => {
  const shift = end === 'high' ? 28 : 0
  const cells = new Uint32Array(256)
  a.forEach((each, i) => {
    const cell = (((each >>> shift) & 15) << 4) | ((at(b, i) >>> shift) & 15)
    cells[cell] = at(cells, cell) + 1
  })
  return chiSquareZ(cells, a.length)
}

/** z of the sum of squared z of the agreement of each bit of `a` with each bit of `b`; 1024 pairs. */
export const bitsZ = (a: Uint32Array, b: Uint32Array): number => {
  const [p, q] = [planes(a), planes(b)]
  let sum = 0
  for (const x of p) for (const y of q) sum += (2 * differences(x, y) - a.length) ** 2 / a.length
  return (sum - 1024) / Math.sqrt(2 * 1024)
}

const poissonZ = (count: number, mean: number): number => (count - mean) / Math.sqrt(mean)

const chiSquareZ = (cells: Uint32Array, total: number): number => {
  const expected = total / cells.length
  const freedom = cells.length - 1
  const chi = cells.reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0)
  return (chi - freedom) / Math.sqrt(2 * freedom)
}

// Bit k of 32 values makes one word of plane k.
const planes = (values: Uint32Array): readonly Uint32Array[] => {
  const words = values.length / 32
  const result = Array.from({ length: 32 }, () => new Uint32Array(words))
  result.forEach((plane, k) => {
    for (let w = 0; w < words; w++) {
      let word = 0
      for (let i = 0; i < 32; i++) word |= ((at(values, 32 * w + i) >>> k) & 1) << i
      plane[w] = word
    }
  })
  return result
}

const differences = (x: Uint32Array, y: Uint32Array): number => {
  let sum = 0
  for (let w = 0; w < x.length; w++) sum += popcount(at(x, w) ^ at(y, w))
  return sum
}

const popcount = (x: number): number => {
  const pairs = x - ((x >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const at = (values: Uint32Array, i: number): number => values[i] ?? 0
