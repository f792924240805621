import type { InstructionName } from '../../../../src/core/kernel/instructions/names.ts'
import { writeLaw } from '../../../../src/core/kernel/instructions/laws.ts'
import type { LawTable } from '../../../../src/core/random/compiled-law.ts'
import { compileBins, compileLattice } from '../../../../src/core/random/law-table.ts'
import {
  type Lanes,
  type StreamConstants,
  uniform,
  uniform48,
  wide,
} from '../../../../src/core/random/mixer.ts'
import { outcome } from '../../../../src/core/random/outcome.ts'
import {
  type Case,
  fixedBytes,
  float64Bytes,
  int32Bytes,
  outRows,
  rows,
  type Trial,
} from './trial.ts'

type Cases = Partial<Record<InstructionName, (t: Trial) => Case>>
type Kind = 'i' | 'd'

/** Any 32 bits, all ones more often than by chance. */
const bits = (t: Trial): number => (t.chance(0.02) ? -1 : t.integer(-(2 ** 31), 2 ** 31 - 1))

/** Keys of a stream in memory, and the lanes that the mixer gives each. */
const stream = (t: Trial) => {
  const constants = Array.from({ length: 5 }, () => t.integer(0, 2 ** 32 - 1))
  const low = rows(t, () => bits(t))
  const high = t.chance(0.5) ? undefined : rows(t, () => t.integer(0, 2 ** 21 - 1))
  const hi = high === undefined ? 0 : t.place(int32Bytes(high))
  const lanes = rows(t, (r): Lanes =>
    wide(constants as unknown as StreamConstants, low[r]! >>> 0, high?.[r] ?? 0),
  )
  const at = (count: number): readonly number[] => [
    t.place(int32Bytes(low)),
    hi,
    ...constants.slice(0, count).map((c) => c | 0),
  ]
  return { lanes, at }
}

/** The first lanes as some instructions take them: registers of their own. */
const laneColumns = (t: Trial) => {
  const columns = [0, 1, 2].map(() => rows(t, () => bits(t)))
  const at = columns.map((each) => t.place(int32Bytes(each)))
  const lanes = rows(t, (r) => columns.map((each) => each[r]! >>> 0))
  return { at, lanes: lanes as unknown as readonly (readonly [number, number, number])[] }
}

const lanesCase =
  (count: 1 | 2 | 3) =>
  (t: Trial): Case => {
    const { lanes, at } = stream(t)
    const outs = Array.from({ length: count }, () => outRows(t, 4))
    return {
      at: [...at(count + 1), ...outs],
      wanted: outs.map((out, i) => ({ at: out, bytes: int32Bytes(lanes.map((l) => l[i]!)) })),
    }
  }

const numeric = (kind: Kind) =>
  kind === 'i' ? { stride: 4, bytes: int32Bytes } : { stride: 8, bytes: float64Bytes }

const uniformCase =
  (kind: Kind) =>
  (t: Trial): Case => {
    const { lanes, at } = stream(t)
    const count = t.chance(0.2) ? 2 ** 20 : t.integer(1, 2 ** t.integer(1, 20))
    const [low, step] = kind === 'i' ? [-500, 100] : [-(2 ** 40), 86_400_000_000]
    const out = outRows(t, numeric(kind).stride)
    const wanted = lanes.map((l) => low + step * uniform(l[0], count))
    return {
      at: [...at(2), count, low, step, out],
      wanted: [{ at: out, bytes: numeric(kind).bytes(wanted) }],
    }
  }

const uniform48Case =
  (kind: Kind) =>
  (t: Trial): Case => {
    const { lanes, at } = laneColumns(t)
    const most = kind === 'i' ? 31 : 37
    const count = t.chance(0.2) ? 2 ** most : t.integer(1, 2 ** t.integer(1, most))
    const [low, step] = kind === 'i' ? [-(2 ** 31), 1] : [-(2 ** 50), 60_000]
    const out = outRows(t, numeric(kind).stride)
    const wanted = lanes.map((l) => low + step * uniform48(l[0], l[1], count))
    return {
      at: [at[0]!, at[1]!, count, low, step, out],
      wanted: [{ at: out, bytes: numeric(kind).bytes(wanted) }],
    }
  }

/** A law of every sort: one lane, few steps, bins of one value, narrow and wide bins. */
const lawTable = (t: Trial, kind: Kind, sort: number): LawTable => {
  const bins = (count: number, width: number) => ({
    step: 3,
    bins: Array.from({ length: count }, (_, i) => ({
      low: 3 * i * width - 1000,
      width: t.integer(1, width),
      weight: t.integer(0, 100),
    })),
  })
  const wider = kind === 'i' ? 2 ** 21 : 2 ** 36
  switch (sort) {
    case 0:
      return compileLattice({ low: -5, step: 7, count: t.integer(1, 2 ** 20) }).table
    case 1:
      return compileLattice({ low: -5, step: 1, count: wider }).table
    case 2:
      return compileBins(bins(t.integer(2, 33), 1)).table
    case 3:
      return compileBins(bins(t.integer(40, 500), 1)).table
    case 4:
      return compileBins(bins(t.integer(2, 100), 1000)).table
    default:
      return compileBins(bins(t.integer(2, 30), wider)).table
  }
}

