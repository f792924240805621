import { fail, unreachable } from '../../errors.ts'
import type { LawTable } from '../../random/compiled-law.ts'
import { ONE_LANE_WIDTH } from '../../random/outcome.ts'

/**
 * Where the parts of a law stand, in bytes from its address: float64 low, step and count; int32 kind, size (the bits of
 * an alias table, the number of thresholds) and how many lanes place an outcome inside a bin (0 to 2); int32 addresses
 * of an alias table's thresholds and aliases (uint32), values and widths (float64). The thresholds and values of steps
 * stand in the law itself, behind them as many as fill it up: thresholds that hardly any draw reaches, the last value.
 */
export const LAW = {
  low: 0,
  step: 8,
  count: 16,
  kind: 24,
  size: 28,
  lanes: 32,
  thresholds: 36,
  aliases: 40,
  values: 44,
  widths: 48,
  stepThresholds: 64,
  stepValues: 192,
} as const

/** The kinds of laws in memory; a uniform law of one outcome is one of steps without thresholds. */
export const LAW_KIND = { uniform: 0, steps: 1, alias: 2 } as const

/**
 * Writes a law's table for `alias_*` and, of any kind, for the directory of `given_*`, and returns its address.
 * `place` puts constant bytes at an address that is a multiple of 16 and returns it.
 */
export const writeLaw = (table: LawTable, place: (bytes: Uint8Array) => number): number => {
  switch (table.kind) {
    case 'uniform':
      return place(table.count === 1 ? stepsLaw([], [table.low]) : uniformLaw(table))
    case 'steps':
      return place(stepsLaw(table.thresholds, table.values))
    case 'alias':
      return place(aliasLaw(table, place))
    default:
      return unreachable(table)
  }
}

type Uniform = Extract<LawTable, { readonly kind: 'uniform' }>
type Alias = Extract<LawTable, { readonly kind: 'alias' }>

const LAW_BYTES = 64
/** The most thresholds of a law of steps. */
const MOST_STEPS = 32
const NEVER = 0xffffffff

const uniformLaw = ({ low, step, count }: Uniform): Uint8Array => {
  const law = new DataView(new ArrayBuffer(LAW_BYTES))
  law.setFloat64(LAW.low, low, true)
  law.setFloat64(LAW.step, step, true)
  law.setFloat64(LAW.count, count, true)
  law.setInt32(LAW.kind, LAW_KIND.uniform, true)
  law.setInt32(LAW.lanes, lanesFor(count), true)
  return bytesOf(law)
}

const stepsLaw = (thresholds: readonly number[], values: readonly number[]): Uint8Array => {
  if (thresholds.length > MOST_STEPS)
    fail('internal', `a law has ${thresholds.length} thresholds, at most ${MOST_STEPS} fit`)
  const law = new DataView(new ArrayBuffer(LAW.stepValues + 8 * (MOST_STEPS + 1)))
  law.setInt32(LAW.kind, LAW_KIND.steps, true)
  law.setInt32(LAW.size, thresholds.length, true)
  for (let i = 0; i < MOST_STEPS; i++)
    law.setUint32(LAW.stepThresholds + 4 * i, thresholds[i] ?? NEVER, true)
  for (let i = 0; i <= MOST_STEPS; i++)
    law.setFloat64(LAW.stepValues + 8 * i, values[i] ?? values.at(-1) ?? NaN, true)
  return bytesOf(law)
}

const aliasLaw = (table: Alias, place: (bytes: Uint8Array) => number): Uint8Array => {
  const law = new DataView(new ArrayBuffer(LAW_BYTES))
  law.setFloat64(LAW.step, table.step, true)
  law.setInt32(LAW.kind, LAW_KIND.alias, true)
  law.setInt32(LAW.size, table.bits, true)
  law.setInt32(LAW.lanes, lanesFor(table.widest), true)
  law.setInt32(LAW.thresholds, place(bytesOf(table.threshold)), true)
  law.setInt32(LAW.aliases, place(bytesOf(table.alias)), true)
  law.setInt32(LAW.values, place(bytesOf(table.low)), true)
  law.setInt32(LAW.widths, place(bytesOf(table.width)), true)
  return bytesOf(law)
}

const lanesFor = (widest: number): number => (widest === 1 ? 0 : widest <= ONE_LANE_WIDTH ? 1 : 2)

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
