import { lowerTable } from '../plan/lower.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { Dialect } from './dialect.ts'
import type { KeyRange } from './ranges.ts'
import { renderWritten } from './render.ts'
import type { Written } from './statement.ts'
import type { ViewPlaces } from './views.ts'

/** Which engine a table is rendered for, and which of its rows. */
export interface LandedRendering {
  readonly dialect: Dialect
  /** Only rows with these entity keys. */
  readonly range?: KeyRange
  /** Into how many pieces the engine is to cut the outermost rows, where it can be told. */
  readonly partitions?: number
  /** Only rows of this variant, a member of the unions that the table rests on. */
  readonly variant?: number
}

/** One SELECT of a table's landed columns, under the names and with the types that they land with. */
export const renderLandedTable = (
  plan: TypedPlan,
  table: TypedTable,
  rendering: LandedRendering,
): string => renderLanded(plan, table, rendering).text

/**
 * The same for a session or a schema that has views: where the SELECT would be longer than `places.most`, long constants
 * are views to be made before, whose names come of their content.
 */
export const renderLandedWithViews = (
  plan: TypedPlan,
  table: TypedTable,
  rendering: LandedRendering & { readonly places: ViewPlaces },
): Written => renderLanded(plan, table, rendering)

const renderLanded = (
  plan: TypedPlan,
  table: TypedTable,
  { places, ...rendering }: LandedRendering & { readonly places?: ViewPlaces },
): Written => {
  const columns = table.columns.filter(({ hidden }) => !hidden)
  const wanted = columns.map(({ name, landedName, shape }) => ({
    name: landedName,
    expr: { kind: 'column' as const, name, shape },
  }))
  const graphs = lowerTable(plan, table.name, wanted)
  const { variant = 0 } = rendering
  return renderWritten(
    rendering.variant === undefined ? graphs : graphs.slice(variant, variant + 1),
    {
      ...rendering,
      vocabularies: plan.vocabularies,
      landed: new Map(
        columns.map(({ landedName, shape, long }) => [landedName, { type: shape.type, long }]),
      ),
    },
    places,
  )
}
