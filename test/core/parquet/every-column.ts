import {
  column,
  dictionaryOf,
  repeatable,
  type Cell,
  type ColumnSketch,
  type TestColumn,
} from './tables.ts'

const CITIES = ['Aachen', 'Bonn', 'Köln', 'Zürich', 'İzmir', '東京']
const SHUFFLED = ['pear', '', 'fig', 'apple', 'ölive']
const HEX = '0123456789abcdef'

interface Recipe {
  readonly name: string
  readonly sketch: ColumnSketch
  /** The cell of a row, given uniform numbers from 0 to 1. */
  readonly cell: (row: number, random: () => number) => Cell
}

const below = (random: () => number, limit: number): number => Math.floor(random() * limit)

const EXACT = Number.MAX_SAFE_INTEGER

const RECIPES: readonly Recipe[] = [
  {
    name: 'key',
    sketch: {
      type: 'integer',
      long: true,
      block: 'int32',
      increasing: true,
      min: 0,
      max: 2 ** 31 - 1,
    },
    cell: (row) => 3 * row + (row % 3),
  },
  {
    name: 'key_across_words',
    sketch: { type: 'integer', increasing: true, min: 0, max: EXACT },
    cell: (row) => 2 ** 32 - 500 + 7 * row,
  },
  {
    name: 'small',
    sketch: {
      type: 'integer',
      block: 'int32',
      min: -5,
      max: 94,
      lattice: { low: -5, step: 1, count: 100 },
    },
    cell: (_, random) => below(random, 100) - 5,
  },
  {
    name: 'long_lattice',
    sketch: {
      type: 'integer',
      long: true,
      min: -700,
      max: 0,
      lattice: { low: -700, step: 70, count: 11 },
    },
    cell: (_, random) => 70 * below(random, 11) - 700,
  },
  {
    name: 'int_delta',
    sketch: { type: 'integer', block: 'int32', min: 0, max: 999999 },
    cell: (_, random) => below(random, 1e6),
  },
  {
    name: 'int_full_range',
    sketch: { type: 'integer', block: 'int32', min: -(2 ** 31), max: 2 ** 31 - 1 },
    cell: (row, random) => [-(2 ** 31), 2 ** 31 - 1][row % 7] ?? below(random, 2 ** 32) - 2 ** 31,
  },
  {
    name: 'long_full_int32',
    sketch: { type: 'integer', long: true, block: 'int32', min: -(2 ** 31), max: 2 ** 31 - 1 },
    cell: (row, random) => [-(2 ** 31), 2 ** 31 - 1][row % 5] ?? below(random, 2 ** 32) - 2 ** 31,
  },
  {
    name: 'long_extremes',
    sketch: { type: 'integer', min: -EXACT, max: EXACT },
    cell: (row, random) => [-EXACT, EXACT, 0][row % 4] ?? below(random, 2 ** 52),
  },
  {
    name: 'decimal_short',
    sketch: {
      type: { kind: 'decimal', precision: 9, scale: 2 },
      block: 'int32',
      min: -1e8,
      max: 1e8,
    },
    cell: (_, random) => below(random, 2e8) - 1e8,
  },
  {
    name: 'decimal_long',
    sketch: {
      type: { kind: 'decimal', precision: 15, scale: 4 },
      min: -(10 ** 15 - 1),
      max: 10 ** 15 - 1,
    },
    cell: (row, random) => [10 ** 15 - 1, 1 - 10 ** 15][row % 9] ?? below(random, 1e12),
  },
  {
    name: 'flag',
    sketch: { type: 'boolean', block: 'int32', min: 0, max: 1 },
    cell: (_, random) => below(random, 2),
  },
  {
    name: 'day',
    sketch: { type: 'date', block: 'int32', min: -40000, max: 40000 },
    cell: (_, random) => below(random, 80001) - 40000,
  },
  {
    name: 'instant',
    sketch: { type: 'timestamp', min: 1672531200000000, max: 1735689600000000 },
    cell: (_, random) => 1672531200000000 + 1000000 * below(random, 63158400),
  },
  {
    name: 'microsecond',
    sketch: { type: 'timestamp', min: -62135596800000000 / 100, max: 7289654399999999 },
    cell: (row, random) => [-621355968000000, 7289654399999999][row % 6] ?? below(random, 2 ** 50),
  },
  {
    name: 'city',
    sketch: { type: 'string', block: 'codes', dictionary: dictionaryOf(CITIES) },
    cell: (_, random) => CITIES[below(random, CITIES.length)] ?? '',
  },
  {
    name: 'word',
    sketch: { type: 'string', block: 'codes', dictionary: dictionaryOf(SHUFFLED) },
    cell: (_, random) => SHUFFLED[below(random, SHUFFLED.length)] ?? '',
  },
  {
    name: 'rare',
    sketch: {
      type: 'string',
      block: 'codes',
      dictionary: dictionaryOf(Array.from({ length: 70000 }, (_, i) => `w${i}`)),
    },
    cell: (_, random) => `w${below(random, 70000)}`,
  },
  {
    name: 'hash',
    sketch: { type: 'string', block: 'fixed' },
    cell: (_, random) => Array.from({ length: 32 }, () => HEX[below(random, 16)]).join(''),
  },
  {
    name: 'tag',
    sketch: { type: 'string', block: 'fixed' },
    cell: (_, random) => `${HEX[below(random, 16)]}x`,
  },
  {
    name: 'same_start',
    sketch: { type: 'string', block: 'fixed' },
    cell: (_, random) => `user-${String(below(random, 1e6)).padStart(6, '0')}`,
  },
  {
    name: 'text',
    sketch: { type: 'string', block: 'bytes' },
    cell: (row, random) =>
      ['', 'ü', 'naïve – 東京 ', 'x'.repeat(300)][below(random, 9)] ?? `t${row}`,
  },
]

/** A table with every kind of column, each without nulls, with some, and with nothing but nulls. */
export const everyColumn = (rows: number): readonly TestColumn[] =>
  RECIPES.flatMap(({ name, sketch, cell }, index) => {
    const random = repeatable(index)
    const cells = Array.from({ length: rows }, (_, row) => cell(row, random))
    const holed = cells.map((each) => (random() < 0.15 ? null : each))
    const blank = cells.map(() => null)
    return [
      column(name, sketch, cells),
      column(`${name}_or_null`, { ...sketch, nullable: true }, holed),
      column(`${name}_null`, { ...sketch, nullable: true }, blank),
    ]
  })
