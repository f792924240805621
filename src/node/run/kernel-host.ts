import type { ColumnBlock } from '../../core/columns/block.ts'
import type { KernelHost } from '../../core/kernel/generator.ts'
import type { KernelMemory } from '../../core/kernel/runner.ts'
import { createWordStore } from '../../core/kernel/words.ts'
import { createKernelInstructions } from '../../core/kernel/instructions/table.ts'
import {
  createEncoderMemory,
  createSlabPool,
  type Allocator,
  type EncoderMemory,
} from '../../core/parquet/memory.ts'
import { plainPrimitives, type ParquetPrimitives } from '../../core/parquet/primitives.ts'
import { wasmPrimitives } from '../../core/parquet/wasm.ts'
import type { WasmKernel } from '../../core/ports.ts'
import { type CountRates, kernelRates } from '../../core/report/rates.ts'
import { loadKernel } from '../store/wasm.ts'

/** Memories with the instructions of this thread: SIMD twins where they were built, else plain TypeScript. */
export const kernelHost: KernelHost = {
  allocate: (bytes) => {
    const wasm = loadKernel(bytes)
    const buffer = wasm?.memory.buffer ?? new ArrayBuffer(bytes)
    return { buffer, instructions: createKernelInstructions(buffer, wasm) }
  },
}

/** The loops of a Parquet encoder and the memory in which they work. */
export interface EncoderTools {
  readonly primitives: ParquetPrimitives
  readonly memory: EncoderMemory
}

/** A kernel, and what encodes and counts its blocks best: SIMD twins, which work only in a block's own memory. */
export interface ThreadKernel {
  readonly host: KernelHost
  readonly encoderTools: (blocks: readonly ColumnBlock[]) => EncoderTools
  readonly countRates: CountRates
  /** Hears that all memories given so far are done with, and gives them again: fresh pages cost more than clean ones. */
  readonly recycle: () => void
}

/** A kernel whose memories have room for encoders; all of them share one pool of slabs. */
export const createThreadKernel = (): ThreadKernel => {
  const slabs = createSlabPool()
  const lent = new Map<ArrayBufferLike, Lent>()
  let spare: readonly Made[] = []
  const elsewhere = {
    primitives: plainPrimitives(),
    memory: createEncoderMemory(onHeap, slabs),
  }
  const allocate: KernelHost['allocate'] = (bytes) => {
    const made = spare.find(({ wasm }) => fits(wasm, bytes)) ?? makeMemory(bytes)
    if (made === undefined) {
      const buffer = new ArrayBuffer(bytes)
      return { buffer, instructions: createKernelInstructions(buffer) }
    }
    const { wasm, instructions } = made
    const { buffer } = wasm.memory
    if (spare.includes(made)) new Uint8Array(buffer, MODULE_BYTES, bytes - MODULE_BYTES).fill(0)
    // What was too small once would wait for long.
    spare = spare.filter((each) => each !== made && fits(each.wasm, bytes))
    const memory = createEncoderMemory(allocatorFrom(buffer, bytes), slabs)
    lent.set(buffer, { ...made, tools: { primitives: wasmPrimitives(wasm), memory } })
    return { buffer, instructions }
  }
  const encoderTools = (blocks: readonly ColumnBlock[]): EncoderTools => {
    const own = blocks.find((block) => lent.has(cells(block).buffer))
    return (own && lent.get(cells(own).buffer)?.tools) ?? elsewhere
  }
  return {
    host: { allocate, words: createWordStore() },
    encoderTools,
    countRates: kernelRates((buffer) => lent.get(buffer)?.wasm),
    recycle: () => {
      spare = [...lent.values(), ...spare]
      lent.clear()
    },
  }
}

/** A memory that was made, with its instructions. */
interface Made {
  readonly wasm: WasmKernel
  readonly instructions: KernelMemory['instructions']
}

/** A memory that is in use. */
interface Lent extends Made {
  readonly tools: EncoderTools
}

const fits = ({ memory }: WasmKernel, bytes: number): boolean =>
  memory.buffer.byteLength >= bytes + ENCODER_BYTES

/** Undefined where the module was not built. */
const makeMemory = (bytes: number): Made | undefined => {
  const wasm = loadKernel(bytes + ENCODER_BYTES)
  return wasm && { wasm, instructions: createKernelInstructions(wasm.memory.buffer, wasm) }
}

/** What the module keeps for itself. */
const MODULE_BYTES = 65536

/** Room behind a program's registers; an encoder that needs more than this takes the rest from the heap. */
const ENCODER_BYTES = 16 << 20

const onHeap: Allocator = (bytes) => new Uint8Array(bytes)

/** Hands out what lies behind the first `used` bytes of a buffer, then the heap. */
const allocatorFrom = (buffer: ArrayBuffer, used: number): Allocator => {
  let next = (used + 63) & ~63
  return (bytes) => {
    const start = next
    if (start + bytes > buffer.byteLength) return onHeap(bytes)
    next = (start + bytes + 15) & ~15
    return new Uint8Array(buffer, start, bytes)
  }
}

const cells = (block: ColumnBlock): ArrayBufferView => {
  switch (block.kind) {
    case 'int32':
    case 'float64':
      return block.values
    case 'codes':
      return block.codes
    case 'fixed':
    case 'bytes':
      return block.bytes
  }
}
