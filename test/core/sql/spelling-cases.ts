import type { FunctionName } from '../../../src/core/expr/expr.ts'
import { inferCall } from '../../../src/core/expr/functions.ts'
import type { DataType, Shape, Value } from '../../../src/core/expr/types.ts'
import { createGraph } from '../../../src/core/plan/graph-builder.ts'
import type { NodeId, Output } from '../../../src/core/plan/graph.ts'
import type { Vocabulary } from '../../../src/core/plan/vocabulary.ts'
import type { Dialect } from '../../../src/core/sql/dialect.ts'
import { renderTable } from '../../../src/core/sql/render.ts'
import {
  apply,
  DATE,
  decimal,
  INTEGER,
  int,
  shapeOf,
  STRING,
  TIMESTAMP,
} from '../../support/shapes.ts'

/** Calls of a function whose meaning at the edges engines could differ in. */
export interface SpellingCase {
  readonly name: FunctionName
  readonly types: readonly DataType[]
  readonly args: readonly (readonly (number | string)[])[]
  readonly type?: DataType
}

const MOST = Number.MAX_SAFE_INTEGER
const DAY = 86_400_000_000
const CENTS = decimal(15, 2)
const PAIRS = [-MOST, -1000, -7, -1, 0, 1, 3, 7, 4294967296, MOST].flatMap((a) =>
  [-MOST, -7, -2, -1, 1, 2, 7, 1000, MOST].map((b) => [a, b]),
)
const DATES = [-719162, -25567, -1, 0, 59, 11016, 19782, 2932896].map((each) => [each])
const TIMES = [-MOST, -DAY, -1, 0, 1, DAY - 1, DAY, 1_709_209_999_999_999, MOST].map((each) => [
  each,
])
const WORDS = ['', 'a', 'Straße', 'ÀÉ zZ', '中文字', "O'Brien", 'a\\b\n\rc', 'aXbXXc', '\u2028 --']

const integers = (name: FunctionName, args: SpellingCase['args']): SpellingCase => ({
  name,
  types: args[0]!.map(() => INTEGER),
  args,
})
const words = (name: FunctionName): SpellingCase => ({
  name,
  types: [STRING],
  args: WORDS.map((w) => [w]),
})
const dates = (name: FunctionName): SpellingCase => ({ name, types: [DATE], args: DATES })

/** Every function that is more than a word. */
export const SPELLING_CASES: readonly SpellingCase[] = [
  ...(['add', 'sub', 'mul', 'div', 'mod', 'least', 'greatest', 'eq', 'lt'] as const).map((name) =>
    integers(name, PAIRS),
  ),
  ...(['neg', 'abs', 'text'] as const).map((name) => integers(name, TIMES)),
  integers('base36', [[0], [35], [36], [MOST]]),
  integers('scaleDraw', [
    [0, 0],
    [4294967295, 1048576],
    [2147483648, 3],
  ]),
  {
    name: 'rescale',
    types: [CENTS],
    type: decimal(15, 0),
    args: [[149], [150], [-150], [-149], [0]],
  },
  { name: 'rescale', types: [CENTS], type: decimal(15, 4), args: [[1], [-99_999]] },
  { name: 'ratio', types: [INTEGER, INTEGER], type: decimal(15, 2), args: PAIRS },
  { name: 'text', types: [CENTS], args: [[0], [-1], [-100], [5], [123456]] },
  { name: 'text', types: [DATE], args: DATES },
  { name: 'text', types: [TIMESTAMP], args: TIMES },
  ...(['year', 'month', 'day', 'weekday'] as const).map(dates),
  { name: 'dateOf', types: [TIMESTAMP], args: TIMES },
  { name: 'hour', types: [TIMESTAMP], args: TIMES },
  { name: 'timestampOf', types: [DATE], args: [[-25567], [-1], [0], [19782]] },
  ...(['length', 'upper', 'lower', 'sha256', 'text'] as const).map(words),
  {
    name: 'slice',
    types: [STRING, INTEGER, INTEGER],
    args: WORDS.flatMap((word) => [
      [word, 0, MOST],
      [word, 1, 2],
      [word, 3, 0],
      [word, MOST, MOST],
    ]),
  },
  {
    name: 'codeAt',
    types: [STRING, INTEGER],
    args: WORDS.flatMap((word) => [
      [word, 0],
      [word, 2],
      [word, MOST],
    ]),
  },
  {
    name: 'padLeft',
    types: [STRING, INTEGER, STRING],
    args: WORDS.flatMap((word) => [
      [word, 5, '字'],
      [word, -3, 'x'],
      [word, 0, 'x'],
    ]),
  },
  {
    name: 'replace',
    types: [STRING, STRING, STRING],
    args: WORDS.map((word) => [word, 'X', '%s']),
  },
  ...(['concat', 'lt', 'eq'] as const).map((name): SpellingCase => ({
    name,
    types: [STRING, STRING],
    args: WORDS.flatMap((a) => WORDS.map((b) => [a, b])),
  })),
]

/** One row, with every call as a column over cells that are no constants; calls that typing refuses are left out. */
export const spellingStatement = (dialect: Dialect, cases: readonly SpellingCase[]) => {
  const builder = createGraph()
  const vocabularies = new Map<string, Vocabulary>()
  const scope = builder.scope({ kind: 'range', table: 'edges', count: 1 })
  const key = builder.node({ op: 'key', scope, shape: int(1, 1) })
  const one = builder.node({ op: 'constant', scope, shape: int(1, 1), value: 1 })
  const index = builder.node({
    op: 'call',
    scope,
    shape: int(0, 0),
    function: 'sub',
    args: [key, one],
  })
  const cell = (value: number | string, shape: Shape): NodeId => {
    const vocabulary = `${typeof value} ${value}`
    const column =
      typeof value === 'number'
        ? { name: 'cell', kind: 'integer' as const, values: [value] }
        : { name: 'cell', kind: 'string' as const, values: [value] }
    vocabularies.set(vocabulary, {
      name: 'edges',
      version: '1',
      columns: [column],
      rows: 1,
      hash: '',
    })
    return builder.node({ op: 'cell', scope, shape, vocabulary, column: 'cell', index })
  }
  const outputs: Output[] = []
  const expected: Value[] = []
  const texts: string[] = []
  for (const { name, types, args, type } of cases) {
    for (const values of args) {
      const shapes = values.map((value, i) => shapeOf(types[i]!, value))
      const shape = inferCall(name, shapes, type)
      if (typeof shape === 'string') continue
      const literals = name === 'replace' ? 1 : name === 'padLeft' ? 2 : Infinity
      const nodes = values.map((value, i) =>
        i < literals
          ? cell(value, shapes[i]!)
          : builder.node({ op: 'constant', scope, shape: shapes[i]!, value }),
      )
      const node = builder.node({ op: 'call', scope, shape, function: name, args: nodes })
      outputs.push({ name: `r${outputs.length}`, node })
      expected.push(
        apply(
          name,
          values.map((value, i) => [types[i]!, value] as const),
          type,
        ),
      )
      texts.push(`${name}(${values.map((value) => JSON.stringify(value)).join(', ')})`)
    }
  }
  const graph = {
    table: 'edges',
    scopes: builder.scopes,
    tallies: new Map(),
    nodes: builder.nodes,
    rows: scope,
    key,
    outputs,
  }
  return { text: renderTable([graph], { dialect, vocabularies }), expected, texts }
}
