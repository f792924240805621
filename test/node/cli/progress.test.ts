import { describe, expect, test } from 'vitest'
import { createProgress, type ProgressOptions } from '../../../src/node/cli/progress.ts'

const begun = { kind: 'begun', run: 'r1', resumed: false, expected: 1000, done: 0 } as const

/** A progress with a clock that stands at `now` and what it wrote. */
const watched = (parts: Partial<ProgressOptions> = {}) => {
  const state = { now: 0, written: [] as string[] }
  const progress = createProgress({
    write: (text) => state.written.push(text),
    clock: { now: () => state.now },
    isTTY: false,
    columns: 80,
    ...parts,
  })
  const rows = (now: number, more: number): void => {
    state.now = now
    progress.onEvent({ kind: 'rows', rows: more })
  }
  return { state, progress, rows }
}

describe('elsewhere than on a terminal', () => {
  test('a line comes for every tenth', () => {
    const { state, progress, rows } = watched()
    progress.onEvent(begun)
    for (let i = 1; i <= 100; i++) rows(2000 + i, 10)
    expect(state.written.map((line) => line.slice(0, 5))).toEqual(
      ['0', '10', '20', '30', '40', '50', '60', '70', '80', '90']
        .slice(1)
        .map((at) => `${at.padStart(3)} %`),
    )
    expect(state.written[4]).toMatch(/^ 50 % {2}500 rows, \d+ rows\/s, \d\.\d\d s left\n$/)
  })

  test('a line comes every five seconds when it goes slowly', () => {
    const { state, progress, rows } = watched()
    progress.onEvent(begun)
    for (let second = 1; second <= 12; second++) rows(1000 * second, 1)
    expect(state.written).toEqual([
      '  0 %  5 rows, 1 rows/s, 16 min 35 s left\n',
      '  1 %  10 rows, 1 rows/s, 16 min 30 s left\n',
    ])
  })

  test('a run of less than a second says nothing', () => {
    const { state, progress, rows } = watched()
    progress.onEvent(begun)
    rows(900, 1000)
    progress.finish()
    expect(state.written).toEqual([])
  })

  test('a run that is gone on with says so and counts what was done', () => {
    const { state, progress, rows } = watched()
    progress.onEvent({ ...begun, resumed: true, done: 600 })
    rows(2000, 100)
    expect(state.written).toEqual([
      'going on with run r1\n',
      ' 70 %  700 rows, 50 rows/s, 6.00 s left\n',
    ])
  })

  test('a table whose rows are all made gets a line, however short the run', () => {
    const { state, progress, rows } = watched()
    progress.onEvent(begun)
    rows(100, 1)
    progress.onEvent({ kind: 'table', table: 'stores', rows: 1 })
    progress.onEvent({ kind: 'table', table: 'orders', rows: 4000 })
    expect(state.written).toEqual(['       stores: 1 row\n', '       orders: 4,000 rows\n'])
  })

  test('more rows than expected never show as done', () => {
    const { state, progress, rows } = watched()
    progress.onEvent(begun)
    rows(2000, 1500)
    expect(state.written).toEqual([' 99 %  1,500 rows, 750 rows/s, 0.00 s left\n'])
  })
})

describe('on a terminal', () => {
  test('a bar is redrawn in place and wiped at the end', () => {
    const { state, progress, rows } = watched({ isTTY: true })
    progress.onEvent(begun)
    rows(1000, 500)
    rows(1050, 10)
    rows(1200, 10)
    progress.finish()
    expect(state.written).toHaveLength(3)
    expect(state.written[0]?.replace('\u001b[K', '')).toMatch(
      /^\r█+░+ {2}50 % {2}500 rows, 500 rows\/s, 1\.00 s left$/,
    )
    expect(state.written[2]).toBe('\r\u001b[K')
  })

  test('a line of a table takes the place of the bar, which is drawn again below', () => {
    const { state, progress, rows } = watched({ isTTY: true })
    progress.onEvent(begun)
    rows(1000, 500)
    progress.onEvent({ kind: 'table', table: 'orders', rows: 500 })
    rows(1010, 10)
    expect(state.written[1]).toBe('\r       orders: 500 rows\u001b[K\n')
    expect(state.written[2]).toMatch(/^\r█/)
  })

  test.each([10, 40, 80, 300])('a line of %i columns is never broken', (columns) => {
    const { state, progress, rows } = watched({ isTTY: true, columns })
    progress.onEvent({ ...begun, expected: 1e9 })
    rows(1000, 123_456_789)
    const line = (state.written[0] ?? '').replace(/^\r/, '').replace('\u001b[K', '')
    expect(line.length).toBeGreaterThan(0)
    expect(line.length).toBeLessThan(Math.max(21, columns))
  })
})
