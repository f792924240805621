import type { WasmKernel } from '../../ports.ts'
import { arithmeticInstructions } from './arithmetic.ts'
import { comparisonInstructions } from './compare.ts'
import { type Definition, viewsOf } from './definition.ts'
import { digestInstructions } from './digest.ts'
import { drawInstructions } from './draws.ts'
import { editInstructions } from './edit.ts'
import { foldInstructions } from './folds.ts'
import { lawInstructions } from './law-draws.ts'
import { logicInstructions } from './logic.ts'
import { type Instruction, INSTRUCTION_NAMES, type InstructionName } from './names.ts'
import { rowInstructions } from './rows.ts'
import { stringInstructions } from './strings.ts'
import { takeInstructions } from './take.ts'
import { textInstructions } from './text.ts'
import { timeInstructions } from './time.ts'

/** Every instruction of the vector machine by name. */
export type Instructions = Readonly<Record<InstructionName, Instruction>>

/** All instructions over a memory in plain TypeScript: what they mean, and what runs where there is no twin. */
export const createInstructions = (buffer: ArrayBuffer): Instructions => {
  const views = viewsOf(buffer)
  const definitions: Readonly<Record<InstructionName, Definition>> = {
    ...rowInstructions(views),
    ...takeInstructions(views),
    ...arithmeticInstructions(views),
    ...comparisonInstructions(views),
    ...logicInstructions(views),
    ...drawInstructions(views),
    ...lawInstructions(views),
    ...foldInstructions(views),
    ...stringInstructions(views),
    ...editInstructions(views),
    ...textInstructions(views),
    ...timeInstructions(views),
    ...digestInstructions(views),
  }
  return byName((name) => counting(definitions[name]))
}

/** All instructions over a memory: the module's twin of each, if it has one, else the plain definition. */
export const createKernelInstructions = (buffer: ArrayBuffer, wasm?: WasmKernel): Instructions => {
  const plain = createInstructions(buffer)
  if (wasm === undefined) return plain
  return byName((name) => {
    const twin = wasm.exports[name]
    return typeof twin === 'function' ? (n, at) => twin(n, ...at) ?? 0 : plain[name]
  })
}

const counting =
  (definition: Definition): Instruction =>
  (n, at) =>
    definition(n, at) ?? 0

const byName = (make: (name: InstructionName) => Instruction): Instructions =>
  Object.fromEntries(INSTRUCTION_NAMES.map((name) => [name, make(name)])) as Instructions
