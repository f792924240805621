// The values of goldens from compiled modules, free of Node so that browsers can load it too.
import { createGenerator } from '../../dist/core/kernel/generator.js'
import {
  createInstructions,
  createKernelInstructions,
} from '../../dist/core/kernel/instructions/table.js'
import { createDigest } from '../../dist/core/plan/digest.js'
import { resolvePlan } from '../../dist/core/plan/resolve.js'
import { parseVocabulary } from '../../dist/core/plan/vocabulary.js'
import { compileLaw } from '../../dist/core/random/laws.js'
import { tableHash } from '../../dist/core/random/table-hash.js'
import { textOf } from '../../dist/core/utf8.js'
import { resolveParameters } from '../../dist/datasets/definition.js'
import { identity } from '../../dist/datasets/identity/identity.js'
import { mdm } from '../../dist/datasets/mdm/mdm.js'
import { retail } from '../../dist/datasets/retail/retail.js'

/**
 * Digests by golden and table, and the hashes of the golden laws. `texts` are the files of the package's vocabularies
 * by name, `goldens` plans or datasets by name, `laws` the golden laws; with a compiled WebAssembly `module` the kernel
 * runs its twins.
 */
export const compute = ({ texts, goldens, laws, module }) => {
  const vocabularies = new Map(
    Object.entries(texts).map(([name, text]) => [name, parseVocabulary(name, text)]),
  )
  const digests = Object.entries(goldens).map(([name, golden]) => {
    const plan = golden.dataset === undefined ? golden : build(golden, vocabularies)
    return [name, digestsOf(resolvePlan(plan, vocabularies), hostOf(module))]
  })
  return {
    digests: Object.fromEntries(digests),
    laws: laws.map((law) => tableHash(compileLaw(law, anyWeights).table)),
  }
}

/** Stands for any vocabulary, as in law-golden.test.ts. */
const anyWeights = () => Array.from({ length: 2000 }, (_, row) => Math.floor(1e6 / (row + 10)))

const DATASETS = { identity, mdm, retail }

const build = ({ dataset: name, seed, parameters }, vocabularies) => {
  const dataset = DATASETS[name]
  return JSON.parse(
    JSON.stringify(
      dataset.build(resolveParameters(dataset.parameters, parameters), { seed, vocabularies }),
    ),
  )
}

const PAGE = 65536

const hostOf = (module) => ({
  allocate: (bytes) => {
    const pages = Math.max(1024, Math.ceil(bytes / PAGE))
    if (module === undefined) {
      const buffer = new ArrayBuffer(pages * PAGE)
      return { buffer, instructions: createInstructions(buffer) }
    }
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    return {
      buffer: memory.buffer,
      instructions: createKernelInstructions(memory.buffer, { memory, exports }),
    }
  },
})

const digestsOf = (plan, host) =>
  Object.fromEntries(
    [...plan.tables.values()]
      .filter((table) => !table.virtual)
      .map((table) => [table.name, digestOf(plan, table, host)]),
  )

const digestOf = (plan, table, host) => {
  const wanted = table.columns
    .filter(({ hidden }) => !hidden)
    .map(({ name, shape }) => ({ name, expr: { kind: 'column', name, shape } }))
  const generator = createGenerator(plan, { table, wanted }, host)
  const digest = createDigest()
  for (let variant = 0; variant < generator.variants; variant++) {
    generator.generate({ variant, lo: 0, hi: table.maxKey + 1 }, (blocks, rows) => {
      for (let row = 0; row < rows; row++) digest.add(blocks.map((block) => cellOf(block, row)))
    })
  }
  return digest.hex()
}

const cellOf = (block, row) => {
  if (block.nulls?.[row] === 1) return null
  switch (block.kind) {
    case 'codes': {
      const { offsets, bytes } = block.dictionary
      const code = block.codes[row]
      return textOf(bytes.slice(offsets[code], offsets[code + 1]))
    }
    case 'fixed': {
      const at = row * (block.width + 4) + 4
      return textOf(block.bytes.slice(at, at + block.width))
    }
    case 'bytes':
      return textOf(block.bytes.slice(block.offsets[row], block.offsets[row + 1]))
    default:
      return block.values[row]
  }
}
