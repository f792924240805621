import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/core/report/finding.ts'
import type { Manifest } from '../../../src/core/report/manifest.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { promisePlan } from '../../support/promise-plan.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()

const HELLO = 'lake/lakewright/hello'

const generated = async (plan: unknown = hello, ...options: readonly string[]): Promise<string> => {
  const cwd = folder()
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan))
  const { code, stderr } = await call(['generate', 'plan.json', ...options], { cwd })
  expect([code, stderr]).toEqual([0, expect.stringContaining('report: ')])
  return cwd
}

const manifestOf = (cwd: string, dataset = HELLO): Manifest =>
  JSON.parse(readFileSync(join(cwd, dataset, 'manifest.json'), 'utf8')) as Manifest

const parsed = ({ stdout }: Called): unknown => JSON.parse(stdout)

describe('generate', () => {
  test('writes a report beside the manifest, and every finding into it', async () => {
    const cwd = await generated(promisePlan({ rows: 500 }))
    const dataset = join(cwd, 'lake/lakewright/promises')
    const page = readFileSync(join(dataset, 'report.html'), 'utf8')
    expect(page).toContain('Every promise that was checked holds')
    const findings = manifestOf(cwd, dataset.slice(cwd.length)).tables.flatMap(
      ({ promises }) => promises,
    )
    expect(findings.length).toBeGreaterThan(15)
    for (const { name } of findings) expect(page).toContain(name.replaceAll('<', '&lt;'))
  })

  test('writes a manifest of the published form, before and after a digest', async () => {
    const schema = readFileSync(
      new URL('../../../src/core/report/manifest.schema.json', import.meta.url),
      'utf8',
    )
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(schema) as object)
    const dataset = 'lake/lakewright/promises'
    const cwd = await generated(promisePlan({ rows: 50 }))
    expect([validate(manifestOf(cwd, dataset)), validate.errors]).toEqual([true, null])
    await call(['digest', 'promises/goods'], { cwd })
    const digested = manifestOf(cwd, dataset)
    expect(digested.tables.map(({ digest }) => typeof digest)).toEqual(['undefined', 'string'])
    expect([validate(digested), validate.errors]).toEqual([true, null])
    expect(validate({ ...digested, further: 1 })).toBe(false)
  })

  test('fails when a promise is broken, and publishes nothing', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify(promisePlan({ rows: 3000, red: 62 })))
    const { code, stderr } = await call(['generate', 'plan.json'], { cwd })
    expect([code, stderr]).toEqual([1, expect.stringContaining('makers: colours: found 0.1')])
    expect(filesBelow(join(cwd, 'lake/lakewright/promises'))).toEqual([])
  })
})

