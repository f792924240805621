import { createGenerator, type KernelHost, type WantedColumn } from '../kernel/generator.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { interpretedGenerator } from './interpreted.ts'
import type { RowSource } from './row-source.ts'
import type { EngineName } from './spec.ts'

/** What a row source makes: values of a table's rows, by an engine. */
export interface RowRequest {
  readonly table: TypedTable
  readonly wanted: readonly WantedColumn[]
  readonly engine: EngineName
}

/** A source of a table's rows within this thread: the kernel's also where DuckDB makes those that land. */
export const createRowSource = (
  plan: TypedPlan,
  { table, wanted, engine }: RowRequest,
  host: KernelHost,
): RowSource =>
  engine === 'interpreter'
    ? interpretedGenerator(plan, { table, wanted })
    : createGenerator(plan, { table, wanted }, host)
