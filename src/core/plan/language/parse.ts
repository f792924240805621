import { fail } from '../../errors.ts'
import type { Issues, Path } from '../issues.ts'
import { below, suggest } from '../issues.ts'
import { quote } from '../names.ts'
import type { Plan } from '../plan.ts'
import { DEEPEST, LANGUAGE, MOST_VALUES } from './language.ts'
import type { Field, Fields, Rule, TypeRules } from './rule.ts'
import { jsonType, text } from './rule.ts'
import { createUnique, type Unique } from './unique.ts'

/** The kind of an expression that could not be read; its mistake has been reported. */
export const UNREADABLE = 'unreadable'

/**
 * Reads unknown JSON as a plan: a fresh frozen copy in which bare values have become literals, and in which what is
 * equal is one object, so that it need be looked at once. Mistakes go to `issues`;
 * what can be read is returned even then, unreadable expressions as nodes of kind `unreadable`; undefined when there
 * is no plan to speak of. Throws plan.json for a plan that is too large or nests too deeply.
 */
export const parsePlan = (input: unknown, issues: Issues): Plan | undefined => {
  const reading: Reading = {
    issues,
    values: 0,
    depth: 0,
    patterns: new Map(),
    kinds: new Map(),
    unique: createUnique(),
  }
  return read(reading, named('plan'), { value: input, path: undefined }) as Plan | undefined
}

const KIND: Field = { of: text(128), optional: false }

/** Items that stand for themselves: one that cannot be read leaves the others meaningful. */
const SEPARATE: ReadonlySet<string> = new Set(['table', 'column', 'check', 'promise', 'reference'])

interface Reading {
  readonly issues: Issues
  values: number
  depth: number
  /** Patterns of texts, compiled. */
  readonly patterns: Map<string, RegExp>
  /** Fields of kinds, with that of the kind itself. */
  readonly kinds: Map<Fields, Fields>
  readonly unique: Unique
}

interface Place {
  readonly value: unknown
  readonly path: Path
}

const read = (reading: Reading, rule: Rule, place: Place): unknown => {
  reading.values += 1
  if (reading.values > MOST_VALUES)
    fail('plan.json', `the plan has more than ${MOST_VALUES} values`)
  switch (rule.rule) {
    case 'text':
      return readText(reading, rule, place)
    case 'number':
      return readNumber(reading, rule, place)
    case 'boolean':
      return typeof place.value === 'boolean'
        ? place.value
        : expected(reading, place, 'true or false')
    case 'null':
      return place.value === null ? null : expected(reading, place, 'null')
    case 'word':
      return readWord(reading, rule.words, place)
    case 'list':
      return readList(reading, rule, place)
    case 'map':
      return readMap(reading, rule, place)
    case 'object':
      return readFields(reading, rule.fields, place)
    case 'kinds':
      return readKind(reading, rule.kinds, place)
    case 'types':
      return readByType(reading, rule, place)
    case 'named':
      return rule.name === 'expression'
        ? readExpression(reading, place)
        : read(reading, named(rule.name), place)
  }
}

type Of<K extends Rule['rule']> = Extract<Rule, { readonly rule: K }>

const named = (name: string): Rule => LANGUAGE[name] ?? fail('internal', `no rule ${name}`)

const expected = (reading: Reading, { value, path }: Place, what: string): undefined =>
  reading.issues.report(path, `expected ${what}, not ${show(value)}`)

const show = (value: unknown): string => {
  switch (jsonType(value)) {
    case 'string':
      return quote(String(value))
    case 'number':
    case 'boolean':
    case 'null':
      return String(value)
    case 'list':
      return 'a list'
    case 'object':
      return 'an object'
    case undefined:
      return typeof value
  }
}

const readText = (reading: Reading, rule: Of<'text'>, place: Place): unknown => {
  const { value } = place
  if (typeof value !== 'string') return expected(reading, place, rule.expected)
  if (value.length > rule.max)
    return reading.issues.report(place.path, `expected at most ${rule.max} characters`)
  return patternOf(reading, rule.pattern).test(value)
    ? value
    : expected(reading, place, rule.expected)
}

const patternOf = ({ patterns }: Reading, source: string): RegExp => {
  const pattern = patterns.get(source) ?? new RegExp(source, 'u')
  patterns.set(source, pattern)
  return pattern
}

const readNumber = (
  reading: Reading,
  { integer, min, max }: Of<'number'>,
  place: Place,
): unknown => {
  const { value } = place
  const fits =
    typeof value === 'number' &&
    value >= min &&
    value <= max &&
    (integer ? Number.isSafeInteger(value) : Number.isFinite(value))
  if (fits) return value === 0 ? 0 : value
  const bounded = Math.abs(min) < Number.MAX_SAFE_INTEGER || max < Number.MAX_SAFE_INTEGER
  const upper = max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''
  const what = integer ? 'an integer' : 'a number'
  return expected(reading, place, bounded ? `${what} from ${min}${upper}` : what)
}

