import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { bundleYaml, pipelineSources, pipelineSpec } from '../../../src/core/warehouse/bundle.ts'
import { unionView } from '../../../src/datasets/mdm/union-view.ts'
import { MARKER } from '../../../src/node/bundle/write.ts'
import { BUNDLE_CONTRACT } from '../../support/bundle-contract.ts'
import { MAIN } from '../../support/cli.ts'
import { putDatabricksCommand } from '../../support/databricks-command.ts'
import { hello } from '../../support/hello.ts'
import { requireService, servicePath } from '../../support/services.ts'
import { call } from '../../support/world.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lakewright-bundle-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let folder = scratch
let counted = 0
beforeEach(() => {
  folder = join(scratch, String(counted++))
  mkdirSync(folder)
})

const bundle = async (...words: readonly string[]) =>
  call(['bundle', ...words, '--out', 'b'], { cwd: folder })
const text = (path: string): string => readFileSync(join(folder, 'b', path), 'utf8')
const files = (): readonly string[] =>
  readdirSync(join(folder, 'b'), { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, 'b', path)).isFile())
    .toSorted()
const putPlan = (): void => writeFileSync(join(folder, 'p.json'), JSON.stringify(hello))

interface DatabricksYaml {
  readonly variables: Readonly<
    Record<string, { readonly default?: string; readonly lookup?: { readonly warehouse: string } }>
  >
  readonly resources: {
    readonly jobs: Readonly<
      Record<
        string,
        {
          readonly tasks: readonly {
            readonly task_key: string
            readonly sql_task: { readonly file: { readonly path: string } }
          }[]
        }
      >
    >
  }
  readonly targets: Readonly<Record<string, object>>
}
const databricksYaml = (): DatabricksYaml => parse(text('databricks.yml')) as DatabricksYaml

const ajv = new Ajv({ strict: false })
const isContract = ajv.compile(BUNDLE_CONTRACT as object)

describe('a bundle of a dataset', () => {
  test('has a job whose tasks stage each table, publish all and clean up, with files by scale, days and seed', async () => {
    const { code, stdout } = await bundle('retail', '--scale', 'small', '--days', '2')
    expect(code).toBe(0)
    expect(stdout).toContain('./deploy.sh dev small 2 false')
    const yaml = databricksYaml()
    expect(isContract(yaml), JSON.stringify(isContract.errors)).toBe(true)
    expect(Object.keys(yaml.variables)).toEqual([
      'catalog',
      'schema',
      'scale',
      'days',
      'seed',
      'overwrite',
      'warehouse_id',
    ])
    expect(Object.keys(yaml.targets)).toEqual(['dev', 'prod'])
    const tasks = yaml.resources.jobs['lakewright_retail']?.tasks ?? []
    expect(tasks.map((task) => task.task_key)).toEqual([
      'check',
      'stage_01_stores',
      'stage_02_products',
      'stage_03_customers',
      'stage_04_promotions',
      'stage_05_orders',
      'stage_06_order_items',
      'stage_07_inventory_snapshots',
      'publish',
      'describe',
      'clean',
      'derive',
    ])
    expect(files().filter((path) => path.startsWith('pipeline/transformations/'))).toEqual([
      'pipeline/transformations/daily_sales.sql',
      'pipeline/transformations/sales_lines.sql',
    ])
    const ofSql = tasks.slice(0, -1)
    const paths = ofSql.map((task) =>
      task.sql_task.file.path
        .replace('${var.scale}', 'small')
        .replace('${var.days}', '2')
        .replace('${var.seed}', '42'),
    )
    expect(paths.filter((path) => !existsSync(join(folder, 'b', path)))).toEqual([])
    expect(text('sql/small/2/42/check.sql')).toContain(":days = '2'")
    const statements = paths.flatMap((path) => text(path).split(/;\n\n/))
    expect(statements.filter((each) => each.length > 200_000)).toEqual([])
    expect(statements.length).toBeGreaterThan(40)
  }, 240_000)

  test('keeps renderings of other choices, and drops those of other options', async () => {
    await bundle('retail', '--days', '1', '--stores', '1')
    await bundle('retail', '--days', '2', '--stores', '1')
    expect(files()).toContain('sql/small/1/42/clean.sql')
    expect(files()).toContain('sql/small/2/42/clean.sql')
    const { stdout } = await bundle('retail', '--days', '2', '--stores', '2', '--json')
    expect((JSON.parse(stdout) as { removed: string[] }).removed).toContain(
      'sql/small/1/42/clean.sql',
    )
    expect(files()).not.toContain('sql/small/1/42/clean.sql')
    expect(text('deploy.sh')).toContain('bundle retail --stores=2 --out')
  }, 240_000)
})

