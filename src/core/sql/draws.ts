import { fail } from '../errors.ts'
import type { DrawForm } from '../expr/expr.ts'
import {
  HIGH_WORD_MULTIPLIER,
  highWord,
  type Lanes,
  lowWord,
  MIXER,
  wide,
} from '../random/mixer.ts'
import type { CompiledLaw, LawTable } from '../random/compiled-law.ts'
import { ONE_LANE_WIDTH, outcome } from '../random/outcome.ts'
import type { Stream } from '../plan/typed.ts'
import type { Dialect } from './dialect.ts'
import { choice } from './choice.ts'
import {
  choose,
  heavy,
  integer,
  light,
  noted,
  numberOf,
  plus,
  sql,
  string,
  sum,
  type Term,
  times,
} from './term.ts'

/** A stream at a key: `wide` when the key may have more than 32 bits, `nullable` when it may be null. */
export interface Drawing {
  readonly dialect: Dialect
  readonly stream: Stream
  readonly key: Term
  readonly wide: boolean
  readonly nullable: boolean
}

/** The uniform bits of a stream as an integer, as hex digits or as a UUID. */
export const drawTerm = (drawing: Drawing, form: DrawForm): Term => {
  const { dialect, stream } = drawing
  if (form === 'bits') return lanes(drawing, 1)[0]
  const all = lanes(drawing, 4)
  return noted(form === 'hex' ? dialect.hex(all) : dialect.uuid(all), stream.name)
}

/** The first `count` lanes of a stream at a key, as src/core/random/mixer.ts defines them. */
const lanes = (drawing: Drawing, count: number): readonly [Term, ...Term[]] => {
  const { dialect, stream, key } = drawing
  const { operators } = dialect
  const again = repeated(dialect)
  const known = knownLanes(drawing)
  if (known !== undefined) return [integer(known[0]), ...known.slice(1).map(integer)]
  const [c1, c2, ...others] = stream.constants
  const low = drawing.wide ? masked(dialect, key) : key
  const x = again(mix(dialect, again(operators.xor(low, integer(c1)))))
  const high = operators.quotient(key, integer(WORD))
  const both = drawing.wide
    ? masked(dialect, sql`${x} + ${high} * ${integer(HIGH_WORD_MULTIPLIER)}`)
    : x
  const first = noted(mix(dialect, again(operators.xor(both, integer(c2)))), stream.name)
  const all: [Term, ...Term[]] = [first]
  others.slice(0, count - 1).forEach((constant, i) => {
    const before = i === 0 ? x : all[i - 1]!
    const mixed = mix(dialect, again(operators.xor(all[i]!, integer(constant))))
    all.push(noted(masked(dialect, sql`${before} + ${mixed}`), `${stream.name}, lane ${i + 2}`))
  })
  return all
}

const WORD = 2 ** 32

const repeated = ({ rows }: Dialect): ((term: Term) => Term) =>
  rows.repeats ? light : (term) => term

const knownLanes = ({ stream, key }: Drawing): Lanes | undefined => {
  const known = numberOf(key)
  return known === undefined ? undefined : wide(stream.constants, lowWord(known), highWord(known))
}

const masked = ({ operators }: Dialect, x: Term): Term => operators.and(x, integer(WORD - 1))

/** Two xorshift-multiply rounds over 32 bits; every product stays below 2^63. */
const mix = (dialect: Dialect, x: Term): Term => {
  const { xor, shiftRight } = dialect.operators
  const { s1, m1, s2, m2, s3 } = MIXER
  const folded = (y: Term, shift: number): Term => xor(y, repeated(dialect)(shiftRight(y, shift)))
  const once = heavy(masked(dialect, sql`${folded(x, s1)} * ${integer(m1)}`))
  const twice = heavy(masked(dialect, sql`${folded(once, s2)} * ${integer(m2)}`))
  return folded(twice, s3)
}

/** A sample of the law, or of the law that the integer `given` selects. */
export const sampleTerm = (
  drawing: Drawing,
  laws: readonly CompiledLaw[],
  given: Term | undefined,
): Term => {
  const outcomes = laws.map((law) => outcomeTerm(drawing, law))
  const [only] = outcomes
  if (only === undefined) return fail('internal', 'a sample without a law')
  if (given === undefined) return noted(only, drawing.stream.name)
  const known = numberOf(given)
  if (known !== undefined) return outcomes[known] ?? fail('internal', `there is no law ${known}`)
  const branches = outcomes.map((then, i) => ({ when: sql`${given} = ${integer(i)}`, then }))
  return noted(choice(drawing.dialect, branches, undefined), drawing.stream.name)
}

