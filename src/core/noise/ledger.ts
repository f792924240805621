import { fail } from '../errors.ts'
import { add, cases, col, eq, le, lit, ordinal, parent, text, toExpr, when } from '../expr/build.ts'
import type { Operand } from '../expr/build.ts'
import type { Expr } from '../expr/expr.ts'
import { column, children, hidden, virtualTable } from '../plan/build.ts'
import type { Column, LedgerStep, Table } from '../plan/plan.ts'
import { type Noisy, type Slot, struckName } from './apply.ts'

/** The most places where the records of a table can change: keys of ledger rows lie so far apart. */
export const LEDGER_CAPACITY = 64

/** A table whose records a ledger tells of. */
export interface LedgerOf {
  /** The ledger's table. */
  readonly name: string
  /** The table of the records, and its column that identifies one. */
  readonly records: string
  readonly recordId: string
  /** What the ledger calls the table. */
  readonly source: string
  readonly slots: readonly Slot[]
  /** About how many changes a record has. */
  readonly mean: number
}

/** Hidden columns of the table of records: running counts of the changes that show. */
export const ledgerColumns = (slots: readonly Slot[]): readonly Column[] =>
  slots.map(({ shows }, i) =>
    hidden(countName(i), i === 0 ? col(shows) : add(col(countName(i - 1)), col(shows))),
  )

/** The ledger of one table of records: a row for each change that shows, in the order of the steps. */
export const ledgerTable = ({ name, records, recordId, source, slots, mean }: LedgerOf): Table =>
  virtualTable(name, {
    description: `What noise changed in ${records}.`,
    rows: {
      ...children(
        records,
        LEDGER_CAPACITY,
        slots.length === 0 ? 0 : col(countName(slots.length - 1)),
      ),
      mean,
    },
    columns: [
      hidden('slot', slotOf(slots)),
      column('source', source),
      column('record_id', parent(recordId)),
      column(
        'step',
        bySlot(
          slots.map(({ number }) => number),
          0,
        ),
      ),
      column(
        'column',
        bySlot(
          slots.map((each) => each.column),
          '',
        ),
      ),
      hidden('operator_number', numberOf(slots)),
      column('operator', operatorOf(slots)),
      column(
        'true_value',
        bySlot(
          slots.map(({ before }) => text(parent(before))),
          '',
        ),
      ),
      column(
        'emitted_value',
        bySlot(
          slots.map(({ after }) => text(parent(after))),
          '',
        ),
      ),
    ],
  })

/** Which hidden columns of the records the ledger shows, for the promise that it can be replayed. */
export const ledgerSteps = ({ slots, strikes, draws }: Noisy): readonly LedgerStep[] =>
  [...draws].map(([step, drawn]) => {
    const cells = slots.filter((slot) => slot.step === step)
    return {
      step: cells[0]?.number ?? fail('internal', `the step ${step.name} changes nothing`),
      struck: struckName(step),
      operators: strikes
        .filter((strike) => strike.step === step)
        .map(({ operator, columns }) => ({ name: operator, columns })),
      cells: cells.map(({ column: name, before, shows }) => ({ column: name, before, shows })),
      draws: drawn,
    }
  })

const countName = (i: number): string => `changes_${i + 1}`

/** The k-th change is in the first slot whose running count exceeds k. */
const slotOf = (slots: readonly Slot[]): Expr =>
  slots
    .slice(0, -1)
    .map((_, i) => when(le(parent(countName(i)), ordinal()), 1, 0))
    .reduce<Expr>((sum, each) => add(sum, each), lit(0))

/** A value by slot; `none` only gives the type where there is no slot. */
const bySlot = (values: readonly Operand[], none: Operand): Expr =>
  oneOf(
    values.map((value, i) => [eq(col('slot'), i), value] as const),
    none,
  )

/** The number of the operator among those of all slots, from 1. */
const numberOf = (slots: readonly Slot[]): Expr => {
  let known = 0
  const numbers = slots.map(({ step, struck }) => {
    const first = known
    known += step.operators.length
    return first === 0 ? parent(struck) : add(parent(struck), first)
  })
  return bySlot(numbers, 1)
}

const operatorOf = (slots: readonly Slot[]): Expr => {
  const names = slots.flatMap(({ step }) => step.operators.map(({ name }) => name))
  return oneOf(
    names.map((name, i) => [eq(col('operator_number'), i + 1), name] as const),
    '',
  )
}

/** The result whose condition holds, the last without asking. */
const oneOf = (choices: readonly (readonly [Expr, Operand])[], none: Operand): Expr => {
  const last = choices.at(-1)?.[1] ?? none
  return choices.length < 2 ? toExpr(last) : cases(choices.slice(0, -1), last)
}