const readWord = (reading: Reading, words: readonly string[], place: Place): unknown => {
  const { value, path } = place
  if (typeof value !== 'string') return expected(reading, place, `one of ${words.join(', ')}`)
  if (words.includes(value)) return value
  return reading.issues.report(
    path,
    `${quote(value)} is not known${suggest(reading.issues, value, words)}`,
  )
}

const readList = (reading: Reading, rule: Of<'list'>, place: Place): unknown => {
  const { value, path } = place
  if (!Array.isArray(value)) return expected(reading, place, 'a list')
  if (value.length < rule.min || value.length > rule.max) {
    const count = rule.min === rule.max ? `${rule.min}` : `${rule.min} to ${rule.max}`
    return reading.issues.report(path, `expected ${count} items, not ${value.length}`)
  }
  const sound: unknown[] = []
  for (let i = 0; i < value.length; i++) {
    const item = read(reading, rule.of, { value: value[i], path: below(path, i) })
    if (item !== undefined) sound.push(item)
  }
  const separate = rule.of.rule === 'named' && SEPARATE.has(rule.of.name)
  return separate || sound.length === value.length ? reading.unique.list(sound) : undefined
}

const readMap = (reading: Reading, rule: Of<'map'>, place: Place): unknown => {
  const { path } = place
  const value = asObject(place.value)
  if (value === undefined) return expected(reading, place, 'an object')
  const keys = Object.keys(value)
  if (keys.length > rule.max)
    return reading.issues.report(path, `expected at most ${rule.max} entries, not ${keys.length}`)
  const pattern = patternOf(reading, rule.keys)
  const entries = keys.flatMap((key) => {
    const at = below(path, key)
    if (!pattern.test(key)) reading.issues.report(at, `${quote(key)} is not a name`)
    const item = read(reading, rule.of, { value: value[key], path: at })
    return item === undefined ? [] : [[key, item] as const]
  })
  return Object.freeze(Object.fromEntries(entries))
}

const readFields = (reading: Reading, fields: Fields, place: Place): unknown => {
  const value = asObject(place.value)
  if (value === undefined) return expected(reading, place, 'an object')
  const { path } = place
  refuseUnknown(reading, fields, { value, path })
  const result: Record<string, unknown> = {}
  let whole = true
  for (const name of Object.keys(fields)) {
    const { of, optional } = fields[name]!
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given === undefined) {
      if (!optional) reading.issues.report(path, `expected the property ${quote(name)}`)
      whole &&= optional
      continue
    }
    const item = read(reading, of, { value: given, path: below(path, name) })
    if (item === undefined) whole &&= optional
    else result[name] = item
  }
  return whole ? reading.unique.object(result) : undefined
}

interface ObjectPlace {
  readonly value: Readonly<Record<string, unknown>>
  readonly path: Path
}

const refuseUnknown = (reading: Reading, fields: Fields, { value, path }: ObjectPlace): void => {
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(fields, name) || value[name] === undefined) continue
    const known = suggest(reading.issues, name, Object.keys(fields))
    reading.issues.report(path, `the property ${quote(name)} is not known here${known}`)
  }
}

const readKind = (
  reading: Reading,
  kinds: Readonly<Record<string, Fields>>,
  place: Place,
): unknown => {
  const value = asObject(place.value)
  const kind = value !== undefined && Object.hasOwn(value, 'kind') ? value['kind'] : undefined
  if (typeof kind !== 'string') {
    const what = `an object whose kind is one of ${Object.keys(kinds).join(', ')}`
    return expected(reading, place, what)
  }
  const fields = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (fields === undefined)
    return reading.issues.report(
      below(place.path, 'kind'),
      `${quote(kind)} is not known${suggest(reading.issues, kind, Object.keys(kinds))}`,
    )
  return readFields(reading, withKind(reading, fields), place)
}

const withKind = ({ kinds }: Reading, fields: Fields): Fields => {
  const known = kinds.get(fields) ?? { kind: KIND, ...fields }
  kinds.set(fields, known)
  return known
}

const readByType = (
  reading: Reading,
  { types, expected: what }: { readonly types: TypeRules; readonly expected: string },
  place: Place,
): unknown => {
  const type = jsonType(place.value)
  const rule = type === undefined ? undefined : types[type]
  return rule === undefined ? expected(reading, place, what) : read(reading, rule, place)
}

/** Bare values become literals; what cannot be read becomes a node that typing passes over. */
const readExpression = (reading: Reading, place: Place): unknown => {
  reading.depth += 1
  if (reading.depth > DEEPEST)
    fail('plan.json', `expressions of the plan nest more than ${DEEPEST} deep`, {
      hint: 'give parts of them columns of their own (hidden ones do not land)',
    })
  const value = read(reading, named('expression'), place)
  reading.depth -= 1
  if (value === undefined) return Object.freeze({ kind: UNREADABLE })
  return jsonType(value) === 'object' ? value : reading.unique.object({ kind: 'literal', value })
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  jsonType(value) === 'object' ? (value as Readonly<Record<string, unknown>>) : undefined
