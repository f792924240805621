/**
 * Elementary functions of + - * / sqrt alone, for compiling laws. IEEE 754 fixes those five to the bit, whereas
 * Math.log, exp and pow differ between JavaScript engines, and one threshold off by one changes cells.
 */

/** The natural logarithm, within 1e-15 relative; 0 gives -Infinity, negative numbers NaN. */
export const log = (x: number): number => {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x === Infinity ? x : NaN
  const { mantissa, exponent } = split(x)
  const small = logRatio((mantissa - 1) / (mantissa + 1))
  return exponent * LN2_HIGH + (small + exponent * LN2_LOW)
}

/** log(1 + x) for x > -1, within 2e-15 relative of normal numbers, also where 1 + x would lose x's digits. */
export const log1p = (x: number): number =>
  Math.abs(x) < 0.25 ? logRatio(x / (2 + x)) : log(1 + x)

/** e to the x, within 1e-15 relative above the subnormal numbers: Taylor's series of the rest after whole halvings. */
export const exp = (x: number): number => {
  if (x > 709.79) return Infinity
  if (x < -745.2) return 0
  const halvings = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5)
  const rest = x - halvings * LN2_HIGH - halvings * LN2_LOW
  let sum = 1
  for (let n = 14; n > 0; n--) sum = 1 + (rest * sum) / n
  const first = Math.floor(halvings / 2)
  return sum * powerOfTwo(first) * powerOfTwo(halvings - first)
}

/** x to the y for x > 0, as exp(y log x): within |y log x| · 3e-16 + 1e-15 relative. */
export const pow = (x: number, y: number): number => (y === 0 ? 1 : exp(y * log(x)))

/**
 * The standard normal distribution function, within 1e-15 absolute, and within 1e-13 relative of its lower tail:
 * the series of G. Marsaglia, "Evaluating the Normal Distribution" (J. Stat. Software 11/4, 2004), beyond 3 deviations
 * Laplace's continued fraction (Abramowitz and Stegun 26.2.14).
 */
export const normalCdf = (x: number): number => {
  if (x < -SERIES_LIMIT) return normalTail(-x)
  if (x > SERIES_LIMIT) return 1 - normalTail(x)
  let term = x
  let sum = x
  for (let n = 3; Math.abs(term) > 1e-18; n += 2) {
    term *= (x * x) / n
    sum += term
  }
  return 0.5 + sum * normalDensity(x)
}

/**
 * Poisson probabilities of the given mean around its mode: of `first`, first + 1, and so on. What is left out on
 * both sides is below 1e-18. They follow from the mode by p(k + 1) = p(k) · mean / (k + 1), scaled to sum to one.
 */
export const poisson = (
  mean: number,
): { readonly first: number; readonly probability: readonly number[] } => {
  const mode = Math.floor(mean)
  const below: number[] = []
  for (let k = mode, p = mode / mean; k > 0 && p > NEGLIGIBLE; k--, p *= k / mean) below.push(p)
  const above: number[] = []
  for (let k = mode, p = 1; p > NEGLIGIBLE; k++, p *= mean / k) above.push(p)
  const ratios = [...below.toReversed(), ...above]
  const total = sumOf(ratios)
  return { first: mode - below.length, probability: ratios.map((ratio) => ratio / total) }
}

/** The sum of numbers from left to right. */
export const sumOf = (values: readonly number[]): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

// ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact (fdlibm, e_log.c).
const LN2_HIGH = 6.9314718036912381649e-1
const LN2_LOW = 1.90821492927058770002e-10

const SQRT_TAU = Math.sqrt(6.283185307179586)
const SERIES_LIMIT = 3
const FRACTION_DEPTH = 120
const NEGLIGIBLE = 1e-24

/** 2 to a whole power of size below 1024, by squaring; exact. */
const powerOfTwo = (n: number): number => {
  let square = n < 0 ? 0.5 : 2
  let power = 1
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power *= square
    square *= square
  }
  return power
}

const EXPONENT_STEPS = [512, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1]
const STEP_POWERS = EXPONENT_STEPS.map(powerOfTwo)

/** log((1 + s) / (1 - s)) for |s| <= 0.172 by its series 2 (s + s^3/3 + s^5/5 + ...). */
const logRatio = (s: number): number => {
  const square = s * s
  let sum = 0
  for (let n = 25; n >= 3; n -= 2) sum = square * (1 / n + sum)
  return 2 * s + 2 * s * sum
}

/** x = mantissa · 2^exponent with a mantissa between the roots of 1/2 and 2; exact. */
const split = (x: number): { readonly mantissa: number; readonly exponent: number } => {
  let mantissa = x
  let exponent = 0
  for (let i = 0; i < STEP_POWERS.length; i++) {
    const power = STEP_POWERS[i]!
    if (mantissa >= power) {
      mantissa /= power
      exponent += EXPONENT_STEPS[i]!
    } else if (mantissa * power < 1) {
      mantissa *= power
      exponent -= EXPONENT_STEPS[i]!
    }
  }
  if (mantissa > Math.SQRT2) return { mantissa: mantissa / 2, exponent: exponent + 1 }
  if (mantissa < Math.SQRT1_2) return { mantissa: mantissa * 2, exponent: exponent - 1 }
  return { mantissa, exponent }
}

const normalDensity = (x: number): number => exp((-x * x) / 2) / SQRT_TAU

const normalTail = (x: number): number => {
  let fraction = x
  for (let n = FRACTION_DEPTH; n > 0; n--) fraction = x + n / fraction
  return normalDensity(x) / fraction
}