const aliasCase =
  (kind: Kind) =>
  (t: Trial): Case => {
    const table = lawTable(t, kind, t.integer(3, 5))
    const { lanes, at } = laneColumns(t)
    const needed = table.kind !== 'alias' || table.widest > 2 ** 20 ? 3 : table.widest > 1 ? 2 : 1
    const out = outRows(t, numeric(kind).stride)
    return {
      at: [...at.map((each, i) => (i < needed ? each : 0)), writeLaw(table, t.place), out],
      wanted: [{ at: out, bytes: numeric(kind).bytes(lanes.map((l) => outcome(table, l))) }],
    }
  }

const givenCase =
  (kind: Kind) =>
  (t: Trial): Case => {
    const sorts = t.chance(0.5) ? [0, 1, 2, 3, 4, 5] : [2, 2, 2, 2, 2, 2]
    const tables = sorts.map((sort) => lawTable(t, kind, sort))
    const directory = t.place(int32Bytes(tables.map((table) => writeLaw(table, t.place))))
    const given = rows(t, () => t.integer(0, 5))
    const { lanes, at } = laneColumns(t)
    const out = outRows(t, numeric(kind).stride)
    const wanted = lanes.map((l, r) => outcome(tables[given[r]!]!, l))
    return {
      at: [t.place(int32Bytes(given)), ...at, directory, 6, out],
      wanted: [{ at: out, bytes: numeric(kind).bytes(wanted) }],
    }
  }

const hexOf = (lanes: Lanes): string =>
  lanes.map((lane) => lane.toString(16).padStart(8, '0')).join('')

/** A version-4 UUID written digit by digit. */
const uuidOf = (hex: string): string =>
  Array.from(hex, (digit, i) => {
    const mark = [8, 12, 16, 20].includes(i) ? '-' : ''
    if (i === 12) return `${mark}4`
    return i === 16 ? mark + '89ab'.charAt(Number.parseInt(digit, 16) % 4) : mark + digit
  }).join('')

const scaleCase =
  (kind: Kind) =>
  (t: Trial): Case => {
    const draws = rows(t, () => t.integer(0, 2 ** 32 - 1))
    const count = rows(t, () => t.integer(1, 2 ** t.integer(1, 31) - 1))
    const out = outRows(t, 4)
    const wanted = draws.map((d, r) => Number((BigInt(d) * BigInt(count[r]!)) >> 32n))
    return {
      at: [t.place(numeric(kind).bytes(draws)), t.place(int32Bytes(count)), out],
      wanted: [{ at: out, bytes: int32Bytes(wanted) }],
    }
  }

/** Cases of draws and laws. */
export const drawCases: Cases = {
  split: (t) => {
    const keys = rows(t, () =>
      t.chance(0.1) ? 2 ** 53 - 1 : t.integer(0, 2 ** t.integer(1, 53) - 1),
    )
    const [lo, hi] = [outRows(t, 4), outRows(t, 4)]
    return {
      at: [t.place(float64Bytes(keys)), lo, hi],
      wanted: [
        { at: lo, bytes: int32Bytes(keys.map((key) => key % 2 ** 32)) },
        { at: hi, bytes: int32Bytes(keys.map((key) => Math.floor(key / 2 ** 32))) },
      ],
    }
  },
  draw: lanesCase(1),
  lanes2: lanesCase(2),
  lanes3: lanesCase(3),
  uniform_i: uniformCase('i'),
  uniform_d: uniformCase('d'),
  uniform48_i: uniform48Case('i'),
  uniform48_d: uniform48Case('d'),
  steps: (t) => {
    const { lanes, at } = stream(t)
    const count = t.integer(1, 32)
    const thresholds = Array.from({ length: count }, () => t.integer(0, 2 ** 32 - 1)).toSorted(
      (a, b) => a - b,
    )
    const out = outRows(t, 4)
    const wanted = lanes.map((l) => 10 + thresholds.filter((each) => each <= l[0]).length)
    return {
      at: [...at(2), t.place(int32Bytes(thresholds)), count, 10, out],
      wanted: [{ at: out, bytes: int32Bytes(wanted) }],
    }
  },
  alias_i: aliasCase('i'),
  alias_d: aliasCase('d'),
  given_i: givenCase('i'),
  given_d: givenCase('d'),
  hex: (t) => {
    const { lanes, at } = stream(t)
    const out = outRows(t, 36)
    return {
      at: [...at(5), out],
      wanted: [{ at: out, bytes: fixedBytes(lanes.map(hexOf), 32) }],
    }
  },
  uuid: (t) => {
    const { lanes, at } = stream(t)
    const out = outRows(t, 40)
    const wanted = lanes.map((l) => uuidOf(hexOf(l)))
    return { at: [...at(5), out], wanted: [{ at: out, bytes: fixedBytes(wanted, 36) }] }
  },
  scale: scaleCase('i'),
  scale_d: scaleCase('d'),
}
