import type { Value } from '../../../src/core/expr/types.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { createDigest, type TableDigest } from '../../../src/core/plan/digest.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import type { Engine } from '../../../src/core/ports.ts'
import { landedColumns, wantedColumns } from '../../../src/core/run/landed.ts'
import type { Dialect } from '../../../src/core/sql/dialect.ts'
import { digestQuery } from '../../../src/core/sql/digest.ts'
import type { DialectName } from '../../../src/core/sql/dialects.ts'
import { renderLandedTable } from '../../../src/core/sql/landed.ts'
import type { KeyRange } from '../../../src/core/sql/ranges.ts'
import { kernelHost } from '../../../src/node/run/kernel-host.ts'
import { cellOf } from '../kernel-rows.ts'

/** An engine, and the dialect that it understands. */
export interface Speaker {
  readonly name: DialectName
  readonly dialect: Dialect
  readonly engine: Pick<Engine, 'columns'>
}

/** A table of a plan. */
export interface Subject {
  readonly plan: TypedPlan
  readonly table: TypedTable
}

/** Makes the digests of a table's landed rows in ranges of keys as the native engine makes them. */
export const nativeDigests = ({ plan, table }: Subject): ((range: KeyRange) => TableDigest) => {
  const generator = createGenerator(plan, { table, wanted: wantedColumns(table) }, kernelHost)
  const row: Value[] = []
  return ({ from, to }) => {
    const digest = createDigest()
    for (let variant = 0; variant < generator.variants; variant++)
      generator.generate({ variant, lo: from, hi: to }, (blocks, count) => {
        for (let i = 0; i < count; i++) {
          for (const [c, block] of blocks.entries()) row[c] = cellOf(block, i)
          digest.add(row)
        }
      })
    return digest
  }
}

/** The digest of a table's landed rows, or of those in a range of keys, as an engine makes and digests them. */
export const engineDigest = async (
  { name, dialect, engine }: Speaker,
  { plan, table }: Subject,
  range?: KeyRange,
): Promise<string> => {
  const rows = renderLandedTable(plan, table, {
    dialect,
    ...(range === undefined ? {} : { range }),
  })
  const columns = landedColumns(table).map(({ landedName, shape }) => ({
    name: landedName,
    type: shape.type,
  }))
  const { cells } = await engine.columns(digestQuery(name, columns, rows))
  return String(cells[1]?.[0])
}
