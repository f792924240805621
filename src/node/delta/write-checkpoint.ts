import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { CheckpointColumn } from '../../core/delta/checkpoint.ts'
import {
  CHECKPOINT_COLUMNS,
  checkpointActions,
  checkpointDue,
} from '../../core/delta/checkpoint.ts'
import { checkpointPath, LAST_CHECKPOINT, LOG_FOLDER } from '../../core/delta/log-path.ts'
import { actionJson } from '../../core/delta/serialise.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import type { Store } from '../../core/ports.ts'
import { putIfAbsent } from '../store/put.ts'
import { pointedVersion } from './last-checkpoint.ts'
import { tablePath } from './list-log.ts'

/** The table a checkpoint is written for, in its folder of a store. */
export interface CheckpointTarget {
  readonly store: Store
  readonly table: string
  readonly snapshot: Snapshot
}

/** What became of a checkpoint; a failure is told and never fails the commit before it. */
export type CheckpointOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'present' }
  | { readonly kind: 'notDue' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Writes a checkpoint when the table's interval asks for one at this version; `now` in ms since 1970 expires tombstones. */
export const checkpointIfDue = async (
  target: CheckpointTarget,
  now: number,
): Promise<CheckpointOutcome> => {
  if (!checkpointDue(target.snapshot)) return { kind: 'notDue' }
  try {
    return { kind: await writeCheckpoint(target, now) }
  } catch (error) {
    return { kind: 'failed', error }
  }
}

/**
 * Writes the classic checkpoint of a snapshot and points `_last_checkpoint` at it; `present` when the version has one.
 * The bytes depend on the snapshot and `now` alone, so that a killed attempt is finished by another one.
 */
export const writeCheckpoint = async (
  { store, table, snapshot }: CheckpointTarget,
  now: number,
): Promise<'written' | 'present'> => {
  const rows = checkpointActions(snapshot, now).map(actionJson)
  const bytes = encode(rows)
  const path = tablePath(table, checkpointPath(snapshot.version))
  const written = await putIfAbsent(store, path, bytes)
  const ours = written || isSame(await store.read(path), bytes)
  if (!ours) return 'present'
  const pointer = {
    version: snapshot.version,
    size: rows.length,
    sizeInBytes: bytes.length,
    numOfAddFiles: snapshot.files.size,
  }
  await pointTo(store, table, pointer)
  return written ? 'written' : 'present'
}

const isSame = (there: Uint8Array | undefined, bytes: Uint8Array): boolean =>
  there !== undefined && Buffer.compare(there, bytes) === 0

/**
 * The pointer is a hint, so that readers manage while it is away. Spark keeps a hidden checksum beside the one it
 * wrote and refuses a pointer that does not match, hence the checksum goes first.
 */
const pointTo = async (
  store: Store,
  table: string,
  pointer: { readonly version: number },
): Promise<void> => {
  const text = JSON.stringify(pointer)
  const there = await store.read(tablePath(table, LAST_CHECKPOINT))
  const known = there === undefined ? '' : new TextDecoder().decode(there)
  if (known === text || pointedVersion(known) > pointer.version) return
  await store.remove(tablePath(table, `${LOG_FOLDER}/._last_checkpoint.crc`))
  await store.remove(tablePath(table, LAST_CHECKPOINT))
  await putIfAbsent(store, tablePath(table, LAST_CHECKPOINT), new TextEncoder().encode(text))
}

type Row = Readonly<Record<string, unknown>>

const encode = (rows: readonly Row[]): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'spark_schema', num_children: CHECKPOINT_COLUMNS.length },
        ...CHECKPOINT_COLUMNS.flatMap(schemaOf),
      ],
      columnData: CHECKPOINT_COLUMNS.map((column) => ({
        name: column.name,
        data: rows.map((row) => cell(column, row[column.name])),
      })),
      statistics: false,
      createdBy: 'Lakewright',
    }),
  )

const STRING = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const
const OPTIONAL = { repetition_type: 'OPTIONAL' } as const
const REPEATED = { repetition_type: 'REPEATED' } as const

const schemaOf = (column: CheckpointColumn): SchemaElement[] => {
  const { name } = column
  switch (column.kind) {
    case 'string':
      return [{ name, ...STRING, ...OPTIONAL }]
    case 'int32':
      return [{ name, type: 'INT32', ...OPTIONAL }]
    case 'int64':
      return [{ name, type: 'INT64', ...OPTIONAL }]
    case 'boolean':
      return [{ name, type: 'BOOLEAN', ...OPTIONAL }]
    case 'stringMap':
      return [
        { name, converted_type: 'MAP', num_children: 1, ...OPTIONAL },
        { name: 'key_value', num_children: 2, ...REPEATED },
        { name: 'key', repetition_type: 'REQUIRED', ...STRING },
        { name: 'value', ...STRING, ...OPTIONAL },
      ]
    case 'stringList':
      return [
        { name, converted_type: 'LIST', num_children: 1, ...OPTIONAL },
        { name: 'list', num_children: 1, ...REPEATED },
        { name: 'element', ...STRING, ...OPTIONAL },
      ]
    case 'group':
      return [
        { name, num_children: column.members.length, ...OPTIONAL },
        ...column.members.flatMap(schemaOf),
      ]
  }
}

const cell = (column: CheckpointColumn, value: unknown): unknown => {
  if (value === undefined || value === null) return null
  if (column.kind === 'int64') return BigInt(value as number)
  if (column.kind !== 'group') return value
  const fields = value as Row
  return Object.fromEntries(
    column.members.map((member) => [member.name, cell(member, fields[member.name])]),
  )
}
