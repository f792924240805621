import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MAIN } from '../../support/cli.ts'
import { hello } from '../../support/hello.ts'
import { temporaryFolders } from '../../support/lake.ts'

const folder = temporaryFolders()

/** Runs a script as root of its own namespaces, where it may mount what nobody else sees. */
const unshared = (script: string, args: readonly string[]) =>
  spawnSync('unshare', ['-rm', 'sh', '-uc', script, 'sh', ...args], {
    encoding: 'utf8',
    timeout: 110_000,
  })

const canMount =
  process.platform === 'linux' &&
  unshared('mount -t tmpfs -o size=64k tmpfs "$1"', [tmpdir()]).status === 0

/**
 * Runs shell lines in an empty folder with hello.json in it; `generate N` makes N rows into `lake`, and every line's
 * exit status is told. Gives the statuses and what was printed for people.
 */
const script = (
  lines: readonly string[],
): { readonly statuses: readonly number[]; readonly said: string } => {
  const cwd = folder()
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  const head = `cd "$1"; node=$2; main=$3
    lakewright() { "$node" "$main" "$@"; }
    generate() { people=$1; shift; lakewright generate hello.json --set people=$people --to lake --workers 1 "$@"; }`
  const body = lines.map((line) => `${line}\necho $?`).join('\n')
  const { stdout, stderr } = unshared(`${head}\n${body}`, [cwd, process.execPath, MAIN])
  return { statuses: stdout.trim().split('\n').map(Number), said: stderr }
}

const SMALL = 'mkdir lake && mount -t tmpfs -o size=2m tmpfs lake'
const LARGE = 'mount -o remount,size=64m tmpfs lake'

describe.skipIf(!canMount)('a lake', () => {
  test('on a full disk keeps the run, which ends once there is room', () => {
    const { statuses, said } = script([
      SMALL,
      'generate 10000000',
      'test ! -e lake/lakewright/hello',
      LARGE,
      'generate 10000000 --mode resume',
      'test -e lake/lakewright/hello/manifest.json',
    ])
    expect(said).toMatch(/^lakewright: writing \S+: no room left on the file system$/m)
    expect(said).toMatch(/^ {2}Free some .+: lakewright runs resume [0-9a-f]{12} --to \S+lake$/m)
    expect(said).not.toMatch(/^ {4}at /m)
    expect(statuses).toEqual([0, 1, 0, 0, 0, 0])
  })

  test('on a full disk keeps the dataset that an overwrite was to replace', () => {
    const { statuses } = script([
      SMALL,
      'generate 1000',
      'cp -r lake/lakewright/hello before',
      'generate 10000000 --mode overwrite',
      'cmp before/manifest.json lake/lakewright/hello/manifest.json',
      'diff -r before/greetings/_delta_log lake/lakewright/hello/greetings/_delta_log',
      'lakewright runs cancel $(lakewright runs list --to lake | tail -n 1 | cut -d" " -f1) --to lake',
      'diff -r before lake/lakewright/hello',
    ])
    expect(statuses).toEqual([0, 0, 0, 1, 0, 0, 0, 0])
  })

  test('that is read-only is refused, and a dataset in it can still be looked at', () => {
    const { statuses, said } = script([
      SMALL,
      'generate 1000',
      'mount -o remount,ro tmpfs lake',
      'generate 1000 --mode overwrite',
      'lakewright runs list --to lake > /dev/null',
    ])
    expect(said).toMatch(/the file system is read-only/)
    expect(statuses.slice(0, 4)).toEqual([0, 0, 0, 2])
  })

  test.each(['lake/lakewright', 'lake/lakewright/hello', 'lake/.lakewright'])(
    'with another file system at %s is refused with nothing written',
    (mounted) => {
      const { statuses, said } = script([
        `mkdir -p ${mounted} && mount -t tmpfs -o size=2m tmpfs ${mounted}`,
        'generate 1000',
        'test -z "$(find lake -type f)"',
      ])
      expect(said).toMatch(/lies on another file system than/)
      expect(statuses).toEqual([0, 2, 0])
    },
  )

  test('whose table lies on another file system is refused by an overwrite', () => {
    const { statuses, said } = script([
      'generate 1000',
      'mount -t tmpfs -o size=2m tmpfs lake/lakewright/hello/greetings',
      'generate 1000 --mode overwrite',
    ])
    expect(said).toMatch(/lies on another file system than/)
    expect(statuses).toEqual([0, 0, 2])
  })
})
