import type { Value } from '../../src/core/expr/types.ts'
import { createGenerator } from '../../src/core/kernel/generator.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import type { Plan } from '../../src/core/plan/plan.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import type { Vocabulary } from '../../src/core/plan/vocabulary.ts'
import { type ParameterValues, resolveParameters } from '../../src/datasets/definition.ts'
import { mdm } from '../../src/datasets/mdm/mdm.ts'
import { SOURCE_TABLES, type SourceName, SOURCES } from '../../src/datasets/mdm/source.ts'
import { readVocabulary } from '../../src/node/store/assets.ts'
import { cellOf, plainHost } from '../support/kernel-rows.ts'
import type { Row } from './identity-rows.ts'

/** The vocabularies that the mdm dataset asks for. */
export const VOCABULARIES: ReadonlyMap<string, Vocabulary> = new Map(
  await Promise.all(
    mdm.vocabularies.map(async (name) => [name, await readVocabulary(name)] as const),
  ),
)

/** All rates of noise at nothing. */
export const NO_NOISE: ParameterValues = { difficulty: 0 }

/** The mdm plan with some parameters changed. */
export const buildMdm = (changed: ParameterValues = {}, seed: number | string = 42): Plan =>
  mdm.build(resolveParameters(mdm.parameters, changed), { seed, vocabularies: VOCABULARIES })

/** The mdm dataset, as its plan reads from JSON, ready to interpret. */
export const typedMdm = (changed: ParameterValues = {}, seed: number | string = 42): TypedPlan =>
  resolvePlan(JSON.parse(JSON.stringify(buildMdm(changed, seed))), VOCABULARIES)

/** All rows of a table, hidden columns too. */
export const wholeRows = (plan: TypedPlan, table: string): readonly Row[] => [
  ...interpretTable(plan, table, { hidden: true }),
]

/** All rows of a table as they land. */
export const landedRows = (plan: TypedPlan, table: string): readonly Row[] => [
  ...interpretTable(plan, table),
]

/** The records of every source, with hidden columns. */
export const recordsOf = (plan: TypedPlan): Readonly<Record<SourceName, readonly Row[]>> => ({
  crm: wholeRows(plan, SOURCE_TABLES.crm),
  erp: wholeRows(plan, SOURCE_TABLES.erp),
  ecommerce: wholeRows(plan, SOURCE_TABLES.ecommerce),
})

/** How many records each customer has, by source. */
export const clusterSizes = (
  plan: TypedPlan,
): Readonly<Record<SourceName, ReadonlyMap<number, number>>> => {
  const sizes = { crm: new Map(), erp: new Map(), ecommerce: new Map() }
  for (const source of SOURCES)
    for (const { entity_id: entity } of wholeRows(plan, SOURCE_TABLES[source]))
      sizes[source].set(entity, (sizes[source].get(entity) ?? 0) + 1)
  return sizes
}

/** Some columns of all rows of a table, hidden ones too, as the kernel makes them. */
export const kernelColumns = (
  plan: TypedPlan,
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
): readonly Row[] => {
  const table = plan.tables.get(name)!
  const wanted = table.columns
    .filter((column) => columns.includes(column.name))
    .map((column) => ({
      name: column.name,
      expr: { kind: 'column' as const, name: column.name, shape: column.shape },
    }))
  const generator = createGenerator(plan, { table, wanted }, plainHost)
  const rows: Record<string, Value>[] = []
  for (let variant = 0; variant < generator.variants; variant++)
    generator.generate({ variant, lo: 0, hi: table.maxKey + 1 }, (blocks, count) => {
      for (let row = 0; row < count; row++)
        rows.push(Object.fromEntries(wanted.map((each, i) => [each.name, cellOf(blocks[i]!, row)])))
    })
  return rows
}
