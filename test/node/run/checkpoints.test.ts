import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { readSnapshot } from '../../../src/node/delta/read-snapshot.ts'
import { generate } from '../../../src/node/run/generate.ts'
import { datasetPlace } from '../../../src/node/run/lake.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { vacuumDataset } from '../../../src/node/run/vacuum-dataset.ts'
import { localStore } from '../../../src/node/store/local.ts'
import { filesBelow, testHost } from '../../support/lake.ts'
import { runPython } from '../../support/python.ts'
import { requireService, servicePath } from '../../support/services.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const python = requireService('python')
const CLOCK = 1_700_000_000_000
const STORES = 'lakewright/shop/stores'

const plan = (seed: number): Plan => {
  const whole = shopPlan(3, seed)
  return { ...whole, tables: whole.tables.filter(({ name }) => name === 'stores') }
}

/** Overwrites a dataset until its tables have version 25. */
const worn = async (lake: string): Promise<void> => {
  for (let version = 0; version <= 25; version++) {
    await generate(
      {
        lake,
        catalog: 'lakewright',
        plan: await loadPlan(plan(version)),
        mode: version === 0 ? undefined : 'overwrite',
        options: { format: 'delta', compression: 'none', checksums: true, engine: 'native' },
        workers: 1,
      },
      testHost({ clock: { now: () => CLOCK + version * 1000 } }),
    )
  }
}

const DELTA_RS = `
import json, sys
from deltalake import DeltaTable
t = DeltaTable(sys.argv[1])
rows = t.to_pyarrow_table().to_pylist()
print(json.dumps({'version': t.version(), 'stores': [r['store_id'] for r in rows], 'files': len(t.file_uris())}))
`

const readByDeltaRs = (lake: string): unknown =>
  JSON.parse(runPython(servicePath(python), DELTA_RS, { args: [join(lake, STORES)] }))

describe('a table that generate has brought to version 25', () => {
  const lake = mkdtempSync(join(tmpdir(), 'lakewright-checkpoints-'))
  beforeAll(() => worn(lake), 120_000)
  afterAll(() => rmSync(lake, { recursive: true, force: true }))

  const log = (): readonly string[] =>
    filesBelow(join(lake, STORES, '_delta_log')).map((name) => name.replace(/^0+(?=\d)/, ''))

  test('has a checkpoint of every tenth version and a pointer to the newest', () => {
    expect(log().filter((name) => !name.endsWith('.json'))).toEqual([
      '10.checkpoint.parquet',
      '20.checkpoint.parquet',
      '_last_checkpoint',
    ])
  })

  test('is read by us at any version', async () => {
    const store = localStore(lake)
    for (const version of [5, 10, 15, 25]) {
      const snapshot = await readSnapshot(store, STORES, version)
      expect([snapshot?.version, snapshot?.files.size]).toEqual([version, 1])
      expect(snapshot?.timestamp).toBe(CLOCK + version * 1000)
    }
  })

  test.skipIf(python.kind === 'missing')('is read by delta-rs', () => {
    expect(readByDeltaRs(lake)).toEqual({ version: 25, stores: [1, 2, 3], files: 1 })
  })

  test('is still read after vacuum has cleaned up its log', async () => {
    const place = datasetPlace('lakewright', 'shop')
    const now = Date.now() + 40 * 86_400_000
    await vacuumDataset(lake, { place, options: { now } }, testHost())
    expect(log().slice(0, 3)).toEqual(['20.checkpoint.parquet', '20.json', '21.json'])
    expect((await readSnapshot(localStore(lake), STORES))?.version).toBe(25)
    if (python.kind === 'found') expect(readByDeltaRs(lake)).toMatchObject({ version: 25 })
  })
})
