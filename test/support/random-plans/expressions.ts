import {
  at,
  col,
  dimension,
  key,
  letIn,
  lit,
  local,
  lookup,
  ordinal,
  parent,
  parentKey,
  pick,
} from '../../../src/core/expr/build.ts'
import type { Expr, FoldOperation } from '../../../src/core/expr/expr.ts'
import { unionShape } from '../../../src/core/expr/functions/logic.ts'
import { sameType, type DataType, type Shape } from '../../../src/core/expr/types.ts'
import {
  BOOLEAN,
  countPiece,
  DATE,
  INTEGER,
  randomCall,
  STRING,
  TIMESTAMP,
  TYPES,
} from './calls.ts'
import { crossKeys, tallyPiece } from './tallies.ts'
import { lawOf, WORDS, wordLaw } from './laws.ts'
import {
  callPiece,
  choose,
  integerShape,
  nullPiece,
  stringShape,
  typedShape,
  within,
  type DraftTable,
  type Piece,
  type Place,
} from './pieces.ts'

/** The longest string worth making; longer ones are made again. */
const LONGEST = 160

/** An expression of a type, at most `depth` nodes deep above its leaves. */
export const randomPiece = (place: Place, type: DataType, depth: number): Piece => {
  const { chance } = place
  const attempts = depth > 0 ? 4 : 0
  for (let attempt = 0; attempt < attempts; attempt++) {
    const kind = chance.one(INNER_KINDS)
    const piece = INNER[kind](place, type, depth)
    if (piece !== undefined && sameType(piece.shape.type, type) && piece.shape.maxLength <= LONGEST)
      return piece
  }
  return leaf(place, type)
}

type Maker = (place: Place, type: DataType, depth: number) => Piece | undefined

const callOf: Maker = (place, type, depth) => randomCall(place, type, { depth, make: randomPiece })

const caseOf: Maker = (place, type, depth) => {
  const inner = (of: DataType): Piece => randomPiece(place, of, depth - 1)
  const last = place.chance.percent(25) ? nullPiece(type) : inner(type)
  // Cases of many branches are compiled another way.
  const many = depth < 3 && place.chance.percent(8)
  const count = many ? place.chance.between(6, 8) : place.chance.between(1, 3)
  const branches = Array.from({ length: count }, () => ({
    when: inner(BOOLEAN),
    then: inner(type),
  }))
  return {
    expr: {
      kind: 'case',
      branches: branches.map(({ when, then }) => ({ when: when.expr, then: then.expr })),
      else: last.expr,
    },
    shape: unionShape([...branches.map(({ then }) => then.shape), last.shape]),
  }
}

/** Names a value and carries on with the name in reach. */
const named = (place: Place, value: Piece, make: (inner: Place, name: Piece) => Piece): Piece => {
  const name = `v${place.fresh()}`
  const reference: Piece = { expr: local(name), shape: value.shape }
  const locals = [...place.locals, { ...reference, name }]
  const inside = make({ ...place, locals }, reference)
  return { expr: letIn(name, value.expr, inside.expr), shape: inside.shape }
}

const letOf: Maker = (place, type, depth) => {
  const of = place.chance.one(TYPES)
  const plain = randomPiece(place, of, depth - 1)
  const value = place.chance.percent(30) ? sometimesNull(place, plain) : plain
  return named(place, value, (inner) => randomPiece(inner, type, depth - 1))
}

const sometimesNull = (place: Place, piece: Piece): Piece =>
  choose(leaf(place, BOOLEAN), piece, nullPiece(piece.shape.type))

/** A column of another row, found by a key that exists. */
const lookupOf: Maker = (place, type, depth) => {
  const keys = knownKeys(place, depth).filter(({ table }) => columnsOf(table, type).length > 0)
  if (keys.length === 0) return undefined
  const { table, make } = place.chance.one(keys)
  const found = make()
  const target = place.chance.one(columnsOf(table, type))
  const reach = (from: Expr): Piece => ({
    expr: lookup(table.name, from, target.name),
    shape: target.shape,
  })
  if (!found.shape.nullable) return reach(found.expr)
  return named(place, found, (inner, name) => {
    const missing = callPiece('isNull', [name])
    const other = inner.chance.percent(50) ? nullPiece(type) : leaf(inner, type)
    return missing === undefined ? other : choose(missing, other, reach(name.expr))
  })
}

