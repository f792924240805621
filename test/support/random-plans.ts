import fc from 'fast-check'
import { col, isNull, key, or } from '../../src/core/expr/build.ts'
import { isLakewrightError } from '../../src/core/errors.ts'
import type { Shape } from '../../src/core/expr/types.ts'
import type { Check, Column, Plan, Table } from '../../src/core/plan/plan.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import { parseVocabulary, type Vocabulary } from '../../src/core/plan/vocabulary.ts'
import { TYPES } from './random-plans/calls.ts'
import { createChance, type Chance } from './random-plans/chance.ts'
import {
  ANCHORS,
  anyType,
  childCount,
  COLOURS,
  keyPiece,
  randomPiece,
} from './random-plans/expressions.ts'
import { integerShape, type DraftTable, type Piece, type Place } from './random-plans/pieces.ts'

/** How large a random plan is. */
export interface PlanSize {
  readonly tables: number
  /** Columns in all, besides each table's key. */
  readonly columns: number
  /** Depth of expressions. */
  readonly depth: number
}

/**
 * A plan of a seed: plain JSON, valid but for intervals that the compiler sees wider than this generator does. It uses
 * every row space and kind of expression; a table has at most 60 rows.
 */
export const randomPlan = (
  seed: number,
  { tables, columns, depth }: PlanSize = { tables: 5, columns: 12, depth: 3 },
): Plan => {
  const chance = createChance(seed)
  const drafts: DraftTable[] = []
  for (let i = 0; i < tables; i++) addTable(chance, drafts, `t${i}`)
  for (let i = 0; i < columns; i++) addColumn(chance, drafts, depth)
  return {
    lakewright: 1,
    name: 'random',
    seed: chance.one([seed, `seed ${seed}`]),
    start: ANCHORS['start'] ?? '',
    asOf: ANCHORS['asOf'] ?? '',
    parameters: {
      rows: { role: 'size', value: ROWS },
      two: { role: 'law', value: 2 },
    },
    tables: drafts.map((draft) => tableOf(chance, draft)),
  }
}

/** Random plans that shrink towards fewer tables, fewer columns and flatter expressions. */
export const plans = (): fc.Arbitrary<Plan> =>
  fc
    .record({
      seed: fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
      tables: fc.integer({ min: 1, max: 8 }),
      columns: fc.integer({ min: 1, max: 32 }),
      depth: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ seed, ...size }) => randomPlan(seed, size))

/** The vocabularies that random plans use, by name. */
export const RANDOM_VOCABULARIES: ReadonlyMap<string, Vocabulary> = new Map([
  [
    'colours',
    parseVocabulary(
      'colours',
      [
        '# colours 1',
        'name:string\tweight:integer',
        ...COLOURS.map((name, i) => `${name}\t${[8, 1, 40, 3, 12][i]}`),
      ].join('\n') + '\n',
    ),
  ],
])

/** The plan ready to read; undefined when the compiler refuses it, which few plans of a hundred deserve. */
export const resolveRandom = (plan: Plan): TypedPlan | undefined => {
  try {
    return resolvePlan(plan, RANDOM_VOCABULARIES)
  } catch (error) {
    if (isLakewrightError(error) && error.code === 'plan.invalid') return undefined
    throw error
  }
}

const ROWS = 7
const MOST_ROWS = 60

/** A row space with the rows it reaches. */
type Space = Pick<DraftTable, 'space' | 'rows' | 'siblings' | 'parents' | 'members'> & {
  readonly keys: readonly [min: number, max: number]
  readonly ordinals: number
}

const addTable = (chance: Chance, drafts: DraftTable[], name: string): void => {
  const make = drafts.length === 0 ? rangeSpace : chance.one(SPACES)
  const { keys, ordinals, ...space } = make(chance, drafts) ?? rangeSpace(chance)
  const draft: DraftTable = {
    ...space,
    name,
    virtual: chance.percent(15),
    key: { ...integerShape(keys[0], Math.max(keys[0], keys[1])), keyOf: name },
    ordinal: integerShape(0, Math.max(0, ordinals)),
    columns: [],
    children: [],
  }
  drafts.push(draft)
  for (const each of space.parents)
    if (each.dimension === undefined && space.space.kind === 'children')
      each.table.children.push(draft)
  const place = placeIn(chance, drafts, draft)
  push(draft, { name: 'id', expr: key() }, draft.key)
  for (const type of [chance.one(TYPES), anyType(place)]) {
    const { expr, shape } = randomPiece(place, type, 1)
    push(draft, { name: `c${draft.columns.length}`, expr }, shape)
  }
}

const push = (draft: DraftTable, column: Column, shape: Shape): void => {
  const nullable = shape.nullable || column.nullRate !== undefined
  draft.columns.push({ column, shape: { ...shape, nullable } })
}

const rangeSpace = (chance: Chance): Space => {
  const sized = chance.percent(30)
  const count = sized ? ROWS : chance.one([0, 1, 2, 3, 5, 9])
  return {
    space: { kind: 'range', count: sized ? { parameter: 'rows' } : count },
    rows: count,
    siblings: count,
    keys: [1, count],
    ordinals: count - 1,
    parents: [],
    members: [],
  }
}

