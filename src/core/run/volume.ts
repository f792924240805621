import type { Parameter, Plan } from '../plan/plan.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { type CountRows, isCounted } from './expected-rows.ts'
import { keySpaces, type KeySpace } from './key-space.ts'

/** The parameter by which a table's number of rows is moved; `direct` when it is that number. */
export interface VolumeLever {
  readonly name: string
  readonly parameter: Parameter
  readonly direct: boolean
}

/**
 * The parameter that counts a range's rows, or the first size parameter that counts the root entities of another table;
 * undefined when there is none, or when children of entities that stay would change with it.
 */
export const volumeLever = ({ plan }: TypedPlan, table: TypedTable): VolumeLever | undefined => {
  const parameters = plan.parameters ?? {}
  const own = countParameter(plan, table.name)
  const name =
    own ??
    rootParameters(plan, table.name).find(
      (each) => parameters[each]?.role === 'size' && !table.fanOutSizes.includes(each),
    )
  const parameter = name === undefined ? undefined : parameters[name]
  return name === undefined || parameter === undefined
    ? undefined
    : { name, parameter, direct: own !== undefined }
}

/** The plan with another value of a parameter. */
export const withParameter = (plan: Plan, name: string, value: number): Plan => {
  const parameter = plan.parameters?.[name]
  return parameter === undefined
    ? plan
    : { ...plan, parameters: { ...plan.parameters, [name]: { ...parameter, value } } }
}

const rowsOf = ({ tables }: Plan, name: string): Plan['tables'][number]['rows'] | undefined =>
  tables.find((table) => table.name === name)?.rows

const countParameter = (plan: Plan, name: string): string | undefined => {
  const rows = rowsOf(plan, name)
  return rows?.kind === 'range' && typeof rows.count === 'object' ? rows.count.parameter : undefined
}

const rootParameters = (plan: Plan, name: string): readonly string[] => {
  const rows = rowsOf(plan, name)
  switch (rows?.kind) {
    case undefined:
      return []
    case 'range':
      return [countParameter(plan, name)].filter((each) => each !== undefined)
    case 'children':
      return rootParameters(plan, rows.of)
    case 'cross':
    case 'union':
      return rows.of.flatMap(({ table }) => rootParameters(plan, table))
  }
}

/** How many root entities a table is cut at, and the rows that makes. */
export interface VolumeCut {
  readonly roots: number
  readonly rows: number
}

/** What a cut is looked for in: a plan with `roots` of the lever's entities, and the rows that do not come from them. */
export interface RootedTable {
  readonly plan: TypedPlan
  readonly table: TypedTable
  readonly roots: number
  readonly count: CountRows
}

/**
 * Counts the rows that the root entities numbered from `from` to before `to` make; undefined when keys of a root do not
 * stand together, as below a cross that begins with another table.
 */
export const rootCounter = ({
  plan,
  table,
  roots,
  count,
}: RootedTable): ((from: number, to: number) => number) | undefined => {
  const spaces = keySpaces(plan, table)
  const [only] = spaces
  // Without fan-outs every root has as many rows as any other.
  if (only !== undefined && spaces.length === 1 && isCounted(plan, table))
    return (from, to) => ((to - from) * only.positions) / roots
  if (!spaces.every(({ positions, group }) => positions === roots * group)) return undefined
  return (from, to) =>
    spaces.reduce(
      (sum, space, variant) => sum + count(table, rangeOf(space, variant, [from, to])),
      0,
    )
}

const rangeOf = (
  { keyAt, group }: KeySpace,
  variant: number,
  [from, to]: readonly [number, number],
): { readonly variant: number; readonly lo: number; readonly hi: number } => ({
  variant,
  lo: keyAt(from * group),
  hi: keyAt(to * group),
})

const CHUNKS = 64

/** The number of roots, from 1 on, whose rows come nearest to a wish; undefined when all of them have fewer. */
export const cutAtRows = (
  count: (from: number, to: number) => number,
  roots: number,
  wish: number,
): VolumeCut | undefined => {
  let [low, below] = [0, 0]
  let high = 0
  let reached = 0
  for (const step = Math.ceil(roots / CHUNKS); high < roots && reached < wish;) {
    ;[low, below] = [high, reached]
    high = Math.min(roots, low + step)
    reached = below + count(low, high)
  }
  if (reached < wish) return undefined
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const rows = below + count(low, middle)
    if (rows < wish) [low, below] = [middle, rows]
    else [high, reached] = [middle, rows]
  }
  return low > 0 && wish - below < reached - wish
    ? { roots: low, rows: below }
    : { roots: high, rows: reached }
}
