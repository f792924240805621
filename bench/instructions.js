// Nanoseconds per row of the vector instructions, in plain TypeScript and as SIMD twins: npm run build, then
// node bench/instructions.js [name ...].
import {
  createInstructions,
  createKernelInstructions,
} from '../dist/core/kernel/instructions/table.js'
import { writeLaw } from '../dist/core/kernel/instructions/laws.js'
import { compileBins } from '../dist/core/random/law-table.js'
import { loadKernel } from '../dist/node/store/wasm.js'

const ROWS = 16384
const BYTES = 1 << 26
const CONSTANTS = [1, -2, 3, -4, 5]

/** Places values in both memories, at the same addresses. */
const createPlaces = (memories) => {
  let free = 65536
  const reserve = (bytes) => {
    const at = free
    free += (bytes + 1024 + 63) & ~63
    return at
  }
  const place = (bytes) => {
    const at = reserve(bytes.length)
    for (const memory of memories) memory.set(bytes, at)
    return at
  }
  const make = (Values, value, count = ROWS) =>
    place(new Uint8Array(Values.from({ length: count }, (_, r) => value(r)).buffer))
  return { reserve, place, make }
}

const hash = (r) => Math.imul(r ^ (r >>> 7), 0x9e3779b1) ^ (r >>> 3)
const below = (n) => (r) => (hash(r) >>> 0) % n

const bins = (count, width) => ({
  step: 1,
  bins: Array.from({ length: count }, (_, i) => ({ low: i * width, width, weight: 1 + (i % 7) })),
})

const offsetsOf = (length) => {
  const offsets = new Int32Array(ROWS + 1)
  for (let r = 0; r < ROWS; r++) offsets[r + 1] = offsets[r] + length(r)
  return offsets
}

