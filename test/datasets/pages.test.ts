import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyNoise } from '../../src/core/noise/apply.ts'
import { identity } from '../../src/datasets/identity/identity.ts'
import { mdm } from '../../src/datasets/mdm/mdm.ts'
import { NOISE_PARAMETERS } from '../../src/datasets/mdm/noise/rates.ts'
import { noiseSteps } from '../../src/datasets/mdm/noise/steps.ts'
import { PERSON_FIELDS } from '../../src/datasets/mdm/person.ts'
import { cleanName } from '../../src/datasets/mdm/source.ts'
import { retail } from '../../src/datasets/retail/retail.ts'
import { ROOT } from '../support/sources.ts'

const page = (path: string): string => readFileSync(join(ROOT, 'docs', path), 'utf8')

/** The cells of every row of the page's tables. */
const tableRows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

describe.each([identity, mdm, retail].map((definition) => [definition.name, definition] as const))(
  'the page of %s',
  (name, { parameters }) => {
    const defaults = new Map(
      tableRows(page(`datasets/${name}.md`)).map(([option = '', value = '']) => [option, value]),
    )

    test('lists every parameter with its default, that of noise the rates', () => {
      for (const { name: parameter, flag, kind, default: value } of parameters) {
        const option = `\`--${flag}\``
        const isRate = name === 'mdm' && parameter in NOISE_PARAMETERS && !defaults.has(option)
        if (isRate) expect(page('noise.md')).toContain(`| ${option} |`)
        else expect([...defaults.keys()]).toContain(option)
        if (!isRate && (kind === 'integer' || kind === 'number' || kind === 'choice'))
          expect(defaults.get(option), option).toContain(String(value))
      }
    })
  },
)

test('the page of noise has an example and a source for every operator', () => {
  const { strikes } = applyNoise({
    clean: Object.fromEntries(PERSON_FIELDS.map((field) => [field, cleanName(field)])),
    steps: noiseSteps({ rate: () => 0.01, slips: [], nameSlips: [], providers: 5, asOf: 20_000 }),
  })
  const rows = tableRows(page('noise.md')).filter(([, example]) => example?.includes('→'))
  const named = new Map(
    rows.flatMap((row) => (row[0] ?? '').split(', ').map((operator) => [operator, row] as const)),
  )
  const operators = new Set(strikes.map(({ operator }) => operator))
  expect(operators.size).toBeGreaterThan(35)
  for (const operator of operators) {
    const row = named.get(operator)
    expect(row, operator).toBeDefined()
    expect(row?.at(-1), operator).toMatch(/\w/)
  }
})
