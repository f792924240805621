import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  allRows,
  DAY,
  groupBy,
  indexBy,
  num,
  type Row,
  rowsOf,
  str,
  typedIdentity,
  VOCABULARIES,
} from './identity-rows.ts'
import { vocabularyColumn } from '../../src/core/plan/vocabulary.ts'
import { interpretRows } from '../../src/core/plan/interpret.ts'

const plan = typedIdentity({ households: 700, withTruth: 1, withContacts: 1 })
const tables = allRows(plan)
const table = (name: string): readonly Row[] => tables[name] ?? []
const households = indexBy(table('households'), 'household_id')
const individuals = indexBy(table('individuals'), 'individual_id')
const mappings = indexBy(table('identity_mappings'), 'mapping_id')
const campaigns = indexBy(table('campaigns'), 'campaign_id')
const exposures = indexBy(table('exposures'), 'exposure_id')
const start = Date.parse('2023-01-01') * 1000
const asOf = Date.parse('2025-01-01') * 1000

/** Rows that break a rule, at most three, with as many as were looked at. */
const breaking = (rows: readonly Row[], rule: (row: Row) => boolean): readonly Row[] => {
  expect(rows.length).toBeGreaterThan(20)
  return rows.filter((row) => !rule(row)).slice(0, 3)
}

test('every table of the issue lands, with the columns it asks for', () => {
  const columns = Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, Object.keys(rows[0] ?? {})]),
  )
  expect(columns).toEqual({
    households: [
      'household_id',
      'location',
      'city',
      'state',
      'postal_code',
      'income_bracket',
      'size',
      'created_at',
    ],
    individuals: ['individual_id', 'household_id', 'age', 'gender', 'education', 'created_at'],
    identity_mappings: [
      'mapping_id',
      'individual_id',
      'identifier_type',
      'identifier_value',
      'first_seen',
      'last_seen',
      'created_at',
    ],
    campaigns: [
      'campaign_id',
      'name',
      'channel',
      'advertiser',
      'budget_cents',
      'start_at',
      'end_at',
    ],
    exposures: [
      'exposure_id',
      'individual_id',
      'campaign_id',
      'mapping_id',
      'exposure_timestamp',
      'channel',
    ],
    response_events: [
      'response_id',
      'exposure_id',
      'individual_id',
      'campaign_id',
      'response_type',
      'response_timestamp',
      'exposure_timestamp',
    ],
    identity_edges: ['identifier_value', 'household_id', 'individual_id', 'shared'],
    contacts: ['individual_id', 'given_name', 'family_name', 'email', 'phone'],
  })
})

describe('keys', () => {
  test.each([...plan.tables.values()].filter(({ virtual }) => !virtual).map(({ name }) => name))(
    '%s has no row twice',
    (name) => {
      const { key } = plan.tables.get(name)!
      expect(key.length).toBeGreaterThan(0)
      const seen = new Set(table(name).map((row) => key.map((column) => row[column]).join('|')))
      expect(seen.size).toBe(table(name).length)
    },
  )

  test('no reference leads nowhere', () => {
    const references = [...plan.tables.values()].flatMap(({ name, references: list }) =>
      list.map((reference) => ({ name, reference })),
    )
    expect(references.length).toBeGreaterThan(10)
    for (const { name, reference } of references) {
      const [from, to] = [reference.columns[0] ?? '', reference.to[0] ?? '']
      const known = new Set(table(reference.table).map((row) => row[to]))
      expect(
        table(name).filter((row) => !known.has(row[from] ?? null)),
        `${name}.${from}`,
      ).toEqual([])
    }
  })

  test('every check of the plan holds for every row', () => {
    let checked = 0
    for (const { name, checks, virtual } of plan.tables.values()) {
      if (virtual || checks.length === 0) continue
      for (const row of interpretRows(plan, name, { limit: 400 })) {
        for (const each of checks) {
          expect(row.evaluate(each.that), `${each.name} at ${row.key}`).not.toBe(0)
          checked += 1
        }
      }
    }
    expect(checked).toBeGreaterThan(5000)
  })
})

describe('households', () => {
  const places = VOCABULARIES.get('us_places')!
  const cells = (name: string): readonly (string | number)[] =>
    vocabularyColumn(places, name).values

  test('have a city, state and ZIP code that belong together', () => {
    const known = new Set<string>()
    cells('city').forEach((city, row) => {
      const tails = String(cells('zip_tails')[row])
      for (let n = 0; n < Number(cells('zips')[row]); n++)
        known.add(
          `${city}, ${cells('state')[row]} ${cells('zip3')[row]}${tails.slice(2 * n, 2 * n + 2)}`,
        )
    })
    const fits = (row: Row): boolean =>
      known.has(`${str(row, 'location')} ${str(row, 'postal_code')}`) &&
      str(row, 'location') === `${str(row, 'city')}, ${str(row, 'state')}`
    expect(breaking(table('households'), fits)).toEqual([])
  })

  test('have at least one adult and at most as many as members', () => {
    const adults = groupBy(table('individuals'), 'household_id')
    const fits = (row: Row): boolean => {
      const count = adults.get(num(row, 'household_id'))?.length ?? 0
      return count >= 1 && count <= num(row, 'size') && num(row, 'size') <= 6
    }
    expect(breaking(table('households'), fits)).toEqual([])
  })
})

