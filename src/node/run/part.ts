import type { ColumnBlock, ColumnSpec } from '../../core/columns/block.ts'
import { fail } from '../../core/errors.ts'
import { textOf } from '../../core/utf8.ts'
import { sliceBlock } from '../../core/parquet/staging.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { RowRequest } from '../../core/run/engines.ts'
import { createFirstRows } from '../../core/run/first-rows.ts'
import { declaredColumns, wantedColumns } from '../../core/run/landed.ts'
import { fileName, filesFolder } from '../../core/run/layout.ts'
import type { MeasureTable, TableMeasurer } from '../../core/run/measuring.ts'
import type { RunIdentity } from '../../core/run/names.ts'
import type { PartFile, PartResult } from '../../core/run/part-result.ts'
import type { KnownFile, Part } from '../../core/run/parts.ts'
import type { LateRowSource } from '../../core/run/row-source.ts'
import type { FileOptions, RunKind } from '../../core/run/spec.ts'
import type { CrashPoint } from './crash.ts'
import { type FileSink, openFileSink, removeFile } from './file-sink.ts'
import type { SpeedProbe } from './speed-probe.ts'
import { createFileWriter, EXTENSIONS, type FileWriter, type ParquetTools } from './file-writers.ts'

/** What all parts of a run have in common; survives the way to a worker thread. */
export interface PartSetup {
  readonly plan: TypedPlan
  readonly identity: RunIdentity
  readonly kind: RunKind
  readonly options: FileOptions
  /** The lake's absolute path, and the folder in it whose subfolders are the tables. */
  readonly lake: string
  readonly folder: string
}

/** What a thread makes parts with. */
export interface PartHost {
  readonly source: (plan: TypedPlan, request: RowRequest) => LateRowSource
  readonly parquet: ParquetTools
  readonly measure: MeasureTable
  readonly crash: CrashPoint | undefined
  /** Processor seconds of this thread so far. */
  readonly cpuSeconds: () => number
  readonly speed: SpeedProbe
  /** Hears that the sources made so far are done with. */
  readonly recycle: () => void
  /** Hears how many more rows are done. */
  readonly onRows: (rows: number) => void
}

/**
 * Makes a part: rows, files, checksums and measures; what a failed part has begun is removed. `onWritten` hears when
 * only the disk is waited for: then the next part may begin.
 */
export type MakePart = (part: Part, onWritten?: () => void) => Promise<PartResult>

/** Makes one part after another. */
export const createPartRunner = (setup: PartSetup, host: PartHost): MakePart => {
  let last: TableMaker | undefined
  return async (part, onWritten = () => undefined) => {
    const began = host.cpuSeconds()
    const known = last?.table.name === part.table ? last : undefined
    if (known === undefined) host.recycle()
    const maker = known ?? tableMaker(setup, host, part.table)
    last = maker
    return runPart(setup, host, { part, maker, began, starts: known === undefined, onWritten })
  }
}

/** Everything that the parts of one table share. */
interface TableMaker {
  readonly table: TypedTable
  readonly measurer: TableMeasurer
  readonly source: LateRowSource
}

const tableMaker = ({ plan, options }: PartSetup, host: PartHost, name: string): TableMaker => {
  const table = plan.tables.get(name) ?? fail('internal', `table ${name} is not in the plan`)
  const measurer = host.measure(plan, table)
  const later = options.format === 'delta' || options.format === 'parquet'
  const landed = wantedColumns(table).map((column) => ({ ...column, later }))
  const wanted = [...landed, ...measurer.wanted]
  const source = host.source(plan, { table, wanted, engine: options.engine })
  return { table, measurer, source }
}

interface PartJob {
  readonly part: Part
  readonly maker: TableMaker
  /** The thread's processor seconds before the part. */
  readonly began: number
  /** Whether the thread has made none of the table's parts just before. */
  readonly starts: boolean
  readonly onWritten: () => void
}

const runPart = async (
  setup: PartSetup,
  host: PartHost,
  { part, maker, began, starts, onWritten }: PartJob,
): Promise<PartResult> => {
  const { source, measurer, table } = maker
  const columns = source.columns(part.variant)
  const landed = wantedColumns(table).length
  const measures = measurer.begin(columns)
  const files = createPartFiles(setup, host, { part, table, columns: columns.slice(0, landed) })
  const first = part.number === 0 ? createFirstRows(columns.slice(0, landed), textOf) : undefined
  const pace = createPace(host, part.rows)
  try {
    await source.generate(part, (blocks, rows) => {
      measures.add(blocks, rows)
      first?.add(blocks, rows)
      files.append(blocks.slice(0, landed), rows)
      pace.add(rows)
      host.onRows(rows)
    })
    const flow = pace.end()
    const finished = files.finish()
    const ended = host.cpuSeconds()
    onWritten()
    const done = await finished
    const unchanged = part.known !== undefined && sameFiles(done, part.known)
    if (unchanged) files.remove(done)
    return {
      rows: sum(done.map(({ rows }) => rows)),
      bytes: sum(done.map(({ bytes }) => bytes)),
      cpuSeconds: ended - began,
      pace: { starts, ...flow, finishSeconds: ended - flow.endedAt },
      files: unchanged ? [] : done,
      measures: measures.finish(),
      ...(first === undefined ? {} : { first: first.rows() }),
      ...(unchanged ? { unchanged } : {}),
    }
  } catch (error) {
    files.discard()
    throw error
  }
}

