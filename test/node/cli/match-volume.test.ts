import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hello } from '../../support/hello.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()

/** A folder with the plan hello.json in it. */
const workplace = (): string => {
  const cwd = folder()
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  return cwd
}

describe('--match-volume', () => {
  const explained = async (...args: readonly string[]): Promise<Called> =>
    call(['explain', ...args, '--json'], { cwd: workplace() })

  const rowsOf = ({ stdout }: Called, name: string): number | undefined =>
    (JSON.parse(stdout) as { tables: readonly { table: string; rows: number }[] }).tables.find(
      ({ table }) => table === name,
    )?.rows

  test('gives a range exactly the rows asked', async () => {
    const result = await explained('hello.json', '--match-volume', 'greetings=1234')
    expect(rowsOf(result, 'greetings')).toBe(1234)
    expect(result.stderr).toContain('greetings: 1,234 rows asked, people 1,234 gives 1,234')
    const stores = await explained('retail', '--match-volume', 'stores=3')
    expect(rowsOf(stores, 'stores')).toBe(3)
  })

  test('cuts the root entities of another table where its rows come nearest', async () => {
    const days = await explained('retail', '--match-volume', 'inventory_snapshots=10000')
    expect(days.stderr).toContain('10,000 rows asked, days 5 gives 10,000')
    const result = await explained('identity', '--match-volume', 'individuals=3000')
    const [, gives = ''] = /gives ([\d,]+)/.exec(result.stderr) ?? []
    expect(Math.abs(Number(gives.replaceAll(',', '')) - 3000)).toBeLessThan(6)
    expect(rowsOf(result, 'individuals')).toBe(Number(gives.replaceAll(',', '')))
  })

  test.each([
    [['hello.json', 'greetings'], 'expected table=rows, got "greetings"'],
    [['hello.json', 'greetings=0'], 'expected table=rows, got "greetings=0"'],
    [['hello.json', 'greeting=5'], 'no table "greeting", did you mean "greetings"?'],
    [['retail', 'stores=6000'], 'expected 1 to 5000 rows, as --stores has it'],
    [['retail', 'orders=3'], 'one of days gives 257 rows of orders already'],
    [['retail', 'orders=10000000'], 'orders has 116055 rows at days 365, no more'],
    [['retail', 'orders=5000', '--days', '3'], 'chooses what --days sets'],
    [['hello.json', 'greetings=5', '--set', 'people=3'], 'chooses what --set people sets'],
  ])('%o is refused', async ([subject = '', wish = '', ...more], message) => {
    const { code, stderr } = await explained(subject, '--match-volume', wish, ...more)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
