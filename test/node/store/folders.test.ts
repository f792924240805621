import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { absentFolders, makeFolders, removeIfEmpty } from '../../../src/node/store/folders.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lakewright-folders-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('makes a folder with its parents and says which was the topmost', () => {
  expect(makeFolders(join(root, 'a/b/c'))).toBe(join(root, 'a'))
  expect(existsSync(join(root, 'a/b/c'))).toBe(true)
  expect(makeFolders(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'))
})

test('leaves a folder that is there', () => {
  expect(makeFolders(root)).toBeUndefined()
  expect(makeFolders('/')).toBeUndefined()
})

test('fails where a file is in the way', () => {
  writeFileSync(join(root, 'file'), '')
  expect(() => makeFolders(join(root, 'file'))).toThrow('EEXIST')
  expect(() => makeFolders(join(root, 'file/below'))).toThrow(/EEXIST|ENOTDIR/)
})

test.skipIf(!existsSync('/proc/self'))('ends where the system denies a folder as absent', () => {
  expect(() => makeFolders('/proc/lake/below')).toThrow(/making the folder \/proc\/lake:/)
})

test('names the folders that are not there, from within, and removes those that are empty', () => {
  const inner = join(root, 'a/b')
  expect(absentFolders(inner)).toEqual([inner, join(root, 'a')])
  makeFolders(inner)
  expect(absentFolders(inner)).toEqual([])
  removeIfEmpty(join(root, 'a'))
  expect(existsSync(inner)).toBe(true)
  removeIfEmpty(inner)
  expect(existsSync(inner)).toBe(false)
  removeIfEmpty(inner)
})

test('below a file every folder is absent, and the file is left as it is', () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  expect(absentFolders(join(file, 'a/b'))).toEqual([join(file, 'a/b'), join(file, 'a')])
  removeIfEmpty(file)
  expect(existsSync(file)).toBe(true)
})
