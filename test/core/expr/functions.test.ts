import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FUNCTION_NAMES } from '../../../src/core/expr/expr.ts'
import type { FunctionName } from '../../../src/core/expr/expr.ts'
import { FUNCTIONS, inferCall } from '../../../src/core/expr/functions.ts'
import {
  floorDiv,
  floorMod,
  moveScale,
  roundedDiv,
} from '../../../src/core/expr/functions/arithmetic.ts'
import type { DataType, Shape, Value } from '../../../src/core/expr/types.ts'
import { sameType } from '../../../src/core/expr/types.ts'
import { randomCall, TYPES } from '../../support/random-plans/calls.ts'
import { createChance } from '../../support/random-plans/chance.ts'
import {
  apply,
  BOOLEAN,
  DATE,
  decimal,
  infer,
  int,
  INTEGER,
  nullable,
  shaped,
  str,
  STRING,
  TIMESTAMP,
} from '../../support/shapes.ts'

type Case = readonly [
  name: FunctionName,
  args: readonly (readonly [DataType, Value])[],
  result: Value,
  type?: DataType,
]

const i = (value: number | null): readonly [DataType, Value] => [INTEGER, value]
const s = (value: string | null): readonly [DataType, Value] => [STRING, value]
const b = (value: 0 | 1 | null): readonly [DataType, Value] => [BOOLEAN, value]
const d = (value: number): readonly [DataType, Value] => [DATE, value]
const t = (value: number): readonly [DataType, Value] => [TIMESTAMP, value]
const money = (value: number | null): readonly [DataType, Value] => [decimal(9, 2), value]

const LARGEST = Number.MAX_SAFE_INTEGER
const LEAP_DAY = 19782 // 2024-02-29
const EVENING = LEAP_DAY * 86_400_000_000 + 23 * 3_600_000_000 + 1

