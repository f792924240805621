import type { Plan } from '../../src/core/plan/plan.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import type { Vocabulary } from '../../src/core/plan/vocabulary.ts'
import { type ParameterValues, resolveParameters } from '../../src/datasets/definition.ts'
import { retail } from '../../src/datasets/retail/retail.ts'
import { readVocabulary } from '../../src/node/store/assets.ts'

/** The vocabularies that the retail dataset asks for. */
export const VOCABULARIES: ReadonlyMap<string, Vocabulary> = new Map(
  await Promise.all(
    retail.vocabularies.map(async (name) => [name, await readVocabulary(name)] as const),
  ),
)

/** The retail plan with some parameters changed. */
export const buildRetail = (changed: ParameterValues = {}, seed: number | string = 42): Plan =>
  retail.build(resolveParameters(retail.parameters, changed), { seed, vocabularies: VOCABULARIES })

/** The retail dataset, as its plan reads from JSON, ready to interpret. */
export const typedRetail = (changed: ParameterValues = {}, seed: number | string = 42): TypedPlan =>
  resolvePlan(JSON.parse(JSON.stringify(buildRetail(changed, seed))), VOCABULARIES)
