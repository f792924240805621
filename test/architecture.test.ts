import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ERROR_CATALOGUE } from '../src/core/errors.ts'
import { findCycle, importsOf, projectPaths, readSources, ROOT } from './support/sources.ts'
import type { Import } from './support/sources.ts'

/** Lower never imports higher. Folders of one level may import each other as long as they form no cycle. */
const LEVELS: readonly (readonly string[])[] = [
  ['core'],
  ['core/expr', 'core/columns'],
  ['core/random', 'core/parquet'],
  ['core/plan'],
  ['core/run', 'core/report', 'core/sql', 'core/kernel', 'core/noise', 'core/delta', 'core/score'],
  ['core/medallion', 'core/analytics', 'core/api', 'core/warehouse'],
  ['datasets', 'datasets/identity', 'datasets/mdm', 'datasets/retail', 'datasets/telemetry'],
  ['node/store', 'node/delta', 'node/workflow', 'node/http'],
  ['node/catalog'],
  ['node/engine'],
  ['node/ingest', 'node/stream', 'node/run', 'node/verify', 'node/score'],
  ['node/warehouse', 'node/dataproc', 'node/bundle'],
  ['node/cli', 'node/server', 'node/mcp'],
]

const folderOf = (path: string): string => path.split('/').slice(1, -1).slice(0, 2).join('/')
const levelOf = (path: string): number => LEVELS.findIndex((each) => each.includes(folderOf(path)))

const tracked = projectPaths()
const isTypeScript = (path: string): boolean => path.endsWith('.ts')
const sources = readSources(
  tracked.filter((path) => /^src\/(core|datasets|node)\//.test(path) && isTypeScript(path)),
)
const imports = sources.flatMap(importsOf)
const inProject = imports.filter((each) => each.to !== undefined)

const show = (each: Import): string => `${each.from} imports ${each.specifier}`

const graph = (name: (path: string) => string): ReadonlyMap<string, ReadonlySet<string>> => {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of inProject) {
    if (to === undefined || name(from) === name(to)) continue
    edges.set(name(from), (edges.get(name(from)) ?? new Set()).add(name(to)))
  }
  return edges
}

