import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Programs outside the project that some suites check against. */
export type ServiceName =
  'python' | 'dieharder' | 'chromium' | 'shellcheck' | 'node22' | 'node24' | 'spark'

/** Where a program is (of Spark, the folder that it was installed into), or why its suite has to be skipped. */
export type Service =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string }

interface Recipe {
  /** Environment variable with a path that comes before the candidates. */
  readonly variable: string
  readonly candidates: readonly string[]
  /** Whether the program is there and fit. */
  readonly isFit: (path: string) => boolean
}

/** Arguments of a quick call that ends with 0 when the program is fit. */
const answersTo =
  (...probe: readonly string[]) =>
  (path: string): boolean =>
    spawnSync(path, probe, { stdio: 'ignore', timeout: 110_000 }).status === 0

const RECIPES: Readonly<Record<ServiceName, Recipe>> = {
  python: {
    variable: 'LAKEWRIGHT_PYTHON',
    candidates: ['python3'],
    isFit: answersTo(
      '-c',
      'import importlib.util as u; assert all(map(u.find_spec, "pyarrow deltalake bcubed splink er_evaluation".split()))',
    ),
  },
  dieharder: {
    variable: 'LAKEWRIGHT_DIEHARDER',
    candidates: ['dieharder'],
    isFit: answersTo('-l'),
  },
  chromium: {
    variable: 'LAKEWRIGHT_CHROMIUM',
    candidates: ['chromium', 'chromium-browser', 'google-chrome'],
    isFit: answersTo('--version'),
  },
  shellcheck: {
    variable: 'LAKEWRIGHT_SHELLCHECK',
    candidates: ['shellcheck'],
    isFit: answersTo('--version'),
  },
  node22: { variable: 'LAKEWRIGHT_NODE22', candidates: [], isFit: answersTo('--version') },
  node24: { variable: 'LAKEWRIGHT_NODE24', candidates: [], isFit: answersTo('--version') },
  spark: {
    variable: 'LAKEWRIGHT_SPARK',
    candidates: [],
    isFit: (folder) => existsSync(join(folder, 'classpath')),
  },
}

/**
 * Finds a program by its environment variable or on the PATH. Throws when it is missing and CI is set, so that CI
 * cannot lose a suite silently; elsewhere use `describe.skipIf(service.kind === 'missing')`.
 */
export const requireService = (
  name: ServiceName,
  environment: NodeJS.ProcessEnv = process.env,
): Service => {
  const { variable, candidates, isFit } = RECIPES[name]
  const given = environment[variable]
  const paths = given === undefined ? candidates : [given]
  const path = paths.find(isFit)
  if (path !== undefined) return { kind: 'found', path }
  const reason = `${name} is missing: set ${variable}, or run scripts/ci-services and source its env`
  if (environment['CI'] !== undefined) throw new Error(reason)
  return { kind: 'missing', reason }
}

/** The path of a service that `requireService` found; for use inside a suite that is skipped otherwise. */
export const servicePath = (service: Service): string => {
  if (service.kind === 'missing') throw new Error(service.reason)
  return service.path
}
