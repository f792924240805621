import { typeName } from '../expr/types.ts'
import { GENERATOR_VERSION } from '../plan/plan.ts'
import { jsonObject } from '../json-object.ts'
import type { TypedPlan } from '../plan/typed.ts'
import type { Json } from '../ports.ts'
import { indentedJson, MANIFEST_FILE, MANIFEST_VERSION } from '../report/manifest.ts'
import { declaredColumns, landedNames, landedTables } from '../run/landed.ts'
import { factsIn } from './facts.ts'
import type { FoundTables } from './found.ts'
import type { WarehouseSpec } from './spec.ts'
import { targetText } from './target.ts'

/** What a record is made from: a run and the tables as they are after it. */
export interface Recorded {
  readonly run: string
  readonly spec: WarehouseSpec
  readonly plan: TypedPlan
  readonly found: FoundTables
}

/** Where the record of a plan's tables lies in a folder. */
export const recordPath = (folder: string, { plan }: TypedPlan): string =>
  `${folder}/${plan.name}/${MANIFEST_FILE}`

/**
 * What a dataset in a warehouse is, as text: its plan, from which anybody can make it again, and of every table the rows
 * and the digest that it says of itself, null where they are not known. It names no host and no person.
 */
export const recordText = ({ run, spec, plan, found }: Recorded): string => {
  const { warehouse, target, kind, number, fingerprint, planHash } = spec
  return indentedJson({
    lakewright: MANIFEST_VERSION,
    name: plan.plan.name,
    generatorVersion: GENERATOR_VERSION,
    createdAt: new Date(spec.at).toISOString(),
    run: { id: run, number, kind },
    fingerprint,
    warehouse,
    target: targetText(target),
    planHash,
    plan: spec.plan,
    tables: landedTables(plan).map((table): Json => {
      const facts = factsIn(found.get(table.landedName)?.properties ?? {})
      return {
        name: table.name,
        table: table.landedName,
        rows: facts?.rows ?? null,
        digest: facts?.digest ?? null,
        columns: declaredColumns(table).map(({ name, type, nullable }) => ({
          name,
          type: typeName(type),
          nullable,
        })),
        key: landedNames(table, table.key),
      }
    }),
  })
}

/** Whether a text is the record of tables of that name at that target, so that it may be replaced. */
export const isRecordOf = (
  text: string,
  { plan }: TypedPlan,
  target: WarehouseSpec['target'],
): boolean => {
  const record = jsonObject(text)
  return (
    record?.['lakewright'] === MANIFEST_VERSION &&
    record['name'] === plan.name &&
    record['target'] === targetText(target)
  )
}