/** A word or a number of the vocabulary of colours. */
const cellOf: Maker = (place, type) => {
  if (type.kind !== 'string' && type.kind !== 'integer') return undefined
  const any = leaf(place, INTEGER)
  const index = place.chance.percent(60)
    ? within(place.chance.percent(30) ? sometimesNull(place, any) : any, 0, COLOURS.length - 1)
    : {
        expr: sampleExpr(place, { kind: 'vocabulary', vocabulary: 'colours', weight: 'weight' }),
        shape: integerShape(0, COLOURS.length - 1),
      }
  const shape = type.kind === 'string' ? stringShape(COLOURS) : integerShape(1, 40)
  return {
    expr: lookup('colours', index.expr, type.kind === 'string' ? 'name' : 'weight'),
    shape: { ...shape, nullable: index.shape.nullable },
  }
}

const foldOf: Maker = (place, type, depth) => {
  const { chance, table } = place
  if (table.children.length === 0) return undefined
  const child = chance.one(table.children)
  const inner: Place = { ...place, table: child, locals: [] }
  const operations = FOLDS.filter((each) => FOLD_TYPES[each].includes(type.kind))
  if (operations.length === 0) return undefined
  const operation = chance.one(operations)
  const value = operation === 'count' ? undefined : randomPiece(inner, type, depth - 1)
  const where = chance.percent(40) ? randomPiece(inner, BOOLEAN, depth - 1) : undefined
  const shape = foldShape(operation, value?.shape, child.siblings)
  if (shape === undefined) return undefined
  return {
    expr: {
      kind: 'fold',
      operation,
      table: child.name,
      ...(value === undefined ? {} : { value: value.expr }),
      ...(where === undefined ? {} : { where: where.expr }),
    },
    shape,
  }
}

const FOLDS = ['sum', 'count', 'min', 'max'] as const

const FOLD_TYPES: Readonly<Record<FoldOperation, readonly DataType['kind'][]>> = {
  sum: ['integer', 'decimal'],
  count: ['integer'],
  min: ['integer', 'decimal', 'date', 'timestamp', 'boolean'],
  max: ['integer', 'decimal', 'date', 'timestamp', 'boolean'],
}

const foldShape = (
  operation: FoldOperation,
  value: Shape | undefined,
  most: number,
): Shape | undefined => {
  if (operation === 'count' || value === undefined) return integerShape(0, most)
  if (operation !== 'sum') return { ...value, nullable: true }
  const min = Math.min(0, most * value.min)
  const max = Math.max(0, most * value.max)
  const fits = value.type.kind === 'decimal' ? 10 ** 9 : Number.MAX_SAFE_INTEGER
  return min < -fits || max > fits ? undefined : { ...value, nullable: false, min, max }
}

const tallyOf: Maker = (place, type) => tallyPiece(place, type, keysAt)

const keysAt = (place: Place): readonly Piece[] => [...identities(place), ...heldKeys(place)]

const leafOf: Maker = (place, type) => leaf(place, type)

const INNER = {
  call: callOf,
  case: caseOf,
  let: letOf,
  lookup: lookupOf,
  cell: cellOf,
  fold: foldOf,
  tally: tallyOf,
  leaf: leafOf,
} satisfies Record<string, Maker>

const INNER_KINDS = [
  ...(['call', 'call', 'call', 'call', 'call', 'case', 'case', 'let', 'lookup', 'lookup'] as const),
  ...(['cell', 'fold', 'fold', 'fold', 'tally', 'tally', 'leaf', 'leaf'] as const),
]

/** Columns of a type that are there already. */
const columnsOf = (
  table: DraftTable,
  type: DataType,
): { readonly name: string; readonly shape: Shape }[] =>
  table.columns
    .filter(({ shape }) => sameType(shape.type, type))
    .map(({ column, shape }) => ({ name: column.name, shape }))

/** Columns that all members of a union have, with one type. */
const memberColumns = (table: DraftTable, type: DataType): Piece[] => {
  const [first, ...rest] = table.members
  if (first === undefined) return []
  return columnsOf(first, type).flatMap(({ name, shape }) => {
    const others = rest.map((each) => columnsOf(each, type).find((other) => other.name === name))
    if (others.some((other) => other === undefined)) return []
    const shapes = [shape, ...others.flatMap((other) => (other === undefined ? [] : [other.shape]))]
    return [{ expr: parent(name), shape: unionShape(shapes) }]
  })
}

const parentColumns = ({ table }: Place, type: DataType): Piece[] =>
  table.parents.flatMap((each) =>
    columnsOf(each.table, type).map(({ name, shape }) => ({
      expr: each.dimension === undefined ? parent(name) : dimension(each.dimension, name),
      shape,
    })),
  )

