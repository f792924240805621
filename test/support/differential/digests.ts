import type { Value } from '../../../src/core/expr/types.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { createDigest, type TableDigest } from '../../../src/core/plan/digest.ts'
import { lowerTable } from '../../../src/core/plan/lower.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import type { Engine } from '../../../src/core/ports.ts'
import { landedColumns, wantedColumns } from '../../../src/core/run/landed.ts'
import type { Dialect } from '../../../src/core/sql/dialect.ts'
import { digestQuery } from '../../../src/core/sql/digest.ts'
import type { DialectName } from '../../../src/core/sql/dialects.ts'
import { renderLandedWithViews } from '../../../src/core/sql/landed.ts'
import type { KeyRange } from '../../../src/core/sql/ranges.ts'
import { dropView, makeView, SESSION_VIEWS } from '../../../src/core/sql/views.ts'
import { kernelHost } from '../../../src/node/run/kernel-host.ts'
import { cellOf } from '../kernel-rows.ts'

/** An engine, and the dialect that it understands. */
export interface Speaker {
  readonly name: DialectName
  readonly dialect: Dialect
  readonly engine: Pick<Engine, 'columns' | 'run'>
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

/**
 * The digest of a table's landed rows, or of those in a range of keys, as an engine makes and digests them: Spark one
 * variant after another, from views where the text is long.
 */
export const engineDigest = async (
  { name, dialect, engine }: Speaker,
  { plan, table }: Subject,
  range?: KeyRange,
): Promise<string> => {
  const columns = landedColumns(table).map(({ landedName, shape }) => ({
    name: landedName,
    type: shape.type,
  }))
  const digest = createDigest()
  for (const variant of name === 'spark' ? lowerTable(plan, table.name, []).keys() : [undefined]) {
    const { text, views } = renderLandedWithViews(plan, table, {
      dialect,
      places: { ...SESSION_VIEWS, most: name === 'spark' ? SESSION_VIEWS.most : Infinity },
      ...(variant === undefined ? {} : { variant }),
      ...(range === undefined ? {} : { range }),
    })
    for (const view of views) await engine.run(makeView('TEMPORARY VIEW', view))
    const { cells } = await engine.columns(digestQuery(name, columns, text))
    digest.merge(String(cells[1]?.[0]))
    for (const view of views) await engine.run(dropView(view))
  }
  return digest.hex()
}
