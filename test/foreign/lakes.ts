import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { DataType } from '../../src/core/expr/types.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import type { TypedPlan, TypedTable } from '../../src/core/plan/typed.ts'
import { sparkCheck } from '../../src/core/run/check-sql.ts'
import { landedColumns, landedTables } from '../../src/core/run/landed.ts'
import { filesFolder } from '../../src/core/run/layout.ts'
import type { FileOptions } from '../../src/core/run/spec.ts'
import { defaultParameters } from '../../src/datasets/definition.ts'
import { identity } from '../../src/datasets/identity/identity.ts'
import { generate } from '../../src/node/run/generate.ts'
import { loadPlan, readVocabularies } from '../../src/node/run/load-plan.ts'
import { goldenPlan, goldenTable } from '../support/golden.ts'
import { testHost } from '../support/lake.ts'

/** A landed table as foreign readers meet it: its files, and what must be found in them. */
export interface LandedTable {
  readonly name: string
  readonly folder: string
  readonly files: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: DataType }[]
  readonly rows: number
  /** The portable digest of the rows as the interpreter makes them. */
  readonly digest: string
}

/** The plans that foreign readers are tried on: the identity dataset, and every type, null and hard text. */
export const foreignPlans = async (): Promise<Readonly<Record<string, TypedPlan>>> => {
  const vocabularies = await readVocabularies(identity.vocabularies)
  const parameters = { households: 500, withTruth: 1, withContacts: 1 }
  const plan = identity.build(
    { ...defaultParameters(identity), ...parameters },
    { seed: 42, vocabularies },
  )
  return {
    identity: await loadPlan(JSON.parse(JSON.stringify(plan))),
    functions: await goldenPlan('functions'),
    nulls: await goldenPlan('nulls'),
    spaces: await goldenPlan('spaces'),
  }
}

/** A way to land plans in a folder that is removed after the tests of the calling file. */
export const temporaryLake = (): ((
  plan: TypedPlan,
  options: Partial<FileOptions>,
) => Promise<readonly LandedTable[]>) => {
  const folder = mkdtempSync(join(tmpdir(), 'lakewright-foreign-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  let lakes = 0
  return async (plan, options) => land(join(folder, `lake-${lakes++}`), plan, options)
}

const OPTIONS: FileOptions = {
  format: 'delta',
  compression: 'none',
  checksums: true,
  engine: 'native',
}

const land = async (
  lake: string,
  plan: TypedPlan,
  options: Partial<FileOptions>,
): Promise<readonly LandedTable[]> => {
  const all = { ...OPTIONS, parts: 3, ...options }
  const request = { lake, catalog: 'c', plan, mode: undefined, options: all, workers: 1 }
  const { manifest } = await generate(request, testHost({ checkSql: sparkCheck }))
  const dataset = join(lake, 'c', plan.plan.name)
  return landedTables(plan).map((table) => {
    const listed = manifest.tables.find(({ path }) => path === table.landedName)
    const folder = join(dataset, table.landedName)
    const files = (listed?.parts ?? []).flatMap((part) => part.files.map(({ path }) => path))
    return {
      name: table.landedName,
      folder,
      files: files.map((path) => join(filesFolder(dataset, all.format, table.landedName), path)),
      columns: landedColumns(table).map(({ landedName, shape }) => ({
        name: landedName,
        type: shape.type,
      })),
      rows: listed?.rows ?? 0,
      digest: digestOf(plan, table),
    }
  })
}

const digests = new Map<string, string>()

const digestOf = (plan: TypedPlan, table: TypedTable): string => {
  const name = `${plan.hash} ${table.name}`
  const digest = digests.get(name) ?? goldenTable(table, interpretTable(plan, table.name)).digest
  digests.set(name, digest)
  return digest
}
