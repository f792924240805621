import { fail } from '../errors.ts'
import { powerOfTen, scaleOf } from '../expr/functions/shapes.ts'
import { textOf } from '../expr/functions/text.ts'
import type { DataType } from '../expr/types.ts'
import type { CompiledLaw } from '../random/compiled-law.ts'
import type { TypedPromise, TypedTable } from '../plan/typed.ts'
import { type AcrossRows, isAcrossRows } from './across-rows.ts'
import { allPromises } from './implied.ts'
import {
  type Bin,
  type Finding,
  type FindingKind,
  type Proof,
  type Verdict,
  uncheckedFinding,
} from './finding.ts'
import { checkName, type Tallies, type Tally } from './measure.ts'

/** What judging needs: the rows of each table, and how the tallies came about. */
export interface Evidence {
  readonly tallies: Tallies
  readonly rows: ReadonlyMap<string, number>
  readonly proof: Proof
}

/** A promise fails only beyond its tolerance or this many standard errors, whichever is larger. */
export const STANDARD_ERRORS = 6

/** Judges the checks and promises of a table for which there is a tally. */
export const judgeTable = (table: TypedTable, evidence: Evidence): readonly Finding[] => {
  const judged = (name: string, judge: (tally: Tally) => Finding): readonly Finding[] => {
    const tally = evidence.tallies[name]
    return tally === undefined ? [] : [judge(tally)]
  }
  return [
    ...table.checks.flatMap(({ name }) =>
      judged(checkName(name), (tally) => judgeCheck({ table, name, evidence }, tally)),
    ),
    ...allPromises(table).flatMap((promise) =>
      judged(promise.name, (tally) =>
        judgePromise({ table, name: promise.name, evidence }, promise, tally),
      ),
    ),
  ]
}

/** The checks and promises of a table, but those across rows, that no tally tells of: open, not held. */
export const unmeasured = (table: TypedTable, { tallies }: Evidence): readonly Finding[] => {
  const promises = table.promises.filter((promise) => !isAcrossRows(promise))
  return [
    ...table.checks.map(({ name }) => ({ tally: checkName(name), name, kind: 'check' as const })),
    ...promises.map(({ name, kind }) => ({ tally: name, name, kind })),
  ]
    .filter(({ tally }) => tallies[tally] === undefined)
    .map((each) =>
      uncheckedFinding(
        table.name,
        each,
        'it was not measured when the rows were written: lakewright verify',
      ),
    )
}

interface Case {
  readonly table: TypedTable
  readonly name: string
  readonly evidence: Evidence
}

const judgeCheck = ({ table, name, evidence }: Case, tally: Tally): Finding => {
  if (tally.kind !== 'violations') return mismatch(name, tally)
  const { rows, violations } = tally
  return {
    table: table.name,
    name,
    kind: 'check',
    asked: 'true in every row',
    found: violations === 0 ? 'true in every row' : `false in ${violations} rows`,
    n: rows,
    unit: table.name,
    tolerance: 0,
    proof: evidence.proof,
    verdict: verdictOf(violations === 0),
  }
}

const judgePromise = (at: Case, promise: TypedPromise, tally: Tally): Finding => {
  switch (promise.kind) {
    case 'rate':
    case 'mean':
      return judgeMoments(at, promise, tally)
    case 'distribution':
      return judgeDistribution(at, promise, tally)
    case 'independent':
      return judgeIndependence(at, promise, tally)
    case 'unique':
    case 'disjoint':
    case 'replay':
      return judgeExact(at, promise, tally)
  }
}

const mismatch = (name: string, tally: Tally): never =>
  fail('internal', `the tally of ${name} is of kind ${tally.kind}`)

/** Rows that count as independent: those of the unit where rows share their luck with their unit, else the rows. */
const independentRows = ({ table, evidence }: Case, unit: string, n: number): number =>
  unit === table.name ? n : Math.min(n, evidence.rows.get(unit) ?? n)

const judgeMoments = (
  at: Case,
  promise: Extract<TypedPromise, { kind: 'rate' | 'mean' }>,
  tally: Tally,
): Finding => {
  if (tally.kind !== 'moments') return mismatch(promise.name, tally)
  const { n } = tally
  const one = powerOfTen(scaleOf(promise.of.shape.type))
  const found = n === 0 ? promise.asked : tally.sum / one / n
  const spread = Math.max(0, n === 0 ? 0 : tally.squares / (one * one) / n - found * found)
  const variance = Math.max(spread, askedVariance(promise))
  const units = independentRows(at, promise.unit, n)
  const error = units === 0 ? 0 : Math.sqrt(Math.max(variance, 1 / units) / units)
  const tolerance = isExact(promise)
    ? promise.tolerance
    : Math.max(promise.tolerance, STANDARD_ERRORS * error)
  return {
    ...described(at, promise.kind),
    asked: promise.asked,
    found,
    n,
    unit: promise.unit,
    tolerance,
    verdict: verdictOf(Math.abs(found - promise.asked) <= tolerance),
  }
}

/** The variance that a rate asks for: where few rows hold, those found may show much less. */
const askedVariance = ({
  kind,
  asked,
}: Extract<TypedPromise, { kind: 'rate' | 'mean' }>): number =>
  kind === 'rate' ? Math.max(0, asked * (1 - asked)) : 0

/** A rate of none or of all leaves nothing to chance. */
const isExact = ({ kind, asked }: Extract<TypedPromise, { kind: 'rate' | 'mean' }>): boolean =>
  kind === 'rate' && (asked === 0 || asked === 1)

