import { expect, test } from 'vitest'
import type { Part } from '../../../src/core/run/parts.ts'
import { type Proof, warehouseStages } from '../../../src/core/warehouse/stages.ts'

const part = (table: string, number: number, rows: number): Part => ({
  table,
  number,
  rows,
  variant: 0,
  lo: 0,
  hi: 1,
})

const proofs = (
  parts: readonly Part[],
  { proof, rowsBefore = 0 }: { readonly proof: Proof; readonly rowsBefore?: number },
): Readonly<Record<string, Proof>> =>
  Object.fromEntries(
    warehouseStages({
      target: 'main.bronze',
      parts,
      publications: ['small', 'large'].map((table) => ({
        table,
        landed: table,
        way: 'take',
        rowsBefore,
        before: '',
      })),
      proof,
    }).flatMap((stage) => (stage.kind === 'prove' ? [[stage.table, stage.by]] : [])),
  )

const PARTS = [
  part('small', 0, 1_000_000_000),
  part('small', 1, 900_000_000),
  part('large', 0, 1_900_000_000),
  part('large', 1, 200_000_000),
]

test('a table of more rows than a digest holds is counted, the others are digested', () => {
  expect(proofs(PARTS, { proof: 'digest' })).toEqual({ small: 'digest', large: 'counts' })
  expect(proofs(PARTS, { proof: 'counts' })).toEqual({ small: 'counts', large: 'counts' })
  const grown = proofs(PARTS, { proof: 'digest', rowsBefore: 200_000_000 })
  expect(grown).toEqual({ small: 'counts', large: 'counts' })
})