test('a bundle with derived tables makes them by a pipeline once the tables are published', () => {
  const inputs = {
    dataset: 'mdm',
    choices: [{ name: 'seed' as const, value: '42' }],
    catalog: 'main',
    schema: 'bronze',
    warehouse: 'W',
    tables: ['raw_crm_customers_scale'],
    derived: [unionView({ suffix: '_scale' })],
  }
  const yaml = parse(bundleYaml(inputs)) as DatabricksYaml
  expect(isContract(yaml), JSON.stringify(isContract.errors)).toBe(true)
  const { tasks } = yaml.resources.jobs['lakewright_mdm'] ?? { tasks: [] }
  expect(tasks.at(-1)).toEqual({
    task_key: 'derive',
    depends_on: [{ task_key: 'publish' }],
    pipeline_task: { pipeline_id: '${resources.pipelines.lakewright_mdm.id}' },
  })
  const [source] = pipelineSources(inputs)
  expect(source?.path).toBe('pipeline/transformations/raw_customers_scale.sql')
  expect(source?.text).toMatch(
    /^CREATE MATERIALIZED VIEW `raw_customers_scale` AS\nSELECT 'crm' AS `source`/,
  )
  expect(parse(pipelineSpec(inputs))).toMatchObject({
    database: 'bronze',
    libraries: [{ glob: { include: 'transformations/**' } }],
  })
})

test('a folder that cannot be is refused in a line, by its own option', async () => {
  putPlan()
  const into = (out: string) => call(['bundle', 'p.json', '--out', out], { cwd: folder })
  const below = await into('p.json/b')
  expect(below.code).toBe(2)
  expect(below.stderr).toMatch(/^lakewright: writing [^\n]*\n {2}[^\n]*--out[^\n]*\n$/)
  if (!existsSync('/proc/self')) return
  const denied = await into('/proc/nowhere/b')
  expect(denied.code).toBe(2)
  expect(denied.stderr).toContain('lakewright: making the folder /proc/nowhere')
})

describe('a bundle of a plan', () => {
  test('carries the plan and is made again from it', async () => {
    putPlan()
    expect((await bundle('p.json', '--set', 'people=7')).code).toBe(0)
    expect(files()).toEqual([
      MARKER,
      'README.md',
      'databricks.yml',
      'deploy.sh',
      'plan.json',
      'sql/42/check.sql',
      'sql/42/clean.sql',
      'sql/42/describe.sql',
      'sql/42/publish.sql',
      'sql/42/stage_01_greetings.sql',
    ])
    expect(isContract(parse(text('databricks.yml')))).toBe(true)
    const again = await call(['bundle', 'b/plan.json', '--out', 'b', '--seed', '5'], {
      cwd: folder,
    })
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(files()).toEqual(
      expect.arrayContaining(['sql/42/clean.sql', 'sql/5/clean.sql', 'plan.json']),
    )
    expect(JSON.parse(text('plan.json'))).toMatchObject({ parameters: { people: { value: 7 } } })
  })

  test('says as JSON what was written', async () => {
    putPlan()
    const { stdout } = await bundle('p.json', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      folder: join(folder, 'b'),
      rendering: 'sql/42',
      kept: [],
      removed: [],
    })
  })

  test('keeps what was changed by hand, and says so', async () => {
    putPlan()
    await bundle('p.json')
    const mine = `${text('databricks.yml')}# mine\n`
    writeFileSync(join(folder, 'b/databricks.yml'), mine)
    const { stdout } = await bundle('p.json', '--catalog', 'other')
    expect(stdout).toContain('kept, because it was changed by hand: databricks.yml')
    expect(text('databricks.yml')).toBe(mine)
    expect(text('deploy.sh')).toContain('--catalog=other')
    await bundle('p.json')
    expect(text('databricks.yml')).toBe(mine)
  })

  test('quotes hostile names wherever they stand', async () => {
    putPlan()
    const name = '`a\'b"; $(touch x) ${y} #: \n'
    await bundle('p.json', '--catalog', name, '--warehouse', name)
    const { variables } = databricksYaml()
    expect(variables['catalog']?.default).toBe(name)
    expect(variables['warehouse_id']?.lookup?.warehouse).toBe(name)
    const line = /bundle ([^]*?) --out/.exec(text('deploy.sh'))?.[1] ?? ''
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    expect(words.split('\0')).toContain(`--catalog=${name}`)
  })

  test.each(['a/b', '..', 'é', 'a b'])(
    'refuses the seed %j, which would name a folder',
    async (seed) => {
      putPlan()
      expect(await bundle('p.json', '--seed', seed)).toMatchObject({ code: 2, stdout: '' })
      expect(existsSync(join(folder, 'b'))).toBe(false)
    },
  )
})

