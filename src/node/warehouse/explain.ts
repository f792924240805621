import { isLakewrightError } from '../../core/errors.ts'
import { landedTables } from '../../core/run/landed.ts'
import { factsIn, type TableFacts } from '../../core/warehouse/facts.ts'
import { type FoundTables, misfits } from '../../core/warehouse/found.ts'
import type { PrivilegeFinding, Warehouse } from '../../core/warehouse/warehouse.ts'
import { type WarehouseRequest, withWarehouse } from './generate.ts'
import type { WarehouseHost } from './host.ts'

/** What a run would find at its target. */
export interface ExplainedTarget {
  readonly where: string
  /** Needed, with whether each is held; empty where nobody grants anything. */
  readonly privileges: readonly PrivilegeFinding[]
  /** The plan's tables that are there, by their full names. */
  readonly tables: readonly {
    readonly table: string
    /** How it came there, and what of it does not fit the plan. */
    readonly is: string
  }[]
  /** Why the tables could not be looked at. */
  readonly problem?: string
}

/** Looks at a target and changes nothing there. */
export const explainTarget = (
  { place, plan, mode, options }: WarehouseRequest,
  host: Pick<WarehouseHost, 'open' | 'signal'>,
): Promise<ExplainedTarget> =>
  withWarehouse(place, host, async (warehouse) => {
    const names = landedTables(plan).map(({ landedName }) => landedName)
    const privileges = await warehouse.privileges(place.target, {
      existing: mode === 'append' || mode === 'overwrite' ? names : [],
      replaces: mode === 'overwrite',
      volume: options.volume,
    })
    const where = warehouse.place
    try {
      const found = await warehouse.look(place.target, names)
      return { where, privileges, tables: tablesThere(warehouse, { place, plan }, found) }
    } catch (error) {
      if (!isLakewrightError(error) || NO_ANSWER.has(error.code)) throw error
      return { where, privileges, tables: [], problem: error.message }
    }
  })

/** Errors after which nothing more is looked at. */
const NO_ANSWER: ReadonlySet<string> = new Set(['service.unreachable', 'run.cancelled'])

const proofIn = ({ rows, digest = '' }: TableFacts): string =>
  rows === undefined ? '' : `, ${rows} rows${digest === '' ? '' : `, digest ${digest}`}`

const tablesThere = (
  { landing }: Warehouse,
  { place, plan }: Pick<WarehouseRequest, 'place' | 'plan'>,
  found: FoundTables,
): ExplainedTarget['tables'] => {
  const problems = new Map(
    misfits(plan, found, landing).map(({ table, problem }) => [table, `, which ${problem}`]),
  )
  return [...found].map(([table, { properties }]) => {
    const facts = factsIn(properties)
    const origin =
      facts?.plan === plan.plan.name
        ? `of this dataset, made by run ${facts.run}${proofIn(facts)}`
        : 'not of this dataset'
    return {
      table: landing.name({ ...place.target, table }),
      is: `${origin}${problems.get(table) ?? ''}`,
    }
  })
}