describe('time', () => {
  test('nobody is known before the household, nor less than 90 days before the data ends', () => {
    const fits = (row: Row): boolean =>
      num(row, 'created_at') >= num(households.get(num(row, 'household_id')), 'created_at') &&
      num(row, 'created_at') <= asOf - 90 * DAY
    expect(breaking(table('individuals'), fits)).toEqual([])
    expect(breaking(table('households'), (row) => num(row, 'created_at') >= start)).toEqual([])
  })

  test('identifiers begin with or after their person and end before the data does', () => {
    const fits = (row: Row): boolean => {
      const born = num(individuals.get(num(row, 'individual_id')), 'created_at')
      const [first, last] = [num(row, 'first_seen'), num(row, 'last_seen')]
      const written = num(row, 'created_at')
      return born <= first && first <= written && written < last && last < asOf
    }
    expect(breaking(table('identity_mappings'), fits)).toEqual([])
  })

  test('cookies of a person follow one another without gap, overlap or a life below four days', () => {
    let successions = 0
    for (const own of groupBy(table('identity_mappings'), 'individual_id').values()) {
      const cookies = own.filter((row) => row['identifier_type'] === 'cookie_id')
      cookies.forEach((row, i) => {
        expect(num(row, 'last_seen') - num(row, 'first_seen')).toBeGreaterThanOrEqual(4 * DAY)
        if (i === 0) return
        expect(num(row, 'first_seen')).toBe(num(cookies[i - 1], 'last_seen'))
        successions += 1
      })
    }
    expect(successions).toBeGreaterThan(200)
  })
})

describe('identifiers', () => {
  test('everybody has 2 to 15 of them, of e-mail, mobile, TV and phone at most one', () => {
    const all = [...groupBy(table('identity_mappings'), 'individual_id').values()]
    expect(all.length).toBe(table('individuals').length)
    const single = ['email_hash', 'mobile_ad_id', 'ctv_id', 'hashed_phone']
    for (const own of all) {
      expect(own.length).toBeGreaterThanOrEqual(2)
      expect(own.length).toBeLessThanOrEqual(15)
      for (const type of single)
        expect(own.filter((row) => row['identifier_type'] === type).length).toBeLessThanOrEqual(1)
    }
  })

  test('hashes are the SHA-256 of the normalised e-mail address or phone number', () => {
    const contacts = indexBy(table('contacts'), 'individual_id')
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
    const seen = { email_hash: 0, hashed_phone: 0 }
    for (const row of table('identity_mappings')) {
      const type = str(row, 'identifier_type')
      if (type !== 'email_hash' && type !== 'hashed_phone') continue
      const contact = contacts.get(num(row, 'individual_id'))
      const text = str(contact, type === 'email_hash' ? 'email' : 'phone')
      expect(text).toBe(text.trim().toLowerCase())
      expect(row['identifier_value']).toBe(sha256(text))
      seen[type] += 1
    }
    expect(seen.email_hash).toBeGreaterThan(500)
    expect(seen.hashed_phone).toBeGreaterThan(100)
    const landed = table('contacts').filter((row) => row['email'] !== null)
    expect(landed.length).toBe(seen.email_hash)
  })

  test('contacts look right, and nobody has the number', () => {
    const fits = (row: Row): boolean =>
      /^([a-z]+\.[a-z]+\.[0-9a-z]+@[a-z]+\.example\.(com|net|org))?$/.test(
        String(row['email'] ?? ''),
      ) && /^(\+1[2-9]\d\d[01]\d{6})?$/.test(String(row['phone'] ?? ''))
    expect(breaking(table('contacts'), fits)).toEqual([])
  })

  test('other identifiers are UUIDs of version 4', () => {
    const others = table('identity_mappings').filter(
      (row) => !['email_hash', 'hashed_phone'].includes(str(row, 'identifier_type')),
    )
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    expect(breaking(others, (row) => form.test(str(row, 'identifier_value')))).toEqual([])
  })

  test('a TV belongs to the household: all members have it or none, with one value', () => {
    const people = groupBy(table('individuals'), 'household_id')
    const own = groupBy(table('identity_mappings'), 'individual_id')
    let shared = 0
    for (const members of people.values()) {
      const values = members.map(
        (member) =>
          own
            .get(num(member, 'individual_id'))
            ?.find((row) => row['identifier_type'] === 'ctv_id')?.['identifier_value'],
      )
      expect(new Set(values).size).toBe(1)
      if (values[0] !== undefined && members.length > 1) shared += 1
    }
    expect(shared).toBeGreaterThan(50)
  })

  test('the truth names every identifier once a person, and shared values stay in one household', () => {
    const edges = table('identity_edges')
    expect(edges.map((row) => [row['individual_id'], row['identifier_value']])).toEqual(
      table('identity_mappings').map((row) => [row['individual_id'], row['identifier_value']]),
    )
    const homes = new Map<string, Set<number>>()
    const holders = new Map<string, number>()
    for (const row of edges) {
      const value = str(row, 'identifier_value')
      homes.set(value, (homes.get(value) ?? new Set()).add(num(row, 'household_id')))
      holders.set(value, (holders.get(value) ?? 0) + 1)
      const person = individuals.get(num(row, 'individual_id'))
      expect(row['household_id']).toBe(person?.['household_id'])
    }
    const types = new Map(
      table('identity_mappings').map((row) => [
        str(row, 'identifier_value'),
        row['identifier_type'],
      ]),
    )
    let sharedCookies = 0
    for (const row of edges) {
      const value = str(row, 'identifier_value')
      expect(homes.get(value)?.size).toBe(1)
      if ((holders.get(value) ?? 0) > 1) expect(row['shared']).toBe(1)
      if (types.get(value) === 'ctv_id') expect(row['shared']).toBe(1)
      else if (row['shared'] === 1) {
        expect(types.get(value)).toBe('cookie_id')
        if ((holders.get(value) ?? 0) > 1) sharedCookies += 1
      }
    }
    expect(sharedCookies).toBeGreaterThan(20)
  })
})

