import { createHash } from 'node:crypto'
import type { InstructionName } from '../../../../src/core/kernel/instructions/names.ts'
import { utf8 } from '../../../../src/core/utf8.ts'
import {
  type Case,
  fixedBytes,
  float64Bytes,
  int32Bytes,
  outRows,
  rows,
  stringBytes,
  type Trial,
  type Wanted,
} from './trial.ts'

type Cases = Partial<Record<InstructionName, (t: Trial) => Case>>

const ALPHABETS = ['abcXYZ09 @-', 'aZß é世界', 'ab'] as const

const wordOf = (t: Trial, alphabet: string, longest: number): string =>
  Array.from({ length: t.integer(0, longest) }, () =>
    alphabet.charAt(t.integer(0, alphabet.length - 1)),
  ).join('')

interface Words {
  readonly v: readonly string[]
  readonly offsets: number
  readonly bytes: number
}

const placeWords = (t: Trial, v: readonly string[]): Words => {
  const { offsets, bytes } = stringBytes(v)
  return { v, offsets: t.place(offsets), bytes: t.place(bytes) }
}

/** Where strings are that have been placed, and how long. */
const views = (t: Trial, { v, bytes }: Words): readonly number[] => {
  const starts = new Int32Array(stringBytes(v).offsets.buffer)
  return [
    t.place(int32Bytes(v.map((_, r) => bytes + starts[r]!))),
    t.place(int32Bytes(v.map((each) => utf8(each).length))),
  ]
}

/** Strings of a few or, one time in ten, up to 200 characters. */
const words = (t: Trial, alphabet: string = ALPHABETS[t.integer(0, 1)]!): Words =>
  placeWords(
    t,
    rows(t, () => wordOf(t, alphabet, t.chance(0.1) ? 200 : 20)),
  )

interface Written {
  readonly at: readonly [offsets: number, bytes: number]
  readonly returns: number
  readonly wanted: readonly Wanted[]
}

/** Offsets and bytes to be written. */
const written = (t: Trial, strings: readonly string[]): Written => {
  const { offsets, bytes, total } = stringBytes(strings)
  const at = [t.out(offsets.length), t.out(total)] as const
  return {
    at,
    returns: total,
    wanted: [
      { at: at[0], bytes: offsets },
      { at: at[1], bytes },
    ],
  }
}

const intoInt32 = (t: Trial, inputs: readonly number[], value: (r: number) => number): Case => {
  const at = outRows(t, 4)
  return { at: [...inputs, at], wanted: [{ at, bytes: int32Bytes(rows(t, value)) }] }
}

const codesOf = (t: Trial) => {
  const dictionary = Array.from({ length: t.integer(1, 50) }, () => wordOf(t, ALPHABETS[1], 40))
  const codes = rows(t, () => t.integer(0, dictionary.length - 1))
  const { offsets, bytes } = placeWords(t, dictionary)
  return { dictionary, codes, at: t.place(int32Bytes(codes)), offsets, bytes }
}

/** Rows of a target, some of which are pointed at strings: by their own number, or that of their turn. */
const pointCase = (
  t: Trial,
  strings: readonly (readonly [from: number, length: number])[],
  inputs: readonly number[],
): Case => {
  const kind = t.integer(0, 2)
  const index = rows(t, (r) => (kind === 1 ? t.n - 1 - r : r))
  const of = (r: number) => strings[kind === 2 ? index[r]! : r]!
  const [from, lengths] = [outRows(t, 4), outRows(t, 4)]
  const target = (which: 0 | 1): readonly number[] => {
    const values = rows(t, () => 0)
    index.forEach((row, r) => (values[row] = of(r)[which]))
    return values
  }
  return {
    at: [...inputs, kind === 0 ? 0 : t.place(int32Bytes(index)), kind === 2 ? 1 : 0, from, lengths],
    wanted: [
      { at: from, bytes: int32Bytes(target(0)) },
      { at: lengths, bytes: int32Bytes(target(1)) },
    ],
  }
}

