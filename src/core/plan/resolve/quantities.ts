import { formatDate, MICROS_PER_DAY } from '../../expr/civil.ts'
import type { Law, Quantity } from '../../expr/law.ts'
import type { CompiledLaw } from '../../random/compiled-law.ts'
import { compileLaw } from '../../random/laws.ts'
import type { ConcreteLaw } from '../../random/laws.ts'
import type { Path } from '../issues.ts'
import { below } from '../issues.ts'
import { vocabularyColumn } from '../vocabulary.ts'
import type { Vocabulary } from '../vocabulary.ts'
import type { Model, Sizes } from './model.ts'
import { mergeSizes, reporting, reportUnknown } from './model.ts'

/** A value with the size parameters it depends on. */
export interface Sized<T> {
  readonly value: T
  readonly sizes: Sizes
}

/** The number of a quantity; an unknown parameter is reported. */
export const resolveQuantity = (
  model: Model,
  quantity: Quantity,
  path: Path,
): Sized<number> | undefined => {
  if (typeof quantity === 'number') return { value: quantity, sizes: [] }
  const name = quantity.parameter
  const parameter = model.parameters.get(name)
  if (parameter === undefined)
    return reportUnknown(model, below(path, 'parameter'), {
      what: 'parameter',
      name,
      known: model.parameters.keys(),
    })
  return { value: parameter.value, sizes: parameter.role === 'size' ? [name] : [] }
}

/** A law as integer tables; what is wrong with it is reported. Equal laws are compiled once. */
export const resolveLaw = (model: Model, law: Law, path: Path): Sized<CompiledLaw> | undefined => {
  const concrete = concreteLaw(model, law, path)
  if (concrete === undefined) return undefined
  const text = JSON.stringify(concrete.value)
  if (!model.laws.has(text)) model.laws.set(text, compile(model, concrete.value, path))
  const value = model.laws.get(text)
  return value === undefined ? undefined : { value, sizes: concrete.sizes }
}

/** The vocabulary of that name, noted as used; a missing one is reported. */
export const useVocabulary = (model: Model, name: string, path: Path): Vocabulary | undefined => {
  const vocabulary = model.vocabularies.get(name)
  if (vocabulary === undefined)
    return reportUnknown(model, path, {
      what: 'vocabulary',
      name,
      known: model.vocabularies.keys(),
    })
  model.usedVocabularies.add(name)
  return vocabulary
}

/** The day of an anchor of the plan (`start`, `asOf`) since 1970; undefined for other text. */
export const anchorDay = (model: Model, text: string): number | undefined => {
  const micros = model.anchors.get(text)
  return micros === undefined ? undefined : Math.floor(micros / MICROS_PER_DAY)
}

const concreteLaw = (model: Model, law: Law, path: Path): Sized<ConcreteLaw> | undefined => {
  const sizes: Sizes[] = []
  let whole = true
  const number = (quantity: Quantity, at: Path): number => {
    const resolved = resolveQuantity(model, quantity, at)
    if (resolved === undefined) whole = false
    sizes.push(resolved?.sizes ?? [])
    return resolved?.value ?? 0
  }
  const concrete = Object.entries(law).map(([name, value]: [string, unknown]) => {
    const at = below(path, name)
    if (Array.isArray(value))
      return [
        name,
        value.map((item: unknown, i) => (isParameter(item) ? number(item, below(at, i)) : item)),
      ]
    if (isParameter(value)) return [name, number(value, at)]
    return [name, name === 'start' ? anchoredDate(model, value) : value]
  })
  if (!whole) return undefined
  return { value: Object.fromEntries(concrete) as ConcreteLaw, sizes: mergeSizes(...sizes) }
}

const isParameter = (value: unknown): value is { readonly parameter: string } =>
  typeof value === 'object' && value !== null && 'parameter' in value

const anchoredDate = (model: Model, value: unknown): unknown => {
  const day = typeof value === 'string' ? anchorDay(model, value) : undefined
  return day === undefined ? value : formatDate(day)
}

const compile = (model: Model, law: ConcreteLaw, path: Path): CompiledLaw | undefined => {
  if (law.kind === 'vocabulary' && !isWeighted(model, law, path)) return undefined
  return reporting(model.issues, path, () => compileLaw(law, weightsOf(model)))
}

const isWeighted = (
  model: Model,
  { vocabulary: name, weight }: Extract<ConcreteLaw, { kind: 'vocabulary' }>,
  path: Path,
): boolean => {
  const vocabulary = useVocabulary(model, name, below(path, 'vocabulary'))
  if (vocabulary === undefined) return false
  const integers = vocabulary.columns.filter((column) => column.kind === 'integer')
  if (integers.some((column) => column.name === weight)) return true
  reportUnknown(model, below(path, 'weight'), {
    what: `integer column in the vocabulary ${name} named`,
    name: weight,
    known: integers.map((column) => column.name),
  })
  return false
}

const weightsOf =
  (model: Model) =>
  (name: string, column: string): readonly number[] => {
    const vocabulary = model.vocabularies.get(name)
    const found = vocabulary === undefined ? undefined : vocabularyColumn(vocabulary, column)
    return found?.kind === 'integer' ? found.values : []
  }
