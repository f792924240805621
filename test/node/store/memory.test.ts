import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/node/store/memory.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { storeContract } from '../../contract/store.ts'
import { bytes, pathsOf, textOf } from './texts.ts'

storeContract('memoryStore', async () => memoryStore())

describe('after a power loss', () => {
  test('an object that was synced and committed is whole', async () => {
    const store = memoryStore()
    await putIfAbsent(store, 'a/b', bytes('abc'))
    expect(await textOf(store.crash(), 'a/b')).toBe('abc')
  })

  test('an object committed without sync has lost its bytes, or not', async () => {
    const store = memoryStore()
    const writer = await store.create('a')
    await writer.write(bytes('abc'))
    await writer.sync()
    await writer.write(bytes('def'))
    await writer.commit()
    expect(await textOf(store, 'a')).toBe('abcdef')
    expect(await textOf(store.crash(), 'a')).toBe('abc')
    expect(
      await textOf(
        store.crash(() => true),
        'a',
      ),
    ).toBe('abcdef')
  })

  test('an object that was not committed is gone', async () => {
    const store = memoryStore()
    const writer = await store.create('a')
    await writer.write(bytes('abc'))
    await writer.sync()
    expect(await pathsOf(store.crash(), '')).toEqual([])
  })

  test('a removed object may be back, until its folder is synced by another commit', async () => {
    const store = memoryStore()
    await putIfAbsent(store, 'a/b', bytes('abc'))
    await store.remove('a/b')
    expect(await textOf(store.crash(), 'a/b')).toBe('abc')
    expect(
      await textOf(
        store.crash(({ kind }) => kind === 'removal'),
        'a/b',
      ),
    ).toBeUndefined()
    await putIfAbsent(store, 'elsewhere/c', bytes('x'))
    expect(await textOf(store.crash(), 'a/b')).toBe('abc')
    await putIfAbsent(store, 'a/c', bytes('x'))
    expect(await textOf(store.crash(), 'a/b')).toBeUndefined()
  })

  test('a path that was removed and written again holds the new object', async () => {
    const store = memoryStore()
    await putIfAbsent(store, 'a', bytes('old'))
    await store.remove('a')
    await putIfAbsent(store, 'a', bytes('new'))
    expect(await textOf(store.crash(), 'a')).toBe('new')
  })

  test('a published folder stays published, with its unsynced bytes lost', async () => {
    const store = memoryStore()
    await putIfAbsent(store, 'staging/a', bytes('abc'))
    const writer = await store.create('staging/b')
    await writer.write(bytes('abc'))
    await writer.commit()
    await store.publish?.('staging', 'lake')
    const after = store.crash()
    expect(await textOf(after, 'lake/a')).toBe('abc')
    expect(await textOf(after, 'lake/b')).toBe('')
  })

  test('the crashed store goes its own way', async () => {
    const store = memoryStore()
    await putIfAbsent(store, 'a', bytes('abc'))
    const after = store.crash()
    await after.remove('a')
    expect(await textOf(store, 'a')).toBe('abc')
  })
})

test('objects bear the time of the clock', async () => {
  const store = memoryStore({ now: () => 1234 })
  await putIfAbsent(store, 'a', bytes('abc'))
  expect(await store.stat('a')).toEqual({ path: 'a', size: 3, modifiedAt: 1234 })
})