const childrenSpace = (chance: Chance, drafts: readonly DraftTable[]): Space | undefined => {
  const parents = drafts.filter(({ rows, key: own }) => rows * 2 <= MOST_ROWS && own.max < 2 ** 40)
  if (parents.length === 0) return undefined
  const of = chance.one(parents)
  const most = Math.min(chance.between(1, 5), Math.floor(MOST_ROWS / Math.max(1, of.rows)))
  const capacity = of.key.max < 2 ** 20 ? chance.one([most, most, most + 3, 1000, 2 ** 31]) : most
  const count = childCount(placeIn(chance, drafts, of), most)
  return {
    space: { kind: 'children', of: of.name, capacity, count: count.expr },
    rows: of.rows * most,
    siblings: count.shape.max,
    keys: [of.key.min * capacity, of.key.max * capacity + capacity - 1],
    ordinals: capacity - 1,
    parents: [{ dimension: undefined, table: of }],
    members: [],
  }
}

const crossSpace = (chance: Chance, drafts: readonly DraftTable[]): Space | undefined => {
  const ranges = drafts.filter(({ space }) => space.kind === 'range')
  const first = ranges.length < 2 ? undefined : chance.one(ranges)
  if (first === undefined) return undefined
  const second = chance.one(ranges.filter((each) => each !== first))
  const third = ranges.filter((each) => each !== first && each !== second).slice(0, chance.below(2))
  const of = [first, second, ...third]
  const rows = of.reduce((product, each) => product * each.rows, 1)
  if (rows > MOST_ROWS) return undefined
  const dimensions = of.map((table) => ({
    table: table.name,
    capacity: Math.max(2, table.rows + chance.one([1, 1, 5, 1000])),
  }))
  const radix = dimensions.reduce((product, each) => product * each.capacity, 1)
  return {
    space: { kind: 'cross', of: dimensions },
    rows,
    siblings: rows,
    keys: [0, radix - 1],
    ordinals: rows - 1,
    parents: of.map((table) => ({ dimension: table.name, table })),
    members: [],
  }
}

const unionSpace = (chance: Chance, drafts: readonly DraftTable[]): Space | undefined => {
  const able = drafts.filter(({ key: own, rows }) => own.max < 2 ** 40 && rows <= 30)
  if (able.length === 0) return undefined
  const first = chance.one(able)
  const others = able.filter((each) => each !== first).slice(0, chance.below(3))
  const members = [first, ...others].slice(0, 2 + chance.below(2))
  const rows = members.reduce((sum, each) => sum + each.rows, 0)
  if (rows > MOST_ROWS) return undefined
  const capacity = members.length + chance.one([0, 0, 5])
  const shift = capacity - members.length
  share(chance, drafts, members)
  const of = members.map(({ name }, i) => ({ table: name, number: members.length - 1 - i + shift }))
  return {
    space: { kind: 'union', capacity, of },
    rows,
    siblings: rows,
    keys: [0, Math.max(...members.map((each) => each.key.max)) * capacity + capacity - 1],
    ordinals: capacity - 1,
    parents: [],
    members,
  }
}

/** Gives the members of a union two columns of the same names and types. */
const share = (
  chance: Chance,
  drafts: readonly DraftTable[],
  members: readonly DraftTable[],
): void => {
  for (const [i, type] of [chance.one(TYPES), chance.one(TYPES)].entries())
    for (const member of members) {
      const { expr, shape } = randomPiece(placeIn(chance, drafts, member), type, 1)
      push(member, { name: `shared_${drafts.length}_${i}`, expr }, shape)
    }
}

const SPACES = [
  rangeSpace,
  childrenSpace,
  childrenSpace,
  childrenSpace,
  crossSpace,
  unionSpace,
] as const

/** Adds a column to any table; it may refer to all columns there are. */
const addColumn = (chance: Chance, drafts: readonly DraftTable[], depth: number): void => {
  const draft = chance.one(drafts)
  const place = placeIn(chance, drafts, draft)
  const piece =
    (chance.percent(12) ? keyPiece(place) : undefined) ?? randomPiece(place, anyType(place), depth)
  const name = `c${draft.columns.length}`
  push(draft, { name, expr: piece.expr, ...columnOptions(chance, name, piece) }, piece.shape)
}

const columnOptions = (chance: Chance, name: string, { shape }: Piece): Partial<Column> => ({
  ...(chance.percent(10) ? { as: `landed_${name}` } : {}),
  ...(chance.percent(10) ? { hidden: true } : {}),
  ...(chance.percent(15) && shape.keyOf === undefined ? { nullRate: chance.one([0.3, 1, 0]) } : {}),
  ...(shape.type.kind === 'integer' && chance.percent(10) ? { range: [shape.min, shape.max] } : {}),
})

const placeIn = (chance: Chance, tables: readonly DraftTable[], table: DraftTable): Place => {
  let index = 0
  return { chance, tables, table, locals: [], fresh: () => index++ }
}

const tableOf = (chance: Chance, draft: DraftTable): Table => ({
  name: draft.name,
  ...(draft.virtual ? { virtual: true } : {}),
  rows: draft.space,
  columns: draft.columns.map(({ column }) => column),
  ...(!draft.virtual && chance.percent(30) ? { checks: [check(chance, draft)] } : {}),
})

/** A condition on a landed column that always holds. */
const check = (chance: Chance, { columns }: DraftTable): Check => {
  const landed = columns.filter(({ column }) => column.hidden !== true)
  const { column } = chance.one(landed)
  return { name: 'always', that: or(isNull(col(column.name)), true) }
}
