import type { InstructionName } from '../../../../src/core/kernel/instructions/names.ts'
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

const maskBytes = (values: readonly number[]): Uint8Array => Uint8Array.from(values)

/** How each kind of column lies in memory: bytes a row, and whole values to bytes. */
const KINDS = {
  i: { stride: 4, bytes: int32Bytes, make: (t: Trial) => t.integer(-(2 ** 31), 2 ** 31 - 1) },
  d: { stride: 8, bytes: float64Bytes, make: (t: Trial) => t.integer(-(2 ** 53), 2 ** 53) },
  m: { stride: 1, bytes: maskBytes, make: (t: Trial) => t.integer(0, 1) },
} as const

type Kind = keyof typeof KINDS

const values = (t: Trial, kind: Kind, count: number): number[] =>
  Array.from({ length: count }, () => KINDS[kind].make(t))

const WIDTHS = [2, 32, 36, 64] as const

const hexWord = (t: Trial, width: number): string =>
  Array.from({ length: width }, () => t.integer(0, 15).toString(16)).join('')

/** Width 2 stands for a string whose stride is no multiple of four. */
const anyWidth = (t: Trial): number => WIDTHS[t.integer(1, 3)]!

const take =
  (kind: Kind) =>
  (t: Trial): Case => {
    const source = values(t, kind, 300)
    const index = rows(t, () => t.integer(0, 299))
    const at = outRows(t, KINDS[kind].stride)
    const bytes = KINDS[kind].bytes(index.map((each) => source[each]!))
    const inputs = [t.place(KINDS[kind].bytes(source)), t.place(int32Bytes(index))]
    return { at: [...inputs, at], wanted: [{ at, bytes }] }
  }

const cell =
  (kind: 'i' | 'd') =>
  (t: Trial): Case => {
    // Small tables of small numbers go another way than others.
    const isSmall = t.chance(0.5)
    const size = t.integer(1, isSmall ? 16 : 100)
    const table = isSmall
      ? Array.from({ length: size }, () => t.integer(0, 255))
      : values(t, kind, size)
    const index = rows(t, () =>
      t.chance(0.1) ? t.integer(-9, 999) : t.integer(0, table.length - 1),
    )
    const at = outRows(t, KINDS[kind].stride)
    const wanted = index.map((each) => table[Math.min(Math.max(each, 0), table.length - 1)]!)
    return {
      at: [t.place(KINDS[kind].bytes(table)), table.length, t.place(int32Bytes(index)), at],
      wanted: [{ at, bytes: KINDS[kind].bytes(wanted) }],
    }
  }

/** Every second row or so of a larger block, in rising order. */
const spread = (t: Trial): number[] => {
  let at = 0
  return rows(t, () => (at += t.integer(1, 3)))
}

const scatter =
  (kind: Kind) =>
  (t: Trial): Case => {
    const { stride, bytes } = KINDS[kind]
    const source = values(t, kind, t.n)
    const index = spread(t)
    const size = (index.at(-1) ?? 0) + 1
    const at = t.out(size * stride)
    const before = t.image.slice(at, at + size * stride)
    index.forEach((row, r) => before.set(bytes([source[r]!]), row * stride))
    return {
      at: [t.place(bytes(source)), t.place(int32Bytes(index)), at],
      wanted: [{ at, bytes: before }],
    }
  }

const merge =
  (kind: Kind) =>
  (t: Trial): Case => {
    const { stride, bytes } = KINDS[kind]
    const source = values(t, kind, t.n)
    const choice = rows(t, () => t.integer(0, 2))
    const at = outRows(t, stride)
    const wanted = t.image.slice(at, at + t.n * stride)
    choice.forEach((which, r) => which === 1 && wanted.set(bytes([source[r]!]), r * stride))
    return {
      at: [t.place(bytes(source)), t.place(int32Bytes(choice)), 1, at],
      wanted: [{ at, bytes: wanted }],
    }
  }

