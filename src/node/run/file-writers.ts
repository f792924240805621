import type { ColumnBlock, ColumnSpec } from '../../core/columns/block.ts'
import { statsText } from '../../core/delta/stats.ts'
import type { Codec } from '../../core/parquet/codec.ts'
import type { Bound } from '../../core/parquet/statistics.ts'
import { createFileEncoder, type FileEncoder } from '../../core/parquet/writer.ts'
import type { LandedColumn } from '../../core/plan/plan.ts'
import type { Format } from '../../core/run/spec.ts'
import { createRowTextEncoder } from '../../core/run/text-formats.ts'
import type { FileSink } from './file-sink.ts'
import type { ThreadKernel } from './kernel-host.ts'

/** Encodes the rows of one file; bytes go to the sink it was made with. */
export interface FileWriter {
  readonly append: (blocks: readonly ColumnBlock[], rows: number) => void
  /** Ends the file; gives its Delta statistics text, empty for text formats. */
  readonly finish: () => string
}

/** What the Parquet encoders of this thread work with. */
export interface ParquetTools {
  readonly encoderTools: ThreadKernel['encoderTools']
  readonly codec: Codec | undefined
}

/** What one file is made of. `landed` are the columns as they are declared, `metadata` goes to a Parquet footer. */
export interface FileContent {
  readonly format: Format
  readonly columns: readonly ColumnSpec[]
  readonly landed: readonly LandedColumn[]
  readonly metadata: Readonly<Record<string, string>>
  readonly rowGroupRows: number | undefined
}

/** The extension of a format's files, without dot. */
export const EXTENSIONS: Readonly<Record<Format, string>> = {
  delta: 'parquet',
  parquet: 'parquet',
  csv: 'csv',
  jsonl: 'jsonl',
}

/** A writer at the beginning of a file. */
export const createFileWriter = (
  content: FileContent,
  tools: ParquetTools,
  emit: FileSink['write'],
): FileWriter => {
  const { format } = content
  return format === 'csv' || format === 'jsonl'
    ? textWriter(format, content.columns, emit)
    : parquetWriter(content, tools, emit)
}

// Parquet readers trust the statistics of strings only when they can read this as a name and a version.
const CREATED_BY = 'lakewright version 1.0.0 (build 1)'

const parquetWriter = (
  { columns, landed, metadata, rowGroupRows }: FileContent,
  { codec, encoderTools }: ParquetTools,
  emit: FileSink['write'],
): FileWriter => {
  const options = {
    metadata,
    createdBy: CREATED_BY,
    ...(codec === undefined ? {} : { codec }),
    ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
  }
  // Made for the memory of the first blocks.
  let encoder: FileEncoder | undefined
  const encoderOf = (blocks: readonly ColumnBlock[]): FileEncoder =>
    (encoder ??= createFileEncoder(columns, { ...options, ...encoderTools(blocks) }, emit))
  return {
    append: (blocks, rows) => encoderOf(blocks).append(blocks, rows),
    finish: () => {
      const { rows, statistics } = encoderOf([]).finish()
      const known = landed.flatMap((column, i) => {
        const found = statistics[i]
        if (found === undefined) return []
        return [{ column, nulls: found.nulls, min: boundOf(found.min), max: boundOf(found.max) }]
      })
      return statsText(rows, known)
    },
  }
}

const boundOf = (bound: Bound): number | string | null => {
  if (bound === undefined) return null
  return typeof bound === 'number' ? bound : decode(bound)
}

const decode = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')

const TEXT_BUFFER = 1 << 20

const textWriter = (
  format: 'csv' | 'jsonl',
  columns: readonly ColumnSpec[],
  emit: (bytes: Uint8Array) => void,
): FileWriter => {
  const encoder = createRowTextEncoder(format, columns, decode)
  let waiting = encoder.header
  const flush = (): void => {
    if (waiting !== '') emit(Buffer.from(waiting, 'utf8'))
    waiting = ''
  }
  return {
    append: (blocks, rows) => {
      waiting += encoder.rows(blocks, rows)
      if (waiting.length >= TEXT_BUFFER) flush()
    },
    finish: () => {
      flush()
      return ''
    },
  }
}