describe('imports', () => {
  test('were seen', () => {
    expect(sources.length).toBeGreaterThan(5)
    expect(inProject.length).toBeGreaterThan(5)
    expect(sources.map((each) => each.path)).toContain('src/core/errors.ts')
  })

  test('every folder has a place in the order', () => {
    const unknown = sources.map((each) => each.path).filter((path) => levelOf(path) < 0)
    expect(unknown).toEqual([])
  })

  test('lead to a file of the project, by its .ts name', () => {
    const known = new Set(tracked)
    expect(inProject.filter((each) => !known.has(each.to ?? '')).map(show)).toEqual([])
  })

  test('never go up the order', () => {
    const up = inProject.filter((each) => levelOf(each.to ?? '') > levelOf(each.from))
    expect(up.map(show)).toEqual([])
  })

  test('form no cycle between files or folders', () => {
    expect(findCycle(graph((path) => path))).toBeUndefined()
    expect(findCycle(graph(folderOf))).toBeUndefined()
  })

  test('of core and datasets are their own files only; errors.ts has none', () => {
    const pure = imports.filter((each) => /^src\/(core|datasets)\//.test(each.from))
    const foreign = pure.filter((each) => !/^src\/(core|datasets)\//.test(each.to ?? ''))
    expect(pure.length).toBeGreaterThan(0)
    expect(foreign.map(show)).toEqual([])
    expect(imports.filter((each) => each.from === 'src/core/errors.ts').map(show)).toEqual([])
  })

  test('at start-up reach no package but Node', () => {
    const reached = new Set(['src/node/cli/main.ts'])
    const packages: string[] = []
    for (const file of reached) {
      for (const each of imports) {
        if (each.from !== file || each.kind !== 'static') continue
        if (each.to !== undefined) reached.add(each.to)
        else if (!each.specifier.startsWith('node:')) packages.push(show(each))
      }
    }
    expect(imports.some((each) => each.from === 'src/node/cli/main.ts')).toBe(true)
    expect(packages).toEqual([])
  })
})

describe('files', () => {
  const code = readSources(
    tracked.filter((path) => /^(src|test|bench)\//.test(path) && isTypeScript(path)),
  )

  test('have at most 500 lines', () => {
    const long = code.filter(({ text }) => text.split('\n').length > 501)
    expect(long.map((each) => each.path)).toEqual([])
  })

  test('have neither default exports nor barrels', () => {
    // The entry of the WebAssembly module can only export by re-exporting.
    const own = code.filter(({ path }) => path.startsWith('src/') && path !== 'src/wasm/kernel.ts')
    expect(own.length).toBeGreaterThan(5)
    const defaults = own.filter(({ text }) => /^export default\b|\bas default\b/m.test(text))
    const barrels = own.filter(
      ({ path, text }) =>
        path.endsWith('/index.ts') || /^export (type )?(\*|\{[^}]*\} from)/m.test(text),
    )
    expect(defaults.map((each) => each.path)).toEqual([])
    expect(barrels.map((each) => each.path)).toEqual([])
  })

  test('name no folder of a machine and no package registry', () => {
    const all = readSources(tracked)
    expect(all.map((each) => each.path)).toContain('package-lock.json')
    const local =
      /(?<![\w.~-])\/(?:work|root|home|Users)\/\w|(?:registry|files)\.(?:npmjs|yarnpkg|pythonhosted)|"resolved"\s*:/
    const found = all.flatMap(({ path, text }) => {
      const match = local.exec(text)
      return match === null ? [] : [`${path}: ${match[0]}`]
    })
    expect(found).toEqual([])
  })

  test('the lock file knows the binaries of every platform', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock
    const optional = Object.values(lock.packages).flatMap((each) =>
      Object.keys(each.optionalDependencies ?? {}),
    )
    expect(optional.length).toBeGreaterThan(20)
    const missing = optional.filter((name) => lock.packages[`node_modules/${name}`] === undefined)
    expect(missing, 'run npm run lock').toEqual([])
  })

  test('the command line starts by a line that names its interpreter', () => {
    const main = readFileSync(join(ROOT, 'src/node/cli/main.ts'), 'utf8')
    expect(main.startsWith('#!/usr/bin/env node\n')).toBe(true)
  })
})

describe('the error catalogue', () => {
  test('equals docs/errors.md (npm run docs:errors rewrites its table)', () => {
    const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([\w.]+)` +\| (\d+) +\| (yes|no) +\| (.*?) +\|$/gm)]
    const documented = rows.map((row) => ({
      code: row[1],
      status: Number(row[2]),
      retryable: row[3] === 'yes',
      summary: row[4],
    }))
    expect(documented.length).toBeGreaterThan(10)
    expect(documented).toEqual(
      Object.entries(ERROR_CATALOGUE).map(([code, entry]) => ({ code, ...entry })),
    )
  })

  test('has no code that no source uses', () => {
    const used = sources
      .filter(({ path }) => path !== 'src/core/errors.ts')
      .map((each) => each.text)
      .join('\n')
    expect(Object.keys(ERROR_CATALOGUE).filter((code) => !used.includes(`'${code}'`))).toEqual([])
  })
})

describe('lint', () => {
  test('each line of the fixture breaks the rule it names', { timeout: 180_000 }, () => {
    const fixture = readFileSync(join(ROOT, 'test/fixtures/lint/violations.ts'), 'utf8')
    const asked = fixture.split('\n').flatMap((line, index) => {
      const rule = / \/\/ breaks (\S+)$/.exec(line)?.[1]
      return rule === undefined ? [] : [`${index + 1} ${rule}`]
    })
    expect(asked.length).toBeGreaterThan(15)
    expect(lintAsCore('violations.ts')).toEqual(expect.arrayContaining(asked))
  })

  test('what the pure core may do passes', { timeout: 180_000 }, () => {
    expect(lintAsCore('allowed.ts')).toEqual([])
  })
})

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >
}

interface LintReport {
  readonly diagnostics: readonly {
    readonly code: string
    readonly labels: readonly { readonly span: { readonly line: number } }[]
  }[]
}

/** Lints a fixture as if it lay in src/core; gives `line plugin(rule)` for each finding. */
const lintAsCore = (name: string): readonly string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'lakewright-lint-'))
  try {
    const core = join(folder, 'src/core')
    mkdirSync(core, { recursive: true })
    for (const path of [
      '.oxlintrc.json',
      'scripts',
      'tsconfig.base.json',
      'src/core/tsconfig.json',
    ])
      cpSync(join(ROOT, path), join(folder, path), { recursive: true })
    cpSync(join(ROOT, 'test/fixtures/lint'), core, { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    const lint = spawnSync(
      join(ROOT, 'node_modules/.bin/oxlint'),
      ['--type-aware', '--format=json', `src/core/${name}`],
      { cwd: folder, encoding: 'utf8' },
    )
    const report = JSON.parse(lint.stdout) as LintReport
    return report.diagnostics.map(({ code, labels }) => `${labels[0]?.span.line} ${code}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