/** Rows that are pointed at some strings each. */
const joinCase = (t: Trial, parts: number): Case => {
  const source = Array.from({ length: 50 }, () => wordOf(t, ALPHABETS[1], 60))
  const starts = new Int32Array(stringBytes(source).offsets.buffer)
  const { bytes } = placeWords(t, source)
  const chosen = Array.from({ length: parts }, () => rows(t, () => t.integer(0, 49)))
  const wanted = stringBytes(rows(t, (r) => chosen.map((part) => source[part[r]!]!).join('')))
  const inputs = chosen.flatMap((part) => [
    t.place(int32Bytes(part.map((row) => bytes + starts[row]!))),
    t.place(int32Bytes(part.map((row) => utf8(source[row]!).length))),
  ])
  const [offsets, at] = [t.out(4 * t.n + 4), t.out(wanted.total)]
  return {
    at: [...inputs, offsets, at],
    wanted: [
      { at: offsets, bytes: wanted.offsets },
      { at, bytes: wanted.bytes },
    ],
  }
}

const points: Cases = {
  point_codes: (t) => {
    const { dictionary, codes, at, offsets, bytes } = codesOf(t)
    const starts = new Int32Array(stringBytes(dictionary).offsets.buffer)
    const strings = codes.map(
      (code) => [bytes + starts[code]!, utf8(dictionary[code]!).length] as const,
    )
    return pointCase(t, strings, [at, offsets, bytes, dictionary.length])
  },
  point_fixed: (t) => {
    const width = [32, 36, 64, 7][t.integer(0, 3)]!
    const at = t.place(
      fixedBytes(
        rows(t, () => 'x'.repeat(width)),
        width,
      ),
    )
    const strings = rows(t, (r) => [at + r * (width + 4) + 4, width] as const)
    return pointCase(t, strings, [at, width])
  },
  point_bytes: (t) => {
    const { v, offsets, bytes } = words(t)
    const starts = new Int32Array(stringBytes(v).offsets.buffer)
    const strings = v.map((each, r) => [bytes + starts[r]!, utf8(each).length] as const)
    return pointCase(t, strings, [offsets, bytes])
  },
  gather_bytes: (t) => joinCase(t, 1),
  join_2: (t) => joinCase(t, 2),
  join_3: (t) => joinCase(t, 3),
  join_4: (t) => joinCase(t, 4),
}

const takes: Cases = {
  take_views: (t) => {
    const source = Array.from({ length: 50 }, () => wordOf(t, ALPHABETS[1], 60))
    const { offsets, bytes } = placeWords(t, source)
    const starts = new Int32Array(stringBytes(source).offsets.buffer)
    const index = rows(t, () => t.integer(0, 49))
    const [from, lengths_] = [t.out(4 * t.n), t.out(4 * t.n)]
    return {
      at: [offsets, bytes, t.place(int32Bytes(index)), from, lengths_],
      wanted: [
        { at: from, bytes: int32Bytes(index.map((row) => bytes + starts[row]!)) },
        { at: lengths_, bytes: int32Bytes(index.map((row) => utf8(source[row]!).length)) },
      ],
    }
  },
}

const lengths: Cases = {
  points: (t) => {
    const source = words(t)
    return intoInt32(t, views(t, source), (r) => Array.from(source.v[r]!).length)
  },
  code_at: (t) => {
    const ascii = t.chance(0.5)
    const source = words(t, ALPHABETS[ascii ? 0 : 1])
    const places = rows(t, () => t.integer(0, 12))
    return intoInt32(
      t,
      [...views(t, source), t.place(int32Bytes(places)), ascii ? 1 : 0],
      (r) => Array.from(source.v[r]!)[places[r]!]?.codePointAt(0) ?? 0,
    )
  },
}

const casing = (t: Trial, change: (text: string) => string): Case => {
  const { v, offsets, bytes } = words(t)
  const wanted = stringBytes(v.map(change)).bytes
  const at = t.out(wanted.length)
  return { at: [offsets, bytes, at], wanted: [{ at, bytes: wanted }] }
}

const order = (a: string, b: string): number => Buffer.compare(utf8(a), utf8(b))

const compare = (t: Trial, holds: (order: number) => boolean): Case => {
  const [a, b] = [words(t, 'ab'), rows(t, () => wordOf(t, 'ab', 20))]
  const right = placeWords(
    t,
    b.map((each, r) => (t.chance(0.4) ? a.v[r]! : t.chance(0.4) ? a.v[r]! + each : each)),
  )
  const inputs = [...views(t, a), ...views(t, right)]
  return intoInt32(t, inputs, (r) => (holds(order(a.v[r]!, right.v[r]!)) ? 1 : 0))
}

