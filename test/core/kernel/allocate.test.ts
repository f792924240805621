import { describe, expect, it } from 'vitest'
import { placeSlots } from '../../../src/core/kernel/allocate.ts'
import type { Expand, Level, Slot, Step } from '../../../src/core/kernel/program.ts'

const BASE = 65536

const slot = (label: string, bytes = 1000): Slot => ({ address: -1, bytes, label })

const run = (...args: Slot[]): Step => ({ kind: 'run', instruction: 'add_i', args })

const level = (key: Slot, steps: Step[], expand?: Expand): Level => ({
  table: 't',
  key: { form: 'int32', at: key, nulls: undefined },
  scale: 1,
  offset: 0,
  expand,
  steps,
})

const expansion = (count: Slot): Expand => ({
  count,
  state: slot('state', 64),
  index: slot('index'),
  ordinal: slot('ordinal'),
  capacity: 4,
})

const place = (levels: Level[], constants: Step[] = []): number =>
  placeSlots(BASE, { levels, constants, outputs: [], extra: [] })

const overlap = (a: Slot, b: Slot): boolean =>
  a.address < b.address + b.bytes && b.address < a.address + a.bytes

describe('placing slots', () => {
  it('gives aligned addresses from the base, and the end behind them', () => {
    const [key, a] = [slot('key'), slot('a')]
    const end = place([level(key, [run(key, a)])])
    for (const each of [key, a]) {
      expect(each.address).toBeGreaterThanOrEqual(BASE)
      expect(each.address % 64).toBe(0)
      expect(each.address + each.bytes).toBeLessThanOrEqual(end)
    }
    expect(overlap(key, a)).toBe(false)
  })

  it('reuses the memory of a value that no later step reads', () => {
    const [key, a, b, c, d] = [slot('key'), slot('a'), slot('b'), slot('c'), slot('d')]
    place([level(key, [run(key, a), run(a, b), run(b, c), run(c, d)])])
    expect(c.address).toBe(a.address)
    expect(overlap(b, c)).toBe(false)
  })

  it('never lets the result of a step share memory with what the step reads', () => {
    const [key, a, b] = [slot('key'), slot('a'), slot('b')]
    place([level(key, [run(key, a), run(a, b)])])
    expect(overlap(a, b)).toBe(false)
  })

  it('keeps constants for the whole program', () => {
    const [key, constant, a, b, c] = [slot('key'), slot('k'), slot('a'), slot('b'), slot('c')]
    place([level(key, [run(constant, a), run(a, b), run(b, c)])], [run(constant)])
    for (const each of [key, a, b, c]) expect(overlap(constant, each)).toBe(false)
  })

  it('keeps what a loop reads from outside alive to the end of the loop', () => {
    const [key, outside, x, y, z] = [slot('key'), slot('outside'), slot('x'), slot('y'), slot('z')]
    const expand = expansion(slot('count'))
    const body = [run(outside, x), run(x, y), run(y, z)]
    place([
      level(key, [
        run(key, outside),
        run(key, expand.count),
        { kind: 'fold', table: 'c', expand, body },
      ]),
    ])
    for (const each of [x, y, z]) {
      expect(overlap(outside, each)).toBe(false)
      expect(overlap(expand.count, each)).toBe(false)
      expect(overlap(expand.state, each)).toBe(false)
      expect(overlap(expand.index, each)).toBe(false)
    }
  })

  it('keeps the keys and counts of an outer level while the inner one runs', () => {
    const [outerKey, innerKey, x, y] = [slot('outer'), slot('inner'), slot('x'), slot('y')]
    const expand = expansion(slot('count'))
    place([
      level(outerKey, [run(outerKey, expand.count)]),
      level(innerKey, [run(innerKey, x), run(x, y)], expand),
    ])
    for (const each of [innerKey, x, y]) {
      expect(overlap(outerKey, each)).toBe(false)
      expect(overlap(expand.count, each)).toBe(false)
      expect(overlap(expand.state, each)).toBe(false)
    }
  })

  it('leaves slots alone that have an address', () => {
    const [key, data] = [slot('key'), { ...slot('data'), address: 4096 }]
    place([level(key, [run(key, data)])])
    expect(data.address).toBe(4096)
  })
})
