import { pow } from '../../core/random/math.ts'
import { rounded } from '../calibrate.ts'
import { CATEGORIES } from './goods.ts'
import type { Settings } from './parameters.ts'

/**
 * The share of further lines that are of the category which goes with that of the first: those that were meant to be,
 * where the list of products reaches so far, and the others by chance.
 */
export const complementRate = ({ products, productSkew, complementShare }: Settings): number => {
  const popularity = zipfShares(products, productSkew)
  const byCategory = sums(popularity, CATEGORIES, (i) => i % CATEGORIES)
  const byRow = sums(popularity, Math.ceil(products / CATEGORIES), (i) =>
    Math.floor(i / CATEGORIES),
  )
  const lastRow = byRow.at(-1) ?? 0
  const full = products % CATEGORIES
  let [meant, byChance] = [0, 0]
  byCategory.forEach((share, category) => {
    const other = category % 2 === 0 ? category + 1 : category - 1
    const reaches = full === 0 || other < full ? 1 : 1 - lastRow
    meant += share * reaches
    byChance += share * (byCategory[other] ?? 0)
  })
  return rounded(complementShare * meant + (1 - complementShare) * byChance)
}

const zipfShares = (count: number, exponent: number): readonly number[] => {
  const weights = Array.from({ length: count }, (_, i) => pow(i + 1, -exponent))
  const total = weights.reduce((sum, each) => sum + each, 0)
  return weights.map((weight) => weight / total)
}

const sums = (
  shares: readonly number[],
  groups: number,
  groupOf: (index: number) => number,
): readonly number[] => {
  const found = Array.from({ length: groups }, () => 0)
  shares.forEach((share, i) => {
    found[groupOf(i)] = (found[groupOf(i)] ?? 0) + share
  })
  return found
}