const GOLDEN: readonly Case[] = [
  ['add', [i(2), i(-5)], -3],
  ['add', [d(LEAP_DAY), i(1)], LEAP_DAY + 1],
  ['sub', [d(5), d(9)], -4],
  ['sub', [t(10), i(4)], 6],
  ['mul', [i(-3), i(0)], 0],
  ['mul', [money(1050), i(3)], 3150],
  ['mul', [money(1050), money(-200)], -210000],
  ['div', [i(-7), i(2)], -4],
  ['div', [i(7), i(-2)], -4],
  ['div', [i(0), i(-2)], 0],
  ['div', [i(LARGEST), i(2)], 4503599627370495],
  ['mod', [i(-7), i(2)], 1],
  ['mod', [i(7), i(-2)], -1],
  ['mod', [i(-8), i(2)], 0],
  ['neg', [i(0)], 0],
  ['neg', [money(7)], -7],
  ['abs', [i(-7)], 7],
  ['least', [i(3), i(-1), i(2)], -1],
  ['greatest', [d(3), d(9)], 9],
  ['rescale', [i(-3)], -300, decimal(9, 2)],
  ['rescale', [money(125)], 13, decimal(9, 1)],
  ['rescale', [money(-125)], -13, decimal(9, 1)],
  ['rescale', [money(-124)], -12, decimal(9, 1)],
  ['rescale', [money(4)], 0, decimal(9, 1)],
  ['ratio', [i(2), i(3)], 667, decimal(9, 3)],
  ['ratio', [i(-1), i(8)], -13, decimal(9, 2)],
  ['ratio', [money(100), money(-300)], -333, decimal(9, 3)],
  ['reinterpret', [money(1234)], 1234, INTEGER],
  ['reinterpret', [b(1)], 1, INTEGER],
  ['reinterpret', [i(19782)], 19782, DATE],
  ['eq', [s('a'), s('a')], 1],
  ['eq', [s('a'), s('A')], 0],
  ['ne', [i(1), i(2)], 1],
  ['lt', [s('Z'), s('a')], 1],
  ['lt', [s('a'), s('ab')], 1],
  ['lt', [s('\uffee'), s('\u{1f600}')], 1],
  ['le', [money(5), money(5)], 1],
  ['gt', [d(1), d(2)], 0],
  ['ge', [b(1), b(0)], 1],
  ['and', [b(1), b(null)], null],
  ['and', [b(null), b(0)], 0],
  ['or', [b(0), b(null)], null],
  ['or', [b(null), b(1)], 1],
  ['not', [b(0)], 1],
  ['not', [b(null)], null],
  ['isNull', [s(null)], 1],
  ['isNull', [i(0)], 0],
  ['coalesce', [i(null), i(4), i(5)], 4],
  ['coalesce', [i(null), i(null)], null],
  ['dateOf', [t(-1)], -1],
  ['dateOf', [t(EVENING)], LEAP_DAY],
  ['timestampOf', [d(-1)], -86_400_000_000],
  ['year', [d(-1)], 1969],
  ['month', [d(LEAP_DAY)], 2],
  ['day', [d(LEAP_DAY)], 29],
  ['weekday', [d(0)], 4],
  ['weekday', [d(LEAP_DAY + 3)], 7],
  ['weekday', [d(LEAP_DAY + 4)], 1],
  ['hour', [t(EVENING)], 23],
  ['hour', [t(-1)], 23],
  ['concat', [s('é'), s(''), s('z')], 'éz'],
  ['length', [s('é中a')], 3],
  ['slice', [s('é中abc'), i(1), i(2)], '中a'],
  ['slice', [s('abc'), i(2), i(9)], 'c'],
  ['slice', [s('abc'), i(7), i(1)], ''],
  ['codeAt', [s('aé中'), i(0)], 97],
  ['codeAt', [s('aé中'), i(1)], 233],
  ['codeAt', [s('aé中'), i(2)], 0x4e2d],
  ['codeAt', [s('aé中'), i(3)], 0],
  ['upper', [s('straße é z')], 'STRAßE é Z'],
  ['lower', [s('ÄBC İ')], 'Äbc İ'],
  ['replace', [s('aaa'), s('aa'), s('b')], 'ba'],
  ['replace', [s('$&a'), s('a'), s('$&')], '$&$&'],
  ['padLeft', [s('7'), i(3), s('0')], '007'],
  ['padLeft', [s('long'), i(2), s('0')], 'long'],
  ['text', [i(-12)], '-12'],
  ['text', [money(-5)], '-0.05'],
  ['text', [[decimal(5, 0), 12]], '12'],
  ['text', [b(1)], 'true'],
  ['text', [d(-719162)], '0001-01-01'],
  ['text', [t(EVENING)], '2024-02-29T23:00:00.000001Z'],
  ['text', [t(0)], '1970-01-01T00:00:00.000000Z'],
  ['text', [s('as it is')], 'as it is'],
  ['base36', [i(LARGEST)], '2gosa7pa2gv'],
  ['sha256', [s('é')], createHash('sha256').update('é').digest('hex')],
  ['scaleDraw', [i(4294967295), i(1048576)], 1048575],
  ['scaleDraw', [i(2147483648), i(3)], 1],
  ['scaleDraw', [i(4294967295), i(0)], 0],
]

describe('every function', () => {
  test('has golden values', () => {
    const covered = new Set(GOLDEN.map(([name]) => name))
    expect(FUNCTION_NAMES.filter((name) => !covered.has(name))).toEqual([])
  })

  const cases = GOLDEN.map(([name, args, result, type]) => ({ name, args, result, type }))
  test.each(cases)('$name gives $result', ({ name, args, result, type }) => {
    expect(apply(name, args, type)).toBe(result)
  })

  test('never gives -0', () => {
    const zeros: readonly Value[] = [
      apply('mul', [i(-3), i(0)]),
      apply('div', [i(0), i(-3)]),
      apply('mod', [i(-4), i(2)]),
      apply('neg', [i(0)]),
      apply('rescale', [money(-1)], decimal(9, 1)),
      apply('ratio', [i(-1), i(1000)], decimal(9, 1)),
    ]
    expect(zeros.every((zero) => Object.is(zero, 0))).toBe(true)
  })

  test('of null is null, save isNull, coalesce, and, or', () => {
    const lenient = new Set<FunctionName>(['isNull', 'coalesce', 'and', 'or'])
    for (const [name, args, , type] of GOLDEN) {
      if (lenient.has(name)) continue
      args.forEach((_, at) => {
        const values = args.map(([, value], k) => (k === at ? null : value))
        const shapes = args.map(([of]) => shaped(of, 0, 0))
        const result = shaped(type ?? INTEGER, 0, 0)
        expect(FUNCTIONS[name].apply(values, { args: shapes, result })).toBeNull()
      })
    }
  })
})

