import { describe, expect, test } from 'vitest'
import {
  defaultParameters,
  type NumberParameter,
  type ParameterDefinition,
} from '../../src/datasets/definition.ts'
import { generateCommand } from '../../src/node/cli/commands/generate.ts'
import { parameterOptions } from '../../src/node/cli/dataset-options.ts'
import { DATASETS } from '../../src/node/cli/datasets.ts'
import { readVocabularies } from '../../src/node/run/load-plan.ts'
import { temporaryFolders } from '../support/lake.ts'
import { call } from '../support/world.ts'

const folder = temporaryFolders()

const definitions = await Promise.all(Object.values(DATASETS).map((load) => load()))

const isNumber = (each: ParameterDefinition | undefined): each is NumberParameter =>
  each !== undefined && each.kind !== 'choice' && each.kind !== 'text'

describe.each(definitions.map((each) => [each.name, each] as const))('%s', (_name, definition) => {
  const { parameters } = definition

  test('has options that neither it nor generate has twice', () => {
    const options = [...parameterOptions(parameters), ...generateCommand.options]
    const names = options.flatMap(({ name, aliases = [] }) => [name, ...aliases])
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  test('has defaults that its own options accept', () => {
    for (const each of parameters) {
      if (each.kind === 'choice') expect(Object.keys(each.choices)).toContain(each.default)
      else if (each.kind === 'text')
        expect(each.default).toMatch(new RegExp(`^(?:${each.pattern})$`))
      else expect([each.default >= each.min, each.default <= each.max]).toEqual([true, true])
      expect(each.description).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('has choices that set parameters it has, to values in their ranges', () => {
    const presets = parameters.flatMap((each) =>
      each.kind === 'choice' ? Object.values(each.choices) : [],
    )
    for (const [name, value] of presets.flatMap((preset) => Object.entries(preset))) {
      const parameter = parameters.find((each) => each.name === name)
      expect([name, isNumber(parameter)]).toEqual([name, true])
      if (!isNumber(parameter)) continue
      expect([name, Number(value) >= parameter.min, Number(value) <= parameter.max]).toEqual([
        name,
        true,
        true,
      ])
    }
  })

  test('says what it has to say in whole lines, on stderr and in JSON', async () => {
    const vocabularies = await readVocabularies(definition.vocabularies)
    const inputs = { seed: definition.seed, vocabularies }
    const notices = definition.notices?.(defaultParameters(definition), inputs) ?? []
    for (const { text } of notices) expect(text).toMatch(/^\S[^\n]*$/)
    const { stdout, stderr } = await call(['explain', definition.name, '--json'], { cwd: folder() })
    expect(JSON.parse(stdout)).toMatchObject({ notices })
    for (const { text } of notices) expect(stderr).toContain(`${text}\n`)
  })
})