describe('a folder', () => {
  test('with files of others is refused and left alone', async () => {
    putPlan()
    mkdirSync(join(folder, 'b'))
    writeFileSync(join(folder, 'b/databricks.yml'), 'mine')
    const { code, stderr } = await bundle('p.json')
    expect(code).toBe(2)
    expect(stderr).toContain('holds files that are not of a bundle')
    expect(files()).toEqual(['databricks.yml'])
  })

  test('with a bundle of another dataset is refused', async () => {
    putPlan()
    await bundle('p.json')
    const { code, stderr } = await bundle('retail', '--days', '1')
    expect(code).toBe(2)
    expect(stderr).toContain('holds a bundle of "hello", not of "retail"')
  }, 240_000)

  test.each([
    '{',
    'null',
    '{"version":1,"dataset":"hello","fixed":"","files":{"../../p.json":"x"}}',
    '{"version":2,"dataset":"hello","fixed":"","files":{}}',
  ])('with the marker %j is refused, and nothing beyond it removed', async (marker) => {
    putPlan()
    mkdirSync(join(folder, 'b'))
    writeFileSync(join(folder, 'b', MARKER), marker)
    const { code, stderr } = await bundle('p.json')
    expect(code).toBe(2)
    expect(stderr).toContain('cannot be read')
    expect(existsSync(join(folder, 'p.json'))).toBe(true)
  })
})

describe('deploy.sh', () => {
  const run = (
    ...words: readonly string[]
  ): { code: number; output: string; calls: string[][] } => {
    const bin = join(folder, 'bin')
    mkdirSync(bin, { recursive: true })
    putDatabricksCommand(bin)
    writeFileSync(
      join(bin, 'lakewright'),
      `#!/bin/sh\necho "$@" >> '${bin}/rendered'\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
      { mode: 0o755 },
    )
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` }
    try {
      const output = execFileSync(join(folder, 'b/deploy.sh'), words, { env, encoding: 'utf8' })
      return { code: 0, output, calls: calls(bin) }
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string }
      return { code: status, output: stderr, calls: calls(bin) }
    }
  }
  const calls = (bin: string): string[][] =>
    existsSync(join(bin, 'calls'))
      ? readFileSync(join(bin, 'calls'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as string[])
      : []

  test('validates, deploys, finds the job and runs it with what was asked, rendering that before', async () => {
    await bundle('retail', '--days', '1', '--stores', '1')
    const { code, output, calls: called } = run('dev', 'medium', '2', 'true', '7')
    expect(output).toContain('job 620')
    expect(code).toBe(0)
    expect(called.map(([a, b]) => `${a} ${b}`)).toEqual([
      'bundle validate',
      'bundle deploy',
      'bundle summary',
      'jobs run-now',
    ])
    expect(JSON.parse(called[3]?.[3] ?? '')).toEqual({
      job_id: 620,
      job_parameters: { scale: 'medium', days: '2', seed: '7', overwrite: 'true' },
    })
    expect(readFileSync(join(folder, 'bin/rendered'), 'utf8')).toContain(
      'bundle retail --stores=1 --out . --scale=medium --days=2 --seed=7',
    )
    expect(text('sql/medium/2/7/check.sql')).toContain(":scale = 'medium'")
  }, 240_000)

  test('renders nothing when the choice is there', async () => {
    putPlan()
    await bundle('p.json')
    expect(run('prod', 'false')).toMatchObject({ code: 0 })
    expect(existsSync(join(folder, 'bin/rendered'))).toBe(false)
  }, 240_000)

  test.each([
    [['dev'], 'usage:'],
    [['dev', 'no'], 'overwrite: expected true or false'],
    [['dev', 'false', '../x'], 'expected letters'],
    [['$(touch y)', 'false'], 'expected letters'],
    [['elsewhere', 'false'], 'no such target'],
  ])('refuses %j', async (words, says) => {
    putPlan()
    await bundle('p.json')
    const { code, output, calls: called } = run(...words)
    expect(code).toBeGreaterThan(0)
    expect(output).toContain(says)
    expect(called.map(([, name]) => name)).not.toContain('deploy')
  })

  const shellcheck = requireService('shellcheck')
  test.skipIf(shellcheck.kind === 'missing')('has nothing that shellcheck would say', async () => {
    putPlan()
    await bundle('p.json', '--catalog', "it's $x")
    const say = (): string =>
      execFileSync(servicePath(shellcheck), [join(folder, 'b/deploy.sh')], { encoding: 'utf8' })
    expect(say()).toBe('')
  })
})

/** What `databricks bundle schema` prints, which may not be copied into this project. */
const published = process.env['LAKEWRIGHT_BUNDLE_SCHEMA']

test.skipIf(published === undefined)(
  'databricks.yml keeps to the published schema',
  async () => {
    const isBundle = ajv.compile(JSON.parse(readFileSync(published ?? '', 'utf8')) as object)
    for (const words of [
      ['retail', '--days', '1'],
      ['mdm', '--total-records', '1000'],
    ]) {
      await call(['bundle', ...words, '--out', `b-${words[0]}`], { cwd: folder })
      const path = join(folder, `b-${words[0]}`, 'databricks.yml')
      expect(isBundle(parse(readFileSync(path, 'utf8'))), JSON.stringify(isBundle.errors)).toBe(
        true,
      )
    }
  },
  60_000,
)
