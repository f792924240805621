import { describe, expect, test } from 'vitest'
import { formatDate } from '../../../src/core/expr/civil.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { vocabularyColumn } from '../../../src/core/plan/vocabulary.ts'
import { OPERATORS } from './operators.ts'
import { typedPeople, VOCABULARIES } from './people-plan.ts'

interface Change {
  readonly column: string
  readonly before: string | null
  readonly after: string | null
}

/** What one operator alone does to people when it always strikes, and how many people there are. */
const changesOf = (name: string, count = 400): readonly Change[] => {
  const operators = [OPERATORS[name]!(1)]
  const plan = typedPeople([{ name: 'only', operators, odds: [] }], count)
  return [...interpretTable(plan, 'ledger')].map((row) => ({
    column: String(row['column']),
    before: row['true_value'] as string | null,
    after: row['emitted_value'] as string | null,
  }))
}

/** Every change is as it should be, and there are some. */
const all = (
  name: string,
  isRight: (before: string, after: string) => boolean,
  least = 300,
): void => {
  const changes = changesOf(name)
  expect(changes.length).toBeGreaterThanOrEqual(least)
  const wrong = changes.filter(({ before, after }) => !isRight(before ?? '', after ?? ''))
  expect(wrong).toEqual([])
}

const words = (name: string, column: string): readonly string[] => {
  const found = vocabularyColumn(VOCABULARIES.get(name)!, column)
  return found.kind === 'string' ? found.values : []
}

const KEYS = words('keyboard', 'keys')
const isBeside = (a: string, b: string): boolean => KEYS[a.charCodeAt(0)]!.includes(b)

const without = (text: string, at: number): string => text.slice(0, at) + text.slice(at + 1)
const places = (text: string): readonly number[] => Array.from({ length: text.length }, (_, i) => i)

describe('text', () => {
  test('insert puts a neighbouring key before a character', () =>
    all('insert', (before, after) =>
      places(after).some(
        (at) => without(after, at) === before && isBeside(before.charAt(at), after.charAt(at)),
      ),
    ))

  test('delete loses one character', () =>
    all('delete', (before, after) => places(before).some((at) => without(before, at) === after)))

  test('substitute replaces a character by a neighbouring key', () =>
    all('substitute', (before, after) =>
      places(before).some(
        (at) =>
          without(before, at) === without(after, at) &&
          isBeside(before.charAt(at), after.charAt(at)),
      ),
    ))

  test('transpose turns two unlike neighbours', () =>
    all('transpose', (before, after) =>
      places(before).some((at) => {
        const turned = before.charAt(at + 1) + before.charAt(at)
        return after !== before && before.slice(0, at) + turned + before.slice(at + 2) === after
      }),
    ))

  test('ocr replaces a character by what a scanner takes it for', () =>
    all(
      'ocr',
      (before, after) =>
        places(before).some((at) =>
          [1, 2, 3].some((n) => {
            const reading = words('scanner', `reading_${n}`)[before.charCodeAt(at)]!
            return before.slice(0, at) + reading + before.slice(at + 1) === after
          }),
        ),
      250,
    ))

  test('truncate keeps at least three characters of the beginning', () =>
    all('truncate', (before, after) => after.length >= 3 && before.startsWith(after)))
})

