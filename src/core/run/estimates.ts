import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { sha256Hex } from '../sha256.ts'
import { type CountRows, expectedRows } from './expected-rows.ts'
import { landedColumns, landedTables } from './landed.ts'
import type { FileOptions } from './spec.ts'

/** What a run has measured of one table: bytes and processor seconds a row, and how many rows that rests on. */
export type TableRate = {
  readonly rows: number
  readonly bytesPerRow: number
  readonly secondsPerRow: number
}

/** Measured rates by table key, as a calibration file keeps them. */
export type Calibration = Readonly<Record<string, TableRate>>

/** What a table is expected to become; `measured` when its rates come from a run rather than from its types. */
export interface TableEstimate {
  readonly table: string
  readonly rows: number
  readonly exact: boolean
  readonly bytes: number
  readonly cpuSeconds: number
  readonly measured: boolean
}

/** Root entities whose fan-out is measured for an estimate: few enough to take a moment, many enough for 1 %. */
export const ESTIMATE_SAMPLE = 131_072

/** Estimates every table that lands. */
export const estimateTables = (
  plan: TypedPlan,
  { options, count, calibration }: EstimateInputs,
): readonly TableEstimate[] =>
  landedTables(plan).map((table) => {
    const { rows, exact } = expectedRows(plan, table, { count, sample: ESTIMATE_SAMPLE })
    const rate = calibration[tableKey(plan, table, options)]
    return {
      table: table.name,
      rows,
      exact,
      bytes: Math.round(rows * (rate?.bytesPerRow ?? guessedBytes(table, options))),
      cpuSeconds: rows * (rate?.secondsPerRow ?? guessedSeconds(table)),
      measured: rate !== undefined,
    }
  })

/** What an estimate rests on besides the plan. */
export interface EstimateInputs {
  readonly options: FileOptions
  readonly count: CountRows
  readonly calibration: Calibration
}

/** What a run made of one table. */
export interface MeasuredRun {
  readonly table: string
  readonly rows: number
  readonly bytes: number
  readonly cpuSeconds: number
}

/** A calibration with the rates of a run; rates that rest on many more rows are kept. */
export const calibrate = (
  calibration: Calibration,
  plan: TypedPlan,
  {
    options,
    measured,
  }: { readonly options: FileOptions; readonly measured: readonly MeasuredRun[] },
): Calibration => {
  const rates = measured.flatMap(({ table: name, rows, bytes, cpuSeconds }) => {
    const table = plan.tables.get(name)
    if (table === undefined || rows === 0) return []
    const key = tableKey(plan, table, options)
    const known = calibration[key]
    if (known !== undefined && known.rows > KEPT_BEYOND * rows) return []
    return [[key, { rows, bytesPerRow: bytes / rows, secondsPerRow: cpuSeconds / rows }] as const]
  })
  return { ...calibration, ...Object.fromEntries(rates) }
}

/** What a rate is kept under: the table, its columns and the file options, but not the sizes and laws of the plan. */
export const tableKey = (plan: TypedPlan, table: TypedTable, options: FileOptions): string => {
  const columns = landedColumns(table).map(({ name, shape }) => [name, shape.type, shape.nullable])
  const { format, compression, checksums, engine } = options
  const facts = [columns, format, compression, checksums, engine]
  return `${plan.plan.name}.${table.name}.${sha256Hex(JSON.stringify(facts)).slice(0, 12)}`
}

/** A short run says less about a long one than another long one does. */
const KEPT_BEYOND = 4

/** Before any run: about a third of the plain width, since keys and dictionaries pack well; text formats do not pack. */
const guessedBytes = (table: TypedTable, { format }: FileOptions): number => {
  const plain = landedColumns(table).reduce((sum, { shape }) => {
    if (shape.type.kind === 'string') return sum + Math.min(shape.maxLength, 40)
    return sum + (shape.type.kind === 'boolean' ? 1 : 8)
  }, 0)
  return format === 'csv' || format === 'jsonl' ? plain : plain / 3
}

/** Before any run: a cell in 50 ns. */
const guessedSeconds = (table: TypedTable): number => 50e-9 * landedColumns(table).length