/** Places of characters, and now and then any number at all. */
const anyPlace = (t: Trial): number[] =>
  rows(t, () => (t.chance(0.1) ? t.integer(-(2 ** 31), 2 ** 31 - 1) : t.integer(0, 12)))

/** A mask, or none. */
const maybeMask = (t: Trial) => {
  if (t.chance(0.5)) return { isNull: () => false, at: [] }
  const mask = rows(t, () => t.integer(0, 1))
  return { isNull: (r: number) => mask[r] === 1, at: [t.place(Uint8Array.from(mask))] }
}

/** Numbers, where null any at all. */
const unlessNull = (
  t: Trial,
  { isNull }: { readonly isNull: (r: number) => boolean },
  most: number,
): number[] => rows(t, (r) => (isNull(r) ? t.integer(-(2 ** 31), 2 ** 31 - 1) : t.integer(0, most)))

const edits: Cases = {
  slice: (t) => {
    const ascii = t.chance(0.5)
    const source = words(t, ALPHABETS[ascii ? 0 : 1])
    const [from = 0, lengths_ = 0] = views(t, source)
    const starts = new Int32Array(stringBytes(source.v).offsets.buffer)
    const [start, count] = [anyPlace(t), anyPlace(t)]
    const of = (r: number, first: number, last: number): number =>
      utf8(Array.from(source.v[r]!).slice(first, last).join('')).length
    const taken = source.v.map((_, r) => {
      const first = Math.max(0, start[r]!)
      const before = of(r, 0, first)
      return [source.bytes + starts[r]! + before, of(r, first, first + Math.max(0, count[r]!))]
    })
    const [outFrom, outLengths] = [outRows(t, 4), outRows(t, 4)]
    const places = [t.place(int32Bytes(start)), t.place(int32Bytes(count))]
    return {
      at: [from, lengths_, ...places, ascii ? 1 : 0, outFrom, outLengths],
      wanted: [
        { at: outFrom, bytes: int32Bytes(taken.map(([at = 0]) => at)) },
        { at: outLengths, bytes: int32Bytes(taken.map(([, length = 0]) => length)) },
      ],
    }
  },
  replace: (t) => {
    const from = ['a', 'ab', 'aba', 'é'][t.integer(0, 3)]!
    const to = ['', 'x', 'long', '世界'][t.integer(0, 3)]!
    const { v, offsets, bytes } = words(t, from === 'é' ? ALPHABETS[1] : 'ab')
    const out = written(
      t,
      v.map((each) => each.replaceAll(from, to)),
    )
    const literals = [from, to].flatMap((each) => [t.place(utf8(each)), utf8(each).length])
    return { ...out, at: [offsets, bytes, ...literals, ...out.at] }
  },
  pad_left: (t) => {
    const fill = ['0', 'é'][t.integer(0, 1)]!
    const { v, offsets, bytes } = words(t)
    const mask = maybeMask(t)
    const width = unlessNull(t, mask, 15)
    const padded = (each: string, r: number): string =>
      fill.repeat(Math.max(0, width[r]! - Array.from(each).length)) + each
    const out = written(
      t,
      v.map((each, r) => (mask.isNull(r) ? '' : padded(each, r))),
    )
    const filling = [t.place(int32Bytes(width)), t.place(utf8(fill)), utf8(fill).length]
    return { ...out, at: [offsets, bytes, ...filling, ...out.at, ...mask.at] }
  },
}

/** A column of numbers as text, with a mask or without. */
const textCase = (
  t: Trial,
  values: readonly number[],
  { bytes, text, immediate = [] }: TextOf,
): Case => {
  const mask = maybeMask(t)
  const out = written(
    t,
    values.map((each, r) => (mask.isNull(r) ? '' : text(each))),
  )
  return { ...out, at: [t.place(bytes(values)), ...immediate, ...out.at, ...mask.at] }
}

interface TextOf {
  readonly bytes: (values: readonly number[]) => Uint8Array
  readonly text: (value: number) => string
  readonly immediate?: readonly number[]
}

/** Numbers of every length. */
const sized = (t: Trial, low: -1 | 0, bits: number): number[] =>
  rows(t, () => {
    const size = 2 ** t.integer(0, bits) - 1
    return t.chance(0.1) ? low * size : t.integer(low * size, size)
  })

