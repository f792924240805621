/** A call that must be refused: its arguments, and what its message must name. */
export interface BadCall {
  readonly args: readonly string[]
  readonly names: string
}

/** Files that calls refer to, by name. */
export const FILES: Readonly<Record<string, string>> = {
  'good.json': plan([{ name: 'a', expr: { kind: 'key' } }]),
  'cycle.json': plan([
    { name: 'a', expr: { kind: 'column', name: 'b' } },
    { name: 'b', expr: { kind: 'column', name: 'a' } },
  ]),
  'misspelt.json': plan([
    { name: 'alpha', expr: { kind: 'key' } },
    { name: 'b', expr: { kind: 'column', name: 'alhpa' } },
  ]),
  'zero.json': plan([
    {
      name: 'a',
      expr: {
        kind: 'call',
        function: 'div',
        args: [{ kind: 'key' }, { kind: 'literal', value: 0 }],
      },
    },
  ]),
  'newer.json': plan([]).replace('"lakewright":1', '"lakewright":99'),
  'seed.json': plan([]).replace('"seed":1', '"seed":9007199254740992'),
  'fraction.json': plan([]).replace('"value":5', '"value":1.5'),
  'negative.json': plan([]).replace('"value":5', '"value":-5'),
  'no-tables.json': '{"lakewright":1,"name":"p","seed":1,"tables":[]}',
  'words.json': 'This is not a plan.',
  'cut.json': plan([]).slice(0, -10),
  'comma.json': plan([]).replace('"seed":1', '"seed":1,'),
  'comment.json': `// a plan\n${plan([])}`,
  'lines.json': '{\n\n"lakewright"\n: \n\u0001}\n',
  'empty.json': '',
  'null.json': 'null',
  'number.json': '42',
  'text.json': '"plan"',
  'list.json': '[]',
  'object.json': '{}',
  'deep.json': '['.repeat(20_000),
  'deep-closed.json': `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  'binary.json': '\u0000\u0001\u0002\ufffd\u0000',
  'prototype.json': '{"__proto__":{"lakewright":1},"constructor":1}',
  'file.txt': 'A file where a folder is wanted.',
}

function plan(columns: readonly unknown[]): string {
  return JSON.stringify({
    lakewright: 1,
    name: 'p',
    seed: 1,
    parameters: { rows: { role: 'size', value: 5, max: 100 } },
    tables: [{ name: 't', rows: { kind: 'range', count: { parameter: 'rows' } }, columns }],
  })
}

const generate = (...args: readonly string[]): readonly string[] => ['generate', ...args]

/** Bad values of an option of `generate identity`. */
const values = (option: string, ...texts: readonly string[]): readonly BadCall[] =>
  texts.map((text) => ({ args: generate('identity', `--${option}=${text}`), names: `--${option}` }))

const OPTIONS: readonly BadCall[] = [
  ...values('households', '0', '-1', '1.5', '1e3', 'ten', 'NaN', 'Infinity', '1000000001', '0x10'),
  ...values('households', '', ' ', '1,000', '9'.repeat(400)),
  ...values('email-rate', '-0.1', '1.1', 'half', '60%', '', '1e999', '--'),
  ...values('size-mean', '0.5', '7', 'x'),
  ...values('start', '2024-02-30', 'yesterday', '2024-1-1', '1900-01-01', '2024-01-01T00:00:00Z'),
  ...values('as-of', '', '99999-01-01', '2101-01-01'),
  ...values('seed', '9007199254740992', '-9007199254740992', '99999999999999999999', ''),
  ...values('format', 'xml', 'DELTA', ''),
  ...values('compression', 'gzip', 'none '),
  ...values('parts', '0', '-3', '1.5', '100001', 'x'),
  ...values('workers', '0', '257', 'two'),
  ...values('file-rows', '0', '1000000001'),
  ...values('mode', 'replace', 'resum'),
  ...values('with-truth', 'yes'),
  ...values('json', 'maybe'),
  ...values('to', ''),
]

const UNKNOWN: readonly BadCall[] = [
  { args: generate('identity', '--household', '5'), names: '--households' },
  { args: generate('identity', '--emial-rate', '0.5'), names: '--email-rate' },
  { args: generate('identity', '--zzz'), names: '--zzz' },
  { args: generate('identity', '-x'), names: '-x' },
  { args: generate('identity', '--__proto__=1'), names: '__proto__' },
  { args: generate('identity', '--constructor', '1'), names: 'constructor' },
  { args: generate('good.json', '--households', '5'), names: '--households' },
  { args: generate('identity', '--set', 'households=5'), names: '--set' },
  { args: generate('identity', '--seed', '1', '--seed', '2'), names: '--seed' },
  { args: generate('identity', 'retail'), names: 'retail' },
  { args: generate('identity', '--households'), names: '--households' },
  { args: generate(), names: 'generate' },
  { args: generate('identty'), names: 'identity' },
  { args: generate('no-such-file.json'), names: 'no-such-file.json' },
  { args: generate(''), names: '"" is a folder' },
  { args: generate('../../../..'), names: 'is a folder' },
  { args: ['genrate', 'identity'], names: 'generate' },
  { args: ['--frobnicate'], names: '--frobnicate' },
  { args: ['constructor'], names: 'constructor' },
  { args: ['\u001b[31mred'], names: 'red' },
]

const INFEASIBLE: readonly BadCall[] = [
  {
    args: generate(
      'identity',
      '--identifiers-mean=2',
      '--email-rate=1',
      '--mobile-rate=1',
      '--ctv-rate=1',
    ),
    names: '--identifiers-mean',
  },
  {
    args: generate(
      'identity',
      '--income-under-30k=0',
      '--income-30-60k=0',
      '--income-60-100k=0',
      '--income-over-100k=0',
    ),
    names: '--income',
  },
  {
    args: generate('identity', '--start', '2025-01-01', '--as-of', '2024-01-01'),
    names: '--as-of',
  },
  {
    args: generate('identity', '--start', '2024-12-01', '--as-of', '2025-01-01'),
    names: '--as-of',
  },
]

const PLAN_FILES: readonly BadCall[] = [
  ...['words', 'cut', 'comma', 'comment', 'lines', 'empty', 'binary', 'deep'].map((name) => ({
    args: generate(`${name}.json`),
    names: `${name}.json is not JSON`,
  })),
  ...['null', 'number', 'text', 'list', 'object', 'prototype', 'no-tables', 'newer', 'seed'].map(
    (name) => ({ args: generate(`${name}.json`), names: 'plan' }),
  ),
  { args: generate('deep-closed.json'), names: 'plan' },
  { args: generate('fraction.json'), names: 'rows' },
  { args: generate('negative.json'), names: 'rows' },
  { args: generate('cycle.json'), names: 'a → b → a' },
  { args: generate('misspelt.json'), names: 'alpha' },
  { args: generate('zero.json'), names: 'zero' },
  { args: generate('.'), names: '"." is a folder' },
  { args: generate('good.json', '--set', 'rows'), names: 'name=number' },
  { args: generate('good.json', '--set', 'rows=x'), names: '--set rows' },
  { args: generate('good.json', '--set', 'rows=1.5'), names: 'rows' },
  { args: generate('good.json', '--set', 'rows=101'), names: 'rows' },
  { args: generate('good.json', '--set', 'row=5'), names: 'rows' },
  { args: generate('good.json', '--set', '__proto__=5'), names: '--set' },
  { args: ['plan', 'cycle.json'], names: 'a → b → a' },
  { args: ['explain', 'words.json'], names: 'words.json' },
  { args: ['preview', 'misspelt.json'], names: 'alpha' },
]

const PLACES: readonly BadCall[] = [
  { args: generate('good.json', '--to', 'file.txt'), names: 'file.txt' },
  { args: generate('good.json', '--to', 'file.txt/lake'), names: 'file.txt' },
  { args: generate('good.json', '--to', '/proc/lake'), names: '/proc/lake' },
  { args: generate('good.json', '--to', '/sys/lake'), names: '/sys/lake' },
  { args: generate('good.json', '--to', '/dev/null'), names: '/dev/null' },
  { args: generate('good.json', '--to', `${'long/'.repeat(1000)}lake`), names: 'long' },
  { args: generate('good.json', '--to', 'x'.repeat(300)), names: 'xxx' },
  { args: generate('good.json', '--catalog', 'a/b'), names: '--catalog' },
  { args: generate('good.json', '--catalog', '..'), names: '--catalog' },
  { args: generate('good.json', '--catalog', ''), names: '--catalog' },
]

const OTHERS: readonly BadCall[] = [
  { args: ['preview', 'identity', '--table', 'individual'], names: 'individuals' },
  { args: ['preview', 'identity', '--rows', '0'], names: '--rows' },
  { args: ['preview', 'identity', '--rows', 'many'], names: '--rows' },
  { args: ['preview'], names: 'preview' },
  { args: ['plan'], names: 'plan' },
  { args: ['plan', 'identity', '--households', '0'], names: '--households' },
  { args: ['explain', 'identity', '--households', '-5'], names: '--households' },
  { args: ['explain', 'identity', '--table', 'x'], names: '--table' },
  { args: ['runs'], names: 'runs' },
  { args: ['runs', 'lst'], names: 'lst' },
  { args: ['runs', 'show'], names: 'show' },
  { args: ['runs', 'show', 'none'], names: 'none' },
  { args: ['runs', 'resume', 'none'], names: 'none' },
  { args: ['runs', 'cancel', 'none'], names: 'none' },
  { args: ['runs', 'show', '../../x'], names: '../../x' },
  { args: ['verify'], names: 'verify' },
  { args: ['verify', 'lake/lakewright/p'], names: 'lake/lakewright/p' },
  { args: ['digest'], names: 'digest' },
  { args: ['digest', 'lake/lakewright/p/t'], names: 'lake/lakewright/p' },
  { args: ['digest', 'file.txt'], names: 'file.txt' },
  { args: ['vacuum'], names: 'vacuum' },
  { args: ['vacuum', 'lake/lakewright/identity'], names: 'identity' },
  { args: ['vacuum', '/'], names: '/' },
]

/** Calls that must end with one line of complaint, having written nothing. */
export const BAD_CALLS: readonly BadCall[] = [
  ...OPTIONS,
  ...UNKNOWN,
  ...INFEASIBLE,
  ...PLAN_FILES,
  ...PLACES,
  ...OTHERS,
]
