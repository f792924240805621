import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isLakewrightError } from '../../../src/core/errors.ts'
import { parseVocabulary, vocabularyColumn } from '../../../src/core/plan/vocabulary.ts'

const TEXT = "# towns 2026.1\nname:string\tweight:integer\nAda\t3\nO'Fallon\t-2\nNew York\t0\n"

const problemOf = (text: string, name = 'towns'): string => {
  try {
    parseVocabulary(name, text)
  } catch (error) {
    if (isLakewrightError(error) && error.code === 'vocabulary.invalid') return error.message
    throw error
  }
  return 'none'
}

describe('a well-formed vocabulary', () => {
  it('gives typed columns in the order of the file', () => {
    expect(parseVocabulary('towns', TEXT)).toMatchObject({
      name: 'towns',
      version: '2026.1',
      rows: 3,
      columns: [
        { name: 'name', kind: 'string', values: ['Ada', "O'Fallon", 'New York'] },
        { name: 'weight', kind: 'integer', values: [3, -2, 0] },
      ],
    })
  })

  it('is identified by the SHA-256 of its text', () => {
    const accented = TEXT.replace('Ada', 'Zoë')
    for (const text of [TEXT, accented]) {
      const hash = createHash('sha256').update(text, 'utf8').digest('hex')
      expect(parseVocabulary('towns', text).hash).toBe(hash)
    }
  })

  it('keeps leading zeros of strings', () => {
    const zips = parseVocabulary('zips', '# zips 1\nzip:string\n00501\n')
    expect(vocabularyColumn(zips, 'zip').values).toEqual(['00501'])
  })

  it('survives any table of plain words and integers', () => {
    const row = fc.tuple(fc.stringMatching(/^[A-Za-z][A-Za-z '.-]{0,20}$/), fc.maxSafeInteger())
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const body = rows.map(([word, number]) => `${word}\t${number}\n`).join('')
        const parsed = parseVocabulary('any', `# any 1.0\nword:string\tnumber:integer\n${body}`)
        expect(parsed.columns.map((column) => column.values)).toEqual([
          rows.map(([word]) => word),
          rows.map(([, number]) => number),
        ])
      }),
      { seed: 3, numRuns: 200 },
    )
  })
})

describe('a malformed vocabulary', () => {
  it.each([
    ['nothing at all', '', 'line 1: does not end with a line break'],
    ['a missing last line break', TEXT.slice(0, -1), 'line 1: does not end with a line break'],
    ['no title', TEXT.slice(TEXT.indexOf('\n') + 1), 'line 1: expected "# towns <version>"'],
    [
      'a title without version',
      TEXT.replace(' 2026.1', ''),
      'line 1: expected "# towns <version>"',
    ],
    ['an odd version', TEXT.replace('2026.1', 'latest'), 'line 1: expected "# towns <version>"'],
    [
      'the title of another',
      TEXT.replace('towns', 'names'),
      'line 1: holds the vocabulary "names"',
    ],
    ['Windows line breaks', TEXT.replaceAll('\n', '\r\n'), 'line 1: expected "# towns <version>"'],
    ['an unknown type', TEXT.replace('integer', 'float'), 'line 2: expected "<column>:string"'],
    ['an untyped column', TEXT.replace(':string', ''), 'line 2: expected "<column>:string"'],
    ['a column twice', TEXT.replace('weight', 'name'), 'line 2: column "name" stands twice'],
    ['a forbidden column name', TEXT.replace('weight', '__proto__'), 'line 2: expected'],
    ['no rows', '# towns 1\nname:string\n', 'line 3: is missing: expected at least one row'],
    ['a missing cell', TEXT.replace('Ada\t3', 'Ada'), 'line 3: expected 2 cells, found 1'],
    ['a cell too many', TEXT.replace('Ada\t3', 'Ada\t3\t4'), 'line 3: expected 2 cells, found 3'],
    ['an empty cell', TEXT.replace('Ada', ''), 'line 3: column "name" is empty'],
    ['an empty line', TEXT.replace('Ada\t3\n', '\n'), 'line 3: expected 2 cells, found 1'],
    [
      'a control character',
      TEXT.replace('Ada', 'A\u0000a'),
      'line 3: column "name" has a character',
    ],
    ['an emoji', TEXT.replace('Ada', '🏠'), 'line 3: column "name" has a character'],
    ['half an emoji', TEXT.replace('Ada', '\ud83c'), 'line 3: column "name" has a character'],
    ['a fraction', TEXT.replace('3', '3.5'), 'column "weight" expects an integer, found "3.5"'],
    [
      'a word for a number',
      TEXT.replace('-2', 'two'),
      'line 4: column "weight" expects an integer',
    ],
    ['an exponent', TEXT.replace('3', '3e2'), 'line 3: column "weight" expects an integer'],
    ['a leading zero', TEXT.replace('3', '03'), 'line 3: column "weight" expects an integer'],
    ['negative zero', TEXT.replace('\t0', '\t-0'), 'line 5: column "weight" expects an integer'],
    [
      'an inexact integer',
      TEXT.replace('3', '9007199254740993'),
      'line 3: column "weight" expects',
    ],
    [
      'a huge text',
      `${'x'.repeat(17 * 1024 * 1024)}\n`,
      'line 1: has more than 16777216 characters',
    ],
  ])('with %s is refused, naming the line', (_, text, problem) => {
    expect(problemOf(text)).toContain(
      `vocabulary "towns", ${problem.startsWith('line') ? problem : 'line'}`,
    )
    expect(problemOf(text)).toContain(problem)
  })

  it('does not echo a long cell', () => {
    expect(problemOf(TEXT.replace('3', 'x'.repeat(5000))).length).toBeLessThan(200)
  })

  it('never fails in another way, whatever bytes are changed', () => {
    const edit = fc.tuple(
      fc.nat(TEXT.length),
      fc.nat(8),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    let refused = 0
    fc.assert(
      fc.property(edit, ([at, length, piece]) => {
        if (problemOf(TEXT.slice(0, at) + piece + TEXT.slice(at + length)) !== 'none') refused++
      }),
      { seed: 5, numRuns: 400 },
    )
    expect(refused).toBeGreaterThan(200)
  })
})

it('an unknown column is refused with the names there are', () => {
  const towns = parseVocabulary('towns', TEXT)
  expect(() => vocabularyColumn(towns, 'wieght')).toThrow(
    expect.objectContaining({ code: 'vocabulary.invalid', hint: 'its columns are name, weight' }),
  )
})
