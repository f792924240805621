import { readFileSync, statSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { vocabularyColumn, type Vocabulary } from '../src/core/plan/vocabulary.ts'
import { listVocabularies, readVocabulary } from '../src/node/store/assets.ts'

const NAMES = [
  'accented_names',
  'advertisers',
  'brands',
  'campaign_words',
  'email_domains',
  'given_names_female',
  'given_names_male',
  'given_variants_female',
  'given_variants_male',
  'keyboard',
  'nicknames',
  'retail_goods',
  'scanner',
  'street_types',
  'streets',
  'surname_variants',
  'surnames',
  'us_ages',
  'us_places',
]

// Lists that are looked into, or drawn from by weights of other names.
const UNWEIGHTED = [
  'accented_names',
  'campaign_words',
  'given_variants_female',
  'given_variants_male',
  'keyboard',
  'retail_goods',
  'scanner',
  'surname_variants',
]

// The first three digits of the ZIP codes of each state, from the Postal Service's published ranges.
const ZIP_RANGES = `
  AL 350-369, AK 995-999, AZ 850-865, AR 716-729, CA 900-961, CO 800-816, CT 060-069, DE 197-199, DC 200-205,
  FL 320-349, GA 300-319 398-399, HI 967-968, ID 832-838, IL 600-629, IN 460-479, IA 500-528, KS 660-679,
  KY 400-427, LA 700-714, ME 039-049, MD 206-219, MA 010-027 055-055, MI 480-499, MN 550-567, MS 386-397,
  MO 630-658, MT 590-599, NE 680-693, NV 889-898, NH 030-038, NJ 070-089, NM 870-884, NY 005-005 100-149,
  NC 270-289, ND 580-588, OH 430-459, OK 730-732 734-749, OR 970-979, PA 150-196, RI 028-029, SC 290-299,
  SD 570-577, TN 370-385, TX 733-733 750-799 885-885, UT 840-847, VT 050-054 056-059, VA 201-201 220-246,
  WA 980-994, WV 247-268, WI 530-549, WY 820-831`

const ownsArea = (state: string, zip3: string): boolean => {
  const ranges = ZIP_RANGES.split(',').find((entry) => entry.trim().startsWith(state))
  return (ranges?.match(/\d{3}-\d{3}/g) ?? []).some((range) => {
    const [first = '', last = ''] = range.split('-')
    return first <= zip3 && zip3 <= last
  })
}

// The standard offsets from UTC, in hours, that a state's clocks may show.
const HOURS_BY_STATE: Readonly<Record<string, string>> = {
  '-5': 'CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV',
  '-5 -6': 'FL IN KY MI TN',
  '-6': 'AL AR IA IL LA MN MO MS OK WI',
  '-6 -7': 'KS ND NE SD TX',
  '-7': 'AZ CO MT NM UT WY',
  '-7 -8': 'ID NV OR',
  '-8': 'CA WA',
  '-9': 'AK',
  '-10': 'HI',
}

// Places whose ZIP area, area code and zone anyone can look up.
const KNOWN_PLACES = [
  ['100', 'New York', 'NY', '212', 'America/New_York'],
  ['200', 'Washington', 'DC', '202', 'America/New_York'],
  ['331', 'Miami', 'FL', '305', 'America/New_York'],
  ['420', 'Paducah', 'KY', '270', 'America/Chicago'],
  ['464', 'Gary', 'IN', '219', 'America/Chicago'],
  ['606', 'Chicago', 'IL', '312', 'America/Chicago'],
  ['799', 'El Paso', 'TX', '915', 'America/Denver'],
  ['802', 'Denver', 'CO', '303', 'America/Denver'],
  ['850', 'Phoenix', 'AZ', '602', 'America/Phoenix'],
  ['900', 'Los Angeles', 'CA', '213', 'America/Los_Angeles'],
  ['968', 'Honolulu', 'HI', '808', 'Pacific/Honolulu'],
  ['995', 'Anchorage', 'AK', '907', 'America/Anchorage'],
]

const lists = new Map<string, Vocabulary>()

const list = (name: string): Vocabulary => {
  const vocabulary = lists.get(name)
  if (!vocabulary) throw new Error(`${name} was not read`)
  return vocabulary
}

const words = (name: string, column: string): readonly string[] => {
  const found = vocabularyColumn(list(name), column)
  if (found.kind !== 'string') throw new Error(`${name}.${column} holds integers`)
  return found.values
}

const numbers = (name: string, column: string): readonly number[] => {
  const found = vocabularyColumn(list(name), column)
  if (found.kind !== 'integer') throw new Error(`${name}.${column} holds strings`)
  return found.values
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const fileOf = (name: string): URL => new URL(`../assets/vocabularies/${name}.tsv`, import.meta.url)

const femaleLeader = (column: string): string | undefined => {
  const weights = numbers('given_names_female', column)
  return words('given_names_female', 'name')[weights.indexOf(Math.max(...weights))]
}

const PLACE_COLUMNS = [
  'zip3',
  'zip',
  'city',
  'state',
  'state_name',
  'region',
  'area_code',
  'time_zone',
]
const place = (row: number): Readonly<Record<string, string>> =>
  Object.fromEntries(PLACE_COLUMNS.map((column) => [column, words('us_places', column)[row] ?? '']))
const placeRows = (): readonly number[] =>
  Array.from({ length: list('us_places').rows }, (_, row) => row)

// Minutes east of UTC in the middle of a month of 2025, as the platform knows them.
const offsetIn = (zone: string, month: string): number => {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(new Date(`2025-${month}-15T12:00:00Z`))
    .find((part) => part.type === 'timeZoneName')?.value
  return Number(name?.slice(3, 6)) * 60
}

beforeAll(async () => {
  for (const name of await listVocabularies()) lists.set(name, await readVocabulary(name))
})

describe('every list', () => {
  it('can be read, and no other file lies beside them', () => {
    expect([...lists.keys()]).toEqual(NAMES)
  })

  it('has the hash, rows and bytes that the decision gives', () => {
    const page = readFileSync(
      new URL('../docs/decisions/0002-vocabularies.md', import.meta.url),
      'utf8',
    )
    const stated = page.match(/^\| `\w+` \| \d+ \| \d+ \| `[0-9a-f]{64}` \|$/gm)
    const actual = NAMES.map((name) => {
      const { rows, hash } = list(name)
      return `| \`${name}\` | ${rows} | ${statSync(fileOf(name)).size} | \`${hash}\` |`
    })
    expect(stated).toEqual(actual)
  })

  it('is ASCII but for accents, and all of them weigh at most 700 KiB', () => {
    for (const name of NAMES.filter((each) => each !== 'accented_names'))
      expect(readFileSync(fileOf(name), 'utf8')).toMatch(/^[\n\t -~]+$/)
    expect(sum(NAMES.map((name) => statSync(fileOf(name)).size))).toBeLessThanOrEqual(700 * 1024)
  })

  it('has positive weights', () => {
    for (const name of NAMES) {
      const weighted = list(name).columns.filter((column) => column.name === 'weight')
      expect(weighted.length, name).toBe(UNWEIGHTED.includes(name) ? 0 : 1)
      for (const column of weighted)
        expect(Math.min(...numbers(name, column.name)), name).toBeGreaterThan(0)
    }
  })

  it.each([
    'given_names_female',
    'given_names_male',
    'surnames',
    'streets',
    'advertisers',
    'brands',
  ])('%s has no name twice', (name) => {
    expect(new Set(words(name, 'name')).size).toBe(list(name).rows)
  })
})

describe('names', () => {
  it.each(['given_names_female', 'given_names_male'])(
    '%s has a weight for every decade',
    (name) => {
      const decades = list(name).columns.filter((column) => column.name.startsWith('born_'))
      expect(list(name).rows).toBeGreaterThanOrEqual(1000)
      expect(decades.map((column) => column.name)).toEqual(
        Array.from({ length: 10 }, (_, i) => `born_${1920 + 10 * i}s`),
      )
      numbers(name, 'weight').forEach((weight, row) => {
        expect(sum(decades.map((decade) => numbers(name, decade.name)[row] ?? Number.NaN))).toBe(
          weight,
        )
      })
      for (const decade of decades)
        expect(Math.min(...numbers(name, decade.name))).toBeGreaterThanOrEqual(0)
    },
  )

  it('fashion shows: Mary leads the twenties, Jennifer the seventies', () => {
    expect([femaleLeader('born_1920s'), femaleLeader('born_1970s')]).toEqual(['Mary', 'Jennifer'])
  })

  it('surnames fall in weight, are spelled as names are, and shares sum to 100', () => {
    const weights = numbers('surnames', 'weight')
    expect(list('surnames').rows).toBeGreaterThanOrEqual(5000)
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
    expect(words('surnames', 'name').slice(0, 2)).toEqual(['Smith', 'Johnson'])
    expect(words('surnames', 'name')).toEqual(
      expect.arrayContaining(['McDonald', "O'Brien", 'Garcia']),
    )
    for (const name of words('surnames', 'name'))
      expect(name).toMatch(/^[A-Z][A-Za-z]*([' ][A-Z][a-z]+)?$/)
    const shares = ['white', 'black', 'asian_pacific', 'native', 'two_or_more', 'hispanic']
    weights.forEach((_, row) => {
      expect(sum(shares.map((share) => numbers('surnames', share)[row] ?? Number.NaN))).toBe(100)
    })
  })

  it('nicknames belong to names of the lists', () => {
    const known = new Set([
      ...words('given_names_female', 'name'),
      ...words('given_names_male', 'name'),
    ])
    expect(words('nicknames', 'name').filter((name) => !known.has(name))).toEqual([])
    expect(words('nicknames', 'name').indexOf('William')).toBeGreaterThan(0)
  })
})

const VARIANTS = [
  ['given_variants_female', 'given_names_female'],
  ['given_variants_male', 'given_names_male'],
  ['surname_variants', 'surnames'],
] as const

const withoutAccents = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '')

describe('variants', () => {
  it.each(VARIANTS)('%s has a row for each of %s, and other spellings of it', (variants, names) => {
    expect(list(variants).rows).toBe(list(names).rows)
    let seen = 0
    words(names, 'name').forEach((name, row) => {
      const sounds = numbers(variants, 'sounds')[row] ?? 0
      const found = [1, 2].map((n) => words(variants, `sound_${n}`)[row])
      expect(found.slice(sounds)).toEqual(['?', '?'].slice(sounds))
      expect(new Set([name, ...found.slice(0, sounds)]).size).toBe(1 + sounds)
      for (const each of found.slice(0, sounds)) expect(each).toMatch(/^[A-Z][A-Za-z' ]{2,}$/)
      seen += sounds
      const accent = numbers(variants, 'accent')[row] ?? 0
      if (accent === 0) return
      const accented = words('accented_names', 'name')[accent - 1] ?? ''
      expect([withoutAccents(accented), accented === name]).toEqual([name, false])
    })
    expect(seen).toBeGreaterThan(list(names).rows)
  })

  it('keys and readings are others than the character itself', () => {
    for (let code = 0; code < 128; code++) {
      const keys = words('keyboard', 'keys')[code] ?? ''
      expect(keys.length).toBe(numbers('keyboard', 'count')[code])
      if (code < 127) expect(keys).not.toContain(String.fromCharCode(code))
      const readings = [1, 2, 3].map((n) => words('scanner', `reading_${n}`)[code])
      const count = numbers('scanner', 'count')[code] ?? 0
      expect(readings.slice(0, count)).not.toContain(String.fromCharCode(code))
    }
    expect(words('keyboard', 'keys')['a'.charCodeAt(0)]).toBe('qwszx')
    expect(words('scanner', 'reading_1')['m'.charCodeAt(0)]).toBe('rn')
  })
})

describe('places', () => {
  it('cover nine hundred ZIP areas, every state, and the people of the 2020 Census', () => {
    expect(new Set(words('us_places', 'zip3')).size).toBeGreaterThan(895)
    expect(new Set(words('us_places', 'state')).size).toBe(51)
    expect(list('us_places').rows).toBeLessThanOrEqual(2500)
    expect(Math.abs(sum(numbers('us_places', 'weight')) - 331449281)).toBeLessThan(1000)
  })

  it('have a state that the ZIP code begins with, one name and region a state, one state an area', () => {
    const byState = new Map<string, string>()
    const byArea = new Map<string, string>()
    for (const row of placeRows()) {
      const { zip3 = '', state = '', state_name, region } = place(row)
      expect(ownsArea(state, zip3), `${zip3} ${state}`).toBe(true)
      expect(byState.get(state) ?? `${state_name} ${region}`).toBe(`${state_name} ${region}`)
      expect(byArea.get(zip3) ?? state).toBe(state)
      byState.set(state, `${state_name} ${region}`)
      byArea.set(zip3, state)
    }
    expect(byState.size).toBe(51)
  })

  it('list ZIP codes that rise, contain the main one, and belong to one city only', () => {
    const seen = new Set<string>()
    for (const row of placeRows()) {
      const { zip3, zip } = place(row)
      const tails = words('us_places', 'zip_tails')[row]?.match(/\d\d/g) ?? []
      const codes = tails.map((tail) => `${zip3}${tail}`)
      expect(codes.length).toBe(numbers('us_places', 'zips')[row])
      expect(words('us_places', 'zip_tails')[row]?.length).toBe(2 * codes.length)
      expect(codes).toEqual([...new Set(codes)].toSorted())
      expect(codes).toContain(zip)
      for (const code of codes) {
        expect(seen.has(code)).toBe(false)
        seen.add(code)
      }
    }
    expect(seen.size).toBeGreaterThan(5000)
  })

  it('have a zone whose offset is the one of the platform, and that the state keeps', () => {
    const hours = new Map(
      Object.entries(HOURS_BY_STATE).flatMap(([offsets, states]) =>
        states.split(' ').map((state) => [state, offsets.split(' ')] as const),
      ),
    )
    const zones = new Map<string, readonly [number, number]>()
    for (const row of placeRows()) {
      const { state = '', time_zone = '' } = place(row)
      const standard = numbers('us_places', 'utc_offset')[row] ?? Number.NaN
      const summer = numbers('us_places', 'dst')[row] ?? Number.NaN
      expect(hours.get(state)).toContain(String(standard / 60))
      expect(zones.get(time_zone) ?? [standard, summer]).toEqual([standard, summer])
      zones.set(time_zone, [standard, summer])
    }
    for (const [zone, [standard, summer]] of zones) {
      expect([offsetIn(zone, '01'), offsetIn(zone, '07')]).toEqual([
        standard,
        standard + 60 * summer,
      ])
    }
    expect(zones.size).toBeGreaterThan(8)
  })

  it('have an area code that serves one state, and lie near the other places of their area', () => {
    const states = new Map<string, string>()
    const corners = new Map<string, readonly [number, number]>()
    for (const row of placeRows()) {
      const { zip3 = '', state = '', area_code = '' } = place(row)
      expect(area_code).toMatch(/^[2-9]\d\d$/)
      expect(states.get(area_code) ?? state).toBe(state)
      states.set(area_code, state)
      const at = [
        numbers('us_places', 'latitude')[row] ?? NaN,
        numbers('us_places', 'longitude')[row] ?? NaN,
      ] as const
      const first = corners.get(zip3) ?? at
      const span = state === 'AK' ? 1500 : 400
      expect(Math.abs(first[0] - at[0]), `${zip3} latitude`).toBeLessThan(span)
      expect(Math.abs(first[1] - at[1]), `${zip3} longitude`).toBeLessThan(span)
      expect(at[0]).toBeGreaterThan(1800)
      expect(at[1]).toBeLessThan(-6500)
      corners.set(zip3, first)
    }
    expect(states.size).toBeGreaterThan(200)
  })

  it.each(KNOWN_PLACES)('%s is %s, %s, area code %s, %s', (...known) => {
    const found = placeRows().map((row) => {
      const { zip3, city, state, area_code, time_zone } = place(row)
      return [zip3, city, state, area_code, time_zone]
    })
    expect(found).toContainEqual(known)
  })
})

describe('the other lists', () => {
  it('ages run from 18 to 100 and sum to the adults of 2019, with more old women than men', () => {
    expect(numbers('us_ages', 'age')).toEqual(Array.from({ length: 83 }, (_, i) => 18 + i))
    expect(sum(numbers('us_ages', 'weight'))).toBe(255200373)
    const [female, male] = [numbers('us_ages', 'female'), numbers('us_ages', 'male')]
    numbers('us_ages', 'weight').forEach((weight, row) => {
      expect((female[row] ?? NaN) + (male[row] ?? NaN)).toBe(weight)
    })
    expect(sum(female.slice(67))).toBeGreaterThan(1.5 * sum(male.slice(67)))
  })

  it('streets are about four hundred, and types carry the postal abbreviations', () => {
    expect(list('streets').rows).toBeGreaterThanOrEqual(400)
    const types = words('street_types', 'name').map(
      (name, row) => `${name} ${words('street_types', 'abbreviation')[row]}`,
    )
    expect(types).toEqual(
      expect.arrayContaining(['Street St', 'Avenue Ave', 'Boulevard Blvd', 'Crossing Xing']),
    )
  })

  it('e-mail domains can reach nobody', () => {
    const domains = words('email_domains', 'domain')
    expect(domains.length).toBeGreaterThan(10)
    for (const domain of domains) expect(domain).toMatch(/^[a-z]+\.example\.(com|net|org)$/)
  })

  it('a campaign word has one part', () => {
    const parts = ['season', 'theme', 'goal'].map((part) => numbers('campaign_words', part))
    words('campaign_words', 'word').forEach((word, row) => {
      expect(parts.filter((weights) => (weights[row] ?? 0) > 0).length, word).toBe(1)
    })
  })

  it('goods have six kinds in each of 32 categories, and no kind twice', () => {
    const categories = words('retail_goods', 'category')
    expect(categories.length).toBe(32 * 6)
    categories.forEach((category, row) => expect(category).toBe(categories[row - (row % 6)]))
    expect(new Set(categories).size).toBe(32)
    expect(new Set(words('retail_goods', 'kind')).size).toBe(32 * 6)
    expect(new Set(words('retail_goods', 'tax_class'))).toEqual(
      new Set(['standard', 'reduced', 'exempt']),
    )
    expect(Math.min(...numbers('retail_goods', 'usual_cents'))).toBeGreaterThan(100)
  })
})

it('an unknown vocabulary is refused with the names there are', async () => {
  await expect(readVocabulary('../../package')).rejects.toMatchObject({
    code: 'vocabulary.invalid',
    hint: `the vocabularies are ${NAMES.join(', ')}`,
  })
})
