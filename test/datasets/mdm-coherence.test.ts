import { describe, expect, test } from 'vitest'
import { civilFromDays } from '../../src/core/expr/civil.ts'
import { vocabularyColumn } from '../../src/core/plan/vocabulary.ts'
import { REASONS } from '../../src/datasets/mdm/tables/hard-pairs.ts'
import { PERSON_FIELDS } from '../../src/datasets/mdm/person.ts'
import { SOURCE_TABLES, type SourceName, SOURCES } from '../../src/datasets/mdm/source.ts'
import { kernelRows } from '../support/kernel-rows.ts'
import { DAY, groupBy, num, type Row, str } from './identity-rows.ts'
import { NO_NOISE, typedMdm, VOCABULARIES } from './mdm-rows.ts'

const CUSTOMERS = 3000
const plan = typedMdm({
  uniqueCustomers: CUSTOMERS,
  ...NO_NOISE,
  twins: 0.5,
  namesakes: 0.5,
  doubles: 0.1,
  marriages: 0.3,
})
const rowsOf = (name: string): readonly Row[] => kernelRows(plan, { name })

const customers: readonly Row[] = rowsOf('customers').map((row, i) => ({ ...row, id: i + 1 }))
const versions = rowsOf('truth_entities')
const pairs = rowsOf('truth_hard_pairs')
const records: Readonly<Record<SourceName, readonly Row[]>> = {
  crm: rowsOf(SOURCE_TABLES.crm),
  erp: rowsOf(SOURCE_TABLES.erp),
  ecommerce: rowsOf(SOURCE_TABLES.ecommerce),
}
const allRecords = SOURCES.flatMap((source) => records[source])
const versionsOf = groupBy(versions, 'entity_id')
const dayOf = (row: Row | undefined, column: string): number => Math.floor(num(row, column) / DAY)
const person = (row: Row | undefined): readonly unknown[] =>
  PERSON_FIELDS.map((field) => row?.[field])
const versionOn = (entity: number, day: number): Row | undefined =>
  versionsOf
    .get(entity)
    ?.find(
      (row) =>
        num(row, 'valid_from') <= day && (row['valid_to'] === null || day < num(row, 'valid_to')),
    )

const words = (name: string, column: string): readonly (string | number)[] =>
  vocabularyColumn(VOCABULARIES.get(name)!, column).values

