import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LakewrightError } from '../../../src/core/errors.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()

/** A folder with the plan hello.json in it. */
const workplace = (): string => {
  const cwd = folder()
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  return cwd
}

describe('plain text files', () => {
  const files = (cwd: string): readonly string[] =>
    filesBelow(join(cwd, 'sample_data')).filter((path) => !path.startsWith('.lakewright/'))

  const made = async (...args: readonly string[]): Promise<string> => {
    const cwd = workplace()
    const generate = ['generate', 'hello.json', '--format', 'csv', '--to', 'sample_data']
    const { code, stderr } = await call([...generate, ...args], { cwd })
    expect([code, stderr]).toEqual([0, expect.stringContaining('/sample_data')])
    return cwd
  }

  test('lie flat in the folder that is named, one a table', async () => {
    const cwd = await made()
    expect(files(cwd)).toEqual(['greetings.csv', 'manifest.json', 'report.html'])
    expect(filesBelow(cwd).filter((path) => !path.startsWith('sample_data/'))).toEqual([
      'hello.json',
    ])
  })

  test('are numbered when there are several of a table, and nested with a catalog', async () => {
    expect(files(await made('--parts', '3')).slice(0, 3)).toEqual([
      'greetings-2.csv',
      'greetings-3.csv',
      'greetings.csv',
    ])
    expect(files(await made('--catalog', 'demo'))).toContain('demo/hello/greetings.csv')
  })

  test('are verified, digested, appended to, merged and listed by the folder', async () => {
    const cwd = await made()
    expect(await call(['verify', 'sample_data'], { cwd })).toMatchObject({ code: 0 })
    const digest = async (name: string): Promise<string> =>
      (await call(['digest', name], { cwd })).stdout
    const before = await digest('sample_data/greetings.csv')
    expect(before).toMatch(/^[0-9a-f]{72}\n$/)
    expect(await digest('sample_data/greetings')).toBe(before)
    const again = ['generate', 'hello.json', '--format', 'csv', '--to', 'sample_data']
    const more = ['--set', 'people=1500', '--mode', 'append']
    expect(await call([...again, ...more], { cwd })).toMatchObject({ code: 0 })
    expect(files(cwd)).toContain('greetings-run2.csv')
    expect(await call(['verify', 'sample_data'], { cwd })).toMatchObject({ code: 0 })
    expect(await call([...again, '--mode', 'merge'], { cwd })).toMatchObject({ code: 0 })
    expect(files(cwd)).toEqual(['greetings.csv', 'manifest.json', 'report.html'])
    expect(await digest('sample_data/greetings.csv')).toBe(before)
    const { stdout } = await call(['runs', 'list', '--to', 'sample_data'], { cwd })
    expect(stdout.match(/finished/g)).toHaveLength(3)
    expect(await call(['vacuum', 'sample_data'], { cwd })).toMatchObject({ code: 0 })
    expect(files(cwd)).toHaveLength(3)
  })

  test('of a run that was stopped are finished by its id', async () => {
    const cwd = workplace()
    const stop = new AbortController()
    stop.abort(new LakewrightError('run.cancelled', 'stopped'))
    const args = ['generate', 'hello.json', '--format', 'csv', '--to', 'sample_data']
    const stopped = await call(args, { cwd, signal: stop.signal })
    expect(stopped.code).toBe(130)
    expect(files(cwd)).toEqual([])
    const [, run = '', to = ''] = /runs resume (\S+) --to (\S+)/.exec(stopped.stderr) ?? []
    expect(to).toBe(join(cwd, 'sample_data'))
    const resumed = await call(['runs', 'resume', run, '--to', 'sample_data'], { cwd })
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('/sample_data\n') })
    expect(files(cwd)).toEqual(['greetings.csv', 'manifest.json', 'report.html'])
  })

  test('never replace files of others, nor another dataset', async () => {
    const cwd = await made()
    writeFileSync(join(cwd, 'sample_data/note.txt'), 'mine')
    const again = ['--format', 'csv', '--to', 'sample_data', '--overwrite']
    expect(await call(['generate', 'hello.json', ...again], { cwd })).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'sample_data/note.txt'), 'utf8')).toBe('mine')
    expect(
      await call(['generate', 'identity', '--households', '10', ...again], { cwd }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sample_data holds the dataset hello'),
    })
  })

  test('are refused in a folder with other files', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'sample_data'))
    writeFileSync(join(cwd, 'sample_data/greetings.csv'), 'mine')
    const args = ['generate', 'hello.json', '--format', 'csv', '--to', 'sample_data']
    expect(await call(args, { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sample_data is not empty'),
    })
    expect(readFileSync(join(cwd, 'sample_data/greetings.csv'), 'utf8')).toBe('mine')
  })
})