describe('names', () => {
  const cells = (list: string, prefix: string, names: string) => {
    const rows = words(names, 'name')
    return (name: string): readonly (string | undefined)[] =>
      [1, 2, 3].map((n) =>
        VOCABULARIES.get(list)!.columns.some((column) => column.name === `${prefix}_${n}`)
          ? words(list, `${prefix}_${n}`)[rows.indexOf(name)]
          : undefined,
      )
  }

  test('nickname takes one of the nicknames of the list', () => {
    const known = cells('given_variants_female', 'nickname', 'given_names_female')
    all('nickname', (before, after) => after !== '?' && known(before).includes(after), 200)
  })

  test('phonetic takes a spelling that sounds alike', () => {
    const known = cells('surname_variants', 'sound', 'surnames')
    all('phonetic', (before, after) => after !== '?' && known(before).includes(after))
  })

  test('accents add accents alone', () =>
    all(
      'accents',
      (before, after) =>
        before !== after && after.normalize('NFD').replace(/\p{M}/gu, '') === before,
      10,
    ))

  test('initial keeps the first letter', () =>
    all('initial', (before, after) => after === `${before.charAt(0)}.`))

  test('spacing joins or parts the words of a name', () =>
    all('spacing', (before, after) => before.replace(/[ ']/g, '') === after.replace(/ /g, ''), 2))

  test('hyphen and maiden name bring another surname', () => {
    all('hyphen', (before, after) => after === `${words('surnames', 'name')[17]}-${before}`)
    all('maiden', (_, after) => after === words('surnames', 'name')[17])
  })

  test('suffix moves behind the last name, as two changes', () => {
    const changes = changesOf('suffix')
    const [last, suffix] = ['last', 'suffix'].map((name) =>
      changes.filter(({ column }) => column === name),
    )
    expect(last!.length).toBeGreaterThan(50)
    expect(suffix!.length).toBe(last!.length)
    expect(last!.every(({ before, after }) => after === `${before} Jr.`)).toBe(true)
    expect(suffix!.every(({ before, after }) => before === 'Jr.' && after === null)).toBe(true)
  })

  test('title and case', () => {
    all('title', (before, after) => after === `Ms. ${before}`)
    all('capitals', (before, after) => after === before.toUpperCase())
    all('small', (before, after) => after === before.toLowerCase())
  })

  test('order puts each name in the place of the other', () => {
    const changes = changesOf('order')
    expect(changes.length).toBeGreaterThan(600)
    for (let i = 0; i < changes.length; i += 2) {
      const [first, last] = [changes[i]!, changes[i + 1]!]
      expect([first.column, last.column]).toEqual(['first', 'last'])
      expect([first.after, last.after]).toEqual([last.before, first.before])
    }
  })
})

describe('other fields', () => {
  test('missing empties filled cells only', () => {
    const changes = changesOf('missing')
    expect(changes.length).toBeGreaterThan(50)
    expect(changes.length).toBeLessThan(150)
    expect(changes.every(({ before, after }) => before === 'Jr.' && after === null)).toBe(true)
  })

  test('replaced and copied values are the ones handed in', () => {
    all('replaced', (before, after) => after === `${before}-0001`)
    all('copy', (_, after) => after === formatDate(12_345))
  })

  const parts = (date: string): readonly number[] => date.split('-').map(Number)

  test('day and month change places where the day can be a month', () =>
    all(
      'dayAndMonth',
      (before, after) => {
        const [year, month, day] = parts(before)
        return after === [year, day, month].map((each) => String(each).padStart(2, '0')).join('-')
      },
      100,
    ))

  test('age moves the year by one or two', () =>
    all('age', (before, after) => {
      const [from, to] = [parts(before), parts(after)]
      const isLeapDay = from[1] === 2 && from[2] === 29
      const same = from[1] === to[1] && from[2] === to[2]
      return [1, 2].includes(Math.abs(from[0]! - to[0]!)) && (same || isLeapDay)
    }))

  test('first of January keeps the year', () =>
    all('january', (before, after) => after === `${before.slice(0, 4)}-01-01`))

  test('days move the date by up to fifty', () =>
    all('days', (before, after) => {
      const days = Math.abs(Date.parse(after) - Date.parse(before)) / 86_400_000
      return days >= 1 && days <= 50
    }))

  test('digits are wrong or turned, mostly the last ones of a ZIP code', () => {
    const differing = (before: string, after: string): readonly number[] =>
      places(before).filter((at) => before.charAt(at) !== after.charAt(at))
    all(
      'zipDigit',
      (before, after) => /^\d{5}$/.test(after) && differing(before, after).length === 1,
    )
    all('zipTranspose', (before, after) => differing(before, after).length === 2, 150)
    const first = changesOf('zipDigit').filter(({ before, after }) => before?.[0] !== after?.[0])
    expect(first.length).toBeLessThan(40)
  })

  test.each([
    ['dots', /^212\.055\.\d{4}$/],
    ['spaces', /^212 055 \d{4}$/],
    ['parentheses', /^\(212\) 055-\d{4}$/],
    ['plus', /^\+1212055\d{4}$/],
  ])('a telephone number with %s', (name, form) =>
    all(name, (before, after) => form.test(after) && after.slice(-4) === before.slice(-4)),
  )
})
