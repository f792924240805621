import type { ColumnBlock } from '../columns/block.ts'
import { fail } from '../errors.ts'
import { BLOCK_ROWS } from '../kernel/program.ts'
import type { TypedExpr, TypedPromise, TypedTable } from '../plan/typed.ts'
import { impliedPromises } from './implied.ts'
import { type Binning, binningOfLaw, binningOfShape } from './bins.ts'
import { type Conditions, type CountRates, countRates, NO_NULLS } from './rates.ts'

/** An expression that must be generated beside the landed columns so that a promise can be measured. */
export interface MeasuredExpr {
  readonly name: string
  readonly expr: TypedExpr
}

/**
 * What one pass over rows has seen of one check or promise. Partial results of parts add up: all fields are counts or
 * exact sums, so the order of parts does not matter.
 */
export type Tally =
  /** Rows where a condition was false. */
  | { readonly kind: 'violations'; readonly rows: number; readonly violations: number }
  /** Number, sum and sum of squares of a value (for rates 0 or 1) among the rows asked about. */
  | { readonly kind: 'moments'; readonly n: number; readonly sum: number; readonly squares: number }
  /** Rows by bin: of one column, or of two, with `width` bins of the second to each of the first. */
  | { readonly kind: 'bins'; readonly counts: readonly number[]; readonly width: number }

/** Tallies by the name of the check or promise. */
export type Tallies = Readonly<Record<string, Tally>>

/** Takes blocks of a table's rows in and says what it has seen. */
export interface Measurer {
  /** Expressions to generate beside the landed columns. */
  readonly expressions: readonly MeasuredExpr[]
  /** Takes a block of every landed column, in the plan's order, and of every expression after them. */
  readonly add: (blocks: readonly ColumnBlock[], rows: number) => void
  readonly tallies: () => Tallies
}

/** Measures the checks and promises of a table that a single pass can measure; `count` says how rates are counted. */
export const createMeasurer = (table: TypedTable, count: CountRates = countRates): Measurer => {
  const blocks = createBlocks(table)
  const placed = (probe: Probe): PlacedProbe => ({
    ...probe,
    places: probe.exprs.map((expr, i) => blocks.place({ name: `${probe.name} ${i}`, expr })),
  })
  const asked = [
    ...table.checks.map(({ name, that }) => checkProbe(name, that, count)),
    ...table.promises.flatMap((promise) => promiseProbe(table, promise, count)),
  ].map(placed)
  const implied = impliedPromises(table)
    .flatMap((promise) => promiseProbe(table, promise, count))
    .map(placed)
  let block = 0
  return {
    expressions: blocks.expressions,
    add: (all, rows) => {
      const take = ({ places, add }: PlacedProbe, first: number): void =>
        add(
          places.map((place) => all[place]!),
          first,
        )
      for (const probe of asked) take(probe, rows)
      if (block++ % SAMPLED_BLOCKS !== 0) return
      for (const probe of implied) take(probe, Math.min(rows, SAMPLED_ROWS))
    },
    tallies: () =>
      Object.fromEntries([...asked, ...implied].map((probe) => [probe.name, probe.tally()])),
  }
}

interface PlacedProbe extends Probe {
  /** Where the blocks of the expressions stand. */
  readonly places: readonly number[]
}

/** Finds expressions among the landed columns, or puts them after these. */
const createBlocks = (table: TypedTable) => {
  const landed = table.columns.filter(({ hidden }) => !hidden).map(({ name }) => name)
  const expressions: MeasuredExpr[] = []
  return {
    expressions,
    place: (measured: MeasuredExpr): number => {
      const { expr } = measured
      const found = expr.kind === 'column' ? landed.indexOf(expr.name) : -1
      return found >= 0 ? found : landed.length + expressions.push(measured) - 1
    },
  }
}

/** What a plan does not ask for is measured on some rows only: the first of every so many blocks of a part. */
const SAMPLED_BLOCKS = 32
const SAMPLED_ROWS = 4096