/** Follows how fast rows come in the second half of the rows that are expected. */
const createPace = ({ cpuSeconds, speed }: PartHost, expected: number) => {
  let made = 0
  let flowBlocks = 0
  let half: { readonly made: number; readonly at: number } | undefined
  return {
    add: (rows: number): void => {
      made += rows
      speed.sample()
      if (half !== undefined) flowBlocks++
      else if (2 * made >= expected) half = { made, at: cpuSeconds() }
    },
    end: () => {
      const endedAt = cpuSeconds()
      return {
        flowRows: made - (half?.made ?? made),
        flowBlocks,
        flowSeconds: endedAt - (half?.at ?? endedAt),
        probes: speed.take(),
        endedAt,
      }
    },
  }
}

interface PartFiles {
  readonly append: (blocks: readonly ColumnBlock[], rows: number) => void
  /** Writes what is left at once; the files are durable when the promise is kept. */
  readonly finish: () => Promise<readonly PartFile[]>
  readonly discard: () => void
  /** Removes finished files. */
  readonly remove: (files: readonly PartFile[]) => void
}

interface FilesOf {
  readonly part: Part
  readonly table: TypedTable
  readonly columns: readonly ColumnSpec[]
}

interface OpenFile {
  readonly name: string
  readonly sink: FileSink
  readonly writer: FileWriter
  rows: number
}

/** The files of a part, one after another when their rows are limited. Without rows there is a file only where a table of this format could not be seen otherwise. */
const createPartFiles = (
  setup: PartSetup,
  host: PartHost,
  { part, table, columns }: FilesOf,
): PartFiles => {
  const { options } = setup
  const most = options.fileRows ?? table.layout.fileRows ?? Infinity
  const done: PartFile[] = []
  let open: OpenFile | undefined

  const close = (file: OpenFile): void => {
    const stats = file.writer.finish()
    const { name, rows } = file
    done.push({ path: name, rows, stats, ...file.sink.finish() })
    open = undefined
  }

  const closeLater = async (file: OpenFile): Promise<PartFile> => {
    const stats = file.writer.finish()
    const { name, rows } = file
    open = undefined
    return { path: name, rows, stats, ...(await file.sink.finishLater()) }
  }

  const append = (blocks: readonly ColumnBlock[], rows: number): void => {
    for (let at = 0; at < rows;) {
      open ??= openFile(setup, host, { part, table, columns, file: done.length })
      const end = Math.min(rows, at + most - open.rows)
      const whole = at === 0 && end === rows
      open.writer.append(whole ? blocks : blocks.map((each) => sliceBlock(each, at, end)), end - at)
      open.rows += end - at
      at = end
      if (open.rows === most) close(open)
    }
  }

  const finish = async (): Promise<readonly PartFile[]> => {
    const visible = options.format === 'delta' || part.number > 0 || done.length > 0
    if (open === undefined && !visible)
      open = openFile(setup, host, { part, table, columns, file: 0 })
    return open === undefined ? done : [...done, await closeLater(open)]
  }

  return {
    append,
    finish,
    discard: () => open?.sink.discard(),
    remove: (files) => {
      const folder = filesFolder(setup.folder, options.format, table.landedName)
      for (const { path } of files)
        removeFile({ root: setup.lake, path: `${folder}/${path}`, crash: host.crash })
    },
  }
}

const sameFiles = (made: readonly PartFile[], known: readonly KnownFile[]): boolean =>
  made.length === known.length &&
  made.every(
    ({ rows, rowsSha256 }, i) => rows === known[i]?.rows && rowsSha256 === known[i].rowsSha256,
  )

const openFile = (
  { identity, kind, options, lake, folder }: PartSetup,
  { parquet, crash }: PartHost,
  { part, table, columns, file }: FilesOf & { readonly file: number },
): OpenFile => {
  const place = {
    table: table.name,
    part: part.number,
    file,
    extension: EXTENSIONS[options.format],
  }
  const { format } = options
  const name = fileName({ identity, kind, format, landed: table.landedName }, place)
  const path = `${filesFolder(folder, format, table.landedName)}/${name}`
  const sink = openFileSink({ root: lake, path, checksums: options.checksums, crash })
  const content = {
    format,
    columns,
    landed: declaredColumns(table),
    rowGroupRows: table.layout.rowGroupRows,
    metadata: {
      'lakewright.planHash': identity.planHash,
      'lakewright.table': table.name,
      'lakewright.part': String(part.number),
    },
  }
  return { name, sink, writer: createFileWriter(content, parquet, sink.write), rows: 0 }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
