import type { InstructionName } from '../../../../src/core/kernel/instructions/names.ts'
import { type Case, float64Bytes, int32Bytes, outRows, rows, type Trial } from './trial.ts'

type Cases = Partial<Record<InstructionName, (t: Trial) => Case>>
type Kind = 'i' | 'd'

const bytesOf = { i: int32Bytes, d: float64Bytes, m: (v: readonly number[]) => Uint8Array.from(v) }
const STRIDE = { i: 4, d: 8, m: 1 }

/** A case with one output of every row. */
const elementwise = (
  t: Trial,
  form: 'i' | 'd' | 'm',
  { inputs, value }: { readonly inputs: readonly number[]; readonly value: (r: number) => number },
): Case => {
  const at = outRows(t, STRIDE[form])
  return { at: [...inputs, at], wanted: [{ at, bytes: bytesOf[form](rows(t, value)) }] }
}

type Range = readonly [low: number, high: number]
const WIDE: Record<Kind, Range> = { i: [-(2 ** 30), 2 ** 30 - 1], d: [-(2 ** 52), 2 ** 52 - 1] }
const ROOT: Record<Kind, Range> = { i: [-46340, 46340], d: [-94906265, 94906265] }

const column = (t: Trial, kind: Kind | 'm', [low, high]: Range) => {
  const v = rows(t, () => (t.chance(0.05) ? low : t.chance(0.05) ? high : t.integer(low, high)))
  return { v, at: t.place(bytesOf[kind](v)) }
}

interface Binary {
  readonly name: string
  readonly range: Record<Kind, Range>
  readonly divisor?: boolean
  readonly exact: (a: bigint, b: bigint) => bigint
}

const floored = (a: bigint, b: bigint): bigint => {
  const q = a / b
  return q * b !== a && a < 0n !== b < 0n ? q - 1n : q
}
const rounded = (a: bigint, b: bigint): bigint => {
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  const size = (2n * x + y) / (2n * y)
  return a < 0n === b < 0n ? size : -size
}

const BINARIES: readonly Binary[] = [
  { name: 'add', range: WIDE, exact: (a, b) => a + b },
  { name: 'sub', range: WIDE, exact: (a, b) => a - b },
  { name: 'mul', range: ROOT, exact: (a, b) => a * b },
  { name: 'least', range: WIDE, exact: (a, b) => (a < b ? a : b) },
  { name: 'greatest', range: WIDE, exact: (a, b) => (a > b ? a : b) },
  { name: 'div', range: WIDE, divisor: true, exact: floored },
  { name: 'mod', range: WIDE, divisor: true, exact: (a, b) => a - b * floored(a, b) },
]

const near = (t: Trial): Range => {
  const size = 2 ** t.integer(0, 30)
  return [-size, size]
}

const binaryCase =
  ({ range, divisor, exact }: Binary, kind: Kind) =>
  (t: Trial): Case => {
    const a = column(t, kind, range[kind])
    const b = divisor === true && t.chance(0.5) ? near(t) : range[kind]
    const right = column(t, kind, b)
    if (divisor === true) right.v.forEach((x, r) => x === 0 && (right.v[r] = 7))
    const at = t.place(bytesOf[kind](right.v))
    return elementwise(t, kind, {
      inputs: [a.at, at],
      value: (r) => Number(exact(BigInt(a.v[r]!), BigInt(right.v[r]!))),
    })
  }

const constantCase =
  ({ range, divisor, exact }: Binary, kind: Kind) =>
  (t: Trial): Case => {
    const a = column(t, kind, range[kind])
    const k = divisor === true ? t.integer(1, 2 ** t.integer(0, 30)) : t.integer(...range[kind])
    return elementwise(t, kind, {
      inputs: [a.at, k],
      value: (r) => Number(exact(BigInt(a.v[r]!), BigInt(k))),
    })
  }

const COMPARISONS: readonly { name: string; holds: (a: number, b: number) => boolean }[] = [
  { name: 'eq', holds: (a, b) => a === b },
  { name: 'ne', holds: (a, b) => a !== b },
  { name: 'lt', holds: (a, b) => a < b },
  { name: 'le', holds: (a, b) => a <= b },
  { name: 'gt', holds: (a, b) => a > b },
  { name: 'ge', holds: (a, b) => a >= b },
]

const COMPARED: readonly Range[] = [
  [-2, 2],
  [-(2 ** 31), 2 ** 31 - 1],
]

const comparisonCases = (kind: Kind): Cases =>
  Object.fromEntries(
    COMPARISONS.flatMap(({ name, holds }) => [
      [
        `${name}_${kind}`,
        (t: Trial) => {
          const range = COMPARED[t.integer(0, 1)]!
          const [a, b] = [column(t, kind, range), column(t, kind, range)]
          const value = (r: number): number => (holds(a.v[r]!, b.v[r]!) ? 1 : 0)
          return elementwise(t, 'i', { inputs: [a.at, b.at], value })
        },
      ],
      [
        `${name}k_${kind}`,
        (t: Trial) => {
          const range = COMPARED[t.integer(0, 1)]!
          const a = column(t, kind, range)
          const beyond = t.integer(-1, 1) * 2 ** 33
          const k = t.chance(0.3) ? beyond : t.integer(...range)
          return elementwise(t, 'i', {
            inputs: [a.at, k],
            value: (r) => (holds(a.v[r]!, k) ? 1 : 0),
          })
        },
      ],
    ]),
  )

