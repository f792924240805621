import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Golden, goldenNames, GOLDEN_FOLDER, readGolden } from '../support/golden.ts'
import { requireService, servicePath } from '../support/services.ts'
import { ROOT } from '../support/sources.ts'

interface GoldenLaw {
  readonly law: unknown
  readonly hash: string
}

const laws = JSON.parse(
  readFileSync(`${GOLDEN_FOLDER}law-tables.json`, 'utf8'),
) as readonly GoldenLaw[]

/** What compute.mjs takes: vocabularies, goldens and laws, all as JSON. */
const inputs = (): string => {
  const folder = join(ROOT, 'assets/vocabularies')
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.tsv'))
    .map((file) => [file.replace('.tsv', ''), readFileSync(join(folder, file), 'utf8')] as const)
  const goldens = goldenNames().map(
    (name) => [name, readGolden(name, 'plan.json') ?? readGolden(name, 'dataset.json')] as const,
  )
  return JSON.stringify({
    texts: Object.fromEntries(texts),
    goldens: Object.fromEntries(goldens),
    laws: laws.map(({ law }) => law),
  })
}

/** What every runtime must give. */
const pinned = () => ({
  digests: Object.fromEntries(
    goldenNames().map((name) => [
      name,
      Object.fromEntries(
        Object.entries(readGolden(name, 'expected.json') as Golden).map(([table, { digest }]) => [
          table,
          digest,
        ]),
      ),
    ]),
  ),
  laws: laws.map(({ hash }) => hash),
})

interface Call {
  readonly program: string
  readonly args: readonly string[]
  readonly input?: string
}

/** What a program prints; throws with what it says on stderr when it fails. */
const output = async ({ program, args, input }: Call): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { timeout: 170_000, maxBuffer: 2 ** 26 },
      (error, stdout) => {
        if (error === null) resolve(stdout)
        else reject(error)
      },
    )
    // A program that ends before it has read everything is told by its exit code.
    child.stdin?.on('error', () => undefined)
    if (input !== undefined) child.stdin?.end(input)
  })

const expectPinned = (printed: unknown): void => {
  expect(printed).toEqual({ plain: pinned(), twins: pinned() })
  expect(laws.length).toBeGreaterThan(15)
  expect(goldenNames().length).toBeGreaterThan(5)
}

describe.each(['node22', 'node24'] as const)('%s', (name) => {
  const service = requireService(name)

  test.skipIf(service.kind === 'missing')(
    'makes the pinned law tables and digests',
    async () => {
      const program = servicePath(service)
      const version = await output({ program, args: ['--version'] })
      expect(version.startsWith(`v${name.slice(4)}.`)).toBe(true)
      const args = [`${GOLDEN_FOLDER}print.mjs`]
      expectPinned(JSON.parse(await output({ program, args, input: inputs() })))
    },
    180_000,
  )
})

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Serves compiled modules and the golden page on a free port of this machine alone. */
const serve = async (): Promise<Server> => {
  const server = createServer((request, response) => {
    const path = normalize(request.url ?? '/')
    if (path === '/inputs.json') response.end(inputs())
    else if (!/^\/(dist\/(core|datasets|wasm)|test\/golden)\//.test(path))
      response.writeHead(404).end()
    else
      readFile(join(ROOT, path)).then(
        (bytes) => response.setHeader('content-type', TYPES[extname(path)] ?? '').end(bytes),
        () => response.writeHead(404).end(),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const CHROMIUM = `
  --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
  --disable-component-update --disable-sync --virtual-time-budget=120000 --dump-dom
`

describe('Chromium', () => {
  const service = requireService('chromium')

  test.skipIf(service.kind === 'missing')(
    'makes the pinned law tables and digests',
    async () => {
      const profile = mkdtempSync(join(tmpdir(), 'lakewright-chromium-'))
      const server = await serve()
      try {
        const { port } = server.address() as AddressInfo
        const url = `http://127.0.0.1:${port}/test/golden/page.html`
        const dom = await output({
          program: servicePath(service),
          args: [...CHROMIUM.trim().split(/\s+/), `--user-data-dir=${profile}`, url],
        })
        const result = /<pre id="result">([^<]*)<\/pre>/.exec(dom)?.[1] ?? ''
        expectPinned(JSON.parse(Buffer.from(result, 'base64').toString()))
      } finally {
        server.close()
        server.closeAllConnections()
        // Its helpers may write for a moment longer.
        rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
      }
    },
    180_000,
  )
})
