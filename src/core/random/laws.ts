import { fail, unreachable } from '../errors.ts'
import { civilFromDays, isoWeekday, parseDate } from '../expr/civil.ts'
import type { Law, Quantity } from '../expr/law.ts'
import { EXACT_LIMIT } from '../expr/types.ts'
import type { CompiledLaw } from './compiled-law.ts'
import {
  MAX_COUNT,
  checkWeights,
  exactInteger,
  integerBetween,
  latticeOf,
  numberBetween,
  positive,
} from './law-arguments.ts'
import type { Lattice } from './law-arguments.ts'
import {
  binsFromTail,
  binsFromWeights,
  equalSpans,
  geometricSpans,
  withLastAlone,
} from './law-bins.ts'
import type { Binned, Span } from './law-bins.ts'
import { REPORTED_BINS, compileBins, compileLattice } from './law-table.ts'
import { exp, log, log1p, normalCdf, poisson, pow } from './math.ts'

/** A law whose quantities are all numbers. */
export type ConcreteLaw = Concrete<Law>

/** The weights of a vocabulary's rows, by one of its integer columns. */
export type VocabularyWeights = (vocabulary: string, column: string) => readonly number[]

/**
 * The integer table of a law. Throws plan.invalid for an argument out of range and plan.infeasible for arguments that
 * cannot hold together, naming law and argument.
 */
export const compileLaw = (law: ConcreteLaw, weightsOf: VocabularyWeights): CompiledLaw => {
  switch (law.kind) {
    case 'uniform':
      return compileLattice(latticeOf(law))
    case 'weighted':
      return compileWeighted(law)
    case 'vocabulary':
      return compileBins(vocabularyBins(law, weightsOf))
    case 'normal':
      return compileBins(normalBins(law))
    case 'logNormal':
      return compileBins(logNormalBins(law))
    case 'exponential':
      return compileBins(exponentialBins(law))
    case 'poisson':
      return compileBins(poissonBins(law))
    case 'geometric':
      return compileBins(geometricBins(law))
    case 'zipf':
      return compileZipf(law)
    case 'histogram':
      return compileBins(histogramBins(law))
    case 'calendar':
      return compileBins(calendarBins(law))
    case 'timeOfDay':
      return compileBins(timeOfDayBins(law))
    default:
      return unreachable(law)
  }
}

type Concrete<L> = L extends Law ? { readonly [K in keyof L]: ConcreteField<L[K]> } : never
type ConcreteField<T> = T extends readonly Quantity[]
  ? readonly number[]
  : Exclude<T, { readonly parameter: string }>

type Of<K extends Law['kind']> = Extract<ConcreteLaw, { kind: K }>

/** Beyond this many deviations lies less than 1e-18 of a normal law. */
const DEVIATIONS = 9
const MAX_POISSON_MEAN = 1e6
const MAX_RANKS = 2 ** 31
const MAX_DAYS = 40_000
const SECONDS_PER_HOUR = 3600

const compileWeighted = ({ values, weights }: Of<'weighted'>): CompiledLaw => {
  checkWeights('weighted', 'weights', { weights, length: values.length })
  const pairs = values.map((value, i) => ({ value, weight: weights[i] ?? 0 }))
  const words = pairs.flatMap(({ value, weight }) =>
    typeof value === 'string' ? [{ value, weight }] : [],
  )
  if (words.length === 0) return compileIntegers(pairs)
  if (words.length === pairs.length) return compileWords(words)
  return fail('plan.invalid', 'values of the weighted law must be all strings or all integers')
}

type Weighed<T> = readonly { readonly value: T; readonly weight: number }[]

const compileWords = (words: Weighed<string>): CompiledLaw => {
  const sorted = words.toSorted((a, b) => compareCodePoints(a.value, b.value))
  refuseRepeats(sorted.map(({ value }) => value))
  const bins = binsFromWeights(
    0,
    sorted.map(({ weight }) => weight),
  )
  return { ...compileBins(bins), words: sorted.map(({ value }) => value), mean: 0 }
}

