import { and, col, eq, gt } from '../expr/build.ts'
import type { PlanPromise } from '../plan/plan.ts'
import { sumOf } from '../random/math.ts'
import { type Noisy, stepRates, type Strike, struckName } from './apply.ts'
import type { NoiseStep } from './model.ts'
import type { Odds } from './odds.ts'

/** Every operator strikes as many of the cells where it applies as was asked. */
export const operatorPromises = ({ strikes }: Noisy): readonly PlanPromise[] =>
  strikes.map((strike) => ({
    kind: 'rate',
    name: operatorName(strike),
    of: strike.strikes,
    asked: rounded(strike.rate),
    tolerance: rounded(strike.rate * SLACK),
    ...(strike.applies === undefined ? {} : { among: strike.applies }),
  }))

/** Every step strikes as many of the records as its operators ask for together: quick to measure. */
export const stepPromises = ({ strikes }: Noisy): readonly PlanPromise[] =>
  stepsOf(strikes).map((step) => {
    const asked = sumOf(step.operators.map(({ rate }) => rate))
    return {
      kind: 'rate',
      name: step.name,
      of: gt(col(struckName(step)), 0),
      asked: rounded(asked),
      tolerance: rounded(asked * SLACK),
    }
  })

/** Every step strikes the classes of its attributes by their odds. */
export const oddsPromises = ({ strikes }: Noisy): readonly PlanPromise[] =>
  stepsOf(strikes).flatMap((step) =>
    step.odds.flatMap((attribute, place) =>
      attribute.factors.map((factor, of): PlanPromise => {
        const asked = rateOfClass(step, { place, of })
        return {
          kind: 'rate',
          name: `${step.name}: ${attribute.name} ${of}, odds times ${factor}`,
          of: gt(col(struckName(step)), 0),
          among: eq(attribute.class, of),
          asked: rounded(asked),
          tolerance: rounded(asked * SLACK),
        }
      }),
    ),
  )

/**
 * Two steps with the same odds strike one record as often as these say, which is more than by chance. Operators that
 * change every cell they strike let the files show it, although the attributes never land.
 */
export const togetherPromise = (
  { strikes }: Noisy,
  names: readonly [string, string],
): readonly PlanPromise[] => {
  const [first, second] = names.map((name) => stepsOf(strikes).find((step) => step.name === name))
  if (first === undefined || second === undefined) return []
  const { shares, rates } = stepRates(first)
  const others = stepRates(second).rates
  const asked = sumOf(shares.map((share, i) => share * rates[i]! * others[i]!))
  return [
    {
      kind: 'rate',
      name: `${names.join(' and ')} of one record: by ${first.odds.map(({ name }) => name).join(' and ')}`,
      of: and(gt(col(struckName(first)), 0), gt(col(struckName(second)), 0)),
      asked: rounded(asked),
      tolerance: rounded(asked * SLACK),
    },
  ]
}

/** Attributes are taken for independent, and their shares for those of the records, which is nearly so. */
const SLACK = 0.03

const stepsOf = (strikes: readonly Strike[]): readonly NoiseStep[] => [
  ...new Set(strikes.map(({ step }) => step)),
]

const operatorName = ({ step, operator, columns }: Strike): string =>
  `${step.name}: ${operator} in ${columns.join(' and ')}`

/** The rate of a step among the records that are in one class of one of its attributes. */
const rateOfClass = (
  step: NoiseStep,
  { place, of }: { readonly place: number; readonly of: number },
): number => {
  const { shares, rates } = stepRates(step)
  const below = step.odds.slice(place + 1).reduce((size, each) => size * classes(each), 1)
  const own = classes(step.odds[place]!)
  const inClass = shares.map((share, i) => (Math.floor(i / below) % own === of ? share : 0))
  return sumOf(inClass.map((share, i) => share * rates[i]!)) / sumOf(inClass)
}

const classes = ({ factors }: Odds): number => factors.length

const rounded = (rate: number): number => Math.round(rate * 1e9) / 1e9
