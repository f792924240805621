import { fail } from '../errors.ts'
import { sha256Hex } from '../sha256.ts'
import { canonicalJson } from './canonical.ts'
import { below, collectIssues } from './issues.ts'
import { parsePlan } from './language/parse.ts'
import { quote } from './names.ts'
import type { Plan } from './plan.ts'
import { typeColumns } from './resolve/columns.ts'
import { checkDeclared } from './resolve/declared.ts'
import type { Model, ModelInputs } from './resolve/model.ts'
import { createModel } from './resolve/model.ts'
import { resolveRowSpaces } from './resolve/row-spaces.ts'
import { typeTable } from './resolve/tables.ts'
import type { TypedPlan, TypedTable } from './typed.ts'
import type { Vocabulary } from './vocabulary.ts'

/**
 * Checks a plan and makes it ready for every engine: names resolved, laws compiled, streams hashed, every expression
 * typed and its interval proven. Throws plan.invalid with all mistakes in details.errors (PlanIssue), or plan.json for
 * a plan that is too large or nests too deeply. A host may hand in a faster SHA-256 of a text, in lower-case hex.
 */
export const resolvePlan = (
  input: unknown,
  vocabularies: ReadonlyMap<string, Vocabulary>,
  sha256: (text: string) => string = sha256Hex,
): TypedPlan => {
  const issues = collectIssues(input)
  const parsed = parsePlan(input, issues)
  const resolved = parsed && resolve(parsed, { input, issues, vocabularies, sha256 })
  issues.throwIfAny()
  if (resolved === undefined) return fail('internal', 'a plan without mistakes was not resolved')
  return { ...resolved, hash: sha256(canonicalJson(resolved.plan)) }
}

const resolve = (parsed: Plan, inputs: ModelInputs): Omit<TypedPlan, 'hash'> | undefined => {
  const { issues, vocabularies } = inputs
  const model = createModel(parsed, inputs)
  checkDeclared(model)
  resolveRowSpaces(model)
  typeColumns(model)
  const tables = [...model.tables.values()].map((table) => typeTable(model, table))
  checkVocabularies(model)
  if (issues.count() > 0) return undefined
  const plan = withVocabularies(model)
  return {
    plan,
    tables: new Map(
      tables
        .filter((table) => table !== undefined)
        .map((table): readonly [string, TypedTable] => [table.name, table]),
    ),
    vocabularies: new Map([...vocabularies].filter(([name]) => model.usedVocabularies.has(name))),
  }
}

/** Vocabularies that the plan names must be at hand, in the version and with the content it names. */
const checkVocabularies = ({ plan, issues, vocabularies, usedVocabularies }: Model): void => {
  for (const [name, { version, sha256 }] of Object.entries(plan.vocabularies ?? {})) {
    const path = below(undefined, 'vocabularies', name)
    const vocabulary = vocabularies.get(name)
    usedVocabularies.add(name)
    if (vocabulary === undefined) issues.report(path, `there is no vocabulary ${quote(name)}`)
    else if (vocabulary.version !== version || vocabulary.hash !== sha256)
      issues.report(
        path,
        `expected version ${version} with hash ${sha256.slice(0, 12)}…, but the one at hand is version ${vocabulary.version} with hash ${vocabulary.hash.slice(0, 12)}…`,
      )
  }
}

const withVocabularies = ({ plan, vocabularies, usedVocabularies }: Model): Plan => {
  if (usedVocabularies.size === 0) return plan
  const entries = [...usedVocabularies].toSorted().flatMap((name) => {
    const found = vocabularies.get(name)
    return found ? [[name, { version: found.version, sha256: found.hash }] as const] : []
  })
  return Object.freeze({ ...plan, vocabularies: Object.freeze(Object.fromEntries(entries)) })
}
