import { describe, expect, test } from 'vitest'
import { declareParameters } from '../../../src/datasets/declare.ts'
import { type ParameterValues, resolveParameters } from '../../../src/datasets/definition.ts'
import type { Command } from '../../../src/node/cli/command.ts'
import { givenParameters, parameterOptions } from '../../../src/node/cli/dataset-options.ts'
import { commandHelp } from '../../../src/node/cli/help.ts'
import { parseCommand } from '../../../src/node/cli/parse.ts'

const PARAMETERS = declareParameters({
  scale: {
    kind: 'choice',
    default: 'small',
    choices: {
      small: { stores: 10 },
      medium: { stores: 50, goods: 7 },
      large: { stores: 200, web: 1 },
    },
    description: 'How large.',
  },
  stores: { kind: 'integer', role: 'size', min: 1, max: 500, default: 1, description: 'Stores.' },
  goods: { kind: 'integer', min: 1, max: 500, default: 3, description: 'Goods.' },
  tableSuffix: {
    kind: 'text',
    default: '',
    pattern: '[A-Za-z0-9_-]*',
    maxLength: 8,
    expects: 'letters, digits, _ and -',
    description: 'Ends the names.',
  },
  withTruth: { kind: 'flag', min: 0, max: 1, default: 1, description: 'The truth too.' },
  web: { kind: 'flag', min: 0, max: 1, default: 0, description: 'A shop too.' },
  rate: { min: 0, max: 1, default: 0.5, aliases: ['share'], description: 'A rate.' },
})

const command: Command = {
  name: 'make',
  summary: 'make it',
  usage: '<dataset>',
  positionals: [0, 1],
  options: [],
  examples: [],
  run: () => Promise.resolve(0),
}

const values = (...args: readonly string[]): ParameterValues => {
  const input = parseCommand(command, parameterOptions(PARAMETERS), args)
  return resolveParameters(PARAMETERS, givenParameters(PARAMETERS, input))
}

describe('values of a dataset\u2019s options', () => {
  test('are the defaults where nothing is given, with what the default choice sets', () => {
    expect(values()).toEqual({
      scale: 'small',
      stores: 10,
      goods: 3,
      tableSuffix: '',
      withTruth: 1,
      web: 0,
      rate: 0.5,
    })
  })

  test('follow from a choice, and an option that is given wins over it', () => {
    expect(values('--scale', 'medium')).toMatchObject({ scale: 'medium', stores: 50, goods: 7 })
    expect(values('--scale', 'large')).toMatchObject({ stores: 200, goods: 3 })
    expect(values('--stores', '5', '--scale', 'medium')).toMatchObject({ stores: 5, goods: 7 })
    expect(values('--scale', 'medium', '--stores', '1')).toMatchObject({ stores: 1 })
  })

  test('of a text may be empty where the pattern allows it', () => {
    expect(values('--table-suffix', '_scale')).toMatchObject({ tableSuffix: '_scale' })
    expect(values('--table-suffix=')).toMatchObject({ tableSuffix: '' })
  })

  test('can be given by another name', () => {
    expect(values('--share', '0.25')).toMatchObject({ rate: 0.25 })
  })

  test.each([
    [['--no-truth'], 0],
    [['--no-truth=false'], 1],
    [['--with-truth', 'false'], 0],
    [['--with-truth=false'], 0],
    [['--with-truth', 'true', 'mdm'], 1],
    [['--with-truth', 'mdm'], 1],
  ])('of a flag that is on: %o', (args, value) => {
    expect(values(...args)).toMatchObject({ withTruth: value })
  })
})

test.each([
  [['--scale', 'huge'], '--scale: expected small, medium, large, got "huge"'],
  [['--scale', 'larg'], 'got "larg", did you mean "large"?'],
  [['--table-suffix', 'a/b'], 'expected at most 8 of letters, digits, _ and -, got "a/b"'],
  [['--table-suffix', '_too_long'], 'expected at most 8 of letters, digits, _ and -, got'],
  [['--table-suffix', 'a\nb'], '--table-suffix: expected at most 8'],
  [['--share', '2'], '--share: expected a number from 0 to 1, got "2"'],
  [['--share', '1', '--rate', '1'], '--rate is given 2 times, once as --rate'],
  [['--with-truth', '--no-truth'], '--with-truth is given 2 times, once as --no-truth'],
  [['--with-truth=no'], '--with-truth: expected true, false or no value, got "no"'],
  [['--no-trut'], 'unknown option "--no-trut"'],
])('%o is refused in one line', (args, message) => {
  expect(() => values(...args)).toThrow(message)
})

describe('help', () => {
  const help = commandHelp(command, { title: 'Options', options: parameterOptions(PARAMETERS) })

  test.each([
    ['--scale <name> ', 'How large. (small, medium, large; default small)'],
    [
      '--stores <n> ',
      '(a whole number from 1 to 500; default by --scale: small 10, medium 50, large 200)',
    ],
    ['--goods <n> ', 'default by --scale: small 3, medium 7, large 3)'],
    ['--table-suffix <text> ', 'Ends the names. (at most 8 of letters, digits, _ and -)'],
    ['--with-truth, --no-truth ', 'The truth too. (default on)'],
    ['--web, --no-web ', 'A shop too. (default by --scale: small off, medium off, large on)'],
    ['--rate, --share <n> ', '(a number from 0 to 1; default 0.5)'],
  ])('says what %s takes', (option, text) => {
    const line = help.split('\n').find((each) => each.includes(option))
    expect(line).toContain(text)
  })
})
