import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/core/report/finding.ts'
import { renderReport, type ReportInput } from '../../../src/core/report/html-report.ts'
import { html } from '../../../src/core/report/html.ts'
import type { Manifest, ManifestTable } from '../../../src/core/report/manifest.ts'
import { byteSize, figure, grouped, percent } from '../../../src/core/report/quantities.ts'

const HOSTILE = `</style><script>alert("1")</script>&'\u0000`

const finding = (parts: Partial<Finding> = {}): Finding => ({
  table: 'people',
  name: 'women',
  kind: 'rate',
  asked: 0.5,
  found: 0.501,
  n: 1000,
  unit: 'people',
  tolerance: 0.01,
  proof: 'measured',
  verdict: 'holds',
  ...parts,
})

const table = (parts: Partial<ManifestTable> = {}): ManifestTable => ({
  name: 'people',
  path: 'people',
  version: 0,
  rows: 1000,
  bytes: 12_345,
  columns: [
    { name: 'id', type: 'integer', nullable: false },
    { name: 'nick', type: 'string', nullable: true },
  ],
  key: ['id'],
  parts: [],
  measures: null,
  promises: [finding()],
  ...parts,
})

const input = (
  tables: readonly ManifestTable[],
  parts: Partial<ReportInput> = {},
): ReportInput => ({
  manifest: {
    lakewright: 1,
    name: 'town',
    generatorVersion: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    run: { id: 'r1', number: 1, kind: 'create' },
    fingerprint: 'f',
    format: 'delta',
    compression: 'none',
    planHash: 'abc123',
    plan: { seed: 42, description: 'A town.', parameters: { people: { value: 1000 } } },
    tables,
  } satisfies Manifest,
  samples: new Map([
    [
      'people',
      [
        ['1', null],
        ['2', 'Bo'],
      ],
    ],
  ]),
  cpuSeconds: new Map([['people', 0.5]]),
  ...parts,
})

const page = (promises: readonly Finding[]): string => renderReport(input([table({ promises })]))

const headline = (text: string): string | undefined => /<strong>([^<]*)<\/strong>/.exec(text)?.[1]

describe('the verdict', () => {
  test('says that every promise holds', () => {
    expect(headline(page([finding(), finding({ proof: 'construction' })]))).toBe(
      'Every promise holds',
    )
    expect(page([finding()])).toContain('class="verdict holds"')
  })

  test('says how many are broken, and which', () => {
    const text = page([finding(), finding({ name: 'too few', found: 0.4, verdict: 'broken' })])
    expect(headline(text)).toBe('1 promise is broken')
    expect(text).toContain('class="verdict broken"')
    expect(text).toContain('people: too few: asked 50.00 %, found 40.00 %')
  })

  test('does not count an unchecked promise as held', () => {
    const open = finding({ verdict: 'unchecked', proof: 'none' })
    expect(page([finding(), open])).toContain('1 of 2 proven')
    expect(headline(page([finding(), open]))).toBe('Every promise that was checked holds')
  })

  test('of a plan without promises says so', () => {
    expect(headline(page([]))).toBe('The plan makes no promise')
  })
})

