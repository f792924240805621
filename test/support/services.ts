import { spawnSync } from 'node:child_process'

/** Programs outside the project that some suites check against. */
export type ServiceName = 'python' | 'dieharder' | 'chromium' | 'node22' | 'node24'

/** Where a program is, or why its suite has to be skipped. */
export type Service =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string }

interface Recipe {
  /** Environment variable with a path that comes before the candidates. */
  readonly variable: string
  readonly candidates: readonly string[]
  /** Arguments of a quick call that ends with 0 when the program is there and fit. */
  readonly probe: readonly string[]
}

const RECIPES: Readonly<Record<ServiceName, Recipe>> = {
  python: {
    variable: 'LAKEWRIGHT_PYTHON',
    candidates: ['python3'],
    probe: [
      '-c',
      'import importlib.util as u; assert all(map(u.find_spec, "pyarrow deltalake bcubed splink er_evaluation".split()))',
    ],
  },
  dieharder: { variable: 'LAKEWRIGHT_DIEHARDER', candidates: ['dieharder'], probe: ['-l'] },
  chromium: {
    variable: 'LAKEWRIGHT_CHROMIUM',
    candidates: ['chromium', 'chromium-browser', 'google-chrome'],
    probe: ['--version'],
  },
  node22: { variable: 'LAKEWRIGHT_NODE22', candidates: [], probe: ['--version'] },
  node24: { variable: 'LAKEWRIGHT_NODE24', candidates: [], probe: ['--version'] },
}

/**
 * Finds a program by its environment variable or on the PATH. Throws when it is missing and CI is set, so that CI
 * cannot lose a suite silently; elsewhere use `describe.skipIf(service.kind === 'missing')`.
 */
export const requireService = (
  name: ServiceName,
  environment: NodeJS.ProcessEnv = process.env,
): Service => {
  const { variable, candidates, probe } = RECIPES[name]
  const given = environment[variable]
  const paths = given === undefined ? candidates : [given]
  const path = paths.find((each) => answers(each, probe))
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

const answers = (path: string, probe: readonly string[]): boolean =>
  spawnSync(path, probe, { stdio: 'ignore', timeout: 110_000 }).status === 0