const outcomeTerm = (drawing: Drawing, { table, words }: CompiledLaw): Term => {
  const show = (each: number): Term =>
    words === undefined ? integer(each) : string(words[each] ?? '')
  const known = knownLanes(drawing)
  if (known !== undefined) return show(outcome(table, [known[0], known[1], known[2]]))
  switch (table.kind) {
    case 'uniform':
      return uniformOutcome(drawing, table, words)
    case 'steps':
      return stepsOutcome(drawing, table, show)
    case 'alias':
      return aliasOutcome(drawing, table, words)
  }
}

type Table<K extends LawTable['kind']> = Extract<LawTable, { readonly kind: K }>

const whereKnown = ({ key, nullable }: Drawing, term: Term): Term =>
  nullable ? choose([{ when: sql`${key} IS NOT NULL`, then: term }], undefined) : term

const uniformOutcome = (
  drawing: Drawing,
  { low, step, count }: Table<'uniform'>,
  words: CompiledLaw['words'],
): Term => {
  if (count === 1) return whereKnown(drawing, words ? string(words[low] ?? '') : integer(low))
  if (words) return fail('internal', 'a law over words is uniform over one word only')
  const [first, second] = lanes(drawing, count <= ONE_LANE_WIDTH ? 1 : 2)
  return plus(
    times(place(drawing, { count: integer(count), widest: count }, [first, second]), step),
    low,
  )
}

interface Width {
  readonly count: Term
  readonly widest: number
}

/** A place among `count`, from one lane up to 2^20 and from 48 bits of two above (mixer.ts, uniform and uniform48). */
const place = (
  { dialect }: Drawing,
  { count, widest }: Width,
  [a, b]: readonly [Term | undefined, Term | undefined],
): Term => {
  if (a === undefined) return fail('internal', 'a place without a lane')
  const { quotient, and } = dialect.operators
  if (widest <= ONE_LANE_WIDTH) return quotient(sql`${a} * ${count}`, integer(WORD))
  if (b === undefined) return fail('internal', 'a wide place without a second lane')
  const half = integer(65536)
  const lowest = sql`${quotient(b, half)} * ${count}`
  const middle = sql`${and(a, integer(65535))} * ${count} + ${quotient(lowest, half)}`
  const highest = sql`${quotient(a, half)} * ${count} + ${quotient(middle, half)}`
  return quotient(highest, half)
}

/** As many thresholds as are at most the lane choose the value. */
const stepsOutcome = (
  drawing: Drawing,
  { thresholds, values }: Table<'steps'>,
  show: (outcome: number) => Term,
): Term => {
  const results = values.map(show)
  const last = results.at(-1)
  if (last === undefined) return fail('internal', 'steps without a value')
  if (thresholds.length === 0) return whereKnown(drawing, last)
  const [lane] = lanes(drawing, 1)
  const branches = thresholds.map((threshold, i) => ({
    when: repeated(drawing.dialect)(sql`${lane} < ${integer(threshold)}`),
    then: results[i]!,
  }))
  return whereKnown(drawing, choice(drawing.dialect, branches, last))
}

const aliasOutcome = (
  drawing: Drawing,
  { bits, threshold, alias, low, width, step, widest }: Table<'alias'>,
  words: CompiledLaw['words'],
): Term => {
  const { dialect } = drawing
  const { quotient, and } = dialect.operators
  const count = widest === 1 ? 1 : widest <= ONE_LANE_WIDTH ? 2 : 3
  const [lane, second, third] = lanes(drawing, count)
  const slotSize = WORD / (1 << bits)
  const slot = repeated(dialect)(quotient(lane, integer(slotSize)))
  const isOwn = sql`${and(lane, integer(slotSize - 1))} < ${dialect.element(listOf(threshold), slot)}`
  const bin = choose([{ when: isOwn, then: slot }], dialect.element(listOf(alias), slot))
  const first = lowest(dialect, { low, words }, bin)
  if (widest === 1) return first
  const count2 = dialect.element(listOf(width), bin)
  return sum(times(place(drawing, { count: count2, widest }, [second, third]), step), first)
}

interface Outcomes {
  readonly low: Float64Array
  readonly words: CompiledLaw['words']
}

/** The first outcome of a bin; outcomes one after another need no list. */
const lowest = (dialect: Dialect, { low, words }: Outcomes, bin: Term): Term => {
  if (words) {
    const texts = Array.from(low, (each) => words[each] ?? '')
    return dialect.element({ kind: 'list', type: 'string', values: texts }, bin)
  }
  const from = low[0] ?? 0
  return low.every((each, i) => each === from + i)
    ? plus(bin, from)
    : dialect.element(listOf(low), bin)
}

const listOf = (values: ArrayLike<number>): Term => ({ kind: 'list', type: 'integer', values })
