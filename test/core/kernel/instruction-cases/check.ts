import { expect } from 'vitest'
import {
  type Instruction,
  INSTRUCTION_NAMES,
  type InstructionName,
} from '../../../../src/core/kernel/instructions/names.ts'
import { CASES } from './all.ts'
import { createTrial, FIRST_ADDRESS } from './trial.ts'

/** Row counts around the widths of vectors, and a full block. */
export const ROW_COUNTS = [0, 1, 3, 15, 16, 17, 100, 16384] as const

/** A machine under test: an instruction and the memory that it works on. */
export interface Machine {
  readonly memory: Uint8Array
  readonly instruction: Instruction
}

/** Runs a random case and holds the result, every byte wanted and every byte around them against the expectation. */
export const checkInstruction = (
  name: InstructionName,
  { n, seed }: { readonly n: number; readonly seed: number },
  { memory, instruction }: Machine,
): void => {
  const trial = createTrial(n, seed + INSTRUCTION_NAMES.indexOf(name))
  const made = CASES[name]!(trial)
  const image = trial.image.subarray(FIRST_ADDRESS)
  memory.set(image, FIRST_ADDRESS)
  const returned = instruction(n, made.at)
  expect(returned, 'the returned count').toBe(made.returns ?? 0)
  for (const { at, bytes } of made.wanted) {
    const got = memory.subarray(at, at + bytes.length)
    if (Buffer.compare(got, bytes) !== 0) expect(describeBytes(got)).toEqual(describeBytes(bytes))
  }
  for (const { from, to } of trial.writable) memory.set(trial.image.subarray(from, to), from)
  const after = memory.subarray(FIRST_ADDRESS, FIRST_ADDRESS + image.length)
  expect(Buffer.compare(after, image), 'bytes elsewhere').toBe(0)
}

/** A readable form of bytes, for a failure. */
const describeBytes = (bytes: Uint8Array): unknown => ({
  int32: Array.from(new Int32Array(bytes.slice(0, bytes.length & ~3).buffer)).slice(0, 200),
  text: Buffer.from(bytes).toString('latin1').slice(0, 2000),
})