const takes: Cases = {
  take_i: take('i'),
  take_d: take('d'),
  take_m: take('m'),
  take_fixed: (t) => {
    const width = anyWidth(t)
    const source = Array.from({ length: 50 }, () => hexWord(t, width))
    const index = rows(t, () => t.integer(0, 49))
    const at = outRows(t, width + 4)
    const bytes = fixedBytes(
      index.map((each) => source[each]!),
      width,
    )
    return {
      at: [t.place(fixedBytes(source, width)), t.place(int32Bytes(index)), at, width + 4],
      wanted: [{ at, bytes }],
    }
  },
  cell_i: cell('i'),
  cell_d: cell('d'),
  select: (t) => {
    const choice = rows(t, () => t.integer(0, 2))
    const at = outRows(t, 4)
    const found = choice.flatMap((which, r) => (which === 2 ? [r] : []))
    return {
      at: [t.place(int32Bytes(choice)), 2, at],
      returns: found.length,
      wanted: [{ at, bytes: int32Bytes(found) }],
    }
  },
  partition: (t) => {
    const choice = rows(t, () => t.integer(0, 3))
    const lists = [0, 1, 2, 3].map((which) =>
      choice.flatMap((each, r) => (each === which ? [r] : [])),
    )
    const starts = lists.map((list) => t.out(4 * list.length))
    const ends = t.out(16)
    t.image.set(int32Bytes(starts), ends)
    return {
      at: [t.place(int32Bytes(choice)), ends],
      wanted: [
        { at: ends, bytes: int32Bytes(lists.map((list, i) => starts[i]! + 4 * list.length)) },
        ...lists.map((list, i) => ({ at: starts[i]!, bytes: int32Bytes(list) })),
      ],
    }
  },
}

const scatters: Cases = {
  scatter_i: scatter('i'),
  scatter_d: scatter('d'),
  scatter_m: scatter('m'),
  scatter_fixed: (t) => {
    const width = anyWidth(t)
    const stride = width + 4
    const source = rows(t, () => hexWord(t, width))
    const index = spread(t)
    const size = (index.at(-1) ?? 0) + 1
    const at = t.out(size * stride)
    const wanted = t.image.slice(at, at + size * stride)
    index.forEach((row, r) => wanted.set(fixedBytes([source[r]!], width), row * stride))
    return {
      at: [t.place(fixedBytes(source, width)), t.place(int32Bytes(index)), at, stride],
      wanted: [{ at, bytes: wanted }],
    }
  },
  scatterk_m: (t) => {
    const index = spread(t)
    const size = (index.at(-1) ?? 0) + 1
    const at = t.out(size)
    const wanted = t.image.slice(at, at + size)
    for (const row of index) wanted[row] = 1
    return { at: [t.place(int32Bytes(index)), 1, at], wanted: [{ at, bytes: wanted }] }
  },
}

const fills: Cases = {
  copy_i: (t) => {
    const source = values(t, 'i', t.n)
    const at = outRows(t, 4)
    return { at: [t.place(int32Bytes(source)), at], wanted: [{ at, bytes: int32Bytes(source) }] }
  },
  fill_i: (t) => {
    const at = outRows(t, 4)
    return { at: [at, -77], wanted: [{ at, bytes: int32Bytes(rows(t, () => -77)) }] }
  },
  fill_d: (t) => {
    const at = outRows(t, 8)
    return {
      at: [at, 2 ** 40 + 1],
      wanted: [{ at, bytes: float64Bytes(rows(t, () => 2 ** 40 + 1)) }],
    }
  },
  fill_m: (t) => {
    const at = outRows(t, 1)
    return { at: [at, 1], wanted: [{ at, bytes: maskBytes(rows(t, () => 1)) }] }
  },
  fill_fixed: (t) => {
    const width = anyWidth(t)
    const at = outRows(t, width + 4)
    const bytes = fixedBytes(
      rows(t, () => '\0'.repeat(width)),
      width,
    )
    return { at: [at, width + 4], wanted: [{ at, bytes }] }
  },
}