describe('a person', () => {
  const women = new Set(words('given_names_female', 'name'))
  const men = new Set(words('given_names_male', 'name'))

  test('has names of its sex', () => {
    for (const row of versions) {
      const names = str(row, 'sex') === 'F' ? women : men
      expect(names.has(str(row, 'first_name'))).toBe(true)
    }
    const sexes = versions.map((row) => str(row, 'sex'))
    expect(new Set(sexes)).toEqual(new Set(['F', 'M']))
  })

  test('has a name that was given in the years of its birth', () => {
    const [names, weights] = [words('given_names_female', 'name'), 'weight']
    expect(weights).toBe('weight')
    const old = words('given_names_female', 'born_1940s')
    const young = words('given_names_female', 'born_1990s')
    const share = (row: Row): number => {
      const at = names.indexOf(str(row, 'first_name'))
      const [a, b] = [Number(old[at]), Number(young[at])]
      return a / (a + b + 1)
    }
    const mean = (from: number, to: number): number => {
      const some = versions.filter((row) => {
        const { year } = civilFromDays(num(row, 'birth_date'))
        return str(row, 'sex') === 'F' && year >= from && year < to
      })
      expect(some.length).toBeGreaterThan(20)
      return some.reduce((sum, row) => sum + share(row), 0) / some.length
    }
    expect(mean(1938, 1950)).toBeGreaterThan(mean(1988, 2000) + 0.4)
  })

  test('has an e-mail address made of its names, that nobody else ever has', () => {
    const owners = new Map<string, number>()
    for (const row of versions) {
      const email = str(row, 'email')
      expect(email).toMatch(/^[a-z]+[._]?[a-z]+\d+@[a-z.]+\.example\.(com|net|org)$/)
      expect(email.startsWith(str(row, 'first_name').toLowerCase())).toBe(true)
      const surname = str(row, 'last_name').toLowerCase().replace(/[' ]/g, '')
      expect(email.replace(/\d+@.*/, '').endsWith(surname)).toBe(true)
      expect(owners.get(email) ?? row['entity_id']).toBe(row['entity_id'])
      owners.set(email, num(row, 'entity_id'))
    }
    expect(owners.size).toBeGreaterThan(CUSTOMERS)
  })

  test('becomes a customer after turning 18 and has records since', () => {
    for (const [entity, [first]] of versionsOf) {
      const age = dayOf(first, 'created_at') - num(first, 'birth_date')
      expect(age, String(entity)).toBeGreaterThanOrEqual(18 * 365.25 - 1)
      expect(age).toBeLessThan(110 * 365)
    }
    for (const row of allRecords)
      expect(num(row, 'created_at')).toBeGreaterThanOrEqual(
        num(versionsOf.get(num(row, 'entity_id'))?.[0], 'created_at'),
      )
  })
})

describe('an address', () => {
  const columns = ['zip3', 'city', 'state', 'area_code'].map((name) => words('us_places', name))
  const places = new Set(columns[0]?.map((_, row) => columns.map((each) => each[row]).join('|')))

  test('has a city, state, ZIP and area code of one place', () => {
    for (const row of versions) {
      const zip3 = str(row, 'zip_code').slice(0, 3)
      const area = str(row, 'phone').slice(0, 3)
      expect(places).toContain([zip3, row['city'], row['state'], area].join('|'))
      expect(str(row, 'zip_code')).toMatch(/^\d{5}$/)
      expect(str(row, 'phone')).toMatch(/^\d{3}-[01]\d\d-\d{4}$/)
      expect(str(row, 'address_line1')).toMatch(/^\d+ [A-Z]/)
    }
  })

  test('is that of all who live in the household on a day', () => {
    const day = num(versions.at(-1), 'valid_from')
    let together = 0
    for (const members of households.values()) {
      const homes = members.flatMap(({ id }) => {
        const now = versionOn(Number(id), day)
        return now === undefined
          ? []
          : [['address_line1', 'address_line2', 'city', 'zip_code'].map((name) => now[name]).join()]
      })
      expect(new Set(homes).size).toBeLessThanOrEqual(1)
      if (homes.length > 1) together++
    }
    expect(together).toBeGreaterThan(CUSTOMERS / 20)
  })

  test('changes when the household moves, mostly within the city', () => {
    const moves = [...versionsOf.values()].flatMap((rows) =>
      rows
        .slice(1)
        .flatMap((row, i) => (row['address'] === rows[i]?.['address'] ? [] : [[rows[i], row]])),
    )
    expect(moves.length).toBeGreaterThan(CUSTOMERS / 10)
    for (const [before, after] of moves)
      expect(before?.['address_line1']).not.toBe(after?.['address_line1'])
    const stayed = moves.filter(([before, after]) => before?.['city'] === after?.['city'])
    expect(stayed.length / moves.length).toBeGreaterThan(0.5)
    expect(stayed.length / moves.length).toBeLessThan(0.8)
  })
})

const households = groupBy(customers, 'household')

describe('a household', () => {
  test('has one to four customers, as American households have adults', () => {
    const sizes = [...households.values()].map((members) => members.length)
    const share = (size: number): number =>
      sizes.filter((each) => each === size).length / sizes.length
    expect(Math.max(...sizes)).toBe(4)
    for (const [size, asked] of [
      [1, 0.33],
      [2, 0.5],
      [3, 0.12],
      [4, 0.05],
    ] as const)
      expect(Math.abs(share(size) - asked), `${size}`).toBeLessThan(0.04)
  })

  test('is of couples of about one age, and of children grown up at their parents\u2019', () => {
    let [couples, children] = [0, 0]
    for (const members of households.values()) {
      const [head, partner] = members
      if (partner?.['role'] === 1) {
        couples++
        expect(Math.abs(num(head, 'age') - num(partner, 'age'))).toBeLessThan(45 * 365)
      }
      for (const child of members.filter(({ role }) => role === 2 || role === 3)) {
        children++
        expect(num(head, 'age') - num(child, 'age')).toBeGreaterThan(16 * 365)
      }
    }
    expect(couples).toBeGreaterThan(CUSTOMERS / 10)
    expect(children).toBeGreaterThan(CUSTOMERS / 20)
  })

  test('has one surname, but for friends and for some women and children', () => {
    const last = new Map(versions.map((row) => [num(row, 'entity_id'), str(row, 'last_name')]))
    const family = [...households.values()].flatMap((members) =>
      members
        .filter(({ role }) => role !== 4 && role !== 0)
        .map(({ id }) => last.get(Number(id)) === last.get(Number(members[0]?.['id']))),
    )
    const share = family.filter(Boolean).length / family.length
    expect(share).toBeGreaterThan(0.8)
    expect(share).toBeLessThan(1)
  })

  test('may share a landline', () => {
    const day = num(versions.at(-1), 'valid_from')
    const phones = [...households.values()].map((members) =>
      members.flatMap(({ id }) => versionOn(Number(id), day)?.['phone'] ?? []),
    )
    const sharing = phones.filter((each) => new Set(each).size < each.length)
    expect(sharing.length / phones.length).toBeGreaterThan(0.02)
    const elsewhere = new Set(phones.flatMap((each) => [...new Set(each)]))
    expect(elsewhere.size).toBeGreaterThan(
      0.98 * phones.flatMap((each) => [...new Set(each)]).length,
    )
  })
})

describe('the versions of a customer', () => {
  test('follow one another without gap or overlap, the last without an end', () => {
    expect(versionsOf.size).toBe(CUSTOMERS)
    for (const rows of versionsOf.values()) {
      expect(num(rows[0], 'valid_from')).toBe(dayOf(rows[0], 'created_at'))
      rows.forEach((row, i) => {
        expect(row['valid_to']).toBe(rows[i + 1]?.['valid_from'] ?? null)
        if (row['valid_to'] !== null)
          expect(num(row, 'valid_to')).toBeGreaterThan(num(row, 'valid_from'))
        expect(num(row, 'updated_at')).toBeGreaterThanOrEqual(num(row, 'created_at'))
      })
    }
    expect(versions.length).toBeGreaterThan(1.3 * CUSTOMERS)
  })

  test('differ where something happened, and in nothing else', () => {
    let weddings = 0
    for (const rows of versionsOf.values())
      rows.slice(1).forEach((row, i) => {
        const before = rows[i]
        const differs = PERSON_FIELDS.filter((field) => row[field] !== before?.[field])
        expect(differs.length).toBeGreaterThan(0)
        const moved = row['address'] !== before?.['address']
        expect(differs.includes('email')).toBe(!moved)
        if (differs.includes('last_name')) weddings++
        for (const field of ['first_name', 'middle_name', 'suffix', 'birth_date', 'sex'] as const)
          expect(differs).not.toContain(field)
      })
    expect(weddings).toBeGreaterThan(20)
  })
})

describe('a record without noise', () => {
  test('shows the customer as truth has it on the day of its update', () => {
    expect(allRecords.length).toBeGreaterThan(2 * CUSTOMERS)
    for (const row of allRecords)
      expect(person(row)).toEqual(
        person(versionOn(num(row, 'entity_id'), dayOf(row, 'updated_at'))),
      )
  })

  test('was made before it was updated, and both before the data ends', () => {
    for (const row of allRecords) {
      expect(num(row, 'created_at')).toBeLessThanOrEqual(num(row, 'updated_at'))
      expect(num(row, 'updated_at')).toBeLessThan(Date.UTC(2025, 0, 1) * 1000)
    }
  })

  test('stands in the cross-reference with the customer behind it, once', () => {
    const xref = rowsOf('truth_xref')
    const known = new Map(
      xref.map((row) => [`${str(row, 'source')} ${str(row, 'record_id')}`, row]),
    )
    expect(known.size).toBe(allRecords.length)
    expect(xref).toHaveLength(allRecords.length)
    for (const source of SOURCES)
      for (const row of records[source]) {
        const found = known.get(`${source} ${str(row, 'record_id')}`)
        expect(found?.['entity_id']).toBe(row['entity_id'])
      }
  })

  test('is there for every customer', () => {
    expect(new Set(allRecords.map((row) => row['entity_id'])).size).toBe(CUSTOMERS)
  })
})

describe('hard pairs', () => {
  const recordOf: ReadonlyMap<string, Row> = new Map(
    SOURCES.flatMap((source) =>
      records[source].map((row) => [`${source} ${str(row, 'record_id')}`, row] as const),
    ),
  )
  const sides = (pair: Row): readonly [Row, Row] => [
    recordOf.get(`${str(pair, 'source_1')} ${str(pair, 'record_id_1')}`)!,
    recordOf.get(`${str(pair, 'source_2')} ${str(pair, 'record_id_2')}`)!,
  ]
  const of = (reason: string): readonly Row[] => pairs.filter((row) => row['reason'] === reason)
  const same = ([a, b]: readonly [Row, Row], ...fields: readonly string[]): readonly boolean[] =>
    fields.map((field) => a[field] === b[field])

  test('have every reason, and records of the customers they name', () => {
    expect(new Set(pairs.map((row) => row['reason']))).toEqual(new Set(REASONS.slice(1)))
    for (const pair of pairs) {
      const [a, b] = sides(pair)
      expect([a['entity_id'], b['entity_id']]).toEqual([pair['entity_id_1'], pair['entity_id_2']])
      expect(pair['is_same']).toBe(a['entity_id'] === b['entity_id'] ? 1 : 0)
      expect(a['record_id']).not.toBe(b['record_id'])
    }
  })

  const household = (entity: unknown): unknown => customers[Number(entity) - 1]?.['household']
  const atHome = (pair: Row): boolean =>
    household(pair['entity_id_1']) === household(pair['entity_id_2'])

  test('are twins who were born on one day and live together', () => {
    expect(of('twins').length).toBeGreaterThan(5)
    for (const pair of of('twins')) {
      expect(same(sides(pair), 'birth_date', 'first_name', 'email')[0]).toBe(true)
      expect([pair['is_same'], atHome(pair)]).toEqual([0, true])
    }
  })

  test('are father and son of one name, Sr. and Jr.', () => {
    expect(of('father_and_son').length).toBeGreaterThan(5)
    for (const pair of of('father_and_son')) {
      const [father, son] = sides(pair)
      expect(father['first_name']).toBe(son['first_name'])
      expect([father['suffix'], son['suffix']]).toEqual(['Sr.', 'Jr.'])
      expect([pair['is_same'], atHome(pair)]).toEqual([0, true])
    }
  })

  test('are strangers with one name and birth date', () => {
    expect(of('same_name_and_birth_date').length).toBeGreaterThan(5)
    for (const pair of of('same_name_and_birth_date')) {
      expect(same(sides(pair), 'first_name', 'last_name', 'birth_date', 'sex')).not.toContain(false)
      expect([pair['is_same'], atHome(pair)]).toEqual([0, false])
    }
  })

  test('are people who share a telephone at home', () => {
    expect(of('shared_phone').length).toBeGreaterThan(50)
    for (const pair of of('shared_phone')) {
      const [a, b] = [pair['entity_id_1'], pair['entity_id_2']].map((entity) =>
        versionOn(Number(entity), num(versions.at(-1), 'valid_from')),
      )
      if (a !== undefined && b !== undefined) expect(a['phone']).toBe(b['phone'])
      expect([pair['is_same'], atHome(pair)]).toEqual([0, true])
    }
  })

  test('are records of one person with another address and another e-mail address', () => {
    const own = pairs.filter((row) => row['is_same'] === 1)
    expect(own.length).toBeGreaterThan(20)
    for (const pair of own) {
      const differ = same(sides(pair), 'address_line1', 'email', 'last_name').map((each) => !each)
      expect(differ.slice(0, 2)).toEqual([true, true])
      if (pair['reason'] === 'moved_and_changed_email') expect(differ[2]).toBe(false)
    }
  })
})