const compileIntegers = (pairs: Weighed<string | number>): CompiledLaw => {
  const bins = pairs
    .map(({ value, weight }, i) => ({
      low: exactInteger({ law: 'weighted', name: `values[${i}]`, value: Number(value) }),
      width: 1,
      weight,
    }))
    .toSorted((a, b) => a.low - b.low)
  refuseRepeats(bins.map(({ low }) => low))
  return compileBins({ step: 1, bins })
}

const refuseRepeats = (sorted: readonly (string | number)[]): void => {
  const repeat = sorted.find((value, i) => i > 0 && value === sorted[i - 1])
  if (repeat !== undefined)
    fail('plan.invalid', `values of the weighted law list ${JSON.stringify(repeat)} twice`)
}

/** The order of the texts' UTF-8 bytes. */
const compareCodePoints = (a: string, b: string): number => {
  const [left, right] = [Array.from(a), Array.from(b)]
  const i = left.findIndex((character, k) => character !== right[k])
  if (i < 0) return left.length - right.length
  return (left[i]?.codePointAt(0) ?? -1) - (right[i]?.codePointAt(0) ?? -1)
}

const vocabularyBins = (law: Of<'vocabulary'>, weightsOf: VocabularyWeights): Binned => {
  const weights = weightsOf(law.vocabulary, law.weight)
  const name = `column ${law.weight} of ${law.vocabulary}`
  return binsFromWeights(0, checkWeights('vocabulary', name, { weights, length: weights.length }))
}

const normalBins = (law: Of<'normal'>): Binned => {
  const lattice = latticeOf(law)
  const mean = numberBetween(
    { law: law.kind, name: 'mean', value: law.mean },
    -EXACT_LIMIT,
    EXACT_LIMIT,
  )
  const deviation = positive({ law: law.kind, name: 'deviation', value: law.deviation })
  const spans = equalSpans(
    nearestIndex(lattice, mean - DEVIATIONS * deviation),
    nearestIndex(lattice, mean + DEVIATIONS * deviation) + 1,
  )
  return binsFromTail(lattice, spans, (i) => normalCdf((mean - lowerEdge(lattice, i)) / deviation))
}

const logNormalBins = (law: Of<'logNormal'>): Binned => {
  const lattice = latticeOf(law)
  const mu = log(positive({ law: law.kind, name: 'median', value: law.median }))
  const sigma = positive({ law: law.kind, name: 'sigma', value: law.sigma })
  return binsFromTail(lattice, clippedSpans(lattice), (i) => {
    const edge = lowerEdge(lattice, i)
    return edge <= 0 ? 1 : normalCdf((mu - log(edge)) / sigma)
  })
}

const exponentialBins = (law: Of<'exponential'>): Binned => {
  const lattice = latticeOf(law)
  const mean = positive({ law: law.kind, name: 'mean', value: law.mean })
  return binsFromTail(lattice, clippedSpans(lattice), (i) =>
    exp(-Math.max(0, lowerEdge(lattice, i)) / mean),
  )
}

/** The smallest number that rounds to the outcome of index i. */
const lowerEdge = ({ low, step }: Lattice, i: number): number => low + step * (i - 0.5)

const nearestIndex = ({ low, step, count }: Lattice, value: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor((value - low) / step + 0.5)))

const clippedSpans = ({ count }: Lattice): Span[] => withLastAlone(geometricSpans(count))

const countingLattice = (law: { readonly kind: string; readonly high: number }): Lattice => {
  const high = integerBetween({ law: law.kind, name: 'high', value: law.high }, 0, MAX_COUNT - 1)
  return { low: 0, step: 1, count: high + 1 }
}

const poissonBins = (law: Of<'poisson'>): Binned => {
  const { count } = countingLattice(law)
  const value = numberBetween({ law: law.kind, name: 'mean', value: law.mean }, 0, MAX_POISSON_MEAN)
  const { first, probability } = poisson(value)
  const weights: number[] = []
  probability.forEach((p, i) => {
    const at = Math.min(i, Math.max(0, count - 1 - first))
    weights[at] = (weights[at] ?? 0) + p
  })
  return binsFromWeights(Math.min(first, count - 1), weights)
}