/** Arguments of every instruction measured. */
const argumentsOf = ({ reserve, place, make }) => {
  const key = make(Int32Array, (r) => r + 1000)
  const high = make(Int32Array, () => 3)
  const lane = make(Int32Array, hash)
  const other = make(Int32Array, (r) => hash(r + 77))
  const small = make(Int32Array, below(1000))
  const wide = make(Float64Array, (r) => (hash(r) >>> 0) * 70000)
  const micros = make(Float64Array, (r) => 1.7e15 + (hash(r) >>> 0) * 1000)
  const divisor = make(Float64Array, (r) => 1 + below(1000)(r))
  const rising = make(Int32Array, (r) => r >> 2)
  const random = make(Int32Array, below(ROWS))
  const ordinal = make(Int32Array, (r) => r & 3)
  const bit = make(Int32Array, (r) => hash(r) & 1)
  const choice = make(Int32Array, below(8))
  const mask = make(Uint8Array, (r) => hash(r) & 1)
  const counts = make(Int32Array, (r) => [3, 4, 5, 4][r & 3], ROWS >> 2)
  const thresholds = make(Uint32Array, (i) => i * 2 ** 29, 8)
  const law = (bin) => writeLaw(compileBins(bin).table, place)
  const single = law(bins(1000, 1))
  const placed = law(bins(1000, 100))
  const directoryOf = (laws) => place(new Uint8Array(new Int32Array(laws).buffer))
  const directory = directoryOf([single, placed])
  const few = directoryOf([2, 3, 4, 5, 5, 4, 3, 2].map((count) => law(bins(count, 1))))
  const offsets = offsetsOf((r) => 15 + (hash(r) & 7))
  const text = place(new Uint8Array(offsets[ROWS]).map((_, i) => 97 + (i % 26)))
  const textOffsets = place(new Uint8Array(offsets.buffer))
  const lengths = make(Int32Array, (r) => offsets[r + 1] - offsets[r])
  const textFrom = make(Int32Array, (r) => text + offsets[r])
  const dictionary = place(
    new Uint8Array(Int32Array.from({ length: 1001 }, (_, i) => 8 * i).buffer),
  )
  const out = reserve(80 * ROWS)
  const out2 = reserve(8 * ROWS)
  const out3 = reserve(8 * ROWS)
  const state = reserve(64)
  const restart = (memory) => {
    new Int32Array(memory.buffer, state, 5).set([0, 0, -1, 0, 0])
  }
  const stream = (count) => [key, 0, ...CONSTANTS.slice(0, count)]
  const args = {
    draw: [...stream(2), out],
    'draw, keys above 2^32': [key, high, ...CONSTANTS.slice(0, 2), out],
    lanes2: [...stream(3), out, out2],
    lanes3: [...stream(4), out, out2, out3],
    hex: [...stream(5), out],
    uuid: [...stream(5), out],
    'steps, 8 thresholds': [...stream(2), thresholds, 8, 0, out],
    uniform_i: [...stream(2), 1000, 5, 1, out],
    uniform_d: [...stream(2), 1000, 5, 1e6, out],
    uniform48_i: [lane, other, 2 ** 24, 5, 1, out],
    uniform48_d: [lane, other, 2 ** 35, 5, 1000, out],
    'alias_i, single': [lane, 0, 0, single, out],
    'alias_i, placed': [lane, other, 0, placed, out],
    'alias_d, placed': [lane, other, 0, placed, out],
    'given_i, steps': [choice, lane, other, other, few, 8, out],
    'given_i, alias': [bit, lane, other, other, directory, 2, out],
    scale: [lane, small, out],
    expand: [counts, state, out, out2],
    childkey_ii: [small, rising, ordinal, 15, out],
    childkey_id: [small, rising, ordinal, 15, out],
    childkey_dd: [wide, rising, ordinal, 15, out],
    'take_i, rising': [small, rising, out],
    'take_i, random': [small, random, out],
    'take_d, rising': [wide, rising, out],
    take_m: [mask, rising, out],
    take_fixed: [text, rising, out, 36],
    take_bytes: [textOffsets, text, rising, textOffsets, out],
    cell_i: [small, 1000, random, out],
    cell_d: [wide, 1000, random, out],
    select: [bit, 1, out],
    scatter_i: [small, random, out],
    split: [wide, out, out2],
    seq_i: [out, 5],
    seq_d: [out, 5],
    fill_i: [out, 5],
    add_i: [small, lane, out],
    add_d: [wide, divisor, out],
    mul_d: [divisor, divisor, out],
    mulk_i: [small, 15, out],
    divk_i: [small, 7, out],
    modk_i: [small, 7, out],
    div_d: [wide, divisor, out],
    mod_d: [wide, divisor, out],
    rescale_down: [wide, 100, out],
    ltk_i: [small, 500, out],
    lt_d: [wide, divisor, out],
    and_m: [bit, mask, bit, mask, out],
    choose: [bit, mask, 1, out],
    merge_i: [small, bit, 1, out],
    merge_d: [wide, bit, 1, out],
    merge_m: [mask, bit, 1, out],
    widen: [small, out],
    narrow: [divisor, out],
    bits_d: [lane, out],
    reduce_sum: [wide, mask, bit, 0, rising, out],
    reduce_count: [mask, bit, 0, rising, out],
    prefix: [lengths, out],
    point_codes: [small, dictionary, text, 1000, 0, 0, out2, out],
    point_bytes: [textOffsets, text, rising, 1, out2, out],
    gather_bytes: [textFrom, lengths, out2, out],
    join_2: [textFrom, lengths, textFrom, lengths, out2, out],
    text_i: [lane, out2, out],
    text_d: [wide, out2, out],
    text_decimal: [wide, 2, out2, out],
    text_date: [small, out2, out],
    text_timestamp: [micros, out2, out],
    base36_d: [wide, out2, out],
    ascii_lower: [textOffsets, text, out],
    points: [textOffsets, text, out],
    code_at: [textOffsets, text, ordinal, 1, out],
    eq_bytes: [textOffsets, text, textOffsets, text, out],
    slice: [textOffsets, text, ordinal, ordinal, 1, out2, out],
    replace: [textOffsets, text, text, 1, text, 2, out2, out],
    sha256: [textOffsets, text, out],
    date_of: [micros, out],
    hour_of: [micros, out],
    day_start: [small, out],
    year: [small, out],
    weekday: [small, out],
  }
  return { args, restart }
}

/** The best time of a block, in nanoseconds per row; blocks are short, so that some run undisturbed. */
const measure = (run, restart, rows) => {
  let best = Infinity
  const until = performance.now() + 200
  while (performance.now() < until) {
    restart()
    const start = performance.now()
    run()
    best = Math.min(best, performance.now() - start)
  }
  return (best * 1e6) / rows
}

const wasm = loadKernel(BYTES)
const plainMemory = new Uint8Array(BYTES)
const twinMemory = new Uint8Array(wasm.memory.buffer)
const plain = createInstructions(plainMemory.buffer)
const twins = createKernelInstructions(wasm.memory.buffer, wasm)
const { args, restart } = argumentsOf(createPlaces([plainMemory, twinMemory]))
const asked = process.argv.slice(2)

console.log(
  'ns per row'.padEnd(26),
  'TypeScript'.padStart(10),
  'SIMD'.padStart(8),
  'ratio'.padStart(7),
)
for (const [label, at] of Object.entries(args)) {
  const [name] = label.split(',')
  if (asked.length > 0 && !asked.includes(name)) continue
  const n = name === 'expand' ? ROWS >> 2 : ROWS
  const slow = measure(
    () => plain[name](n, at),
    () => restart(plainMemory),
    ROWS,
  )
  const fast = measure(
    () => twins[name](n, at),
    () => restart(twinMemory),
    ROWS,
  )
  const cells = [
    slow.toFixed(2).padStart(10),
    fast.toFixed(2).padStart(8),
    (slow / fast).toFixed(1).padStart(7),
  ]
  console.log(label.padEnd(26), ...cells)
}