/**
 * The tally of the rows of both; undefined when their bins differ, as those of a law that follows a size do after the
 * size was raised.
 */
export const addTallies = (a: Tally, b: Tally): Tally | undefined => {
  if (a.kind === 'violations' && b.kind === 'violations') {
    return { ...a, rows: a.rows + b.rows, violations: a.violations + b.violations }
  }
  if (a.kind === 'moments' && b.kind === 'moments') {
    return { ...a, n: a.n + b.n, sum: a.sum + b.sum, squares: a.squares + b.squares }
  }
  if (a.kind === 'bins' && b.kind === 'bins') {
    if (a.counts.length !== b.counts.length || a.width !== b.width) return undefined
    return { ...a, counts: a.counts.map((count, i) => count + (b.counts[i] ?? 0)) }
  }
  return fail('internal', `a tally of ${a.kind} cannot be added to one of ${b.kind}`)
}

/** The name under which a check's tally is kept. */
export const checkName = (name: string): string => `check ${name}`

type NumberBlock = Extract<ColumnBlock, { readonly kind: 'int32' | 'float64' }>

const numbersOf = (block: ColumnBlock | undefined): NumberBlock =>
  block?.kind === 'int32' || block?.kind === 'float64'
    ? block
    : fail('internal', `expected numbers to measure, not ${block?.kind}`)

interface Probe {
  readonly name: string
  readonly exprs: readonly TypedExpr[]
  readonly add: (columns: readonly ColumnBlock[], rows: number) => void
  readonly tally: () => Tally
}

const checkProbe = (name: string, that: TypedExpr, count: CountRates): Probe => {
  let seen = 0
  let violations = 0
  return {
    name: checkName(name),
    exprs: [that],
    add: ([condition], rows) => {
      seen += rows
      const numbers = numbersOf(condition)
      violations += isCertain(numbers)
        ? rows - trueRows(numbers, rows, count)
        : falseRows(numbers, rows)
    },
    tally: () => ({ kind: 'violations', rows: seen, violations }),
  }
}

const falseRows = ({ values, nulls }: NumberBlock, rows: number): number => {
  let violations = 0
  for (let row = 0; row < rows; row++)
    if (values[row] === 0 && (nulls === undefined || nulls[row] === 0)) violations += 1
  return violations
}

/** Conditions that are never null; a condition is 0 or 1. */
type Certain = { readonly values: Int32Array; readonly nulls: undefined }

const isCertain = (block: NumberBlock): block is NumberBlock & Certain =>
  block.kind === 'int32' && block.nulls === undefined

const trueRows = (condition: Certain, rows: number, count: CountRates): number =>
  count({ of: condition, among: condition, rows }).n

const promiseProbe = (
  table: TypedTable,
  promise: TypedPromise,
  count: CountRates,
): readonly Probe[] => {
  switch (promise.kind) {
    case 'rate':
    case 'mean':
      return [momentsProbe(promise, count)]
    case 'distribution': {
      const column = columnExpr(table, promise.column)
      return [binsProbe(promise.name, [[column, binningOfLaw(promise.law)]])]
    }
    case 'independent': {
      const columns = promise.columns.map((name) => columnExpr(table, name))
      return [
        binsProbe(
          promise.name,
          columns.map((column) => [column, binningOfShape(column.shape)]),
        ),
      ]
    }
    case 'unique':
    case 'disjoint':
    case 'replay':
      return []
  }
}

const columnExpr = (table: TypedTable, name: string): TypedExpr => {
  const column = table.columns.find((each) => each.name === name)
  if (column === undefined) return fail('internal', `${table.name} has no column ${name}`)
  return { kind: 'column', name, shape: column.shape }
}

