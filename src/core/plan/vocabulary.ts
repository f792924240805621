import { fail } from '../errors.ts'
import { sha256Hex } from '../sha256.ts'

/** One column of a vocabulary, a value for each row: all strings, or all exact integers below 2^53. */
export type VocabularyColumn =
  | { readonly name: string; readonly kind: 'string'; readonly values: readonly string[] }
  | { readonly name: string; readonly kind: 'integer'; readonly values: readonly number[] }

/** A named, versioned list of words with weights. `hash` is the SHA-256 of its text, lower-case hex. */
export interface Vocabulary {
  readonly name: string
  readonly version: string
  readonly columns: readonly VocabularyColumn[]
  readonly rows: number
  readonly hash: string
}

/**
 * Reads a vocabulary's text: `# <name> <version>`, a line of `column:type`, then at least one row; cells are separated
 * by tabs and lines end with `\n`. Throws `vocabulary.invalid` naming the line and what was expected there. A host may
 * hand in a faster SHA-256 of a text, in lower-case hex.
 */
export const parseVocabulary = (
  name: string,
  text: string,
  sha256: (text: string) => string = sha256Hex,
): Vocabulary => {
  if (text.length > LONGEST_TEXT) invalid(name, 1, `has more than ${LONGEST_TEXT} characters`)
  if (!text.endsWith('\n')) invalid(name, 1, 'does not end with a line break')
  const lines = text.slice(0, -1).split('\n')
  const version = parseTitle(name, lines[0] ?? '')
  const headings = parseHeadings(name, lines[1] ?? '')
  if (lines.length < 3) invalid(name, 3, 'is missing: expected at least one row')
  const texts = columnTexts(name, headings, { lines, isPlain: !UNFIT_TEXT.test(text) })
  const columns = headings.map((heading, i) => parseColumn(name, heading, texts[i] ?? []))
  return { name, version, columns, rows: lines.length - 2, hash: sha256(text) }
}

/** The column of that name; throws `vocabulary.invalid` listing the columns there are. */
export const vocabularyColumn = (vocabulary: Vocabulary, name: string): VocabularyColumn =>
  vocabulary.columns.find((column) => column.name === name) ??
  fail('vocabulary.invalid', `vocabulary "${vocabulary.name}" has no column "${name}"`, {
    hint: `its columns are ${vocabulary.columns.map((column) => column.name).join(', ')}`,
  })

const LONGEST_TEXT = 16 * 1024 * 1024
const NAME = /^[a-z][a-z0-9_]{0,62}$/
const VERSION = /^[0-9]{1,4}(\.[0-9]{1,4}){0,3}$/
// Control characters, lone surrogates, the byte-order mark and code points beyond the BMP.
const UNFIT = /[\p{Cc}\p{Cs}\ufeff\u{10000}-\u{10ffff}]/u
const UNFIT_TEXT = /(?![\t\n])[\p{Cc}\p{Cs}\ufeff\u{10000}-\u{10ffff}]/u

interface Heading {
  readonly name: string
  readonly kind: VocabularyColumn['kind']
}

const invalid = (name: string, line: number, problem: string): never =>
  fail('vocabulary.invalid', `vocabulary "${shown(name)}", line ${line}: ${problem}`, {
    details: { line },
  })

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

const parseTitle = (name: string, line: string): string => {
  const [mark, title = '', version = '', ...rest] = line.split(' ')
  if (mark !== '#' || !NAME.test(title) || !VERSION.test(version) || rest.length > 0) {
    invalid(name, 1, `expected "# ${name} <version>", found "${shown(line)}"`)
  }
  if (title !== name) invalid(name, 1, `holds the vocabulary "${title}"`)
  return version
}

const parseHeadings = (name: string, line: string): readonly Heading[] => {
  const headings = line.split('\t').map((cell): Heading => {
    const [column = '', kind = '', ...rest] = cell.split(':')
    if (NAME.test(column) && rest.length === 0 && (kind === 'string' || kind === 'integer')) {
      return { name: column, kind }
    }
    return invalid(
      name,
      2,
      `expected "<column>:string" or "<column>:integer", found "${shown(cell)}"`,
    )
  })
  const twice = headings.find(
    (heading, i) => headings.findIndex((h) => h.name === heading.name) < i,
  )
  if (twice) invalid(name, 2, `column "${twice.name}" stands twice`)
  return headings
}

interface VocabularyLines {
  /** Title and headings first. */
  readonly lines: readonly string[]
  /** Whether no cell has a character that is not plain text. */
  readonly isPlain: boolean
}

/** The texts of each column's cells. */
const columnTexts = (
  name: string,
  headings: readonly Heading[],
  { lines, isPlain }: VocabularyLines,
): readonly (readonly string[])[] => {
  const texts = headings.map((): string[] => [])
  for (let line = 2; line < lines.length; line++) {
    const cells = lines[line]!.split('\t')
    if (cells.length !== headings.length)
      invalid(name, line + 1, `expected ${headings.length} cells, found ${cells.length}`)
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!
      const problem = isPlain && cell !== '' ? undefined : problemOf(cell)
      if (problem !== undefined) invalid(name, line + 1, `column "${headings[i]!.name}" ${problem}`)
      texts[i]!.push(cell)
    }
  }
  return texts
}

const problemOf = (cell: string): string | undefined => {
  if (cell === '') return 'is empty'
  return UNFIT.test(cell) ? 'has a character that is not plain text' : undefined
}

const parseColumn = (
  name: string,
  heading: Heading,
  texts: readonly string[],
): VocabularyColumn => {
  if (heading.kind === 'string') return { name: heading.name, kind: 'string', values: texts }
  const values = texts.map((text, row) => {
    const value = Number(text)
    if (Number.isSafeInteger(value) && String(value) === text) return value
    return invalid(
      name,
      row + 3,
      `column "${heading.name}" expects an integer, found "${shown(text)}"`,
    )
  })
  return { name: heading.name, kind: 'integer', values }
}