const safe = fc.maxSafeInteger()
const divisor = safe.filter((n) => n !== 0)
const size = (n: bigint): bigint => (n < 0n ? -n : n)

describe('integer arithmetic agrees with BigInt over the whole range', () => {
  test('floored division and remainder', () => {
    fc.assert(
      fc.property(safe, divisor, (a, n) => {
        const [x, y] = [BigInt(a), BigInt(n)]
        const rest = ((x % y) + y) % y
        expect(floorDiv(a, n)).toBe(Number((x - rest) / y))
        expect(floorMod(a, n)).toBe(Number(rest))
      }),
      { seed: 4, numRuns: 5000 },
    )
  })

  test('division and rescaling, halves away from zero', () => {
    const rounded = (x: bigint, y: bigint): number => {
      const [a, n] = [size(x), size(y)]
      const whole = (2n * a + n) / (2n * n)
      return Number(x < 0n === y < 0n ? whole : -whole)
    }
    fc.assert(
      fc.property(safe, divisor, fc.integer({ min: 1, max: 15 }), (a, n, digits) => {
        expect(roundedDiv(a, n)).toBe(rounded(BigInt(a), BigInt(n)))
        expect(moveScale(a, -digits)).toBe(rounded(BigInt(a), 10n ** BigInt(digits)))
      }),
      { seed: 5, numRuns: 5000 },
    )
  })
})

