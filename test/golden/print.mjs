// Prints the values of the goldens that come as JSON on stdin, with and without the kernel's twins.
import { readFileSync } from 'node:fs'
import { compute } from './compute.mjs'

const inputs = JSON.parse(readFileSync(0, 'utf8'))
const module = new WebAssembly.Module(
  readFileSync(new URL('../../dist/wasm/kernel.wasm', import.meta.url)),
)
process.stdout.write(
  JSON.stringify({ plain: compute(inputs), twins: compute({ ...inputs, module }) }),
)
