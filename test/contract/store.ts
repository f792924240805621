import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/ports.ts'
import { listAll } from '../../src/node/store/list-all.ts'
import { bytes, pathsOf, textOf } from '../node/store/texts.ts'

/** A fresh, empty store for one test. */
export type MakeStore = () => Promise<Store>

const put = async (store: Store, path: string, content: string): Promise<boolean> => {
  const writer = await store.create(path)
  await writer.write(bytes(content))
  await writer.sync()
  return writer.commit()
}

/** What every Store promises; `make` gives an empty one. */
export const storeContract = (name: string, make: MakeStore): void => {
  describe(`${name} keeps the contract of a store`, () => {
    objects(make)
    listing(make)
    publishing(make)
    hostilePaths(make)
  })
}

const objects = (make: MakeStore): void => {
  test('an object appears at commit and not before', async () => {
    const store = await make()
    const writer = await store.create('a/b.txt')
    await writer.write(bytes('one '))
    await writer.write(bytes('two'))
    await writer.sync()
    expect(await store.read('a/b.txt')).toBeUndefined()
    expect(await store.stat('a/b.txt')).toBeUndefined()
    expect(await pathsOf(store, '')).toEqual([])
    expect(await writer.commit()).toBe(true)
    expect(await textOf(store, 'a/b.txt')).toBe('one two')
    expect(await store.stat('a/b.txt')).toMatchObject({ path: 'a/b.txt', size: 7 })
  })

  test('a commit at a taken path answers false and leaves what is there', async () => {
    const store = await make()
    expect(await put(store, 'a/b.txt', 'first')).toBe(true)
    expect(await put(store, 'a/b.txt', 'second')).toBe(false)
    expect(await textOf(store, 'a/b.txt')).toBe('first')
    expect(await pathsOf(store, '')).toEqual(['a/b.txt'])
  })

  test('of many writers at one path exactly one commits, and its bytes are the ones kept', async () => {
    const store = await make()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, writer) => put(store, 'log/0.json', `writer ${writer}`)),
    )
    expect(outcomes.filter((won) => won)).toHaveLength(1)
    expect(await textOf(store, 'log/0.json')).toBe(`writer ${outcomes.indexOf(true)}`)
  })

  test('an aborted object leaves nothing and its path stays free', async () => {
    const store = await make()
    const writer = await store.create('a/b.txt')
    await writer.write(bytes('gone'))
    await writer.abort()
    expect(await pathsOf(store, '')).toEqual([])
    expect(await put(store, 'a/b.txt', 'kept')).toBe(true)
  })

  test('the caller may use its buffer again once a write has returned', async () => {
    const store = await make()
    const writer = await store.create('a')
    const buffer = bytes('abc')
    await writer.write(buffer)
    buffer.fill(0)
    await writer.commit()
    expect(await textOf(store, 'a')).toBe('abc')
  })

  test('an empty object is an object', async () => {
    const store = await make()
    const writer = await store.create('empty')
    expect(await writer.commit()).toBe(true)
    expect(await textOf(store, 'empty')).toBe('')
    expect(await store.stat('empty')).toMatchObject({ size: 0 })
  })

  test.each([
    [0, undefined, 'abcdef'],
    [2, undefined, 'cdef'],
    [2, 4, 'cd'],
    [4, 99, 'ef'],
    [6, undefined, ''],
    [9, 12, ''],
    [3, 3, ''],
  ])('reading from %s to %s gives %j', async (start, end, expected) => {
    const store = await make()
    await put(store, 'a', 'abcdef')
    const found = await store.read('a', start, end)
    expect(new TextDecoder().decode(found)).toBe(expected)
  })

  test('what is absent reads as undefined, also below an object and for a folder', async () => {
    const store = await make()
    await put(store, 'a/b', 'x')
    expect(await store.read('nothing')).toBeUndefined()
    expect(await store.read('a/b/c')).toBeUndefined()
    expect(await store.stat('a/b/c')).toBeUndefined()
    expect(await store.stat('a')).toBeUndefined()
  })

  test('a removed object is gone, and removing it again is fine', async () => {
    const store = await make()
    await put(store, 'a/b', 'x')
    await store.remove('a/b')
    await store.remove('a/b')
    await store.remove('never/was')
    expect(await store.read('a/b')).toBeUndefined()
    expect(await put(store, 'a/b', 'again')).toBe(true)
  })

  test('an object cannot be put below an object', async () => {
    const store = await make()
    await put(store, 'a', 'x')
    await expect(store.create('a/b')).rejects.toMatchObject({ code: 'store.notFolder' })
  })

  test('an object cannot be put where a folder is', async () => {
    const store = await make()
    await put(store, 'a/b', 'x')
    expect(await put(store, 'a', 'y')).toBe(false)
    expect(await textOf(store, 'a/b')).toBe('x')
  })
}