const choices: Cases = {
  choose: (t) => {
    const condition = values(t, 'm', t.n)
    const mask = t.chance(0.3) ? undefined : values(t, 'm', t.n)
    const before = rows(t, () => t.integer(4, 9))
    const at = outRows(t, 4)
    t.image.set(int32Bytes(before), at)
    const wanted = before.map((old, r) => (condition[r] === 1 && mask?.[r] !== 1 ? 3 : old))
    const masked = mask === undefined ? 0 : t.place(maskBytes(mask))
    return {
      at: [t.place(int32Bytes(condition)), masked, 3, at],
      wanted: [{ at, bytes: int32Bytes(wanted) }],
    }
  },
  merge_i: merge('i'),
  merge_d: merge('d'),
  merge_m: merge('m'),
  merge_fixed: (t) => {
    const width = anyWidth(t)
    const stride = width + 4
    const source = rows(t, () => hexWord(t, width))
    const choice = rows(t, () => t.integer(0, 2))
    const at = outRows(t, stride)
    const wanted = t.image.slice(at, at + t.n * stride)
    choice.forEach(
      (which, r) => which === 1 && wanted.set(fixedBytes([source[r]!], width), r * stride),
    )
    return {
      at: [t.place(fixedBytes(source, width)), t.place(int32Bytes(choice)), 1, at, stride],
      wanted: [{ at, bytes: wanted }],
    }
  },
  mergek_m: (t) => {
    const choice = rows(t, () => t.integer(0, 2))
    const at = outRows(t, 1)
    const wanted = t.image.slice(at, at + t.n)
    choice.forEach((which, r) => which === 0 && (wanted[r] = 1))
    return { at: [1, t.place(int32Bytes(choice)), 0, at], wanted: [{ at, bytes: wanted }] }
  },
}

const childkey =
  (parent: 'i' | 'd', out: 'i' | 'd') =>
  (t: Trial): Case => {
    const [most, m] =
      out === 'i' ? [2 ** 20, 15] : [parent === 'i' ? 2 ** 31 - 1 : 2 ** 40, 2 ** 12]
    const keys = Array.from({ length: 100 }, () => t.integer(0, most))
    const index = rows(t, () => t.integer(0, 99))
    const ordinal = rows(t, () => t.integer(0, m - 1))
    const at = outRows(t, KINDS[out].stride)
    const wanted = index.map((row, r) => keys[row]! * m + ordinal[r]!)
    const inputs = [t.place(KINDS[parent].bytes(keys)), t.place(int32Bytes(index))]
    return {
      at: [...inputs, t.place(int32Bytes(ordinal)), m, at],
      wanted: [{ at, bytes: KINDS[out].bytes(wanted) }],
    }
  }

const BLOCK_ROWS = 16384

/** Children from `from` on, until the block is full; the place of the next one behind them. */
const expandCase = (t: Trial): Case => {
  const isRare = t.chance(0.3)
  const counts = rows(t, () => {
    if (isRare && t.chance(0.95)) return 0
    return t.chance(0.05) ? t.integer(0, 40) : t.integer(0, 4)
  })
  if (t.n > 0 && t.chance(0.2)) counts[t.integer(0, t.n - 1)] = 20000
  const limitRow = t.chance(0.5) ? -1 : t.integer(0, t.n)
  const limitCount = t.integer(0, 2)
  const most = counts.map((count, r) => (r === limitRow ? Math.min(count, limitCount) : count))
  const from = t.chance(0.5) || t.n === 0 ? 0 : t.integer(0, t.n - 1)
  const child = t.integer(0, Math.max(0, (most[from] ?? 0) - 1))
  const index: number[] = []
  const ordinal: number[] = []
  let [row, k] = [from, child]
  while (row < t.n && index.length < BLOCK_ROWS) {
    if (k >= most[row]!) [row, k] = [row + 1, 0]
    else {
      index.push(row)
      ordinal.push(k++)
    }
  }
  if (row < t.n && k >= most[row]! && index.length === BLOCK_ROWS && k > 0) [row, k] = [row + 1, 0]
  const state = t.out(20)
  t.image.set(int32Bytes([from, child, limitRow, limitCount, 0]), state)
  const [outIndex, outOrdinal] = [t.out(4 * BLOCK_ROWS), t.out(4 * BLOCK_ROWS)]
  return {
    at: [t.place(int32Bytes(counts)), state, outIndex, outOrdinal],
    returns: index.length,
    wanted: [
      { at: state, bytes: int32Bytes([row, k, limitRow, limitCount, 0]) },
      { at: outIndex, bytes: int32Bytes(index) },
      { at: outOrdinal, bytes: int32Bytes(ordinal) },
    ],
  }
}