/** Every integer that tells rows apart: this row's key and number, and its parents' keys. */
const identities = ({ table }: Place): Piece[] => [
  { expr: key(), shape: table.key },
  { expr: ordinal(), shape: table.ordinal },
  ...table.parents.map((each) => ({
    expr: each.dimension === undefined ? parentKey() : dimension(each.dimension),
    shape: each.table.key,
  })),
  ...(table.members.length === 0
    ? []
    : [{ expr: parentKey(), shape: unionShape(table.members.map((each) => each.key)) }]),
]

const leaf = (place: Place, type: DataType): Piece => {
  const { chance, table, locals } = place
  const own = columnsOf(table, type).map(({ name, shape }) => ({ expr: col(name), shape }))
  const known: readonly (readonly Piece[])[] = [
    own,
    locals.filter(({ shape }) => sameType(shape.type, type)),
    [...parentColumns(place, type), ...memberColumns(table, type)],
    type.kind === 'integer' ? identities(place) : [],
  ]
  const filled = known.filter((pieces) => pieces.length > 0)
  if (filled.length > 0 && chance.percent(60)) return chance.one(chance.one(filled))
  const drawn = chance.percent(60) ? randomness(place, type) : undefined
  return drawn ?? literal(place, type)
}

/** A literal of the type, rarely null. */
export const literal = ({ chance }: Place, type: DataType): Piece => {
  if (chance.percent(8)) return nullPiece(type)
  const number = (value: number): Piece => ({ expr: lit(value), shape: integerShape(value, value) })
  switch (type.kind) {
    case 'integer':
      return number(chance.one([0, 1, -1, 7, 60, -250, 99_999]))
    case 'decimal': {
      const unscaled = chance.between(-500, 2500)
      return {
        expr: lit(unscaled / 10 ** type.scale, type),
        shape: typedShape(type, unscaled, unscaled),
      }
    }
    case 'boolean': {
      const value = chance.percent(50)
      return { expr: lit(value), shape: typedShape(type, Number(value), Number(value)) }
    }
    case 'string': {
      const word = chance.one(WORDS)
      return { expr: lit(word), shape: stringShape([word]) }
    }
    case 'date': {
      const text = chance.one(['1969-12-31', '2000-02-29', '2024-01-01', 'start', 'asOf'])
      const days = Date.parse(ANCHORS[text] ?? text) / 86_400_000
      return { expr: lit(text, type), shape: typedShape(type, days, days) }
    }
    case 'timestamp': {
      const text = chance.one([
        '1969-12-31T23:59:59.999999Z',
        '2024-02-29T12:30:00Z',
        'start',
        'asOf',
      ])
      const micros = text.startsWith('1969') ? -1 : Date.parse(ANCHORS[text] ?? text) * 1000
      return { expr: lit(text, type), shape: typedShape(type, micros, micros) }
    }
  }
}

/** The anchors of every random plan. */
export const ANCHORS: Readonly<Record<string, string>> = {
  start: '2023-01-01T00:00:00Z',
  asOf: '2024-06-30T00:00:00Z',
}

/** The names of the vocabulary of colours that random plans use, in row order. */
export const COLOURS = ['red', 'grün', 'bleu', '黄色', 'white'] as const

const randomness = (place: Place, type: DataType): Piece | undefined => {
  const { chance } = place
  if (type.kind === 'boolean') {
    const coin = { expr: draw(place, 'bits'), shape: integerShape(0, 4294967295) }
    return callPiece('lt', [coin, { expr: lit(2 ** 30), shape: integerShape(2 ** 30, 2 ** 30) }])
  }
  if (type.kind === 'string') return chance.percent(40) ? wide(place) : wordSample(place)
  if (type.kind === 'integer' && chance.percent(20))
    return { expr: draw(place, 'bits'), shape: integerShape(0, 4294967295) }
  if (chance.percent(25)) return givenSample(place, type)
  const { law, min, max } = lawOf(chance, type)
  return { expr: { ...sampleExpr(place, law), type }, shape: typedShape(type, min, max) }
}

/** A sample whose law depends on an integer, which may be null. */
const givenSample = (place: Place, type: DataType): Piece => {
  const laws = Array.from({ length: place.chance.between(1, 3) }, () => lawOf(place.chance, type))
  const given = within(leaf(place, INTEGER), 0, laws.length - 1)
  const expr: Expr = {
    kind: 'sample',
    law: laws.map(({ law }) => law),
    given: given.expr,
    index: place.fresh(),
    type,
  }
  const min = Math.min(...laws.map((each) => each.min))
  const max = Math.max(...laws.map((each) => each.max))
  return { expr, shape: { ...typedShape(type, min, max), nullable: given.shape.nullable } }
}

