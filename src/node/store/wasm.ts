import { readFileSync } from 'node:fs'
import type { WasmKernel } from '../../core/ports.ts'
import { isAbsent } from './file-errors.ts'

/**
 * A new memory of at least the given bytes, all 0 and of fixed size, with the module's functions over it: the SIMD twins
 * of vector instructions and Parquet primitives. Undefined where the module was not built, as in a clean checkout.
 */
export const loadKernel = (bytesOfMemory: number): WasmKernel | undefined => {
  compiled ??= compile()
  if (compiled === undefined) return undefined
  const pages = Math.max(LEAST_PAGES, Math.ceil(bytesOfMemory / BYTES_PER_PAGE))
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
  return { memory, exports }
}

/** What is used of the host's WebAssembly, which neither ES2023 nor Node's own types declare. */
declare const WebAssembly: {
  readonly Memory: new (pages: {
    readonly initial: number
    readonly maximum: number
  }) => WasmKernel['memory']
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmKernel['memory'] } },
  ) => { readonly exports: WasmKernel['exports'] }
}

/** Compiled code; the host alone looks inside. */
type WasmModule = object

const BYTES_PER_PAGE = 65536
/** What scripts/build has the module ask for. */
const LEAST_PAGES = 1

// As far from the compiled file as from the source.
const MODULE = new URL('../../../dist/wasm/kernel.wasm', import.meta.url)

/** Compiled when first needed, once a thread. */
let compiled: WasmModule | undefined

const compile = (): WasmModule | undefined => {
  try {
    return new WebAssembly.Module(readFileSync(MODULE))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
