import { sha256Hex } from '../sha256.ts'

/** What every id and file name of a run derives from, so that a resumed run repeats them. */
export interface RunIdentity {
  readonly planHash: string
  /** `catalog/schema`. */
  readonly dataset: string
  /** The run's number on its dataset, from 1. */
  readonly number: number
}

/** The id of a run: 12 hex digits. */
export const runId = (identity: RunIdentity): string => hashOf(identity, 'run').slice(0, 12)

/** The permanent id of a Delta table that a run creates: a UUID (version 8, RFC 9562) from a hash. */
export const tableId = (identity: RunIdentity, table: string): string => {
  const hex = hashOf(identity, `table ${table}`)
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}

/** The place of a data file within a run: its table, part, number within the part, and extension without dot. */
export interface DataFilePlace {
  readonly table: string
  readonly part: number
  readonly file: number
  readonly extension: string
}

/** The name of a data file: `part-00003-0-<16 hex digits>.parquet`. */
export const dataFileName = (identity: RunIdentity, place: DataFilePlace): string => {
  const { table, part, file, extension } = place
  const hash = hashOf(identity, `file ${table} ${part} ${file}`).slice(0, 16)
  return `part-${String(part).padStart(5, '0')}-${file}-${hash}.${extension}`
}

const hashOf = ({ planHash, dataset, number }: RunIdentity, what: string): string =>
  sha256Hex(`lakewright ${planHash} ${dataset} ${number} ${what}`)
