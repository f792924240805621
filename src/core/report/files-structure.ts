import type { Reference } from '../plan/plan.ts'
import type { TypedExpr, TypedPlan, TypedTable } from '../plan/typed.ts'
import type { Dialect } from '../sql/dialect.ts'
import { referenceName, rowBounds } from './construction.ts'
import { duplicatesProbe, type FilesProbe, rowProbe, violationsTally } from './files-probes.ts'
import type { Finding, FindingKind } from './finding.ts'
import type { Evidence } from './judge.ts'
import { landedColumnSql, landedQuery, landedSql, viewName } from './landed-query.ts'

/** Something that must be true of a table's files whatever its plan promises, and how to count what breaks it. */
export interface StructureProbe {
  readonly kind: FindingKind
  readonly asked: string
  readonly probe: FilesProbe
}

/** What the files of a table must show: unique keys, no orphans, no nulls, and the asked number of children. */
export const structureProbes = (
  plan: TypedPlan,
  dialect: Dialect,
  table: TypedTable,
): readonly StructureProbe[] => [
  ...keyProbes(plan, dialect, table),
  ...table.references.map((reference) => referenceProbe(plan, dialect, { table, reference })),
  ...nullProbes(plan, dialect, table),
  ...fanOutProbes(plan, dialect, table),
]

/** Judges what structure probes have counted; a probe without a tally is left out. */
export const judgeStructure = (
  table: TypedTable,
  probes: readonly StructureProbe[],
  { tallies, proof }: Evidence,
): readonly Finding[] =>
  probes.flatMap(({ kind, asked, probe }) => {
    const tally = tallies[probe.name]
    if (tally?.kind !== 'violations') return []
    const { rows, violations } = tally
    return [
      {
        table: table.name,
        name: probe.name,
        kind,
        asked,
        found: violations === 0 ? asked : `${violations} times`,
        n: rows,
        unit: table.name,
        tolerance: 0,
        proof,
        verdict: violations === 0 ? ('holds' as const) : ('broken' as const),
      },
    ]
  })

/** The finding about a table's number of rows in its files. */
export const judgeRows = (
  plan: TypedPlan,
  table: TypedTable,
  { rows, proof }: Evidence,
): Finding => {
  const n = rows.get(table.name) ?? 0
  const [least, most] = rowBounds(plan, table, rows)
  return {
    table: table.name,
    name: 'rows',
    kind: 'rows',
    asked: least === most ? least : `${least} to ${most === Infinity ? 'any number' : most}`,
    found: n,
    n,
    unit: table.name,
    tolerance: 0,
    proof,
    verdict: n >= least && n <= most ? 'holds' : 'broken',
  }
}

const keyProbes = (
  plan: TypedPlan,
  dialect: Dialect,
  table: TypedTable,
): readonly StructureProbe[] => {
  const name = `key ${table.key.join(', ')} is unique`
  const query = landedQuery(plan, dialect, table)
  const unique: StructureProbe = {
    kind: 'key',
    asked: 'no duplicate',
    probe: duplicatesProbe(query, name, { columns: table.key }),
  }
  const key = table.columns.find(({ hidden, expr }) => !hidden && expr.kind === 'key')
  if (key === undefined) return table.key.length === 0 ? [] : [unique]
  const cell = landedColumnSql(query, key.name)
  const inside: StructureProbe = {
    kind: 'key',
    asked: 'none outside',
    probe: rowProbe(query, `${key.name} lies in ${table.minKey} to ${table.maxKey}`, {
      select: [
        'count(*)',
        `count(*) FILTER (WHERE ${cell} < ${table.minKey} OR ${cell} > ${table.maxKey})`,
      ],
      tally: violationsTally,
    }),
  }
  return table.key.length === 0 ? [inside] : [unique, inside]
}

interface Referring {
  readonly table: TypedTable
  readonly reference: Reference
}

const referenceProbe = (
  plan: TypedPlan,
  dialect: Dialect,
  { table, reference }: Referring,
): StructureProbe => {
  const query = landedQuery(plan, dialect, table)
  const target = plan.tables.get(reference.table) ?? table
  const { quoteIdentifier } = dialect
  const own = reference.columns.map((name) => landedColumnSql(query, name))
  const pairs = own.map((cell, i) => `o.${quoteIdentifier(reference.to[i] ?? '')} = ${cell}`)
  const known = own.map((cell) => `${cell} IS NOT NULL`).join(' AND ')
  const orphans = `SELECT count(*) AS n FROM ${quoteIdentifier(viewName(table))} AS r
    ANTI JOIN ${quoteIdentifier(viewName(target))} AS o ON ${pairs.join(' AND ')} WHERE ${known}`
  return {
    kind: 'reference',
    asked: 'no orphan',
    probe: {
      name: referenceName(reference),
      from: `(${orphans}) AS orphans, (SELECT count(*) AS all_rows FROM ${quoteIdentifier(viewName(table))}) AS whole`,
      select: ['CAST(sum(all_rows) AS DOUBLE)', 'CAST(sum(n) AS DOUBLE)'],
      tally: violationsTally,
      missing: [],
    },
  }
}

const nullProbes = (
  plan: TypedPlan,
  dialect: Dialect,
  table: TypedTable,
): readonly StructureProbe[] => {
  const query = landedQuery(plan, dialect, table)
  const landed = table.columns.filter(({ hidden }) => !hidden)
  const required = landed.filter(({ shape }) => !shape.nullable).map(({ name }) => name)
  if (required.length === 0) return []
  const anyNull = required.map((name) => `${landedColumnSql(query, name)} IS NULL`).join(' OR ')
  const all = required.length === landed.length
  return [
    {
      kind: 'nulls',
      asked: 'no null',
      probe: rowProbe(query, all ? 'no nulls' : `no nulls in ${required.join(', ')}`, {
        select: ['count(*)', `count(*) FILTER (WHERE ${anyNull})`],
        tally: violationsTally,
      }),
    },
  ]
}

/** Every parent has as many children as its own row says, or else as many as the expression's interval allows. */
const fanOutProbes = (
  plan: TypedPlan,
  dialect: Dialect,
  table: TypedTable,
): readonly StructureProbe[] => {
  const { rows } = table
  const parent = rows.kind === 'children' ? plan.tables.get(rows.of) : undefined
  if (rows.kind !== 'children' || parent === undefined || parent.virtual) return []
  const exact = landedQuery(plan, dialect, parent)
  const count = landedSql(exact, rows.count)
  const isExact = exact.missing.size === 0
  const query = isExact ? exact : landedQuery(plan, dialect, parent)
  const children: TypedExpr = {
    kind: 'fold',
    operation: 'count',
    table: table.name,
    value: undefined,
    where: undefined,
    shape: rows.count.shape,
  }
  const found = landedSql(query, children)
  const { min, max } = rows.count.shape
  const least = Math.max(0, min)
  // Where no column tells a row's parent, the files show no more than the number of rows, which is judged by itself.
  if (min === max && query.missing.size > 0) return []
  const broken = isExact ? `${found} <> ${count}` : `${found} NOT BETWEEN ${least} AND ${max}`
  const asked = isExact ? 'as the parent says' : `${least} to ${max}`
  return [
    {
      kind: 'rows',
      asked,
      probe: rowProbe(query, `${table.name} of each of ${parent.name}`, {
        select: ['count(*)', `count(*) FILTER (WHERE ${broken})`],
        tally: violationsTally,
      }),
    },
  ]
}
