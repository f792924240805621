import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { INSTRUCTION_NAMES } from '../../../src/core/kernel/instructions/names.ts'
import {
  createInstructions,
  createKernelInstructions,
} from '../../../src/core/kernel/instructions/table.ts'
import { HIGH_WORD_MULTIPLIER, MIXER } from '../../../src/core/random/mixer.ts'
import { loadKernel } from '../../../src/node/store/wasm.ts'
import { ROOT } from '../../support/sources.ts'
import { checkInstruction, ROW_COUNTS } from './instruction-cases/check.ts'

const wasm = loadKernel(1 << 26)!
const memory = new Uint8Array(wasm.memory.buffer)
const instructions = createKernelInstructions(wasm.memory.buffer, wasm)

describe('SIMD twins', () => {
  test('exist for all instructions', () => {
    const exported = INSTRUCTION_NAMES.filter((name) => typeof wasm.exports[name] === 'function')
    expect(exported).toEqual([...INSTRUCTION_NAMES])
  })

  test('mix with the constants of the mixer', () => {
    const source = readFileSync(join(ROOT, 'src/wasm/mixer.ts'), 'utf8')
    const found = [...source.matchAll(/^export const (\w+): i32 = (\d+)$/gm)]
    const copied = Object.fromEntries(found.map(([, name, value]) => [name, Number(value)]))
    const { s1: S1, m1: M1, s2: S2, m2: M2, s3: S3 } = MIXER
    expect(copied).toEqual({ S1, M1, S2, M2, S3, HIGH_WORD_MULTIPLIER })
  })

  test.each(INSTRUCTION_NAMES)('%s writes what is expected and nothing else', (name) => {
    for (const n of ROW_COUNTS)
      for (let seed = 0; seed < (n < 1000 ? 6 : 1); seed++)
        checkInstruction(
          name,
          { n, seed: 1000 * seed + n },
          { memory, instruction: instructions[name] },
        )
  })

  test.each(['div_i', 'mod_i'] as const)('%s by zero gives what the definition gives', (name) => {
    const [dividends, divisors, out] = [65536, 65536 + 1024, 65536 + 2048]
    const run = (buffer: ArrayBuffer, machine: typeof instructions): readonly number[] => {
      new Int32Array(buffer, dividends, 6).set([0, 1, -1, 2 ** 31 - 1, -(2 ** 31), -5])
      new Int32Array(buffer, divisors, 6).set([0, 0, 0, 0, -1, 0])
      machine[name](6, [dividends, divisors, out])
      return [...new Int32Array(buffer, out, 6)]
    }
    const plain = new ArrayBuffer(1 << 17)
    const expected = run(plain, createInstructions(plain))
    expect(run(wasm.memory.buffer, instructions)).toEqual(expected)
  })
})

describe('kernel instructions', () => {
  test('are the definitions where there is no module', () => {
    const buffer = new ArrayBuffer(1024)
    const plain = createKernelInstructions(buffer)
    plain.seq_i(4, [512, 7])
    expect([...new Int32Array(buffer, 512, 4)]).toEqual([7, 8, 9, 10])
  })
})
