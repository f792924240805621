import type { DatasetDefinition } from '../../datasets/definition.ts'

/** The datasets of the package, each loaded when it is named. */
export const DATASETS: Readonly<Record<string, () => Promise<DatasetDefinition>>> = {
  identity: async () => (await import('../../datasets/identity/identity.ts')).identity,
  mdm: async () => (await import('../../datasets/mdm/mdm.ts')).mdm,
  retail: async () => (await import('../../datasets/retail/retail.ts')).retail,
}

/** The dataset of a name; undefined when there is none. */
export const findDataset = async (name: string): Promise<DatasetDefinition | undefined> =>
  Object.hasOwn(DATASETS, name) ? DATASETS[name]?.() : undefined
