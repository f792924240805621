import { describe, expect, it } from 'vitest'
import type { KernelHost } from '../../../src/core/kernel/generator.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { kernelHost } from '../../../src/node/run/kernel-host.ts'
import { kernelRows, plainHost } from '../../support/kernel-rows.ts'
import { randomPlan, resolveRandom } from '../../support/random-plans.ts'
import { coverage, everything } from '../../support/random-plans/coverage.ts'

const PLANS = Number(process.env['LAKEWRIGHT_PLANS'] ?? (process.env['CI'] === 'true' ? 2000 : 700))

/** A WebAssembly memory of its own for each table costs more than its rows, so every fourth plan has to do. */
const hostOf = (seed: number): KernelHost => (seed % 4 === 0 ? kernelHost : plainHost)

describe('the kernel, in plain TypeScript and in WebAssembly by turns', () => {
  it('makes the rows that the interpreter makes, for random plans cut into parts', () => {
    const seen = new Set<string>()
    let tables = 0
    for (let seed = 0; seed < PLANS; seed++) {
      const plan = resolveRandom(randomPlan(seed))
      if (plan === undefined) continue
      for (const word of coverage(plan)) seen.add(word)
      const host = hostOf(seed)
      for (const name of plan.tables.keys()) {
        const expected = [...interpretTable(plan, name, { hidden: true })]
        const actual = kernelRows(plan, { name, parts: 1 + (seed % 5), host })
        expect(actual, `seed ${seed}, table ${name}`).toEqual(expected)
        tables += 1
      }
    }
    expect(tables).toBeGreaterThan(4 * PLANS)
    if (PLANS >= 700) expect([...everything()].filter((word) => !seen.has(word))).toEqual([])
  }, 900_000)
})
