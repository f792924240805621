import { describe, expect, test } from 'vitest'
import { INSTRUCTION_NAMES } from '../../../src/core/kernel/instructions/names.ts'
import { createInstructions } from '../../../src/core/kernel/instructions/table.ts'
import { CASES } from './instruction-cases/all.ts'
import { checkInstruction, ROW_COUNTS } from './instruction-cases/check.ts'

const buffer = new ArrayBuffer(1 << 24)
const memory = new Uint8Array(buffer)
const instructions = createInstructions(buffer)

describe('instructions in TypeScript', () => {
  test('are those of the list, and each has a case', () => {
    expect(Object.keys(instructions)).toEqual([...INSTRUCTION_NAMES])
    expect(Object.keys(CASES).toSorted()).toEqual([...INSTRUCTION_NAMES].toSorted())
  })

  test.each(INSTRUCTION_NAMES)('%s does what is expected and writes nothing else', (name) => {
    for (const n of ROW_COUNTS)
      for (let seed = 0; seed < (n < 1000 ? 6 : 1); seed++)
        checkInstruction(
          name,
          { n, seed: 1000 * seed + n },
          { memory, instruction: instructions[name] },
        )
  })
})
