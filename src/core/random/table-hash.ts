import { unreachable } from '../errors.ts'
import type { LawTable } from './compiled-law.ts'
import { sha256Hex } from '../sha256.ts'

/** SHA-256 (hex) of a table's integers in a fixed order: equal on every machine that compiles the same law. */
export const tableHash = (table: LawTable): string => sha256Hex(JSON.stringify(canonical(table)))

const canonical = (table: LawTable): readonly unknown[] => {
  switch (table.kind) {
    case 'uniform':
      return [table.kind, table.low, table.step, table.count]
    case 'steps':
      return [table.kind, table.thresholds, table.values]
    case 'alias': {
      const { kind, bits, step, widest, threshold, alias, low, width } = table
      const slots = [Array.from(threshold), Array.from(alias)]
      return [kind, bits, step, widest, ...slots, Array.from(low), Array.from(width)]
    }
    default:
      return unreachable(table)
  }
}