describe('exposures', () => {
  const suits: Readonly<Record<string, readonly string[]>> = {
    display: ['cookie_id', 'device_id'],
    mobile: ['mobile_ad_id', 'device_id'],
    ctv: ['ctv_id'],
    email: ['email_hash'],
    sms: ['hashed_phone'],
  }

  test('go through an identifier of that person that lives then and suits the channel', () => {
    const fits = (row: Row): boolean => {
      const mapping = mappings.get(num(row, 'mapping_id'))
      const at = num(row, 'exposure_timestamp')
      return (
        mapping?.['individual_id'] === row['individual_id'] &&
        at > num(mapping, 'created_at') &&
        at < num(mapping, 'last_seen') &&
        (suits[str(row, 'channel')] ?? []).includes(str(mapping, 'identifier_type'))
      )
    }
    expect(breaking(table('exposures'), fits)).toEqual([])
  })

  test('lie within the flight of a campaign of their channel', () => {
    const fits = (row: Row): boolean => {
      const campaign = campaigns.get(num(row, 'campaign_id'))
      const at = num(row, 'exposure_timestamp')
      return (
        campaign?.['channel'] === row['channel'] &&
        at >= num(campaign, 'start_at') &&
        at < num(campaign, 'end_at')
      )
    }
    expect(breaking(table('exposures'), fits)).toEqual([])
    expect(new Set(table('exposures').map((row) => row['channel'])).size).toBe(5)
  })

  test('nearly every campaign is seen, from its first days to its last', () => {
    const seen = groupBy(table('exposures'), 'campaign_id')
    expect(seen.size).toBeGreaterThan(150)
    const shares = table('exposures').map((row) => {
      const campaign = campaigns.get(num(row, 'campaign_id'))
      const [from, to] = [num(campaign, 'start_at'), num(campaign, 'end_at')]
      return (num(row, 'exposure_timestamp') - from) / (to - from)
    })
    for (const part of [0, 0.25, 0.5, 0.75])
      expect(shares.filter((share) => share >= part && share < part + 0.25).length).toBeGreaterThan(
        0.05 * shares.length,
      )
  })
})

describe('responses', () => {
  test('come after their exposure, before the data ends, and copy its values', () => {
    const fits = (row: Row): boolean => {
      const exposure = exposures.get(num(row, 'exposure_id'))
      const at = num(row, 'response_timestamp')
      return (
        at > num(row, 'exposure_timestamp') &&
        at < asOf &&
        ['individual_id', 'campaign_id', 'exposure_timestamp'].every(
          (column) => row[column] === exposure?.[column],
        )
      )
    }
    expect(breaking(table('response_events'), fits)).toEqual([])
  })

  test('are all that follow in time, and no others', () => {
    const answered = new Set(table('response_events').map((row) => row['exposure_id']))
    let late = 0
    for (const row of interpretRows(plan, 'exposures', { hidden: true })) {
      const responds = row.values['responds'] === 1
      const inTime = Number(row.values['response_timestamp']) < asOf
      expect(answered.has(row.key)).toBe(responds && inTime)
      if (responds && !inTime) late += 1
    }
    expect(late).toBeLessThan(answered.size)
  })
})

test('tables beside the six change nothing', () => {
  const bare = typedIdentity({ households: 60 })
  const full = typedIdentity({ households: 60, withTruth: 1, withContacts: 1 })
  expect([...bare.tables.keys()]).not.toContain('contacts')
  for (const { name, virtual } of bare.tables.values())
    if (!virtual) expect(rowsOf(full, name)).toEqual(rowsOf(bare, name))
})