describe('typing', () => {
  test('keeps integers exact', () => {
    expect(inferCall('add', [int(0, LARGEST), int(0, 1)])).toMatch(/leaves the exact integers/)
    expect(inferCall('sub', [int(-LARGEST, 0), int(0, 1)])).toMatch(/leaves the exact integers/)
    expect(inferCall('mul', [int(0, 2 ** 27), int(0, 2 ** 26)])).toMatch(/leaves the exact/)
    expect(infer('mul', [int(-(2 ** 26), 1), int(0, 2 ** 26)])).toMatchObject({
      min: -(2 ** 52),
      max: 2 ** 26,
    })
  })

  test('refuses a divisor that may be zero', () => {
    for (const name of ['div', 'mod'] as const)
      expect(inferCall(name, [int(0, 9), int(-1, 4)])).toMatch(/-1\.\.4 may be zero/)
    expect(inferCall('ratio', [int(0, 9), int(0, 4)], decimal(9, 2))).toMatch(/may be zero/)
  })

  test('keeps dates in the years 1 to 9999, and timestamps exact', () => {
    expect(inferCall('add', [shaped(DATE, 0, 2932896), int(0, 1)])).toMatch(/0001-01-01/)
    expect(inferCall('timestampOf', [shaped(DATE, 0, 2932896)])).toMatch(/exact integers/)
    expect(infer('timestampOf', [shaped(DATE, -100_000, 100_000)]).max).toBe(8.64e15)
  })

  test('widens decimals only when the interval asks for it', () => {
    const small = shaped(decimal(9, 2), 0, 99_999)
    expect(infer('add', [small, small]).type).toEqual(decimal(9, 2))
    const full = shaped(decimal(9, 2), 0, 999_999_999)
    expect(infer('add', [full, full]).type).toEqual(decimal(10, 2))
    expect(infer('mul', [small, small]).type).toEqual(decimal(10, 4))
    expect(inferCall('mul', [full, full])).toMatch(/leaves decimal\(15,4\)/)
    expect(inferCall('rescale', [full], decimal(9, 3))).toMatch(/leaves decimal\(9,3\)/)
  })

  test('refuses arguments that do not go together', () => {
    expect(inferCall('add', [int(0, 1), str(1)])).toMatch(/expected two integers.*integer, string/)
    expect(inferCall('add', [shaped(decimal(9, 2), 0, 1), shaped(decimal(9, 1), 0, 1)])).toMatch(
      /one scale/,
    )
    expect(inferCall('eq', [int(0, 1), shaped(BOOLEAN, 0, 1)])).toMatch(/one type/)
    expect(inferCall('and', [int(0, 1)])).toMatch(/booleans/)
    expect(inferCall('reinterpret', [str(3)], INTEGER)).toMatch(/cannot be read as integer/)
    expect(inferCall('rescale', [int(0, 1)])).toMatch(/target type/)
    expect(inferCall('add', [int(0, 1), int(0, 1)], INTEGER)).toBe('add takes no target type')
    expect(inferCall('slice', [str(5), int(-1, 2), int(0, 1)])).toMatch(/must not be negative/)
    expect(inferCall('codeAt', [str(5), int(-1, 2)])).toMatch(/must not be negative/)
    expect(inferCall('replace', [str(5), str(0), str(1)])).toMatch(/must not be empty/)
    expect(inferCall('padLeft', [str(5), int(0, 9), str(2)])).toMatch(/one character/)
    expect(inferCall('base36', [int(-1, 9)])).toMatch(/never negative/)
    expect(inferCall('concat', [str(65_536), str(1)])).toMatch(/65537 characters/)
    expect(inferCall('scaleDraw', [int(0, 2 ** 32), int(0, 1)])).toMatch(/2\^32/)
    expect(inferCall('scaleDraw', [int(0, 1), int(0, 2 ** 20 + 1)])).toMatch(/2\^20/)
  })

  test.each(FUNCTION_NAMES)('%s refuses no arguments and far too many', (name) => {
    const type = decimal(9, 2)
    const targeted = ['rescale', 'ratio', 'reinterpret'].includes(name) ? type : undefined
    expect(inferCall(name, [], targeted)).toBeTypeOf('string')
    const mixed = [...TYPES, ...TYPES].map((each) => shaped(each, 1, 1))
    const many = name === 'isNull' ? mixed : mixed.slice(0, 9)
    expect(inferCall(name, many, targeted)).toBeTypeOf('string')
  })

  test('is nullable when an argument is', () => {
    expect(infer('add', [nullable(int(0, 1)), int(0, 1)]).nullable).toBe(true)
    expect(infer('isNull', [nullable(int(0, 1))]).nullable).toBe(false)
    expect(infer('coalesce', [nullable(int(0, 1)), int(5, 6)])).toMatchObject({
      nullable: false,
      min: 0,
      max: 6,
    })
    expect(infer('coalesce', [nullable(str(3)), nullable(str(4))]).nullable).toBe(true)
  })

  test('keeps a key only where all arguments have it', () => {
    const key: Shape = { ...int(1, 5), keyOf: 'people' }
    expect(infer('coalesce', [nullable(key), key]).keyOf).toBe('people')
    expect(infer('coalesce', [nullable(key), int(1, 5)]).keyOf).toBeUndefined()
    expect(infer('add', [key, int(0, 1)]).keyOf).toBeUndefined()
  })

  test('bounds the lengths of strings', () => {
    expect(infer('slice', [str(10), int(3, 5), int(0, 20)]).maxLength).toBe(7)
    expect(infer('replace', [str(10), str(3), str(5)]).maxLength).toBe(16)
    expect(infer('text', [int(-5, 123)]).maxLength).toBe(3)
    expect(infer('text', [shaped(decimal(9, 2), -5, 5)]).maxLength).toBe(5)
    expect(infer('concat', [str(2), str(3, false)])).toMatchObject({ maxLength: 5, ascii: false })
  })
})