describe('the page', () => {
  test('needs no network and no script', () => {
    const text = page([finding()])
    expect(text.startsWith('<!doctype html>')).toBe(true)
    expect(text).not.toMatch(/<script|<link|<img|@import|url\(|https?:/)
    expect(text).toContain("default-src 'none'")
    expect(text).toContain('prefers-color-scheme: dark')
  })

  test('has every kind of content', () => {
    const bins = [
      { label: 'a', span: 1, asked: 0.5, found: 0.4 },
      { label: 'b', span: 1, asked: 0.5, found: 0.6 },
    ]
    const text = page([finding({ kind: 'distribution', bins }), finding({ kind: 'independent' })])
    expect(text.match(/<g>/g)).toHaveLength(2)
    expect(text).toContain('a: asked 50.00 %, found 40.00 %')
    expect(text).toContain('Unwanted dependence')
    expect(text).toMatch(/<td class="null ">\s*null/)
    expect(text).toContain('people = 1000')
    expect(text).toContain('abc123')
    expect(text).toContain('lakewright generate plan.json')
  })

  test('shows broken promises of a table first', () => {
    const text = page([finding({ name: 'first' }), finding({ name: 'second', verdict: 'broken' })])
    const promises = text.slice(text.indexOf('Promise</th>'))
    expect(promises.indexOf('second')).toBeLessThan(promises.indexOf('first'))
  })

  test('leaves times out that were not measured', () => {
    expect(renderReport(input([table()], { cpuSeconds: undefined }))).not.toContain('CPU')
    expect(renderReport(input([table()]))).toContain('CPU time')
  })

  test('draws words that begin with amounts in the order of these', () => {
    const drawn = (...labels: readonly string[]): readonly string[] => {
      const bins = labels.map((label) => ({ label, span: 1, asked: 0.25, found: 0.25 }))
      const text = page([finding({ kind: 'distribution', bins })])
      return Array.from(text.matchAll(/<title>([^:]+): asked/g), ([, label]) => label!)
    }
    expect(drawn('100K+', '30-60K', '60-100K', '<30K')).toEqual([
      '&lt;30K',
      '30-60K',
      '60-100K',
      '100K+',
    ])
    for (const kept of [
      ['9 – 10', '1 – 2'],
      ['b2c', 'a1'],
      ['2024-02-01', '2024-01-01'],
      ['3', '2'],
    ])
      expect(drawn(...kept)).toEqual(kept)
  })

  test('names what a narrow screen shows without its heading', () => {
    expect(page([finding()])).toContain('<table class="promises">')
    expect(page([finding()])).toMatch(/data-of="asked">50(?:\.0*)? ?%/)
  })

  test('draws at most 48 bars of many bins', () => {
    const bins = Array.from({ length: 1000 }, (_, i) => ({
      label: `${i}`,
      span: 1,
      asked: 0.001,
      found: 0.001,
    }))
    const bars = page([finding({ kind: 'distribution', bins })]).match(/<g>/g) ?? []
    expect(bars.length).toBeGreaterThan(20)
    expect(bars.length).toBeLessThanOrEqual(48)
  })

  test('escapes every name and value', () => {
    const bins = [{ label: HOSTILE, span: 1, asked: 1, found: 1 }]
    const hostile = finding({
      table: HOSTILE,
      name: HOSTILE,
      unit: HOSTILE,
      note: HOSTILE,
      asked: HOSTILE,
      found: HOSTILE,
      bins,
      verdict: 'broken',
    })
    const { manifest } = input([])
    const text = renderReport({
      manifest: {
        ...manifest,
        name: HOSTILE,
        plan: { description: HOSTILE, seed: HOSTILE, parameters: { [HOSTILE]: { value: 1 } } },
        tables: [
          table({
            path: HOSTILE,
            columns: [{ name: HOSTILE, type: HOSTILE, nullable: true }],
            promises: [hostile, { ...hostile, kind: 'independent' }],
          }),
        ],
      },
      samples: new Map([['people', [[HOSTILE]]]]),
      cpuSeconds: undefined,
    })
    expect(text.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(12)
    expect(text).not.toContain('<script')
    expect(text).not.toContain('\u0000')
    expect(text.match(/<\/style>/g)).toHaveLength(1)
  })
})

test('a template escapes texts and keeps HTML', () => {
  expect(
    html`<b title="${`"<`}">${'a & b'}${html`<i>${1}</i>`}${[html`x`, html`y`]}</b>`.html,
  ).toBe('<b title="&quot;&lt;">a &amp; b<i>1</i>xy</b>')
})

test('quantities are short and exact where they can be', () => {
  expect(grouped(1_234_567)).toBe('1\u2009234\u2009567')
  expect(byteSize(999)).toBe('999 B')
  expect(byteSize(12_345_678)).toBe('12.3 MB')
  expect(figure(0.50123)).toBe('0.5012')
  expect(figure(-12_345)).toBe('−12\u2009345')
  expect(figure(0.00001234)).toBe('1.2 · 10⁻⁵')
  expect([percent(0), percent(0.005), percent(0.5), percent(1)]).toEqual([
    '0.00 %',
    '0.500 %',
    '50.00 %',
    '100.00 %',
  ])
})
