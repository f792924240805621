import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Value } from '../../src/core/expr/types.ts'
import { createDigest } from '../../src/core/plan/digest.ts'
import type { Plan } from '../../src/core/plan/plan.ts'
import type { TypedPlan, TypedTable } from '../../src/core/plan/typed.ts'
import { type ParameterValues, resolveParameters } from '../../src/datasets/definition.ts'
import { findDataset } from '../../src/node/cli/datasets.ts'
import { loadPlan, readVocabularies } from '../../src/node/run/load-plan.ts'

/** What is pinned of a table: its portable digest and its first rows, by logical column name. */
export interface GoldenTable {
  readonly digest: string
  readonly first: readonly Readonly<Record<string, Value>>[]
}

/** The pinned tables of a plan by name. */
export type Golden = Readonly<Record<string, GoldenTable>>

/** A dataset of the package with parameters, in place of a written plan. */
export interface GoldenDataset {
  readonly dataset: string
  readonly seed: number | string
  readonly parameters: ParameterValues
}

type Row = Readonly<Record<string, Value>>

/** The folder whose folders are goldens. */
export const GOLDEN_FOLDER = fileURLToPath(new URL('../golden/', import.meta.url))

/** The names of all goldens: folders with a plan.json, or a dataset.json that a plan is built from. */
export const goldenNames = (): readonly string[] =>
  readdirSync(GOLDEN_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()

/** The file of a golden. */
export const goldenFile = (name: string, file: string): string => `${GOLDEN_FOLDER}${name}/${file}`

/** A JSON file of a golden; undefined when there is none. */
export const readGolden = (name: string, file: string): unknown => {
  const path = goldenFile(name, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/** The plan of a golden, ready for every engine. */
export const goldenPlan = async (name: string): Promise<TypedPlan> =>
  loadPlan(readGolden(name, 'plan.json') ?? (await buildGolden(name)))

/** What is to be pinned of a table whose rows are these, hidden columns left out. */
export const goldenTable = ({ columns }: TypedTable, rows: Iterable<Row>): GoldenTable => {
  const landed = columns.filter(({ hidden }) => !hidden).map(({ name }) => name)
  const digest = createDigest()
  const first: Row[] = []
  for (const row of rows) {
    const values = landed.map((name) => row[name] ?? null)
    digest.add(values)
    if (first.length < FIRST)
      first.push(Object.fromEntries(landed.map((name, i) => [name, values[i] ?? null])))
  }
  return { digest: digest.hex(), first }
}

const FIRST = 3

const buildGolden = async (name: string): Promise<Plan> => {
  const { dataset: of, seed, parameters } = readGolden(name, 'dataset.json') as GoldenDataset
  const dataset = await findDataset(of)
  if (dataset === undefined) throw new Error(`the golden ${name} is of no dataset: ${of}`)
  const vocabularies = await readVocabularies(dataset.vocabularies)
  return dataset.build(resolveParameters(dataset.parameters, parameters), { seed, vocabularies })
}
