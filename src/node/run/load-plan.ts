import type { Json } from '../../core/ports.ts'
import { resolvePlan } from '../../core/plan/resolve.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Vocabulary } from '../../core/plan/vocabulary.ts'
import { listVocabularies, readVocabulary } from '../store/assets.ts'
import { sha256 } from '../store/sha256.ts'

/**
 * Checks a plan and resolves it with the package's vocabularies, of which `known` have been read before; fails as
 * resolvePlan does.
 */
export const loadPlan = async (
  input: unknown,
  known: ReadonlyMap<string, Vocabulary> = new Map(),
): Promise<TypedPlan> => resolvePlan(input, await vocabulariesFor(input, known), sha256)

/** Vocabularies of the package by name. */
export const readVocabularies = async (
  names: readonly string[],
): Promise<ReadonlyMap<string, Vocabulary>> => {
  const read = names.map(async (name) => [name, await readVocabulary(name)] as const)
  return new Map(await Promise.all(read))
}

/** The plan of a resolved plan as JSON, which it was read from, vocabularies' hashes included. */
export const planJson = ({ plan }: TypedPlan): Json => plan as unknown as Json

/** The vocabularies a plan may use; all of them when it names one that there is not, so that another can be suggested. */
const vocabulariesFor = async (
  input: unknown,
  known: ReadonlyMap<string, Vocabulary>,
): Promise<ReadonlyMap<string, Vocabulary>> => {
  const names = await listVocabularies()
  const { vocabularies, tables } = mentions(input)
  const isUnknown = [...vocabularies].some((name) => !names.includes(name))
  const wanted = isUnknown
    ? names
    : names.filter((name) => vocabularies.has(name) || tables.has(name))
  const read = await readVocabularies(wanted.filter((name) => !known.has(name)))
  return new Map([...known, ...read])
}

interface Mentions {
  readonly vocabularies: ReadonlySet<string>
  /** Names of tables that rows are looked up in: vocabularies among them. */
  readonly tables: ReadonlySet<string>
}

const mentions = (input: unknown): Mentions => {
  const vocabularies = new Set<string>()
  const tables = new Set<string>()
  const waiting: unknown[] = typeof input === 'object' && input !== null ? [input] : []
  while (waiting.length > 0) {
    const value = waiting.pop() as Readonly<Record<string, unknown>>
    for (const name of Object.keys(value)) {
      const inner = value[name]
      if (typeof inner === 'object' && inner !== null) waiting.push(inner)
      if (typeof inner !== 'string') continue
      if (name === 'vocabulary') vocabularies.add(inner)
      if (name === 'table') tables.add(inner)
    }
  }
  return { vocabularies, tables }
}
