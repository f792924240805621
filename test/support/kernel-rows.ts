import type { ColumnBlock } from '../../src/core/columns/block.ts'
import type { Value } from '../../src/core/expr/types.ts'
import { createGenerator, type KernelHost } from '../../src/core/kernel/generator.ts'
import { createInstructions } from '../../src/core/kernel/instructions/table.ts'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import { textOf } from '../../src/core/utf8.ts'

/** A host whose instructions are all plain TypeScript. */
export const plainHost: KernelHost = {
  allocate: (bytes) => {
    const buffer = new ArrayBuffer(Math.ceil(bytes / 65536) * 65536)
    return { buffer, instructions: createInstructions(buffer) }
  },
}

/** All columns, hidden ones too, of all rows of a table as the kernel makes them, cut into `parts` ranges of keys. */
export const kernelRows = (
  plan: TypedPlan,
  {
    name,
    parts = 1,
    host = plainHost,
  }: { readonly name: string; readonly parts?: number; readonly host?: KernelHost },
): Record<string, Value>[] => {
  const table = plan.tables.get(name)!
  const wanted = table.columns.map((column) => ({
    name: column.name,
    expr: { kind: 'column' as const, name: column.name, shape: column.shape },
  }))
  const generator = createGenerator(plan, { table, wanted }, host)
  const rows: Record<string, Value>[] = []
  const span = Math.max(1, Math.ceil((table.maxKey + 1) / parts))
  for (let variant = 0; variant < generator.variants; variant++) {
    for (let lo = 0; lo <= table.maxKey; lo += span) {
      generator.generate({ variant, lo, hi: lo + span }, (blocks, count) => {
        for (let row = 0; row < count; row++) {
          rows.push(
            Object.fromEntries(wanted.map((each, i) => [each.name, cellOf(blocks[i]!, row)])),
          )
        }
      })
    }
  }
  return rows
}

/** One cell of a block as a value. */
export const cellOf = (block: ColumnBlock, row: number): Value => {
  if (block.nulls?.[row] === 1) return null
  switch (block.kind) {
    case 'int32':
    case 'float64':
      return block.values[row]!
    case 'codes': {
      const { offsets, bytes } = block.dictionary
      const code = block.codes[row]!
      return textOf(bytes.slice(offsets[code], offsets[code + 1]))
    }
    case 'fixed': {
      const at = row * (block.width + 4) + 4
      return textOf(block.bytes.slice(at, at + block.width))
    }
    case 'bytes':
      return textOf(block.bytes.slice(block.offsets[row], block.offsets[row + 1]))
  }
}