describe('verify', () => {
  test('says that every promise holds', async () => {
    const { code, stdout, stderr } = await call(['verify', HELLO], { cwd: await generated() })
    expect(code).toBe(0)
    expect(stdout).toMatch(/✓ +key greeting_id is unique +exact +no duplicate +no duplicate\n/)
    expect(stderr).toContain('7 promises hold, 0 are broken, 0 cannot be checked from files')
  })

  test('holds after an append, whose digest is that of one larger run', async () => {
    const [cwd, whole] = [await generated(), await generated(hello, '--set', 'people=1500')]
    const more = ['generate', 'plan.json', '--set', 'people=1500', '--mode', 'append']
    expect(await call(more, { cwd })).toMatchObject({ code: 0 })
    expect(await call(['verify', HELLO], { cwd })).toMatchObject({ code: 0 })
    expect(manifestOf(cwd).tables[0]).toMatchObject({ rows: 1500, version: 1 })
    const digest = ['digest', 'hello/greetings']
    expect((await call(digest, { cwd })).stdout).toBe((await call(digest, { cwd: whole })).stdout)
  })

  test('takes the dataset that it stands in, as the report says', async () => {
    const cwd = await generated()
    const { code, stderr } = await call(['verify', '.'], { cwd: join(cwd, HELLO) })
    expect([code, stderr]).toEqual([0, expect.stringContaining('0 are broken')])
  })

  test('ends with 1 and names the file that was changed', async () => {
    const cwd = await generated()
    const [file] = filesBelow(join(cwd, HELLO)).filter((path) => path.endsWith('.parquet'))
    const path = join(cwd, HELLO, file!)
    const bytes = readFileSync(path)
    bytes[60]! ^= 1
    writeFileSync(path, bytes)
    const called = await call(['verify', HELLO, '--json'], { cwd })
    expect(called.code).toBe(1)
    expect(called.stderr).toMatch(
      /broken: greetings: every file is as it was written.*has other bytes/,
    )
    const { verdict, findings } = parsed(called) as {
      verdict: string
      findings: readonly Finding[]
    }
    expect(verdict).toBe('broken')
    expect(findings.filter((each) => each.verdict === 'unchecked').length).toBeGreaterThan(2)
  })

  test('refuses a folder without a dataset, and a manifest whose plan was changed', async () => {
    const cwd = await generated()
    expect(await call(['verify', 'lake/lakewright/other'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no dataset in'),
    })
    const path = join(cwd, HELLO, 'manifest.json')
    const manifest = manifestOf(cwd)
    writeFileSync(
      path,
      JSON.stringify({ ...manifest, plan: { ...(manifest.plan as object), seed: 1 } }),
    )
    const { code, stderr } = await call(['verify', HELLO], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('has another hash')])
  })
})

describe('digest', () => {
  test('prints one table by its folder and by its name, and notes it in the manifest', async () => {
    const cwd = await generated()
    const byFolder = await call(['digest', `${HELLO}/greetings`], { cwd })
    expect([byFolder.code, byFolder.stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f]{72}\n$/)])
    const digest = byFolder.stdout.trim()
    expect(manifestOf(cwd).tables[0]?.digest).toBe(digest)
    const byName = await call(['digest', 'hello/greetings', '--json'], { cwd })
    expect(parsed(byName)).toEqual({ table: 'greetings', rows: 1000, digest })
  })

  test('takes the noted digest, unless the table has moved on', async () => {
    const cwd = await generated()
    await call(['digest', 'hello/greetings'], { cwd })
    const path = join(cwd, HELLO, 'manifest.json')
    const noted = manifestOf(cwd)
    const tables = noted.tables.map((table) => ({ ...table, digest: 'noted' }))
    writeFileSync(path, JSON.stringify({ ...noted, tables }))
    expect((await call(['digest', 'hello/greetings'], { cwd })).stdout).toBe('noted\n')
    const log = join(cwd, HELLO, 'greetings/_delta_log/00000000000000000001.json')
    writeFileSync(log, `${JSON.stringify({ commitInfo: { timestamp: 1 } })}\n`)
    expect((await call(['digest', 'hello/greetings'], { cwd })).stdout).toMatch(/^[0-9a-f]{72}\n$/)
  })

  test('is the same in every format, and of a table without its dataset', async () => {
    const cwd = await generated()
    const { stdout } = await call(['digest', 'hello/greetings'], { cwd })
    for (const format of ['parquet', 'csv', 'jsonl']) {
      const other = await generated(hello, '--format', format, '--catalog', 'lakewright')
      expect((await call(['digest', 'hello/greetings'], { cwd: other })).stdout).toBe(stdout)
    }
    rmSync(join(cwd, HELLO, 'manifest.json'))
    expect((await call(['digest', `${HELLO}/greetings`], { cwd })).stdout).toBe(stdout)
    expect(existsSync(join(cwd, HELLO, 'manifest.json'))).toBe(false)
  })

  test('refuses what is no table', async () => {
    const cwd = await generated()
    for (const name of ['hello/greeting', HELLO, 'nowhere'])
      expect(await call(['digest', name], { cwd })).toMatchObject({ code: 2, stdout: '' })
  })
})