const verdictOf = (holds: boolean): Verdict => (holds ? 'holds' : 'broken')

const described = (
  { table, name, evidence }: Case,
  kind: FindingKind,
): Pick<Finding, 'table' | 'name' | 'kind' | 'proof'> => ({
  table: table.name,
  name,
  kind,
  proof: evidence.proof,
})

/**
 * Total variation distance. Its mean under the asked law is at most sqrt(bins / n) / 2 (Cauchy–Schwarz on the binomial
 * deviations), and by McDiarmid it exceeds that by 6 / (2 sqrt n) with probability below e^-18.
 */
const judgeDistribution = (
  at: Case,
  promise: Extract<TypedPromise, { kind: 'distribution' }>,
  tally: Tally,
): Finding => {
  if (tally.kind !== 'bins') return mismatch(promise.name, tally)
  const n = tally.counts.reduce((sum, count) => sum + count, 0)
  const { probability } = promise.law.asked
  const type = columnType(at.table, promise.column)
  const bins = tally.counts.map((count, i): Bin => ({
    label: binLabel(promise.law, i, type),
    span: binSpan(promise.law, i),
    asked: probability[i] ?? 0,
    found: n === 0 ? (probability[i] ?? 0) : count / n,
  }))
  const distance = bins.reduce((sum, bin) => sum + Math.abs(bin.asked - bin.found), 0) / 2
  const units = independentRows(at, promise.unit, n)
  const noise =
    units === 0 ? 1 : (Math.sqrt(bins.length) + STANDARD_ERRORS) / (2 * Math.sqrt(units))
  const tolerance = Math.max(promise.tolerance, noise + promise.law.distance)
  const stray = tally.counts[probability.length] ?? 0
  return {
    ...described(at, 'distribution'),
    asked: 0,
    found: distance,
    n,
    unit: promise.unit,
    tolerance,
    verdict: verdictOf(distance <= tolerance && stray === 0),
    bins: stray === 0 ? bins.slice(0, probability.length) : bins,
  }
}

const columnType = (table: TypedTable, name: string): DataType =>
  table.columns.find((column) => column.name === name)?.shape.type ?? { kind: 'integer' }

const binSpan = ({ asked: { from }, words, max }: CompiledLaw, bin: number): number => {
  const low = from[bin]
  return low === undefined || words !== undefined ? 1 : (from[bin + 1] ?? max + 1) - low
}

const binLabel = (law: CompiledLaw, bin: number, type: DataType): string => {
  const { from } = law.asked
  const low = from[bin]
  if (low === undefined) return 'other'
  if (law.words !== undefined) return law.words[low] ?? `${low}`
  const high = (from[bin + 1] ?? law.max + 1) - 1
  const text = labelOf(low, type)
  return low === high ? text : `${text} – ${labelOf(high, type)}`
}

/** A value as a label: seconds without a fraction when there is none. */
const labelOf = (value: number, type: DataType): string =>
  textOf(value, type).replace('.000000Z', 'Z')

/**
 * Cramér's V of the contingency table. Under independence its square is chi-square / (n·k) with mean
 * (rows - 1)(columns - 1) / (n·k), k the smaller side less one, and deviation sqrt(2 (r-1)(c-1)) / (n·k).
 */
const judgeIndependence = (
  at: Case,
  promise: Extract<TypedPromise, { kind: 'independent' }>,
  tally: Tally,
): Finding => {
  if (tally.kind !== 'bins') return mismatch(promise.name, tally)
  const { n, chiSquare, rows, columns } = contingency(tally.counts, tally.width)
  const k = Math.max(1, Math.min(rows, columns) - 1)
  const freedom = Math.max(1, (rows - 1) * (columns - 1))
  const found = n === 0 ? 0 : Math.sqrt(chiSquare / (n * k))
  const noise =
    n === 0 ? 1 : Math.sqrt((freedom + STANDARD_ERRORS * Math.sqrt(2 * freedom)) / (n * k))
  const tolerance = Math.max(promise.below, noise)
  return {
    ...described(at, 'independent'),
    asked: 0,
    found,
    n,
    unit: at.table.name,
    tolerance,
    verdict: verdictOf(found <= tolerance),
  }
}

interface Contingency {
  readonly n: number
  readonly chiSquare: number
  readonly rows: number
  readonly columns: number
}

const contingency = (counts: readonly number[], width: number): Contingency => {
  const height = counts.length / width
  const rowSums = Array.from({ length: height }, (_, r) =>
    sumOf(counts.slice(r * width, (r + 1) * width)),
  )
  const columnSums = Array.from({ length: width }, (_, c) =>
    sumOf(counts.filter((_count, i) => i % width === c)),
  )
  const n = sumOf(rowSums)
  let chiSquare = 0
  counts.forEach((count, i) => {
    const expected = (rowSums[Math.floor(i / width)]! * columnSums[i % width]!) / Math.max(1, n)
    if (expected > 0) chiSquare += ((count - expected) * (count - expected)) / expected
  })
  return { n, chiSquare, rows: used(rowSums), columns: used(columnSums) }
}

const used = (sums: readonly number[]): number => sums.filter((sum) => sum > 0).length

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

const judgeExact = (at: Case, promise: AcrossRows, tally: Tally): Finding => {
  if (tally.kind !== 'violations') return mismatch(promise.name, tally)
  return {
    ...described(at, promise.kind),
    asked: 0,
    found: tally.violations,
    n: tally.rows,
    unit: at.table.name,
    tolerance: 0,
    verdict: verdictOf(tally.violations === 0),
  }
}
