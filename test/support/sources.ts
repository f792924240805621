import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the project's root folder, with a trailing separator. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A text file of the project, by its `/`-separated path from the root. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/**
 * An import or re-export: who, the specifier as written, and the project file it leads to. `type` imports vanish at
 * run time, `lazy` ones are dynamic.
 */
export interface Import {
  readonly kind: 'static' | 'type' | 'lazy'
  readonly from: string
  readonly specifier: string
  readonly to: string | undefined
}

/** Every file git knows or would add, so build output and ignored files stay out. */
export const projectPaths = (): readonly string[] => {
  const listing = spawnSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (listing.status !== 0) throw new Error(`git ls-files failed: ${listing.stderr}`)
  return [...new Set(listing.stdout.split('\0').filter((path) => path !== ''))]
}

/** Reads project files as text; files that vanish meanwhile, and binary ones, are left out. */
export const readSources = (paths: readonly string[]): readonly SourceFile[] =>
  paths.flatMap((path) => {
    const text = readText(path)
    return text === undefined || text.includes('\0') ? [] : [{ path, text }]
  })

/** The imports of one TypeScript file, found by pattern; comments are blanked first. */
export const importsOf = ({ path, text }: SourceFile): readonly Import[] =>
  [...withoutComments(text).matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    const to = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : undefined
    return { kind: kindOf(match), from: path, specifier, to }
  })

/** The first cycle of a directed graph as a path that ends where it begins, or undefined. */
export const findCycle = (
  edges: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | undefined => {
  const done = new Set<string>()
  const visit = (node: string, trail: readonly string[]): readonly string[] | undefined => {
    const start = trail.indexOf(node)
    if (start >= 0) return [...trail.slice(start), node]
    if (done.has(node)) return undefined
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...trail, node])
      if (cycle !== undefined) return cycle
    }
    done.add(node)
    return undefined
  }
  for (const node of edges.keys()) {
    const cycle = visit(node, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}

const IMPORT =
  /^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^[ \t]*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

const kindOf = (match: RegExpExecArray): Import['kind'] => {
  if (match[3] !== undefined) return 'lazy'
  return /^\s*(?:import|export)\s+type\b/.test(match[0]) ? 'type' : 'static'
}

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^[ \t]*\/\/.*$/gm, '')

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return undefined
  }
}
