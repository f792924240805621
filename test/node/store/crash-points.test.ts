import { expect, test } from 'vitest'
import { withCrashPoints } from '../../../src/node/store/crash-points.ts'
import { memoryStore } from '../../../src/node/store/memory.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { storeContract } from '../../contract/store.ts'
import { bytes } from './texts.ts'

storeContract('a store with crash points', async () =>
  withCrashPoints(memoryStore(), () => undefined),
)

test('every step that changes the store is announced before and after, by name', async () => {
  const seen: string[] = []
  const store = withCrashPoints(memoryStore(), (point, moment) => {
    seen.push(`${moment} ${point}`)
  })
  await putIfAbsent(store, 'data/part-0.parquet', bytes('abc'))
  await (await store.create('data/other')).abort()
  await store.publish?.('data', 'lake')
  await store.remove('lake/part-0.parquet')
  const steps = seen.filter((_, index) => index % 2 === 0)
  expect(seen.filter((_, index) => index % 2 === 1)).toEqual(
    steps.map((step) => step.replace('before', 'after')),
  )
  expect(steps.map((step) => step.replace('before ', ''))).toEqual([
    'data/part-0.parquet:create',
    'data/part-0.parquet:write',
    'data/part-0.parquet:sync',
    'data/part-0.parquet:link',
    'data/other:create',
    'data/other:abort',
    'lake:rename',
    'lake/part-0.parquet:remove',
  ])
})

test('a hook that throws before a step keeps it from happening, one after it does not', async () => {
  const memory = memoryStore()
  const failing = (when: 'before' | 'after') =>
    withCrashPoints(memory, (point, moment) => {
      if (point.endsWith(':link') && moment === when) throw new Error('killed')
    })
  await expect(putIfAbsent(failing('before'), 'a', bytes('1'))).rejects.toThrow('killed')
  expect(await memory.stat('a')).toBeUndefined()
  await expect(putIfAbsent(failing('after'), 'a', bytes('2'))).rejects.toThrow('killed')
  expect(await memory.stat('a')).toMatchObject({ size: 1 })
})

test('a store that cannot publish does not seem to with crash points', () => {
  const { publish: _, ...store } = memoryStore()
  expect(withCrashPoints(store, () => undefined).publish).toBeUndefined()
})