const reduce =
  (name: 'sum' | 'count' | 'min' | 'max') =>
  (t: Trial): Case => {
    const parents = 40
    const value = rows(t, () => t.integer(-(2 ** 40), 2 ** 40))
    const index = rows(t, (r) => Math.floor((r * parents) / t.n))
    const optional = (kind: 'i' | 'm') => {
      if (t.chance(0.3)) return { v: undefined, at: 0 }
      const v = values(t, 'm', t.n)
      return { v, at: t.place(KINDS[kind].bytes(v)) }
    }
    const [mask, keep, keepMask] = [optional('m'), optional('i'), optional('m')]
    const before = Array.from({ length: parents }, () => t.integer(-5, 5))
    const none = Array.from({ length: parents }, () => t.integer(0, 1))
    const [acc, noneAt] = [t.out(8 * parents), t.out(parents)]
    t.image.set(float64Bytes(before), acc)
    t.image.set(maskBytes(none), noneAt)
    const after = [...before]
    const still = [...none]
    index.forEach((row, r) => {
      if (mask.v?.[r] === 1 || keep.v?.[r] === 0 || keepMask.v?.[r] === 1) return
      const [old, now] = [still[row] === 1 ? [] : [after[row]!], value[r]!]
      if (name === 'sum') after[row]! += now
      else if (name === 'count') after[row]! += 1
      else after[row] = Math[name](...old, now)
      still[row] = 0
    })
    const filters = [mask.at, keep.at, keepMask.at, t.place(int32Bytes(index)), acc]
    const sums = { at: acc, bytes: float64Bytes(after) }
    if (name === 'count') return { at: filters, wanted: [sums] }
    const inputs = [t.place(float64Bytes(value)), ...filters]
    if (name === 'sum') return { at: inputs, wanted: [sums] }
    return { at: [...inputs, noneAt], wanted: [sums, { at: noneAt, bytes: maskBytes(still) }] }
  }

/** Cases of instructions that make, move, choose and fold rows. */
export const rowCases: Cases = {
  seq_i: (t) => {
    const at = outRows(t, 4)
    const first = t.integer(-(2 ** 30), 2 ** 30)
    return { at: [at, first], wanted: [{ at, bytes: int32Bytes(rows(t, (r) => first + r)) }] }
  },
  seq_d: (t) => {
    const at = outRows(t, 8)
    const first = t.integer(0, 2 ** 52)
    return { at: [at, first], wanted: [{ at, bytes: float64Bytes(rows(t, (r) => first + r)) }] }
  },
  expand: expandCase,
  childkey_ii: childkey('i', 'i'),
  childkey_id: childkey('i', 'd'),
  childkey_dd: childkey('d', 'd'),
  ...takes,
  ...scatters,
  ...fills,
  ...choices,
  reduce_sum: reduce('sum'),
  reduce_count: reduce('count'),
  reduce_min: reduce('min'),
  reduce_max: reduce('max'),
}