describe('inferred shapes hold every value', () => {
  /** A value of a shape, at its ends more often than within. */
  const sampleOf = (chance: ReturnType<typeof createChance>, shape: Shape): Value => {
    if (shape.nullable && chance.percent(20)) return null
    if (shape.type.kind === 'string')
      return Array.from({ length: chance.between(0, shape.maxLength) }, () =>
        chance.one(shape.ascii ? ['a', 'Z', '0', '|'] : ['a', 'é', '中', '0']),
      ).join('')
    const within = shape.min + Math.floor((shape.max - shape.min) * (chance.below(1000) / 1000))
    return chance.one([shape.min, shape.max, within])
  }

  const holds = ({ type, nullable: mayBeNull, ...shape }: Shape, value: Value): boolean => {
    if (value === null) return mayBeNull
    if (typeof value === 'string')
      return (
        type.kind === 'string' &&
        Array.from(value).length <= shape.maxLength &&
        (!shape.ascii || /^[ -~]*$/.test(value))
      )
    return Number.isSafeInteger(value) && value >= shape.min && value <= shape.max
  }

  test('for random calls of random shapes', () => {
    const seen = new Set<FunctionName>()
    for (let seed = 0; seed < 6000; seed++) {
      const chance = createChance(seed)
      const wanted = chance.one(TYPES)
      const made = randomCall(fakePlace(chance), wanted, {
        depth: 1,
        make: (_, type) => ({
          expr: { kind: 'local', name: 'x' },
          shape: randomShape(chance, type),
        }),
      })
      if (made?.expr.kind !== 'call') continue
      seen.add(made.expr.function)
      expect(sameType(made.shape.type, wanted)).toBe(true)
    }
    expect(FUNCTION_NAMES.filter((name) => !seen.has(name))).toEqual([])
  })

  test.each(FUNCTION_NAMES)('%s', (name) => {
    let calls = 0
    for (let seed = 0; seed < 4000 && calls < 300; seed++) {
      const chance = createChance(seed * 41 + FUNCTION_NAMES.indexOf(name))
      const types = [chance.one(TYPES), chance.one(TYPES), chance.one(TYPES)]
      const count = chance.between(1, 3)
      const args = (chance.percent(40) ? types.map(() => types[0] ?? INTEGER) : types)
        .slice(0, count)
        .map((type) => randomShape(chance, type))
      const fitted = fit(name, args)
      const type = ['rescale', 'ratio', 'reinterpret'].includes(name)
        ? chance.one([decimal(15, 3), decimal(12, 0), INTEGER, DATE, TIMESTAMP])
        : undefined
      const result = inferCall(name, fitted, type)
      if (typeof result === 'string') continue
      calls++
      for (let k = 0; k < 20; k++) {
        const values = fitted.map((shape) => sampleOf(chance, shape))
        if (name === 'replace' && values[1] === '') continue
        const value = FUNCTIONS[name].apply(values, { args: fitted, result })
        if (!holds(result, value)) expect.fail(`${name}(${JSON.stringify(values)}) = ${value}`)
      }
    }
    expect(calls).toBeGreaterThan(10)
  })

  const randomShape = (chance: ReturnType<typeof createChance>, type: DataType): Shape => {
    const mayBeNull = chance.percent(30)
    if (type.kind === 'string')
      return { ...str(chance.between(0, 5), chance.percent(50)), nullable: mayBeNull }
    const low = type.kind === 'boolean' ? 0 : chance.one([-50, -1, 0, 1, 7, 100_000])
    const high = type.kind === 'boolean' ? 1 : low + chance.one([0, 1, 5, 70_000])
    return { ...shaped(type, low, high), nullable: mayBeNull }
  }

  /** Arguments of the kinds that some functions need, so that enough calls are typed. */
  const fit = (name: FunctionName, args: readonly Shape[]): readonly Shape[] => {
    const number = args.find(({ type }) => type.kind === 'integer') ?? int(3, 9)
    if (name === 'slice') return [str(6, false), number, int(0, 4)]
    if (name === 'codeAt') return [str(6, false), number]
    if (name === 'replace') return [str(9), str(1), str(3)]
    if (name === 'padLeft') return [str(4, false), number, str(1)]
    if (name === 'scaleDraw') return [int(0, 4294967295), number]
    return args
  }
})

const fakePlace = (chance: ReturnType<typeof createChance>): Parameters<typeof randomCall>[0] => ({
  chance,
  tables: [],
  locals: [],
  fresh: () => 0,
  table: {
    name: 't',
    space: { kind: 'range', count: 1 },
    virtual: false,
    key: int(1, 1),
    ordinal: int(0, 0),
    rows: 1,
    siblings: 1,
    columns: [],
    parents: [],
    members: [],
    children: [],
  },
})
