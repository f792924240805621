import { textOf } from '../../../core/expr/functions/text.ts'
import type { Value } from '../../../core/expr/types.ts'
import { interpretTable } from '../../../core/plan/interpret.ts'
import type { TypedTable } from '../../../core/plan/typed.ts'
import { landedColumns } from '../../../core/run/landed.ts'
import { lastRows } from '../../../core/run/last-rows.ts'
import type { Command } from '../command.ts'
import { datasetOptions } from '../dataset-options.ts'
import { JSON_OPTION } from '../lake-options.ts'
import { flagValue, numberValue, textValue } from '../option.ts'
import { PLAN_OPTIONS, readPlan, tableNamed } from '../plan-source.ts'
import { textTable } from '../text.ts'

/** `lakewright preview`: the first rows of a table, made by the interpreter, which judges all other engines. */
export const previewCommand: Command = {
  name: 'preview',
  summary: 'show rows of a table without writing anything',
  usage: '<dataset | plan.json>',
  positionals: [1, 1],
  options: [
    {
      name: 'table',
      kind: 'text',
      placeholder: 'name',
      description: 'the table; without it, the first of the plan',
    },
    {
      name: 'rows',
      kind: 'integer',
      min: 1,
      max: 10_000,
      default: 10,
      description: 'how many rows',
    },
    {
      name: 'last',
      kind: 'flag',
      description: 'the last rows instead, which takes no longer however many there are',
    },
    ...PLAN_OPTIONS,
    JSON_OPTION,
  ],
  further: datasetOptions,
  examples: [
    {
      line: 'lakewright preview identity --table individuals --rows 20',
      says: 'the first 20 people, exactly as generate will land them',
    },
    {
      line: 'lakewright preview mdm --total-records 1000000000 --table truth_xref --last',
      says: 'how a table of a billion rows ends',
    },
  ],
  run: async (world, input) => {
    const plan = await readPlan(world, input)
    const table = tableNamed(plan, textValue(input.values, 'table'), '--table')
    const columns = landedColumns(table)
    const limit = numberValue(input.values, 'rows') ?? 10
    const rows = flagValue(input.values, 'last')
      ? lastRows(plan, table, limit)
      : [...interpretTable(plan, table.name, { limit })]
    if (flagValue(input.values, 'json')) {
      const named = rows.map((row) =>
        Object.fromEntries(
          columns.map(({ name, landedName, shape }) => [
            landedName,
            jsonValue(row[name] ?? null, shape),
          ]),
        ),
      )
      world.stdout(`${JSON.stringify({ table: table.landedName, rows: named }, null, 2)}\n`)
      return 0
    }
    const right = new Set(columns.flatMap(({ shape }, i) => (isNumber(shape) ? [i] : [])))
    const cells = rows.map((row) =>
      columns.map(({ name, shape }) => shown(row[name] ?? null, shape)),
    )
    world.stdout(
      textTable(
        columns.map(({ landedName }) => landedName),
        cells,
        right,
      ),
    )
    return 0
  },
}

type Typed = TypedTable['columns'][number]['shape']

const isNumber = ({ type }: Typed): boolean => type.kind === 'integer' || type.kind === 'decimal'

const shown = (value: Value, { type }: Typed): string =>
  value === null ? '∅' : textOf(value, type)

const jsonValue = (value: Value, { type }: Typed): Value | boolean => {
  if (value === null || type.kind === 'integer') return value
  if (type.kind === 'boolean') return value === 1
  return type.kind === 'string' ? value : textOf(value, type)
}
