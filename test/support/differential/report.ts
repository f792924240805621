import type { KeyRange } from '../../../src/core/sql/ranges.ts'
import type { TableDigest } from '../../../src/core/plan/digest.ts'
import { engineDigest, type Speaker, type Subject } from './digests.ts'
import { type Difference, engineRows, firstDifference, nativeRows } from './rows.ts'

/**
 * Whether an engine's digest of a table, or of its rows with keys in a range, is the native one: undefined, or what
 * differs, with the first differing cell.
 */
export const digestDifference = async (
  speaker: Speaker,
  subject: Subject,
  { native, range }: { readonly native: TableDigest; readonly range?: KeyRange },
): Promise<string | undefined> => {
  const digest = await engineDigest(speaker, subject, range)
  if (digest === native.hex()) return undefined
  const { from, to } = range ?? { from: 0, to: Infinity }
  const expected = nativeRows(subject).filter(([key]) => Number(key) >= from && Number(key) < to)
  const difference = firstDifference(
    subject.table,
    await engineRows(speaker, subject, range),
    expected,
  )
  const cell =
    difference === undefined
      ? `${speaker.name} lands equal values as another text`
      : cellReport(speaker.name, difference)
  return `${cell}\ndigest ${digest}, expected ${native.hex()} in keys ${from} to ${to}`
}

/** The first differing cell for people. */
export const cellReport = (engine: string, difference: Difference): string => {
  const { table, key, column, actual, expected } = difference
  return `${engine} differs in table ${table}, row ${key}, ${column}: ${shown(actual)}, expected ${shown(expected)}`
}

const shown = (cell: Difference['actual']): string =>
  cell === undefined ? 'no such row' : JSON.stringify(cell)