const momentsProbe = (
  { name, of, among }: Extract<TypedPromise, { kind: 'rate' | 'mean' }>,
  count: CountRates,
): Probe => {
  const isRate = of.shape.type.kind === 'boolean'
  const momentsOfAll = (value: ColumnBlock | undefined, rows: number): Moments => {
    const numbers = numbersOf(value)
    return isRate && isCertain(numbers)
      ? momentsOfRate(trueRows(numbers, rows, count), rows)
      : momentsOf(numbers, rows)
  }
  const momentsAmong = (
    value: ColumnBlock | undefined,
    asked: ColumnBlock,
    rows: number,
  ): Moments => {
    const conditions = conditionsOf(asked)
    if (!isRate) return meanAmong(numbersOf(value), conditions, rows)
    const { hits, n } = count({ of: conditionsOf(value), among: conditions, rows })
    return momentsOfRate(hits, n)
  }
  let n = 0
  let sum = 0
  let squares = 0
  return {
    name,
    exprs: among === undefined ? [of] : [of, among],
    add: ([value, asked], rows) => {
      const block =
        asked === undefined ? momentsOfAll(value, rows) : momentsAmong(value, asked, rows)
      n += block.n
      sum += block.sum
      squares += block.squares
    },
    tally: () => ({ kind: 'moments', n, sum, squares }),
  }
}

interface Moments {
  readonly n: number
  readonly sum: number
  readonly squares: number
}

const momentsOfRate = (hits: number, n: number): Moments => ({ n, sum: hits, squares: hits })

// Sums of a block live in locals: a variable that a closure keeps is written to memory for every row.
const momentsOf = ({ values, nulls }: NumberBlock, rows: number): Moments => {
  let n = 0
  let sum = 0
  let squares = 0
  for (let row = 0; row < rows; row++) {
    if (nulls !== undefined && nulls[row] === 1) continue
    const x = values[row]!
    n += 1
    sum += x
    squares += x * x
  }
  return { n, sum, squares }
}

const conditionsOf = (block: ColumnBlock | undefined): Conditions =>
  block?.kind === 'int32' ? block : fail('internal', 'a condition is not 0 or 1')

const meanAmong = (
  { values, nulls = NO_NULLS }: NumberBlock,
  { values: asked, nulls: askedNulls = NO_NULLS }: Conditions,
  rows: number,
): Moments => {
  let n = 0
  let sum = 0
  let squares = 0
  for (let row = 0; row < rows; row++) {
    const isAsked = asked[row]! & ~(askedNulls[row]! | nulls[row]!) & 1
    const x = isAsked === 1 ? values[row]! : 0
    n += isAsked
    sum += x
    squares += x * x
  }
  return { n, sum, squares }
}

/** Counts rows by the bins of one column, or of two crossed; rows with a null are left out. */
const binsProbe = (name: string, binned: readonly (readonly [TypedExpr, Binning])[]): Probe => {
  const width = binned.length === 1 ? 1 : binned[1]![1].bins
  const counts = new Float64Array(binned.reduce((product, [, { bins }]) => product * bins, 1))
  const places = binned.map(() => new Int32Array(BLOCK_ROWS))
  return {
    name,
    exprs: binned.map(([expr]) => expr),
    add: (columns, rows) => {
      binned.forEach(([, binning], i) => binning.sort(columns[i]!, rows, places[i]!))
      countBins(counts, { places, width, rows })
    },
    tally: () => ({ kind: 'bins', counts: [...counts], width }),
  }
}

interface Counting {
  readonly places: readonly Int32Array[]
  readonly width: number
  readonly rows: number
}

const countBins = (counts: Float64Array, { places, width, rows }: Counting): void => {
  const [first, second] = places
  if (second === undefined) {
    for (let row = 0; row < rows; row++) if (first![row]! >= 0) counts[first![row]!]! += 1
    return
  }
  for (let row = 0; row < rows; row++) {
    if (first![row]! >= 0 && second[row]! >= 0) counts[first![row]! * width + second[row]!]! += 1
  }
}
