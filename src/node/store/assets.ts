import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { fail } from '../../core/errors.ts'
import { parseVocabulary, type Vocabulary } from '../../core/plan/vocabulary.ts'
import { isAbsent } from './file-errors.ts'
import { sha256 } from './sha256.ts'

/** The package's vocabularies by name, in code-unit order. */
export const listVocabularies = async (): Promise<readonly string[]> => {
  const files = await readdir(FOLDER)
  return files
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .toSorted()
}

/** Reads one vocabulary of the package; throws `vocabulary.invalid` listing the names there are when it is unknown. */
export const readVocabulary = async (name: string): Promise<Vocabulary> => {
  const file = new URL(name + SUFFIX, FOLDER)
  const text = NAME.test(name) ? readText(file) : undefined
  if (text !== undefined) return parseVocabulary(name, text, sha256)
  return fail('vocabulary.invalid', `there is no vocabulary "${name.slice(0, 80)}"`, {
    hint: `the vocabularies are ${(await listVocabularies()).join(', ')}`,
  })
}

/** Read at once, as these files are small and many. */
const readText = (file: URL): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

const NAME = /^[a-z0-9_]+$/

/** Where a file of the package's assets lies, by its path below assets/. */
export const assetUrl = (path: string): URL => new URL(path, ASSETS)

const SUFFIX = '.tsv'
// As far from the compiled file as from the source.
const ASSETS = new URL('../../../assets/', import.meta.url)
const FOLDER = new URL('vocabularies/', ASSETS)