const wordSample = (place: Place): Piece => {
  const { law, words } = wordLaw(place.chance)
  if (place.chance.percent(75)) return { expr: sampleExpr(place, law), shape: stringShape(words) }
  const other = wordLaw(place.chance)
  const given = within(leaf(place, INTEGER), 0, 1)
  const shape = { ...stringShape([...words, ...other.words]), nullable: given.shape.nullable }
  const index = place.fresh()
  return { expr: { kind: 'sample', law: [law, other.law], given: given.expr, index }, shape }
}

const wide = (place: Place): Piece => {
  const form = place.chance.one(['hex', 'uuid'] as const)
  const digits = form === 'hex' ? 32 : 36
  return { expr: draw(place, form), shape: { ...stringShape(['0'.repeat(digits)]) } }
}

type Sampled = Extract<Expr, { readonly kind: 'sample' }>

/** Streams go by the column, by an index, or by a name of their own. */
const streamOf = ({
  chance,
  fresh,
}: Place): { readonly stream?: string; readonly index?: number } =>
  chance.percent(10)
    ? { stream: chance.one(['s', 'a_stream']), index: fresh() }
    : { index: fresh() }

const sampleExpr = (place: Place, law: Sampled['law']): Sampled => ({
  kind: 'sample',
  law,
  ...streamOf(place),
})

const draw = (place: Place, form: 'bits' | 'hex' | 'uuid'): Expr => ({
  kind: 'draw',
  ...(form === 'bits' && place.chance.percent(50) ? {} : { form }),
  ...streamOf(place),
})

interface KnownKey {
  readonly table: DraftTable
  readonly make: () => Piece
}

/** Keys of rows that exist: one's own, parents', columns' and locals' that hold keys, picked and fitting ones. */
const knownKeys = (place: Place, depth: number): KnownKey[] => {
  const simple = [...identities(place), ...heldKeys(place)].flatMap((piece) => {
    const table = place.tables.find(({ name }) => name === piece.shape.keyOf)
    return table === undefined ? [] : [{ table, key: piece }]
  })
  const known = simple.map(({ table, key: piece }) => ({ table, make: () => piece }))
  if (depth < 2) return known
  const children = simple.flatMap((each) => (each.key.shape.nullable ? [] : childKeys(place, each)))
  return [...known, ...children, ...fixedKeys(place), ...crossKeys(place, keysAt)]
}

const heldKeys = (place: Place): Piece[] => [
  ...columnsOf(place.table, INTEGER).map(({ name, shape }) => ({ expr: col(name), shape })),
  ...place.locals,
  ...parentColumns(place, INTEGER),
]

/** A child of a row that exists, chosen at random or by time. */
const childKeys = (
  place: Place,
  { table, key: of }: { readonly table: DraftTable; readonly key: Piece },
): KnownKey[] =>
  table.children.flatMap((child) => {
    const shape = { ...child.key, nullable: true, keyOf: child.name }
    const picked = (): Piece => ({
      expr: pick(child.name, of.expr, { stream: `pick_${place.fresh()}` }),
      shape,
    })
    const timed = [DATE, TIMESTAMP].flatMap((type) =>
      columnsOf(child, type).map(({ name }) => (): Piece => {
        const time = leaf(place, type).expr
        return { expr: at(child.name, { parent: of.expr, from: name, time }), shape }
      }),
    )
    const pickable = child.space.kind === 'children' && child.space.capacity <= 2 ** 20
    return [...(pickable ? [picked] : []), ...timed].map((make) => ({ table: child, make }))
  })

/** Keys of a range table whose size is fixed, by the interval. */
const fixedKeys = (place: Place): KnownKey[] =>
  place.tables.flatMap((table) => {
    const { space } = table
    if (space.kind !== 'range' || typeof space.count !== 'number' || space.count < 1) return []
    const { count } = space
    return [{ table, make: () => within(leaf(place, INTEGER), 1, count) }]
  })

/** A key of a row that exists, as a value: where keys other than plain ones become columns. */
export const keyPiece = (place: Place): Piece | undefined => {
  const keys = knownKeys(place, 2)
  return keys.length === 0 ? undefined : place.chance.one(keys).make()
}

/** A number of children from 0 to `most`, never null. */
export const childCount = (place: Place, most: number): Piece =>
  countPiece(randomPiece(place, INTEGER, 2), most)

/** Any of the types, strings more rarely than a fair share. */
export const anyType = ({ chance }: Place): DataType =>
  chance.percent(15) ? STRING : chance.one(TYPES)