const arithmeticCases = (kind: Kind): Cases =>
  Object.fromEntries(
    BINARIES.flatMap((each): readonly (readonly [string, (t: Trial) => Case])[] => {
      const constant = ['add', 'mul', 'div', 'mod'].includes(each.name)
      const both = [[`${each.name}_${kind}`, binaryCase(each, kind)] as const]
      return constant ? [...both, [`${each.name}k_${kind}`, constantCase(each, kind)]] : both
    }),
  )

const unary = (t: Trial, kind: Kind, f: (x: number) => number): Case => {
  const a = column(t, kind, WIDE[kind])
  return elementwise(t, kind, { inputs: [a.at], value: (r) => f(a.v[r]!) + 0 })
}

const rounding: Cases = {
  rescale_up: (t) => {
    const a = column(t, 'd', [-(10 ** 12), 10 ** 12])
    return elementwise(t, 'd', { inputs: [a.at, 1000], value: (r) => a.v[r]! * 1000 + 0 })
  },
  rescale_down: (t) => {
    const a = column(t, 'd', t.chance(0.5) ? [-2000, 2000] : WIDE.d)
    const k = 10 ** t.integer(1, 6)
    const value = (r: number): number => Number(rounded(BigInt(a.v[r]!), BigInt(k)))
    return elementwise(t, 'd', { inputs: [a.at, k], value })
  },
  ratio: (t) => {
    const a = column(t, 'd', t.chance(0.5) ? [-200, 200] : [-(10 ** 12), 10 ** 12])
    const b = column(t, 'd', near(t))
    const divisors = b.v.map((x) => (x === 0 ? 2 : x))
    const at = t.place(float64Bytes(divisors))
    const value = (r: number): number =>
      Number(rounded(BigInt(a.v[r]!) * 100n, BigInt(divisors[r]!)))
    return elementwise(t, 'd', { inputs: [a.at, at, 100], value })
  },
}

const conversions: Cases = {
  widen: (t) => {
    const a = column(t, 'i', [-(2 ** 31), 2 ** 31 - 1])
    return elementwise(t, 'd', { inputs: [a.at], value: (r) => a.v[r]! })
  },
  narrow: (t) => {
    const a = column(t, 'd', [-(2 ** 31), 2 ** 31 - 1])
    return elementwise(t, 'i', { inputs: [a.at], value: (r) => a.v[r]! })
  },
  bits_d: (t) => {
    const a = column(t, 'i', [-(2 ** 31), 2 ** 31 - 1])
    return elementwise(t, 'd', { inputs: [a.at], value: (r) => a.v[r]! >>> 0 })
  },
}

const kleene = (t: Trial, decisive: 0 | 1): Case => {
  const [a, b] = [column(t, 'i', [0, 1]), column(t, 'i', [0, 1])]
  const maybe = (): { v: readonly number[]; at: number } =>
    t.chance(0.2) ? { v: rows(t, () => 0), at: 0 } : column(t, 'm', [0, 1])
  const [x, y] = [maybe(), maybe()]
  const value = (r: number): number => {
    const known = [x.v[r] === 1 ? [] : [a.v[r]!], y.v[r] === 1 ? [] : [b.v[r]!]].flat()
    return known.length === 2 || known.includes(decisive) ? 0 : 1
  }
  return elementwise(t, 'm', { inputs: [a.at, x.at, b.at, y.at], value })
}

const logic: Cases = {
  and_i: (t) => {
    const [a, b] = [column(t, 'i', [0, 1]), column(t, 'i', [0, 1])]
    return elementwise(t, 'i', { inputs: [a.at, b.at], value: (r) => Math.min(a.v[r]!, b.v[r]!) })
  },
  or_i: (t) => {
    const [a, b] = [column(t, 'i', [0, 1]), column(t, 'i', [0, 1])]
    return elementwise(t, 'i', { inputs: [a.at, b.at], value: (r) => Math.max(a.v[r]!, b.v[r]!) })
  },
  not_i: (t) => {
    const a = column(t, 'i', [0, 1])
    return elementwise(t, 'i', { inputs: [a.at], value: (r) => (a.v[r] === 1 ? 0 : 1) })
  },
  and_m: (t) => kleene(t, 0),
  or_m: (t) => kleene(t, 1),
  or_mm: (t) => {
    const [a, b] = [column(t, 'm', [0, 1]), column(t, 'm', [0, 1])]
    return elementwise(t, 'm', { inputs: [a.at, b.at], value: (r) => Math.max(a.v[r]!, b.v[r]!) })
  },
  mask_i: (t) => {
    const a = column(t, 'm', [0, 1])
    return elementwise(t, 'i', { inputs: [a.at], value: (r) => a.v[r]! })
  },
  known_i: (t) => {
    const a = column(t, 'm', [0, 1])
    return elementwise(t, 'i', { inputs: [a.at], value: (r) => (a.v[r] === 1 ? 0 : 1) })
  },
}

/** Cases of arithmetic, comparison, conversion and logic. */
export const numberCases: Cases = {
  ...arithmeticCases('i'),
  ...arithmeticCases('d'),
  ...comparisonCases('i'),
  ...comparisonCases('d'),
  neg_i: (t) => unary(t, 'i', (x) => -x),
  neg_d: (t) => unary(t, 'd', (x) => -x),
  abs_i: (t) => unary(t, 'i', Math.abs),
  abs_d: (t) => unary(t, 'd', Math.abs),
  ...rounding,
  ...conversions,
  ...logic,
}
