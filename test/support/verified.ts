import type { Plan } from '../../src/core/plan/plan.ts'
import type { Finding } from '../../src/core/report/finding.ts'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { generate } from '../../src/node/run/generate.ts'
import type { RunHost } from '../../src/node/run/host.ts'
import { loadPlan } from '../../src/node/run/load-plan.ts'
import { verifyDataset } from '../../src/node/verify/verify.ts'
import { testHost } from './lake.ts'

/** What a run found of its promises, and what verify finds of them in its files. */
export interface Verified {
  readonly run: readonly Finding[]
  readonly files: readonly Finding[]
}

/** Makes a dataset in one part in an empty lake and verifies it. */
export const verified = async (
  lake: string,
  plan: Plan,
  host: RunHost = testHost(),
): Promise<Verified> => {
  const { manifest } = await generate(
    {
      lake,
      catalog: 'c',
      plan: await loadPlan(plan),
      mode: undefined,
      options: {
        format: 'delta',
        compression: 'none',
        checksums: true,
        engine: 'native',
        parts: 1,
      },
      workers: 1,
    },
    host,
  )
  const files = await verifyDataset({
    place: { root: lake, folder: `c/${manifest.name}` },
    manifest,
    plan: await loadPlan(manifest.plan),
    dialect: DUCKDB,
    limits: { memoryMb: 512, threads: 1 },
    onTable: () => undefined,
  })
  return { run: manifest.tables.flatMap(({ promises }) => promises), files }
}
