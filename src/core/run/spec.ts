import type { Json } from '../ports.ts'
import type { Part } from './parts.ts'
import { sha256Hex } from '../sha256.ts'

/** File formats a dataset can land in. */
export const FORMATS = ['delta', 'parquet', 'csv', 'jsonl'] as const
export type Format = (typeof FORMATS)[number]

/** Compression of Parquet column chunks. */
export const COMPRESSIONS = ['none', 'snappy', 'zstd'] as const
export type Compression = (typeof COMPRESSIONS)[number]

/** What makes the rows of a lake: the kernel, DuckDB by SQL, or the interpreter for checks. */
export const ENGINES = ['native', 'duckdb', 'interpreter'] as const
export type EngineName = (typeof ENGINES)[number]

/** How a run's files are made: with the plan, everything that shapes their bytes. */
export interface FileOptions {
  readonly format: Format
  readonly compression: Compression
  /** Parts a table; by default as many as its rows ask for. */
  readonly parts?: number
  /** The most rows of a file; by default a part is one file. */
  readonly fileRows?: number
  /** Whether files carry a SHA-256. */
  readonly checksums: boolean
  readonly engine: EngineName
}

/** How a run treats what is there: makes a dataset where none is, replaces one, adds to one, or replaces what differs. */
export type RunKind = 'create' | 'overwrite' | 'append' | 'merge'

/**
 * How finished files become the dataset: one rename of a new folder; commits to Delta tables that are there; a folder in
 * place of the old one; further folders of files in it; or files put in place of others, one by one. All but the rename
 * go through a redo record.
 */
export type PublishWay = 'rename' | 'commits' | 'swap' | 'add' | 'files'

/** The way to publish a run of a kind, given the formats before (undefined: nothing there) and after. */
export const publishWay = (
  kind: RunKind,
  after: Format,
  before: Format | undefined,
): PublishWay => {
  if (isFlat(after) && (before === undefined || isFlat(before))) return 'files'
  if (kind === 'create') return 'rename'
  if (after === 'delta' && before === 'delta') return 'commits'
  if (kind === 'merge') return 'files'
  return kind === 'append' ? 'add' : 'swap'
}

/** Whether a format's files lie flat in the dataset's folder, one a table, rather than in a folder for each table. */
export const isFlat = (format: Format): boolean => format === 'csv' || format === 'jsonl'

/** Everything needed to do a run again, as the journal keeps it; plain JSON. */
export type RunSpec = {
  readonly version: 1
  readonly catalog: string
  /** The dataset's name; the name of its folder where there is no catalog. */
  readonly schema: string
  readonly kind: RunKind
  readonly way: PublishWay
  /** The plan with its vocabularies' hashes, and its own hash. */
  readonly plan: Json
  readonly planHash: string
  readonly parts: readonly Part[]
  readonly options: FileOptions
  readonly fingerprint: string
  readonly number: number
  /** The instant of every time that the run writes, in ms since 1970. */
  readonly at: number
  /** The version of each Delta table that the run builds on, by landed name; -1 where there is none. */
  readonly heads: Readonly<Record<string, number>>
  /** The manifest of the dataset that the run builds on; null where there is none. */
  readonly base: Json | null
  /** What a merge leaves alone; absent for other kinds. */
  readonly merge?: MergeFacts
}

/** Tables by name whose landed parts all stay, and the files of other writers by folder of the table. */
export type MergeFacts = {
  readonly keeps: readonly string[]
  readonly foreign: Readonly<Record<string, readonly string[]>>
}

/** What tells whether two runs do the same: plan, place and file options. Workers and modes do not count. */
export const fingerprintOf = (planHash: string, dataset: string, options: FileOptions): string => {
  const { format, compression, parts, fileRows, checksums, engine } = options
  const facts = [
    planHash,
    dataset,
    format,
    compression,
    parts ?? 0,
    fileRows ?? 0,
    checksums,
    engine,
  ]
  return sha256Hex(JSON.stringify(facts))
}