const geometricBins = (law: Of<'geometric'>): Binned => {
  const lattice = countingLattice(law)
  const mean = numberBetween({ law: law.kind, name: 'mean', value: law.mean }, 0, MAX_COUNT)
  if (mean === 0) return binsFromWeights(0, [1])
  const logFailure = -log1p(1 / mean)
  return binsFromTail(lattice, clippedSpans(lattice), (i) => exp(i * logFailure))
}

const compileZipf = (law: Of<'zipf'>): CompiledLaw => {
  const count = integerBetween({ law: law.kind, name: 'count', value: law.count }, 1, MAX_RANKS)
  const exponent = numberBetween({ law: law.kind, name: 'exponent', value: law.exponent }, 0, 3)
  if (exponent === 0) return compileLattice({ low: 1, step: 1, count })
  const bins = geometricSpans(count).map(({ start, end }) => ({
    low: start + 1,
    width: end - start,
    weight: zipfWeight(exponent, { start: start + 1, end: end + 1 }),
  }))
  return compileBins({ step: 1, bins })
}

/**
 * The sum of rank^-exponent over start <= rank < end. Beyond rank 4096 the midpoint rule turns it into an integral from
 * start - 1/2 to end - 1/2 (Euler-Maclaurin, first correction below 3e-8 of it), taken by Gauss-Legendre with three
 * points, within 1e-12 for spans of 1/64 of their start.
 */
const zipfWeight = (exponent: number, { start, end }: Span): number => {
  if (end - start === 1) return pow(start, -exponent)
  const half = (end - start) / 2
  const middle = start + half - 0.5
  const offset = half * Math.sqrt(0.6)
  const sides = pow(middle - offset, -exponent) + pow(middle + offset, -exponent)
  return (half * (5 * sides + 8 * pow(middle, -exponent))) / 9
}

const histogramBins = ({ kind, edges, weights }: Of<'histogram'>): Binned => {
  checkWeights(kind, 'weights', { weights, length: edges.length - 1 })
  const bins = weights.map((weight, i) => {
    const low = exactInteger({ law: kind, name: `edges[${i}]`, value: edges[i] ?? NaN })
    const end = exactInteger({ law: kind, name: `edges[${i + 1}]`, value: edges[i + 1] ?? NaN })
    const width = { law: kind, name: `edges[${i + 1}] - edges[${i}]`, value: end - low }
    return { low, width: integerBetween(width, 1, MAX_COUNT), weight }
  })
  return { step: 1, bins }
}

const calendarBins = (law: Of<'calendar'>): Binned => {
  const first = parseDate(law.start)
  const days = integerBetween({ law: law.kind, name: 'days', value: law.days }, 1, MAX_DAYS)
  const weekdays = law.weekdays ?? equalWeights(7)
  const months = law.months ?? equalWeights(12)
  checkWeights(law.kind, 'weekdays', { weights: weekdays, length: 7 })
  checkWeights(law.kind, 'months', { weights: months, length: 12 })
  const weights = Array.from({ length: days }, (_, i) => {
    const day = first + i
    return (weekdays[isoWeekday(day) - 1] ?? 0) * (months[civilFromDays(day).month - 1] ?? 0)
  })
  checkWeights(law.kind, 'weights of the days', { weights, length: days })
  return { ...binsFromWeights(first, weights), ...monthCuts(first, days) }
}

/** The first days of the months, for reports, when the days are many and the months few. */
const monthCuts = (first: number, days: number): Pick<Binned, 'cuts'> => {
  const cuts = Array.from({ length: days }, (_, i) => first + i).filter(
    (day) => civilFromDays(day).day === 1,
  )
  return days > REPORTED_BINS && cuts.length < REPORTED_BINS ? { cuts } : {}
}

const timeOfDayBins = ({ kind, hours }: Of<'timeOfDay'>): Binned => {
  checkWeights(kind, 'hours', { weights: hours, length: 24 })
  const bins = hours.map((weight, hour) => ({
    low: hour * SECONDS_PER_HOUR,
    width: SECONDS_PER_HOUR,
    weight,
  }))
  return { step: 1, bins }
}

const equalWeights = (length: number): number[] => Array.from({ length }, () => 1)