const listing = (make: MakeStore): void => {
  test('a listing is in code-unit order of whole paths, across folders', async () => {
    const store = await make()
    const made = ['a0', 'b', 'a/é', 'a.b', 'a/b/c', 'a/Z', 'a-b', 'a/b-']
    for (const path of made) await put(store, path, path)
    expect(await pathsOf(store, '')).toEqual([
      'a-b',
      'a.b',
      'a/Z',
      'a/b-',
      'a/b/c',
      'a/é',
      'a0',
      'b',
    ])
  })

  test('a listing of a folder holds what is below it and not its namesakes', async () => {
    const store = await make()
    for (const path of ['t/1', 't/x/2', 't2/3', 'tt']) await put(store, path, 'abc')
    expect(await pathsOf(store, 't')).toEqual(['t/1', 't/x/2'])
    expect((await listAll(store, 't')).map(({ size }) => size)).toEqual([3, 3])
  })

  test('a listing of what is absent or an object is empty', async () => {
    const store = await make()
    await put(store, 'a', 'x')
    expect(await pathsOf(store, 'nothing')).toEqual([])
    expect(await pathsOf(store, 'a')).toEqual([])
  })
}

const publish = async (store: Store, from: string, to: string): Promise<boolean> => {
  if (store.publish === undefined) throw new Error('this store does not publish')
  return store.publish(from, to)
}

const publishing = (make: MakeStore): void => {
  test('a published folder is at its new place as a whole', async () => {
    const store = await make()
    await put(store, 'staging/d/x', '1')
    await put(store, 'staging/d/y/z', '2')
    expect(await publish(store, 'staging/d', 'lake/c/d')).toBe(true)
    expect(await pathsOf(store, '')).toEqual(['lake/c/d/x', 'lake/c/d/y/z'])
    expect(await textOf(store, 'lake/c/d/y/z')).toBe('2')
  })

  test.each([
    ['a folder', 'lake/d/old'],
    ['an object', 'lake/d'],
  ])('nothing is published over %s', async (_, taken) => {
    const store = await make()
    await put(store, 'staging/x', 'new')
    await put(store, taken, 'old')
    expect(await publish(store, 'staging', 'lake/d')).toBe(false)
    expect(await textOf(store, taken)).toBe('old')
    expect(await textOf(store, 'staging/x')).toBe('new')
  })

  test('of many publishers to one place exactly one succeeds', async () => {
    const store = await make()
    const names = Array.from({ length: 8 }, (_, index) => `staging${index}`)
    for (const name of names) await put(store, `${name}/who`, name)
    const outcomes = await Promise.all(names.map((name) => publish(store, name, 'lake')))
    expect(outcomes.filter((won) => won)).toHaveLength(1)
    expect(await textOf(store, 'lake/who')).toBe(names[outcomes.indexOf(true)])
    expect(await pathsOf(store, '')).toHaveLength(8)
  })

  test('publishing a folder that is not there fails', async () => {
    const store = await make()
    await expect(publish(store, 'nothing', 'lake')).rejects.toMatchObject({ code: 'store.io' })
  })
}

const HOSTILE = ['../x', 'a/../../x', '/etc/x', 'a//b', './a', 'a/', '', 'a/.', 'a\0b']

const hostilePaths = (make: MakeStore): void => {
  test.each(HOSTILE)('the path %j is refused by every operation', async (path) => {
    const store = await make()
    const denied = { code: 'store.denied' }
    await expect((async () => store.create(path))()).rejects.toMatchObject(denied)
    await expect((async () => store.read(path))()).rejects.toMatchObject(denied)
    await expect((async () => store.stat(path))()).rejects.toMatchObject(denied)
    await expect((async () => store.remove(path))()).rejects.toMatchObject(denied)
    await expect((async () => publish(store, path, 'a'))()).rejects.toMatchObject(denied)
    await expect((async () => publish(store, 'a', path))()).rejects.toMatchObject(denied)
    if (path !== '')
      await expect((async () => listAll(store, path))()).rejects.toMatchObject(denied)
  })
}
