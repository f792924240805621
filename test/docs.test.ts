import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../src/node/cli/commands.ts'
import { datasetOptions } from '../src/node/cli/dataset-options.ts'
import { projectPaths, readSources, ROOT } from './support/sources.ts'

const pages = readSources(projectPaths().filter((path) => path.endsWith('.md')))

describe('pages', () => {
  test('link only to files that are there', () => {
    const links = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !link.includes('://'))
        .map((link) => ({ path, link })),
    )
    const dead = links.filter(({ path, link }) => !existsSync(join(ROOT, dirname(path), link)))
    expect(links.length).toBeGreaterThan(50)
    expect(dead).toEqual([])
  })

  test('print only commands and options that there are', async () => {
    const lines = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/^\.\/lakewright (?!-)([^#\n]*)/gm)].map(([, line = '']) => ({
        path,
        words: line.trim().split(/\s+/),
      })),
    )
    const wrong: string[] = []
    for (const { path, words } of lines)
      for (const word of await unknownWords(words))
        wrong.push(`${path}: ${words.join(' ')}: ${word}`)
    expect(lines.length).toBeGreaterThan(15)
    expect(wrong).toEqual([])
  })
})

/** The command or the options of a command line that do not exist. */
const unknownWords = async ([name = '', ...rest]: readonly string[]): Promise<
  readonly string[]
> => {
  const entry = COMMANDS.find((each) => each.name === name)
  if (entry === undefined) return [name]
  const command = await entry.load()
  const further = (await datasetOptions(rest))?.options ?? []
  const known = new Set([...command.options, ...further].map((option) => `--${option.name}`))
  return rest.filter((word) => word.startsWith('--') && word !== '--help' && !known.has(word))
}