const iso = (micros: number): string => {
  const fraction = ((micros % 1000) + 1000) % 1000
  const text = new Date((micros - fraction) / 1000).toISOString()
  return text.replace('Z', `${String(fraction).padStart(3, '0')}Z`)
}

const MICROS_PER_DAY = 86_400_000_000
/** 0001-01-01 and 9999-12-31. */
const DAYS = [-719162, 2932896] as const

const days = (t: Trial): number[] => rows(t, () => (t.chance(0.1) ? DAYS[0] : t.integer(...DAYS)))

/** Instants from 1684 to 2255, whose microseconds stay below 2^53. */
const micros = (t: Trial): number[] =>
  rows(t, () => t.integer(-104_249, 104_248) * MICROS_PER_DAY + t.integer(0, MICROS_PER_DAY - 1))

const decimal = (value: number, scale: number): string => {
  if (scale === 0) return String(value)
  const digits = String(Math.abs(value)).padStart(scale + 1, '0')
  return `${value < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const texts: Cases = {
  text_i: (t) => textCase(t, sized(t, -1, 31), { bytes: int32Bytes, text: String }),
  text_d: (t) => textCase(t, sized(t, -1, 53), { bytes: float64Bytes, text: String }),
  text_decimal: (t) => {
    const scale = t.integer(0, 15)
    const text = (value: number): string => decimal(value, scale)
    return textCase(t, sized(t, -1, 50), { bytes: float64Bytes, text, immediate: [scale] })
  },
  text_date: (t) =>
    textCase(t, days(t), {
      bytes: int32Bytes,
      text: (day) => iso(day * MICROS_PER_DAY).slice(0, 10),
    }),
  text_timestamp: (t) => textCase(t, micros(t), { bytes: float64Bytes, text: iso }),
  base36_i: (t) => textCase(t, sized(t, 0, 31), { bytes: int32Bytes, text: (x) => x.toString(36) }),
  base36_d: (t) =>
    textCase(t, sized(t, 0, 53), { bytes: float64Bytes, text: (x) => x.toString(36) }),
}

const dates = (t: Trial, part: (date: Date) => number): Case => {
  const v = days(t)
  return intoInt32(t, [t.place(int32Bytes(v))], (r) => part(new Date(v[r]! * 86_400_000)))
}

const times: Cases = {
  date_of: (t) => {
    const v = micros(t)
    return intoInt32(t, [t.place(float64Bytes(v))], (r) => Math.floor(v[r]! / MICROS_PER_DAY))
  },
  hour_of: (t) => {
    const v = micros(t)
    return intoInt32(t, [t.place(float64Bytes(v))], (r) =>
      new Date(Math.floor(v[r]! / 1000)).getUTCHours(),
    )
  },
  day_start: (t) => {
    const v = rows(t, () => t.integer(-(10 ** 5), 10 ** 5))
    const at = outRows(t, 8)
    const bytes = float64Bytes(v.map((day) => day * MICROS_PER_DAY))
    return { at: [t.place(int32Bytes(v)), at], wanted: [{ at, bytes }] }
  },
  year: (t) => dates(t, (date) => date.getUTCFullYear()),
  month: (t) => dates(t, (date) => date.getUTCMonth() + 1),
  day: (t) => dates(t, (date) => date.getUTCDate()),
  weekday: (t) => dates(t, (date) => date.getUTCDay() || 7),
}

/** Cases of strings, text and time. */
export const stringCases: Cases = {
  ...lengths,
  ...takes,
  ...points,
  ascii_upper: (t) => casing(t, (text) => text.replace(/[a-z]/g, (c) => c.toUpperCase())),
  ascii_lower: (t) => casing(t, (text) => text.replace(/[A-Z]/g, (c) => c.toLowerCase())),
  eq_text: (t) => compare(t, (x) => x === 0),
  lt_text: (t) => compare(t, (x) => x < 0),
  le_text: (t) => compare(t, (x) => x <= 0),
  ...edits,
  ...texts,
  ...times,
  sha256: (t) => {
    const { v, offsets, bytes } = words(t)
    const at = outRows(t, 68)
    const digests = v.map((each) => createHash('sha256').update(utf8(each)).digest('hex'))
    return { at: [offsets, bytes, at], wanted: [{ at, bytes: fixedBytes(digests, 64) }] }
  },
}
