import { describe, expect, test } from 'vitest'
import { createSpeedProbe } from '../../../src/node/run/speed-probe.ts'

describe('a speed probe', () => {
  test('has nothing to tell before it has sampled', () => {
    expect(createSpeedProbe().take()).toEqual({ count: 0, seconds: 0, least: 0 })
  })

  test('samples at most once in a while and begins anew when it is taken', () => {
    const probe = createSpeedProbe()
    probe.sample()
    probe.sample()
    const { count, seconds, least } = probe.take()
    expect(count).toBe(1)
    expect(least).toBeGreaterThan(0)
    expect(seconds).toBe(least)
    expect(probe.take().count).toBe(0)
  })
})
